"""Integer programmes on CP-SAT: objectives in order of importance, a limit of time, the gap, and the same answer every time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import DomainError

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

#: Money enters a programme as whole millionths, as it is stored; coarser where a total would pass MOST_SCALED.
MONEY_SCALE = 1_000_000
#: Above this a float no longer holds every whole number, and the bound that the solver reports would be off.
MOST_SCALED = 1 << 52
DEFAULT_SECONDS = 60.0
FLAGS_AT_ONCE = 40
#: The part of the time that each objective after the first has at most: which of the best it is matters less than that it is best.
LATER_SHARE = 0.1
#: Counted work (the solver's deterministic time) for a second by the clock: low enough that the count ends first on a slow machine too.
WORK_SHARE = 0.5


class TimeLimitError(DomainError):
    """The time was over before anything feasible was found, nor shown that nothing is."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "time_limit",
            f"No plan was found within {seconds:g} seconds: allow more time or plan fewer suppliers, SKUs or lanes at once.",
            path=("seconds",),
            params={"seconds": seconds},
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """The best answer found: the values of the model's variables in their order."""

    values: tuple[int, ...]
    #: The first objective's value, and what it cannot be below.
    objective: int
    bound: float
    #: By the clock.
    seconds: float

    @property
    def gap(self) -> float:
        """How far the objective may be above the best there is, as a share of it; 0 where proven best."""
        return relative_gap(self.objective, self.bound)


def relative_gap(cost: float, bound: float) -> float:
    """What a cost may be above the least there is, as a share of it; 0 where the bound reaches it."""
    excess = max(cost - bound, 0.0)
    return excess / abs(cost) if cost else float(excess > 0)


def money_scale(largest_total: float) -> int:
    """Into how many whole units to count one unit of money; InvalidParameterError where the largest total there can be is too large."""
    scale = MONEY_SCALE
    while scale > 1 and largest_total * scale > MOST_SCALED:
        scale //= 10
    if not largest_total * scale <= MOST_SCALED:
        raise InvalidParameterError("cost", largest_total, f"costs of at most {MOST_SCALED} in all")
    return scale


def scaled(amount: float, scale: int) -> int:
    """An amount of money in whole units, half up."""
    return math.floor(amount * scale + 0.5)


def first_in_order(flags: Sequence[cp_model.IntVar]) -> list[cp_model.LinearExprT]:
    """Objectives by which the first flag is set if it can be, then the second, and so on; as many flags at once as a number holds."""
    chunks = [flags[start : start + FLAGS_AT_ONCE] for start in range(0, len(flags), FLAGS_AT_ONCE)]
    return [-sum(flag * (1 << (len(chunk) - 1 - place)) for place, flag in enumerate(chunk)) for chunk in chunks]


def solve_in_order(
    model: cp_model.CpModel,
    objectives: Sequence[cp_model.LinearExprT],
    *,
    seconds: float = DEFAULT_SECONDS,
    start: Iterable[int] | None = None,
) -> Solution | None:
    """The values that minimise the first objective, of those the ones that minimise the second, and so on; None where nothing is feasible.

    `start` may give a value for each variable to begin with. The later objectives are reached as far as the time goes: TimeLimitError
    only where there is not even a feasible answer. One worker and a limit on counted work make every run answer alike; the clock is the
    last resort. The model is changed: it keeps what each objective reached.
    """
    if not 0 < seconds < math.inf:
        raise InvalidParameterError("seconds", seconds, "a time limit above 0")
    found: Solution | None = None
    spent = 0.0
    for objective in objectives:
        if start is not None:
            _suggest(model, start)
        step, reached = _minimise(model, objective, seconds if found is None else min(seconds - spent, seconds * LATER_SHARE))
        if step is None:
            break
        spent += step.seconds
        found = step if found is None else replace(found, values=step.values, seconds=spent)
        start = step.values
        if step.gap > 0 or spent >= seconds:
            break
        model.add(objective <= reached)
    return found


def _minimise(model: cp_model.CpModel, objective: cp_model.LinearExprT, seconds: float) -> tuple[Solution | None, int]:
    from ortools.sat.python import cp_model as cp

    model.minimize(objective)
    solver = cp.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.max_deterministic_time = seconds * WORK_SHARE
    status = solver.solve(model)
    if status == cp.UNKNOWN:
        raise TimeLimitError(seconds)
    if status not in (cp.OPTIMAL, cp.FEASIBLE):
        return None, 0
    reached = solver.value(objective)
    bound = reached if status == cp.OPTIMAL else solver.best_objective_bound
    return Solution(tuple(solver.response_proto.solution), reached, bound, solver.wall_time), reached


def _suggest(model: cp_model.CpModel, values: Iterable[int]) -> None:
    model.clear_hints()  # type: ignore[no-untyped-call]
    for index, value in enumerate(values):
        model.add_hint(model.get_int_var_from_proto_index(index), value)
