"""How many units are worth keeping, when the rest leaves at once: the partial exit (science.md 7.5).

Unit k is sold in month τ = ⌈k/d⌉ of a steady demand d; kept, it is worth δ^τ·m − Σ_{j≤τ} δ^j·h_j today. Units are kept in order while that
is at least what an exit brings now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.clearance.present_value import discount_factor
from stockhub.formulas.elementwise import (
    FloatArray,
    N,
    explained,
    greater,
    minimum,
    operation,
    positive_part,
    ratio,
    round_down,
    round_up,
    total,
    where,
)
from stockhub.formulas.errors import InvalidParameterError

#: Values within this of an exit's are kept: floating dust decides nothing.
_DUST: Final = 1e-12


@operation
def _months_kept(months: ArrayLike, unit_margin: ArrayLike, rate: ArrayLike, exit_net: ArrayLike, *holding: ArrayLike) -> FloatArray:
    """The last of the months 1, 2, …, `months` up to which every unit sold is worth at least `exit_net`; the last holding cost goes on.

    While holding changes, month by month; from then on the worth moves one way only, so that the last month is found by bisection.
    """
    end, margin, r, net, *costs = np.broadcast_arrays(
        *(np.asarray(a, dtype=np.float64) for a in (months, unit_margin, rate, exit_net, *holding))
    )
    delta = 1.0 / (1.0 + np.where(r > -1.0, r, np.nan))
    kept, keeping, spent = np.zeros_like(end), np.ones(end.shape, dtype=np.bool_), np.zeros_like(end)
    for month, cost in enumerate(costs, start=1):
        spent = spent + delta**month * cost
        keeping = keeping & (month <= end) & (delta**month * margin - spent >= net - _DUST)
        kept = np.where(keeping, float(month), kept)

    def worth_it(more: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        flat = np.abs(1.0 - delta) < _DUST
        annuity = np.where(flat, more, delta * (1.0 - delta**more) / np.where(flat, 1.0, 1.0 - delta))
        start = delta ** len(costs)
        return np.asarray(start * (delta**more * margin - annuity * costs[-1]) - spent >= net - _DUST)

    low, high = np.zeros_like(end), np.maximum(end - len(costs), 0.0)
    first = keeping & worth_it(np.minimum(1.0, high))
    while (high > low).any():
        middle = np.ceil((low + high) / 2.0)
        holds = worth_it(middle)
        low, high = np.where(holds, middle, low), np.where(holds, high, middle - 1.0)
    return np.where(r > -1.0, kept + np.where(first, low, 0.0), np.nan)


@explained(unit="base currency/unit")
def worth_of_keeping(month: int, unit_margin: N, rate: N, holding: Sequence[N]) -> N:
    """What a unit that is sold in a month (1, 2, …) is worth today: its margin less the holding until then, all discounted."""
    costs: list[N] = [_of_month(holding, j) * discount_factor(float(j), rate) for j in range(1, month + 1)]
    held: N = total(costs)
    return unit_margin * discount_factor(float(month), rate) - held


def _of_month(holding: Sequence[N], month: int) -> N:
    return holding[min(month, len(holding)) - 1]


@explained(unit="month")
def months_worth_keeping(months: N, unit_margin: N, rate: N, exit_net: N, holding: Sequence[N]) -> N:
    """The last month up to which selling is worth waiting for, at most `months`; 0 where not even the first is.

    `holding` is what a unit costs in months 1, 2, …, the last of them for good. InvalidParameterError without any: give 0 where it costs
    nothing.
    """
    if not holding:
        raise InvalidParameterError("holding", "empty", "the cost of a unit for at least one month; 0 where holding is free")
    return _months_kept(months, unit_margin, rate, exit_net, *holding)


@explained(unit="unit")
def keep_quantity(stock: N, monthly_demand: N, unit_margin: N, rate: N, exit_net: N, holding: Sequence[N]) -> N:
    """K*: the units to keep, at most the stock; 0 where nothing sells. The rest, `exit_quantity`, is better off leaving now."""
    sells: N = greater(monthly_demand, 0.0)
    there: N = positive_part(stock)
    sold_out_after = where(sells, round_up(ratio(there, monthly_demand)), 0.0)
    kept: N = months_worth_keeping(sold_out_after, unit_margin, rate, exit_net, holding)
    return where(sells, minimum(there, round_down(kept * monthly_demand)), 0.0)


@explained(unit="unit")
def exit_quantity(stock: N, kept: N) -> N:
    """The units that leave now: what is not kept."""
    return positive_part(stock) - kept
