"""What a markdown policy or a fixed ladder is expected to bring, and of what that consists (science.md 7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from stockhub.formulas.clearance.markdown_dp import IntArray, MarkdownProblem
from stockhub.formulas.elementwise import FloatArray, N, explained, total
from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import Explanation


@explained(unit="base currency")
def expected_ladder_cash(
    units_sold: Sequence[N], prices: Sequence[N], unit_fees: Sequence[N], *, units_held: N, holding: N, units_left: N, salvage: N
) -> N:
    """Expected cash of a ladder: on each rung units at its price less its fees, less holding of what is left each week, plus salvage."""
    margins: list[N] = [units * (price - fee) for units, price, fee in zip(units_sold, prices, unit_fees, strict=True)]
    proceeds: N = total(margins)
    return proceeds - units_held * holding + units_left * salvage


@dataclass(frozen=True, slots=True)
class MarkdownOutcome:
    """Means over all that may happen: units sold by week and rung (T, A), units left after each week (T,), the chance to have sold out by
    then (T,), and the units that stay in the end.
    """

    problem: MarkdownProblem
    sold: FloatArray
    left_by_week: FloatArray
    sold_out_by_week: FloatArray
    left: float

    def explanation(self) -> Explanation:
        """The expected cash as a tree of units, prices, fees, holding and salvage."""

        def each(name: str, unit: str, source: str, numbers: FloatArray) -> list[Explanation]:
            return [Explanation.input(f"{name}_{i}", float(number), unit=unit, source=source) for i, number in enumerate(numbers, start=1)]

        problem = self.problem
        return expected_ladder_cash(
            each("units_sold_on_rung", "unit", "markdown plan", self.sold.sum(axis=0)),
            each("price_of_rung", "base currency/unit", "markdown plan", problem.prices),
            each("unit_fees_of_rung", "base currency/unit", "fees", problem.unit_fees),
            units_held=Explanation.input("unit_weeks_held", float(self.left_by_week.sum()), unit="unit*week", source="markdown plan"),
            holding=Explanation.input("holding", problem.holding, unit="base currency/unit/week", source="fees"),
            units_left=Explanation.input("units_left", self.left, unit="unit", source="markdown plan"),
            salvage=Explanation.input("salvage", problem.salvage, unit="base currency/unit", source="exits"),
        )

    @property
    def value(self) -> float:
        """The expected cash."""
        cash: float = expected_ladder_cash(
            self.sold.sum(axis=0).tolist(),
            self.problem.prices.tolist(),
            self.problem.unit_fees.tolist(),
            units_held=float(self.left_by_week.sum()),
            holding=self.problem.holding,
            units_left=self.left,
            salvage=self.problem.salvage,
        )
        return cash


def fixed_ladder(problem: MarkdownProblem, rungs: Sequence[int]) -> IntArray:
    """The actions (T, n + 1, A) of a ladder that is followed whatever happens: a rung for each week.

    InvalidParameterError for a rung that does not exist, too few or too many weeks, or prices that rise where they may not.
    """
    known = range(len(problem.prices))
    rising = problem.monotone and any(later < earlier for earlier, later in pairwise(rungs))
    if len(rungs) != problem.weeks or rising or any(rung not in known for rung in rungs):
        order = ", none below the one before" if problem.monotone else ""
        raise InvalidParameterError("rungs", list(rungs), f"a rung of 0 to {known[-1]} for each of {problem.weeks} weeks{order}")
    shape = (problem.weeks, problem.stock + 1, len(known))
    return np.broadcast_to(np.asarray(rungs, dtype=np.int64).reshape(-1, 1, 1), shape)


def expected_outcome(problem: MarkdownProblem, actions: IntArray) -> MarkdownOutcome:
    """What following `actions` (T, n + 1, A) from full stock and the first rung comes to: the chances of every state, week by week."""
    rungs, stock = len(problem.prices), np.arange(problem.stock + 1, dtype=np.float64)
    chances = np.zeros((rungs, problem.stock + 1))
    chances[0, -1] = 1.0
    sold, left, sold_out = np.zeros((problem.weeks, rungs)), np.zeros(problem.weeks), np.zeros(problem.weeks)
    for week in range(problem.weeks):
        after = np.zeros_like(chances)
        for rung in range(rungs):
            start = np.where(np.equal(actions[week].T, rung), chances, 0.0).sum(axis=0)
            if start.any():
                after[rung] = problem.sales(week, rung).rest(start)
                sold[week, rung] = (start - after[rung]) @ stock
        chances = after
        left[week], sold_out[week] = chances.sum(axis=0) @ stock, chances[:, 0].sum()
    return MarkdownOutcome(problem, sold, left, sold_out, float(left[-1]) if problem.weeks else float(problem.stock))
