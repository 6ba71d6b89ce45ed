"""Fulfilment by the marketplace: by size class, weight and price, plus a surcharge for fuel (science.md 8).

Rows: fee `fulfilment`, tier a size class, band pounds, `within` the price; `fuel_surcharge`, tier `fulfilment`, a share of the fee.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import nan
from typing import Final

from stockhub.formulas.elementwise import N, at_least, both, explained, maximum, minimum, ratio, where
from stockhub.formulas.fees.bands import Band
from stockhub.formulas.fees.charge import Charge, estimated_charge, measure, rate_of
from stockhub.formulas.fees.exact import decimal_of, exact
from stockhub.formulas.fees.rates import RateTable, UnknownRateError
from stockhub.formulas.fees.weight_steps import stepped_fee_of
from stockhub.values import Explanation

FULFILMENT: Final = "fulfilment"
FUEL_SURCHARGE: Final = "fuel_surcharge"
#: Cubic inches that count as a pound.
DIMENSIONAL_DIVISOR: Final = 139.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeLimits:
    """What still belongs to a size class: pounds and inches. `length_and_girth` is the longest side plus twice the other two."""

    tier: str
    weight_lb: float
    longest: float
    median: float
    shortest: float
    length_and_girth: float | None = None


@explained(unit="lb")
def dimensional_weight(longest: N, median: N, shortest: N, divisor: N | float = DIMENSIONAL_DIVISOR) -> N:
    """The weight that a parcel's volume stands for, from inches."""
    return ratio(longest * median * shortest, divisor)


@explained(unit="lb")
def shipping_weight(unit_weight: N, dimensional: N, by_volume: N | float) -> N:
    """The greater of both weights for the size classes that count volume, and the unit's own for the smallest."""
    counted: N = maximum(unit_weight, dimensional)
    return where(by_volume + 0.0 * unit_weight, counted, unit_weight)


@explained(unit="code")
def size_class(weight: N, longest: N, median: N, shortest: N, *, limits: Sequence[SizeLimits]) -> N:
    """The first of the size classes, smallest first, whose limits hold a parcel: its position in `limits`; missing beyond the last."""
    chosen: N = weight * nan
    for code, limit in reversed(list(enumerate(limits))):
        chosen = where(_fits(weight, longest, median, shortest, limit), float(code), chosen)
    return chosen


def _fits(weight: N, longest: N, median: N, shortest: N, limit: SizeLimits) -> N:
    """Sides may come in any order: the longest, the middle and the shortest of them are compared."""
    high: N = maximum(maximum(longest, median), shortest)
    low: N = minimum(minimum(longest, median), shortest)
    middle: N = longest + median + shortest - high - low
    light: N = at_least(limit.weight_lb, weight)
    slim: N = both(at_least(limit.median, middle), at_least(limit.shortest, low))
    fits: N = both(light, both(at_least(limit.longest, high), slim))
    if limit.length_and_girth is None:
        return fits
    return both(fits, at_least(limit.length_and_girth, high + (middle + low) * 2.0))


@explained(unit="currency")
def with_fuel_surcharge(fee: N, rate: N | float) -> N:
    """A fulfilment fee with the surcharge that is a share of it."""
    return fee * (1.0 + rate)


def fulfilment_charge(
    table: RateTable, *, shipped_on: date, tier: str, weight_lb: float | Decimal, price: float | Decimal, units: float = 1.0
) -> Charge:
    """Units of one SKU shipped on a date, by shipping weight and selling price, fuel surcharge included."""
    row = table.row(FULFILMENT, tier, shipped_on, at=weight_lb, within=price)
    fuel = table.row(FUEL_SURCHARGE, FULFILMENT, shipped_on)
    each = with_fuel_surcharge(stepped_fee_of(row, measure("weight_lb", weight_lb, "lb")), rate_of(fuel, fuel.rate, "fuel_rate", "1"))
    return estimated_charge(FULFILMENT, measure("units", units, "unit") * each, row, fuel)


def fulfilment_by_price(table: RateTable, *, on: date, tier: str, weight_lb: float | Decimal) -> tuple[tuple[Band, Decimal], ...]:
    """What fulfilment of a unit costs in each band of the price, fuel surcharge included and not rounded, lowest band first.

    UnknownRateError where the table does not have the weight.
    """
    fuel = table.row(FUEL_SURCHARGE, FULFILMENT, on)
    weight = measure("weight_lb", weight_lb, "lb")
    rows = [row for row in table.rows_on(FULFILMENT, tier, on) if decimal_of(weight_lb) in row.band]
    if not rows:
        raise UnknownRateError(table.marketplace, FULFILMENT, tier, on, f"{weight_lb} lb")
    fees = [exact(with_fuel_surcharge(stepped_fee_of(row, weight), Explanation.constant(float(fuel.rate)))) for row in rows]
    return tuple((row.within, fee) for row, fee in zip(rows, fees, strict=True) if fee is not None)
