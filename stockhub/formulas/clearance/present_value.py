"""Net present value of monthly cash flows, and the best of several options (science.md 7.5).

Flow 0 is today and not discounted; flow t comes in t months. Rates are by month.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stockhub.formulas.elementwise import N, at_least, both, either, explained, greater, power, ratio, total, where
from stockhub.formulas.errors import InvalidParameterError

#: What capital costs a month where nobody says otherwise.
DEFAULT_MONTHLY_RATE: Final = 0.01
#: Values closer than this, in money, are the same.
TIE: Final = 1e-9


@explained(unit="1")
def discount_factor(months: N | float, rate: N) -> N:
    """δᵗ = (1 + r)⁻ᵗ, what one unit of money in t months is worth today; missing for a rate of −100 % or less."""
    growth = where(greater(rate, -1.0), rate + 1.0, 0.0)
    return ratio(1.0, power(growth, months))


@explained(unit="base currency")
def present_value(cash_flows: Sequence[N], rate: N) -> N:
    """Σ δᵗ·flow_t over t = 0, 1, …; 0 for an option without any cash flow."""
    discounted: list[N] = [flow * discount_factor(float(month), rate) for month, flow in enumerate(cash_flows)]
    worth: N = total(discounted)
    return worth


@explained(unit="code")
def best_option(values: Sequence[N], months: Sequence[N]) -> N:
    """The position of the option with the highest present value; of equals the one over in fewer months, and of those the first.

    Missing where one of the values is: an option nobody can value may be the best. InvalidParameterError without an option.
    """
    if not values or len(values) != len(months):
        raise InvalidParameterError("values", f"{len(values)} values and {len(months)} months", "a value and its months for each option")
    best_value, best_months = values[0], months[0]
    best: N = values[0] * 0.0
    for position, (value, duration) in enumerate(zip(values[1:], months[1:], strict=True), start=1):
        not_worse: N = at_least(value + TIE, best_value)
        sooner: N = greater(best_months, duration)
        better = either(greater(value, best_value + TIE), both(not_worse, sooner))
        best = where(better, float(position), best)
        best_value, best_months = where(better, value, best_value), where(better, duration, best_months)
    return best
