"""The parts that rates of every site are made of: dates, bands, storage, aged stock, fees by weight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from stockhub.formulas.fees.aged_stock import AGED_SURCHARGE
from stockhub.formulas.fees.compensation import ORDER, OUT_OF_STOCK_COMPENSATION, PAYOUT_FREEZE, SHOP
from stockhub.formulas.fees.storage import MONTHLY_STORAGE
from stockhub.pluginapi import FeeBand, FeeRate
from stockhub.pluginapi.fee_schedule import EVERY_TIER, Closed

#: One of the file's objects.
Facts = Mapping[str, Any]
#: What is younger than 271 days is free in the exempt categories.
_EXEMPT_UNTIL = 270


def dated(of: Facts, currency: str) -> dict[str, Any]:
    """What every row of one of the tables' entries has in common."""
    start, end = (date.fromisoformat(of[key]) if of.get(key) else None for key in ("effective_from", "effective_to"))
    common = {"currency": currency, "source": of["source"], "confidence": of["confidence"]}
    return common | {"effective_from": start, "effective_to": end}


def band(lower: float | Decimal | None, upper: float | Decimal | None, closed: Closed = "upper") -> FeeBand:
    """A band of the file's numbers."""
    return FeeBand(None if lower is None else Decimal(lower), None if upper is None else Decimal(upper), closed)


def storage(rates: Mapping[str, Sequence[Decimal]], per: str, common: Facts) -> Iterator[FeeRate]:
    """By size class, the rate of January to September and that of October to December."""
    for size, of_season in rates.items():
        for months, rate in zip((band(1, 9, "both"), band(10, 12, "both")), of_season, strict=True):
            yield FeeRate(fee=MONTHLY_STORAGE, tier=size, band=months, rate=Decimal(rate), per=per, **common)


def aged(tiers: Sequence[Sequence[Any]], per: str, exempt: frozenset[str], common: Facts) -> Iterator[FeeRate]:
    """By age in days. What is younger than the first tier is free, and so are the exempt categories for some time."""
    free_until = band(0, tiers[0][0] - 1, "both")
    yield FeeRate(fee=AGED_SURCHARGE, tier=EVERY_TIER, band=free_until, rate=Decimal(0), per=per, **common)
    for first, last, rate, least in tiers:
        free = exempt if last and last <= _EXEMPT_UNTIL else frozenset()
        terms: Facts = {"rate": Decimal(rate), "least": None if least is None else Decimal(least), "exempt_categories": free}
        yield FeeRate(fee=AGED_SURCHARGE, tier=EVERY_TIER, band=band(first, last, "both"), per=per, **terms, **common)


def by_weight(fee: str, size: str, steps: Sequence[Sequence[Any]], common: Facts) -> Iterator[FeeRate]:
    """Pounds up to which a fixed fee holds; the last step charges each started pound above its bound besides."""
    below: Decimal | None = None
    for upto, fixed, *excess in steps:
        terms: Facts = {"rate": Decimal(excess[1]), "step": Decimal(1)} if excess else {"rate": Decimal(0)}
        yield FeeRate(fee=fee, tier=size, band=band(below, upto), fixed=Decimal(fixed), per="lb", **terms, **common)
        below = upto


def compensation(of: Facts, currency: str) -> Iterator[FeeRate]:
    """What a buyer is paid for goods out of stock, and for how long payouts are frozen: on Amazon neither is known of."""
    common = dated(of, currency)
    yield FeeRate(fee=OUT_OF_STOCK_COMPENSATION, tier=ORDER, rate=Decimal(of["rate"]), per="price", **common)
    yield FeeRate(fee=PAYOUT_FREEZE, tier=SHOP, rate=Decimal(0), per="violation", **common)
