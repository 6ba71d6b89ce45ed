"""A change of generation, and 24 hours for the plan (H34)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.health.generation_change import generation_change_due, is_overdue, plan_due_at

DETECTED = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)


def test_h34_the_plan_is_due_24_hours_after_the_cliff_was_found_and_late_after_that() -> None:
    due = plan_due_at(DETECTED)
    assert due == datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
    assert [is_overdue(due, due + timedelta(seconds=seconds)) for seconds in (-1, 0, 1)] == [False, False, True]


def test_h34_24_hours_are_24_hours_over_a_clock_change() -> None:
    los_angeles = ZoneInfo("America/Los_Angeles")
    due = plan_due_at(datetime(2026, 3, 7, 9, 30, tzinfo=los_angeles))
    assert (due.hour, due.tzinfo) == (10, los_angeles)
    assert due - datetime(2026, 3, 7, 17, 30, tzinfo=UTC) == timedelta(hours=24)


def test_h34_a_cliff_within_two_weeks_of_the_new_model_is_its_doing() -> None:
    assert [generation_change_due(1.0, days) for days in (15.0, 14.0, 0.0, -3.0)] == [0.0, 1.0, 1.0, 1.0]
    assert generation_change_due(0.0, 7.0) == 0.0


def test_an_instant_has_a_zone_and_a_plan_some_time() -> None:
    with pytest.raises(InvalidParameterError, match="time zone"):
        plan_due_at(datetime(2026, 3, 31, 9, 30))  # noqa: DTZ001 - what is refused
    with pytest.raises(InvalidParameterError, match="above 0"):
        plan_due_at(DETECTED, timedelta(0))
