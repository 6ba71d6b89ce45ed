"""A fee by weight: fixed within a band, and in the heaviest band so much more for each started step of weight above its lower bound."""

from __future__ import annotations

from stockhub.formulas.elementwise import N, explained, positive_part, ratio, round_up
from stockhub.formulas.fees.charge import rate_of
from stockhub.formulas.fees.rates import RateRow
from stockhub.values import Explanation


@explained(unit="currency")
def stepped_fee(weight: N, fixed: N | float, lower: N | float, rate: N | float, step: N | float) -> N:
    """The fixed fee, and `rate` for each started `step` of the weight above `lower`: 2.89 + 1.06 a pound above 2 is 5.01 at 3.2 pounds."""
    return round_up(ratio(positive_part(weight - lower), step)) * rate + fixed


def stepped_fee_of(row: RateRow, weight: Explanation) -> Explanation:
    """A unit's fee by a row: with no `step`, its fixed fee."""
    fixed = rate_of(row, row.fixed, "fixed_fee", unit=f"{row.currency}/unit")
    if row.step is None:
        return fixed
    return stepped_fee(weight, fixed, float(row.band.lower or 0), rate_of(row, row.rate, "step_fee"), float(row.step))
