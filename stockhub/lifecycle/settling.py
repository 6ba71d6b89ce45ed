"""From what a week's evidence speaks for to the stage that holds: hysteresis over arrays, and what of it is worth a line in the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.lifecycle import hysteresis
from stockhub.formulas.lifecycle.hysteresis import CONFIRMATIONS, CONFIRMATIONS_BACKWARD, MIN_DWELL_WEEKS
from stockhub.formulas.lifecycle.stage import LIQUIDATION
from stockhub.lifecycle.models import ChangeKind
from stockhub.pluginapi.snapshot import FloatArray

#: What an evaluation can change, in the order of `Settled.kind`.
KINDS: Final = (None, ChangeKind.FIRST, ChangeKind.CHANGED, ChangeKind.PENDING, ChangeKind.WITHDRAWN)
NOTHING, FIRST, CHANGED, PENDING, WITHDRAWN = range(len(KINDS))


@dataclass(frozen=True, slots=True)
class Remembered:
    """Of n subjects, (n,) each, stages as positions in `STAGES` and days as ordinals; NaN where there is none.

    `stage` holds since the week that ended on `since_on`; `evaluated` is what the last evaluation found, for the `consecutive`-th time in a
    row; `week_on` is the last day of the week that was evaluated last.
    """

    stage: FloatArray
    since_on: FloatArray
    weeks_in_stage: FloatArray
    evaluated: FloatArray
    consecutive: FloatArray
    week_on: FloatArray

    @classmethod
    def nothing(cls, n: int) -> Remembered:
        """Of subjects that were never looked at."""
        none, zero = np.full(n, np.nan), np.zeros(n)
        return cls(none, none.copy(), zero, none.copy(), zero.copy(), none.copy())

    def rows(self, rows: NDArray[np.int64]) -> Remembered:
        """Some of them, in the given order."""
        return Remembered(*(getattr(self, name)[rows] for name in self.__slots__))

    def stated(self, rows: NDArray[np.bool_], stage: FloatArray, *, weeks: FloatArray | float) -> Remembered:
        """With the stage (n,) that somebody has stated of some rows (n,), where it has lasted for some weeks already."""
        return Remembered(
            np.where(rows, stage, self.stage),
            np.where(rows, np.nan, self.since_on),
            np.where(rows, weeks, self.weeks_in_stage),
            np.where(rows, np.nan, self.evaluated),
            np.where(rows, 0.0, self.consecutive),
            self.week_on,
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """What is remembered after the evaluation, and for each row (n,) what it changed, as a position in `KINDS`."""

    after: Remembered
    kind: NDArray[np.int64]


def settle(before: Remembered, found: FloatArray, week_on: int) -> Settled:
    """After the evaluation of the week that ends on `week_on`; `found` (n,) is NaN where the week says nothing.

    Weeks without a run count for the time in the stage, and break a row of equal findings. A clearance is a decision and waits for nobody.
    """
    gap = np.where(np.isnan(before.week_on), 1.0, (week_on - before.week_on) / 7.0)
    state = hysteresis.StageState(
        before.stage, before.weeks_in_stage + gap - 1.0, before.evaluated, np.where(gap > 1.0, 0.0, before.consecutive)
    )
    after = hysteresis.next_state(state, found)
    cleared = found == LIQUIDATION
    stage = np.where(cleared, found, after.stage)
    moved = ~((stage == before.stage) | (np.isnan(stage) & np.isnan(before.stage)))
    weeks = np.where(moved, 0.0, after.weeks_in_stage)
    remembered = Remembered(
        stage,
        np.where(moved, float(week_on), before.since_on),
        weeks,
        found.copy(),
        np.where(np.isnan(found), 0.0, after.consecutive),
        np.full(len(found), float(week_on)),
    )
    return Settled(remembered, _kinds(before, remembered, moved))


def needed(stage: FloatArray, found: FloatArray) -> FloatArray:
    """How many evaluations in a row a change to what was found needs; 0 where nothing is to change."""
    count = np.where(found < stage, CONFIRMATIONS_BACKWARD, np.where(found == LIQUIDATION, 1.0, CONFIRMATIONS))
    return np.where(np.isnan(found) | np.isnan(stage) | (found == stage), 0.0, count)


def long_known() -> float:
    """Weeks in a stage of which nobody knows since when it holds: the least time in it is over."""
    return MIN_DWELL_WEEKS


def _kinds(before: Remembered, after: Remembered, moved: NDArray[np.bool_]) -> NDArray[np.int64]:
    found, known = after.evaluated, ~np.isnan(after.evaluated)
    was_pending = ~np.isnan(before.evaluated) & (before.evaluated != before.stage)
    is_pending = known & (found != after.stage)
    begins = is_pending & ~(was_pending & (before.evaluated == found))
    ends = known & ~is_pending & was_pending
    return np.select(
        [moved & np.isnan(before.stage), moved, begins, ends], [FIRST, CHANGED, PENDING, WITHDRAWN], NOTHING
    ).astype(np.int64)  # fmt: skip
