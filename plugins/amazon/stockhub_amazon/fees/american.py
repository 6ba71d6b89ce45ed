"""The rates of the United States: all that Amazon's fee pages and their transcriptions say, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from stockhub.formulas.fees.fulfilment import FUEL_SURCHARGE, FULFILMENT
from stockhub.formulas.fees.low_inventory import LOW_INVENTORY, LOW_INVENTORY_LEAST_SALES
from stockhub.formulas.fees.referral import CLOSING, REFERRAL
from stockhub.formulas.fees.removal import LIQUIDATION_PROCESSING, LIQUIDATION_REFERRAL, REMOVAL
from stockhub.formulas.fees.utilisation import UTILISATION_SURCHARGE
from stockhub.pluginapi import FeeRate
from stockhub.pluginapi.fee_schedule import EVERY_TIER
from stockhub_amazon.fees.rows import Facts, aged, band, by_weight, compensation, dated, storage

CURRENCY: Final = "USD"
_SIZES: Final = ("standard", "oversize")
#: Names that the tables give to the low-inventory classes, with our size classes and their pounds.
_LOW_INVENTORY_TIERS: Final = {
    "small_standard_upto_16oz": ("small_standard", (None, 1)),
    "large_standard_upto_3lb": ("large_standard", (None, 3)),
    "large_standard_3_to_20lb": ("large_standard", (3, 20)),
}
#: Sellers of fewer units a week have been exempt since this day (GV43F6S76Y9DHYRH).
_LEAST_SALES_SINCE: Final = date(2024, 5, 15)
_LEAST_SALES: Final = 20
_OUNCES_A_POUND: Final = 16
#: The exempt goods as the referral table calls them: a SKU has one category on Amazon, which decides both.
_CATEGORIES: Final = {
    "clothing": "clothing_accessories", "shoes": "footwear", "bags": "backpacks_handbags_luggage", "jewelry": "jewelry",
    "watches": "watches",
    "grocery": "grocery_gourmet",
}  # fmt: skip


def american_rates(facts: Facts) -> Iterator[FeeRate]:
    """Every row."""
    for of in facts["monthly_storage"]:
        yield from storage({size: [of[size]["jan_sep"], of[size]["oct_dec"]] for size in _SIZES}, "cuft/month", dated(of, CURRENCY))
    for of in facts["storage_utilization_surcharge"]:
        yield from _utilisation(of)
    for of in facts["aged_inventory_surcharge"]:
        yield from aged(of["tiers"], "cuft/month", _exempt(of["exempt_181_270"]), dated(of, CURRENCY))
    for of in facts["low_inventory_level_fee"]:
        yield from _low_inventory(of)
    for of in facts["removal_disposal"]:
        for size in _SIZES:
            yield from by_weight(REMOVAL, size, of[size], dated(of, CURRENCY))
    yield from _liquidation(facts["liquidation"])
    yield from _referral(facts["referral"])
    yield from _fulfilment(facts["fulfillment_2026_nonpeak_non_apparel"], facts["fuel_logistics_surcharge"])
    yield from compensation(facts["buyer_compensation"], CURRENCY)


def _exempt(goods: Iterable[str]) -> frozenset[str]:
    return frozenset(_CATEGORIES[each] for each in goods)


def _utilisation(of: Facts) -> Iterator[FeeRate]:
    """An entry that is known in part has no rows: its fee is unknown."""
    bands = of.get("standard")
    if of.get("partial") or not bands:
        return
    for lower, upper, rate in ((None, of["threshold_weeks"], Decimal(0)), *bands):
        row = {"fee": UTILISATION_SURCHARGE, "tier": "standard", "per": "cuft/month", **dated(of, CURRENCY)}
        yield FeeRate(band=band(lower, upper), rate=rate, **row)


def _low_inventory(of: Facts) -> Iterator[FeeRate]:
    common = dated(of, CURRENCY)
    supply = ((0, 14), (14, 21), (21, 28), (28, None))
    free = _exempt(["grocery"] if of["level"] == "FNSKU" else [])
    for name, (tier, pounds) in _LOW_INVENTORY_TIERS.items():
        for days, rate in zip(supply, (*of[name], Decimal(0)), strict=True):
            bands: Facts = {"band": band(*days, "lower"), "within": band(*pounds)}
            yield FeeRate(fee=LOW_INVENTORY, tier=tier, rate=rate, per="unit", exempt_categories=free, **bands, **common)
    start, end = common["effective_from"], common["effective_to"]
    for since, until, units in (
        (start, _LEAST_SALES_SINCE - timedelta(days=1), 0),
        (max(start, _LEAST_SALES_SINCE), end, _LEAST_SALES),
    ):
        if until is None or since <= until:
            terms = common | {"effective_from": since, "effective_to": until}
            yield FeeRate(fee=LOW_INVENTORY_LEAST_SALES, tier=EVERY_TIER, rate=Decimal(units), per="unit", **terms)


def _liquidation(of: Facts) -> Iterator[FeeRate]:
    common = dated(of, CURRENCY)
    for size in _SIZES:
        yield from by_weight(LIQUIDATION_PROCESSING, size, of[f"processing_{size}"], common)
    yield FeeRate(fee=LIQUIDATION_REFERRAL, tier=EVERY_TIER, rate=of["referral_rate_on_gross"], per="price", **common)


def _referral(of: Facts) -> Iterator[FeeRate]:
    for category, terms in of["categories"].items():
        common = dated(of, CURRENCY) | {"confidence": terms.get("confidence", of["confidence"]), "tier": category}
        least = Decimal(terms.get("min_fee", of["min_fee_default"]))
        grammar: Literal["whole", "portion"] = "portion" if terms["mode"] == "marginal" else "whole"
        below: Decimal | None = None
        for upto, rate in terms.get("bands") or [[None, terms["rate"]]]:
            price = band(below, upto)
            yield FeeRate(fee=REFERRAL, band=price, rate=rate, per="price", least=least, applies_to=grammar, **common)
            below = upto
        if fixed := terms.get("closing_fee"):
            yield FeeRate(fee=CLOSING, rate=Decimal(0), fixed=fixed, per="unit", **common)


def _fulfilment(of: Facts, fuel: Facts) -> Iterator[FeeRate]:
    common = dated(of, CURRENCY) | {"fee": FULFILMENT}
    tiers = ("small_standard", "large_standard")
    steps = {tier: [[Decimal(ounces) / _OUNCES_A_POUND, *fees] for ounces, *fees in of[f"{tier}_oz"]] for tier in tiers}
    steps["large_standard"] += of["large_standard_lb"]
    prices = (band(None, 10, "neither"), band(10, 50, "both"), band(50, None, "neither"))
    for tier, of_tier in steps.items():
        below: Decimal | None = None
        for upto, *fees in of_tier:
            for price, fee in zip(prices, fees, strict=True):
                bands: Facts = {"band": band(below, upto), "within": price}
                yield FeeRate(tier=tier, rate=Decimal(0), fixed=Decimal(fee), per="unit", **bands, **common)
            below = upto
    heavy = of["large_standard_over_3lb"]
    for price, fee in zip(prices, heavy["base"], strict=True):
        terms = {"fixed": fee, "rate": heavy["per_quarter_lb"], "step": Decimal("0.25")}
        yield FeeRate(tier="large_standard", band=band(3, 20), within=price, per="lb/4", **terms, **common)
    surcharge = dated(fuel, CURRENCY) | {"fee": FUEL_SURCHARGE, "tier": FULFILMENT, "per": "fee"}
    yield FeeRate(rate=fuel["rate_on_fulfillment_fee"], **surcharge)
    before = {"effective_from": common["effective_from"], "effective_to": surcharge["effective_from"] - timedelta(days=1)}
    yield FeeRate(rate=Decimal(0), **(surcharge | before))
