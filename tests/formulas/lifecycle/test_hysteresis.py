"""A stage does not change at the first sign (H64; science.md 4)."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.lifecycle.hysteresis import first_state, next_state, override_holds, settled_stage, settled_stages, stage_in_force

NAN = math.nan


def test_two_evaluations_in_a_row_change_a_stage_that_has_lasted() -> None:
    assert settled_stages(np.array([1.0, 1, 1, 1, 2, 2, 2])).tolist() == [1, 1, 1, 1, 1, 2, 2]
    assert settled_stages(np.array([1.0, 1, 1, 1, 2, 1, 2, 1])).tolist() == [1.0] * 8
    assert settled_stages(np.array([1.0, 1, 1, 1, 2, 3, 3])).tolist() == [1, 1, 1, 1, 1, 1, 3]


def test_a_step_back_needs_three() -> None:
    assert settled_stages(np.array([3.0, 3, 3, 3, 1, 1, 3, 3])).tolist() == [3.0] * 8
    assert settled_stages(np.array([3.0, 3, 3, 3, 1, 1, 1])).tolist() == [3, 3, 3, 3, 3, 3, 1]


def test_a_stage_lasts_four_weeks() -> None:
    assert settled_stages(np.array([1.0, 2, 2, 2, 2, 2])).tolist() == [1, 1, 1, 1, 2, 2]
    assert settled_stages(np.array([0.0] * 4 + [1, 1] + [2] * 5)).tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2]


def test_a_week_without_evaluation_changes_nothing_and_breaks_the_row() -> None:
    assert settled_stages(np.array([1.0, 1, 1, 1, 2, NAN, 2, 2])).tolist() == [1, 1, 1, 1, 1, 1, 1, 2]
    stages = settled_stages(np.array([NAN, NAN, 1.0, 1.0]))
    assert np.isnan(stages[:2]).all()
    assert stages[2:].tolist() == [1.0, 1.0]
    assert settled_stages(np.zeros((3, 0))).shape == (3, 0)


codes = st.one_of(st.just(NAN), st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(codes, min_size=30, max_size=30), min_size=1, max_size=5))
def test_a_stage_never_flips_twice_inside_its_dwell_and_only_to_what_was_confirmed(rows: list[list[float]]) -> None:
    evaluations = np.array(rows)
    stages = settled_stages(evaluations)
    for seen, stage in zip(evaluations, stages, strict=True):
        known = np.isfinite(stage)
        assert (np.diff(known.astype(int)) >= 0).all(), "A stage is never lost."
        started = int(known.argmax()) if known.any() else 30
        changes = [week for week in range(started + 1, 30) if stage[week] != stage[week - 1]]
        assert all(later - earlier >= 4 for earlier, later in zip([started, *changes], changes, strict=False))
        for week in changes:
            needed = 3 if stage[week] < stage[week - 1] else 2
            assert (seen[week - needed + 1 : week + 1] == stage[week]).all()


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(codes, min_size=12, max_size=12), min_size=2, max_size=4))
def test_many_skus_settle_as_each_alone(rows: list[list[float]]) -> None:
    evaluations = np.array(rows)
    np.testing.assert_array_equal(settled_stages(evaluations), np.stack([settled_stages(row) for row in evaluations]))


def test_the_state_carries_over_from_week_to_week() -> None:
    state = first_state(np.array([1.0, NAN]))
    for evaluated in ([1.0, NAN], [1.0, 2.0], [2.0, 2.0], [2.0, 3.0]):
        state = next_state(state, np.array(evaluated))
    assert state.stage.tolist() == [2.0, 2.0]
    assert state.weeks_in_stage.tolist() == [0.0, 2.0]
    assert state.consecutive.tolist() == [2.0, 1.0]


def test_h64_a_stage_set_by_hand_holds_until_its_day_and_reverts() -> None:
    expires = date(2026, 3, 31)
    held = [override_holds(day, expires) for day in (date(2026, 3, 30), expires, date(2026, 4, 1))]
    assert held == [1.0, 1.0, 0.0]
    assert [stage_in_force(3.0, 1.0, flag) for flag in held] == [1.0, 1.0, 3.0]


def test_the_decision_of_one_week() -> None:
    """Arguments: stage, evaluated, how often in a row, weeks in the stage."""
    assert settled_stage(1.0, 2.0, 2.0, 4.0) == 2.0
    assert settled_stage(1.0, 2.0, 1.0, 4.0) == 1.0
    assert settled_stage(1.0, 2.0, 2.0, 3.0) == 1.0
    assert settled_stage(3.0, 1.0, 2.0, 9.0) == 3.0
    assert settled_stage(3.0, 1.0, 3.0, 9.0) == 1.0
