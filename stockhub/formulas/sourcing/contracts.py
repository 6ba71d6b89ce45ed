"""What a contract promised and what happened (D10). Hours."""

from datetime import datetime
from typing import NamedTuple

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, greater, positive_part
from stockhub.formulas.errors import InvalidParameterError


class DutyRecord(NamedTuple):
    """A supplier's deliveries against their promises; NaN where there were none."""

    deliveries: int
    breaches: int
    kept_share: float
    #: Of the deliveries in breach.
    mean_breach_hours: float
    worst_breach_hours: float


@explained(unit="hour")
def hours_over_promise(promised_hours: N, taken_hours: N) -> N:
    """Hours later than promised; negative where it came early."""
    return taken_hours - promised_hours


@explained(unit="hour")
def breach_hours(promised_hours: N, taken_hours: N) -> N:
    """Hours in breach: promised 24, received after 31 are 7; 0 where the promise was kept."""
    return positive_part(hours_over_promise(promised_hours, taken_hours))


@explained(unit="flag")
def duty_breached(promised_hours: N, taken_hours: N) -> N:
    """Whether a promise was broken; what comes on the last hour is in time."""
    return greater(taken_hours, promised_hours)


def hours_between(called_at: datetime, received_at: datetime) -> float:
    """Hours that a delivery took; InvalidParameterError where it came in before it was called for."""
    hours = (received_at - called_at).total_seconds() / 3600.0
    if hours < 0:
        raise InvalidParameterError("received_at", received_at.isoformat(), "an instant at or after the call")
    return hours


def duty_record(promised_hours: FloatArray, taken_hours: FloatArray) -> DutyRecord:
    """The scorecard's line of one supplier, from its deliveries (n,); those without both times do not count."""
    hours = np.asarray(breach_hours(promised_hours, taken_hours), dtype=np.float64)
    known = hours[np.isfinite(hours)]
    broken = known[known > 0]
    return DutyRecord(
        deliveries=len(known),
        breaches=len(broken),
        kept_share=1.0 - len(broken) / len(known) if len(known) else float("nan"),
        mean_breach_hours=float(broken.mean()) if len(broken) else (0.0 if len(known) else float("nan")),
        worst_breach_hours=float(known.max()) if len(known) else float("nan"),
    )
