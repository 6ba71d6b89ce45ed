"""The best markdown ladder for a season's rest, by dynamic programming over week, stock and last rung (science.md 7.2).

A problem has T weeks, A rungs, n units. Each week a rung is chosen (with monotone prices never above the last one), random demand at its
mean is served from stock, each unit sold brings its price less its fees, each unit left at the week's end costs holding; in the end every
unit left brings the salvage, which may be negative. Money is of one currency; nothing is discounted over the few weeks of a clearance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.clearance.weekly_sales import BrokenAssortmentSales, SteadySales, WeeklySales
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError

IntArray = NDArray[np.int64]
#: Values closer than this, in money, are the same; then the higher price is kept, which leaves the lower one for later.
TIE: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownProblem:
    """What there is to sell and how it sells. InvalidParameterError where the parts do not fit.

    `prices` and `unit_fees` are (A,), from the first rung to the last; `mean_demand` is (T, A): by week, so that season and decay have
    their say. `variance_ratio` is demand's variance over its mean: 1 is Poisson, more is negative binomial. With an `assortment_exponent` γ
    above 0, demand falls by min(1, stock/full_stock)^γ, where `full_stock` is the stock of an unbroken assortment, by default what is
    there.
    """

    stock: int
    prices: FloatArray
    unit_fees: FloatArray
    mean_demand: FloatArray
    holding: float = 0.0
    salvage: float = 0.0
    monotone: bool = True
    variance_ratio: float = 1.0
    assortment_exponent: float = 0.0
    full_stock: float | None = None

    def __post_init__(self) -> None:
        rungs = len(self.prices)
        if self.stock < 0:
            raise InvalidParameterError("stock", self.stock, "0 units or more")
        if not rungs or not np.isfinite(self.prices).all():
            raise InvalidParameterError("prices", self.prices, "at least one rung, each with a finite price")
        if self.unit_fees.shape != (rungs,) or not np.isfinite(self.unit_fees).all():
            raise InvalidParameterError("unit_fees", self.unit_fees, f"one finite fee for each of the {rungs} rungs")
        means = self.mean_demand
        if means.shape[1:] != (rungs,) or not (np.isfinite(means) & (means >= 0)).all():
            raise InvalidParameterError("mean_demand", means, f"a row for each week with {rungs} finite means of 0 or more")
        if not self.variance_ratio >= 1.0:
            raise InvalidParameterError("variance_ratio", self.variance_ratio, "1 for Poisson demand, or more")
        if not self.assortment_exponent >= 0.0:
            raise InvalidParameterError("assortment_exponent", self.assortment_exponent, "0 for a demand that ignores stock, or more")
        if self.full_stock is not None and not self.full_stock > 0:
            raise InvalidParameterError("full_stock", self.full_stock, "the units of an unbroken assortment, above 0")

    @property
    def weeks(self) -> int:
        return len(self.mean_demand)

    @property
    def margins(self) -> FloatArray:
        """What a unit sold brings on each rung (A,)."""
        return self.prices - self.unit_fees

    def sales(self, week: int, rung: int) -> WeeklySales:
        """The random sales of a week on a rung."""
        mean = float(self.mean_demand[week, rung])
        if self.assortment_exponent == 0.0 or self.stock == 0:
            return SteadySales(self.stock, mean, self.variance_ratio)
        full = self.full_stock or float(self.stock)
        return BrokenAssortmentSales(self.stock, mean, self.variance_ratio, full_stock=full, exponent=self.assortment_exponent)


@dataclass(frozen=True, slots=True)
class MarkdownPolicy:
    """What to do in every state, and what it is worth.

    `value` is the expected cash from now; `action_values` (A,) what it is when the first week is spent on each rung, NaN without a week;
    `first_action` the rung to start on, None without a week; `actions` (T, n + 1, A) the rung for each week, stock and last rung.
    """

    value: float
    action_values: FloatArray
    first_action: int | None
    actions: IntArray


def optimal_markdown(problem: MarkdownProblem) -> MarkdownPolicy:
    """The policy with the highest expected cash, by backward induction (Bellman); exact for any stock.

    Time grows with T·A·n·min(n, demand): a season of 8 weeks, 4 rungs and 1,000 units takes milliseconds.
    """
    rungs, stock = len(problem.prices), np.arange(problem.stock + 1, dtype=np.float64)
    actions = np.zeros((problem.weeks, problem.stock + 1, rungs), dtype=np.int64)
    values = np.tile(problem.salvage * stock, (rungs, 1))  # by last rung and stock
    by_rung = np.full((rungs, problem.stock + 1), np.nan)
    for week in reversed(range(problem.weeks)):
        by_rung = np.stack([_worth(problem, week, rung, values[rung], stock) for rung in range(rungs)])
        values, actions[week] = _best(by_rung, monotone=problem.monotone)
    first = int(actions[0, -1, 0]) if problem.weeks else None
    return MarkdownPolicy(float(values[0, -1]), by_rung[:, -1].copy(), first, actions)


def _worth(problem: MarkdownProblem, week: int, rung: int, next_values: FloatArray, stock: FloatArray) -> FloatArray:
    """Expected cash (n + 1,) from each stock when the week is spent on a rung: all of it sold, less what is left and what that costs."""
    margin = problem.margins[rung]
    of_rest = next_values - (margin + problem.holding) * stock
    return np.asarray(margin * stock + problem.sales(week, rung).expectation(of_rest))


def _best(by_rung: FloatArray, *, monotone: bool) -> tuple[FloatArray, IntArray]:
    """The best value (A, n + 1) and rung (n + 1, A) by last rung; of equals the lowest rung."""
    rungs = len(by_rung)
    values, choice = by_rung.copy(), np.tile(np.arange(rungs)[:, None], by_rung.shape[1])
    for rung in reversed(range(rungs - 1)):
        values[rung] = np.maximum(by_rung[rung], values[rung + 1])
        choice[rung] = np.where(by_rung[rung] >= values[rung] - TIE, rung, choice[rung + 1])
    if not monotone:
        values, choice = np.tile(values[0], (rungs, 1)), np.tile(choice[0], (rungs, 1))
    return values, choice.T
