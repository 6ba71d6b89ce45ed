"""The shared fee tables as rate rows: what a marketplace's plugin would bring."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from stockhub.formulas.fees.aged_stock import AGED_SURCHARGE
from stockhub.formulas.fees.bands import EVERYWHERE, Band, Closed
from stockhub.formulas.fees.compensation import ORDER, OUT_OF_STOCK_COMPENSATION, PAYOUT_FREEZE, SHOP, TECHNICAL_SERVICE
from stockhub.formulas.fees.fulfilment import FUEL_SURCHARGE, FULFILMENT, SizeLimits
from stockhub.formulas.fees.low_inventory import LOW_INVENTORY, LOW_INVENTORY_LEAST_SALES
from stockhub.formulas.fees.rates import ANY_TIER, RateRow, RateTable
from stockhub.formulas.fees.referral import CLOSING, REFERRAL
from stockhub.formulas.fees.removal import LIQUIDATION_PROCESSING, LIQUIDATION_REFERRAL, REMOVAL
from stockhub.formulas.fees.storage import MONTHLY_STORAGE
from stockhub.formulas.fees.utilisation import UTILISATION_SURCHARGE

Facts = Mapping[str, Any]
FACTS = Path(os.environ.get("STOCKHUB_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "spec" / "fees" / "amazon_fees.json"
#: The day on which the tables were read: for facts and cases without a date.
READ_ON = date(2026, 11, 22)
#: Names that the tables give to the low-inventory classes, with ours and their pounds.
LOW_INVENTORY_TIERS = {
    "small_standard_upto_16oz": ("small_standard", (None, 1)),
    "large_standard_upto_3lb": ("large_standard", (None, 3)),
    "large_standard_3_to_20lb": ("large_standard", (3, 20)),
}
#: Sellers of fewer units a week have been exempt since this day (GV43F6S76Y9DHYRH).
LEAST_SALES_SINCE = date(2024, 5, 15)


@cache
def fee_table(marketplace: str) -> RateTable:
    """The rates of US, UK, DE, CA or Douyin."""
    facts = json.loads(FACTS.read_text(encoding="utf-8"), parse_float=Decimal)
    return RateTable(marketplace, [*_american(facts), *_elsewhere(facts["other_marketplaces"]), *_douyin(facts["douyin"])])


def size_limits() -> list[SizeLimits]:
    facts = json.loads(FACTS.read_text(encoding="utf-8"))["fulfillment_2026_nonpeak_non_apparel"]["size_tiers"]
    return [
        SizeLimits(
            tier=tier,
            weight_lb=of["max_lb"],
            longest=of["dims"][0],
            median=of["dims"][1],
            shortest=of["dims"][2],
            length_and_girth=of.get("len_girth"),
        )
        for tier, of in facts.items()
    ]


def _american(facts: Facts) -> Iterator[RateRow]:
    for of in facts["monthly_storage"]:
        rates = {size: (of[size]["jan_sep"], of[size]["oct_dec"]) for size in ("standard", "oversize")}
        yield from _storage(rates, "cuft/month", _dated("US", "USD", of))
    for of in facts["storage_utilization_surcharge"]:
        yield from _utilisation(of)
    for of in facts["aged_inventory_surcharge"]:
        yield from _aged(of["tiers"], "cuft/month", frozenset(of["exempt_181_270"]), _dated("US", "USD", of))
    for of in facts["low_inventory_level_fee"]:
        yield from _low_inventory(of)
    for of in facts["removal_disposal"]:
        for size in ("standard", "oversize"):
            yield from _by_weight(REMOVAL, size, of[size], _dated("US", "USD", of))
    yield from _liquidation(facts["liquidation"])
    yield from _referral(facts["referral"])
    yield from _fulfilment(facts["fulfillment_2026_nonpeak_non_apparel"], facts["fuel_logistics_surcharge"])


def _dated(marketplace: str, currency: str, of: Facts) -> dict[str, Any]:
    """What every row of one of the tables' entries has in common."""
    start, end = (date.fromisoformat(of[key]) if of.get(key) else None for key in ("effective_from", "effective_to"))
    common = {"marketplace": marketplace, "currency": currency, "source": of["source"], "confidence": of["confidence"]}
    return common | {"effective_from": start, "effective_to": end}


def _band(lower: float | Decimal | None, upper: float | Decimal | None, closed: Closed = "upper") -> Band:
    return Band(None if lower is None else Decimal(lower), None if upper is None else Decimal(upper), closed)


def _storage(rates: Mapping[str, tuple[Decimal, Decimal]], per: str, common: Facts) -> Iterator[RateRow]:
    for size, of_season in rates.items():
        for months, rate in zip((_band(1, 9, "both"), _band(10, 12, "both")), of_season, strict=True):
            yield RateRow(fee=MONTHLY_STORAGE, tier=size, band=months, rate=Decimal(rate), per=per, **common)


def _aged(tiers: list[list[Any]], per: str, exempt: frozenset[str], common: Facts) -> Iterator[RateRow]:
    """What is younger than the first tier is free, and so are the exempt categories up to 270 days."""
    yield RateRow(fee=AGED_SURCHARGE, tier=ANY_TIER, band=_band(0, tiers[0][0] - 1, "both"), rate=Decimal(0), per=per, **common)
    for first, last, rate, least in tiers:
        free = exempt if last and last <= 270 else frozenset()
        terms: Facts = {"rate": Decimal(rate), "least": None if least is None else Decimal(least), "exempt_categories": free}
        yield RateRow(fee=AGED_SURCHARGE, tier=ANY_TIER, band=_band(first, last, "both"), per=per, **terms, **common)


def _utilisation(of: Facts) -> Iterator[RateRow]:
    """An entry that is known in part has no rows: its fee is unknown."""
    bands = of.get("standard")
    if of.get("partial") or not bands:
        return
    for lower, upper, rate in ((None, of["threshold_weeks"], Decimal(0)), *bands):
        yield RateRow(
            fee=UTILISATION_SURCHARGE, tier="standard", band=_band(lower, upper), rate=rate, per="cuft/month", **_dated("US", "USD", of)
        )


def _low_inventory(of: Facts) -> Iterator[RateRow]:
    common = _dated("US", "USD", of)
    supply = ((0, 14), (14, 21), (21, 28), (28, None))
    free = frozenset({"grocery"}) if of["level"] == "FNSKU" else frozenset[str]()
    for name, (tier, pounds) in LOW_INVENTORY_TIERS.items():
        for band, rate in zip(supply, (*of[name], Decimal(0)), strict=True):
            bands: Facts = {"band": _band(*band, "lower"), "within": _band(*pounds)}
            yield RateRow(fee=LOW_INVENTORY, tier=tier, rate=rate, per="unit", exempt_categories=free, **bands, **common)
    for start, end, units in (
        (common["effective_from"], LEAST_SALES_SINCE - timedelta(days=1), 0),
        (max(common["effective_from"], LEAST_SALES_SINCE), common["effective_to"], 20),
    ):
        if end is None or start <= end:
            terms = common | {"effective_from": start, "effective_to": end}
            yield RateRow(fee=LOW_INVENTORY_LEAST_SALES, tier=ANY_TIER, rate=Decimal(units), per="unit", **terms)


def _by_weight(fee: str, size: str, steps: list[list[Any]], common: Facts) -> Iterator[RateRow]:
    below: Decimal | None = None
    for upto, fixed, *excess in steps:
        terms: Facts = {"rate": Decimal(excess[1]), "step": Decimal(1)} if excess else {"rate": Decimal(0)}
        yield RateRow(fee=fee, tier=size, band=_band(below, upto), fixed=Decimal(fixed), per="lb", **terms, **common)
        below = upto


def _liquidation(of: Facts) -> Iterator[RateRow]:
    common = _dated("US", "USD", of)
    for size in ("standard", "oversize"):
        yield from _by_weight(LIQUIDATION_PROCESSING, size, of[f"processing_{size}"], common)
    yield RateRow(fee=LIQUIDATION_REFERRAL, tier=ANY_TIER, rate=of["referral_rate_on_gross"], per="price", **common)


def _referral(of: Facts) -> Iterator[RateRow]:
    for category, terms in of["categories"].items():
        common = _dated("US", "USD", of) | {"confidence": terms.get("confidence", of["confidence"]), "tier": category}
        least = Decimal(terms.get("min_fee", of["min_fee_default"]))
        below: Decimal | None = None
        for upto, rate in terms.get("bands") or [[None, terms["rate"]]]:
            grammar: Literal["whole", "portion"] = "portion" if terms["mode"] == "marginal" else "whole"
            yield RateRow(fee=REFERRAL, band=_band(below, upto), rate=rate, per="price", least=least, applies_to=grammar, **common)
            below = upto
        if fixed := terms.get("closing_fee"):
            yield RateRow(fee=CLOSING, rate=Decimal(0), fixed=fixed, per="unit", **common)


def _fulfilment(of: Facts, fuel: Facts) -> Iterator[RateRow]:
    common = _dated("US", "USD", of) | {"fee": FULFILMENT}
    steps = {tier: [[Decimal(oz) / 16, *fees] for oz, *fees in of[f"{tier}_oz"]] for tier in ("small_standard", "large_standard")}
    steps["large_standard"] += of["large_standard_lb"]
    prices = (_band(None, 10, "neither"), _band(10, 50, "both"), _band(50, None, "neither"))
    for tier, of_tier in steps.items():
        below: Decimal | None = None
        for upto, *fees in of_tier:
            for price, fee in zip(prices, fees, strict=True):
                yield RateRow(tier=tier, band=_band(below, upto), within=price, rate=Decimal(0), fixed=Decimal(fee), per="unit", **common)
            below = upto
    heavy = of["large_standard_over_3lb"]
    for price, fee in zip(prices, heavy["base"], strict=True):
        terms = {"fixed": fee, "rate": heavy["per_quarter_lb"], "step": Decimal("0.25")}
        yield RateRow(tier="large_standard", band=_band(3, 20), within=price, per="lb/4", **terms, **common)
    surcharge = _dated("US", "USD", fuel) | {"fee": FUEL_SURCHARGE, "tier": FULFILMENT, "per": "fee"}
    yield RateRow(rate=fuel["rate_on_fulfillment_fee"], **surcharge)
    before = {"effective_from": common["effective_from"], "effective_to": surcharge["effective_from"] - timedelta(days=1)}
    yield RateRow(rate=Decimal(0), **(surcharge | before))


def _elsewhere(facts: Facts) -> Iterator[RateRow]:
    for marketplace in ("UK", "DE", "CA"):
        of = facts[marketplace]
        common = _dated(marketplace, of["currency"], {**of, "source": facts["source"], "confidence": facts["confidence"]})
        per = of["unit"].split("/", 1)[1]
        yield from _storage({size: tuple(rates) for size, rates in of["storage"].items()}, per, common)
        yield from _aged(of["aged"], per, frozenset(), common)


def _douyin(facts: Facts) -> Iterator[RateRow]:
    of = facts["oos_compensation"]
    common = _dated("douyin", "CNY", of)
    below: int | None = None
    for tier in of["tiers"]:
        terms = {"rate": tier["rate"], "least": Decimal(tier["min"]), "most": Decimal(tier["max"])}
        hours = _band(below, tier["promise_hours_max"])
        yield RateRow(fee=OUT_OF_STOCK_COMPENSATION, tier=ORDER, band=hours, per="price", **terms, **common)
        below = tier["promise_hours_max"]
    for number, days in enumerate(of["shop_violation"]["freeze_days"], start=1):
        last = None if number == len(of["shop_violation"]["freeze_days"]) else number
        yield RateRow(fee=PAYOUT_FREEZE, tier=SHOP, band=_band(number, last, "both"), rate=Decimal(days), per="violation", **common)
    service = facts["technical_service_fee"]
    assumed = {"marketplace": "douyin", "currency": "CNY", "source": service["note"], "confidence": service["confidence"]}
    yield RateRow(
        fee=TECHNICAL_SERVICE, tier="default", effective_from=None, rate=service["default_rate"], per="price", band=EVERYWHERE, **assumed
    )
