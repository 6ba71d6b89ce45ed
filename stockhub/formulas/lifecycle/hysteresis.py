"""When a stage changes: not at the first sign, not back and forth, and by hand until a day (H64; science.md 4)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, explained, greater, where

#: Weekly evaluations in a row that a change needs, forward and backward (decline → growth), and the weeks that a stage lasts at least.
CONFIRMATIONS = 2.0
CONFIRMATIONS_BACKWARD = 3.0
MIN_DWELL_WEEKS = 4.0


class StageState(NamedTuple):
    """What is remembered from week to week, each (…): the stage, and how often in a row the last evaluation has said the same."""

    stage: FloatArray
    weeks_in_stage: FloatArray
    evaluated: FloatArray
    consecutive: FloatArray


@explained(unit="stage")
def settled_stage(stage: N, evaluated: N, consecutive: N, weeks_in_stage: N) -> N:
    """The stage after this week's evaluation: changed where two in a row agree, three for a step back, and it has lasted four weeks.

    `consecutive` counts the evaluations in a row that say `evaluated`, this week's included.
    """
    needed: N = where(greater(stage, evaluated), CONFIRMATIONS_BACKWARD, CONFIRMATIONS)
    may_change = both(at_least(consecutive, needed), at_least(weeks_in_stage, MIN_DWELL_WEEKS))
    return where(may_change, evaluated, stage)


def first_state(evaluated: FloatArray) -> StageState:
    """The state after a SKU's first evaluation, which is taken as it is."""
    known = np.isfinite(evaluated)
    return StageState(evaluated, np.zeros(evaluated.shape), evaluated, known.astype(np.float64))


def next_state(state: StageState, evaluated: FloatArray) -> StageState:
    """The state one week later. A week without an evaluation changes nothing and breaks the row."""
    known = np.isfinite(evaluated)
    consecutive = np.where(known, np.where(evaluated == state.evaluated, state.consecutive + 1.0, 1.0), 0.0)
    weeks = np.where(np.isnan(state.stage), 0.0, state.weeks_in_stage + 1.0)
    settled = settled_stage(state.stage, evaluated, consecutive, weeks)
    stage = np.where(np.isnan(state.stage), evaluated, np.where(known, settled, state.stage))
    changed = (stage != state.stage) & np.isfinite(stage)
    return StageState(stage, np.where(changed, 0.0, weeks), evaluated, consecutive)


def settled_stages(evaluations: FloatArray) -> FloatArray:
    """The stages (…, t) along weekly evaluations (…, t), oldest first."""
    stages = np.full(evaluations.shape, np.nan)
    if not evaluations.shape[-1]:
        return stages
    state = first_state(evaluations[..., 0])
    stages[..., 0] = state.stage
    for week in range(1, evaluations.shape[-1]):
        state = next_state(state, evaluations[..., week])
        stages[..., week] = state.stage
    return stages


def override_holds(as_of: date, expires_on: date) -> float:
    """1 while a stage set by hand holds, on its last day too; 0 after it, when the settled stage is back by itself."""
    return float(as_of <= expires_on)


@explained(unit="stage")
def stage_in_force(settled: N, override: N, override_flag: N) -> N:
    """The stage that counts: what somebody has set by hand, as long as that holds."""
    return where(override_flag, override, settled)
