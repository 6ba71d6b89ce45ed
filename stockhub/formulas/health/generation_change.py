"""An old model whose successor is about to come, and the day within which its clearance is planned (H34; science.md 3.14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stockhub.formulas.elementwise import N, at_least, both, explained
from stockhub.formulas.errors import InvalidParameterError

#: Days before the successor's launch in which a cliff means a change of generation.
GENERATION_CHANGE_DAYS = 14.0
#: From a cliff to the clearance plan.
PLAN_WITHIN = timedelta(hours=24)


@explained(unit="flag")
def generation_change_due(cliff: N, days_to_successor: N, window_days: N | float = GENERATION_CHANGE_DAYS) -> N:
    """Whether a cliff of the old model is its successor's doing: at most two weeks before the launch, or after it."""
    return both(cliff, at_least(window_days, days_to_successor))


def plan_due_at(detected_at: datetime, within: timedelta = PLAN_WITHIN) -> datetime:
    """The instant by which a clearance plan has to be there: detected + 24 hours, whatever a clock change does in between.

    InvalidParameterError for an instant without a time zone, or a time that is not above 0.
    """
    if detected_at.tzinfo is None:
        raise InvalidParameterError("detected_at", detected_at, "an instant with its time zone, such as UTC")
    if within <= timedelta(0):
        raise InvalidParameterError("within", within, "a time above 0")
    # In a zone with summer time, 24 hours on the wall clock are not 24 hours: the sum is taken in UTC.
    return (detected_at.astimezone(UTC) + within).astimezone(detected_at.tzinfo)


def is_overdue(due_at: datetime, now: datetime) -> bool:
    """Whether a plan that is not there at `now` is late: strictly after its due instant. Late plans escalate."""
    return now > due_at
