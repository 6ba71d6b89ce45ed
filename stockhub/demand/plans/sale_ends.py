"""How long a planned sale that goes on still has: what a burst is measured against (D18)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from stockhub.core.remembering import remembered
from stockhub.demand.frames import Rows
from stockhub.demand.models import PlanKind, PlannedEvent
from stockhub.demand.plans.effects import as_target
from stockhub.demand.plans.targets import TargetRows

#: A sale that ends later than this is no live stream: its end says nothing of what the next hour needs.
LONGEST: Final = timedelta(days=1)
_KINDS: Final = (PlanKind.PROMOTION, PlanKind.PRICE_CHANGE)


def minutes_to_sale_end(rows: Rows, as_of: datetime, day: date) -> NDArray[np.float64]:
    """Minutes (n,) until the planned sale that touches a row is over, of several the last; NaN where none goes on whose end is known."""
    minutes = np.full(len(rows), np.nan)
    running = PlannedEvent.objects.filter(
        deleted_at=None, kind__in=_KINDS, ends_time__isnull=False, starts_on__lte=day, ends_on__gte=day, ends_on__lte=day + LONGEST
    ).order_by("id")
    targets = TargetRows(rows, day - timedelta(days=1))
    for plan in remembered(("sales that end soon", day), lambda: list(running)):
        left = _end_of(plan) - as_of
        if timedelta(0) < left <= LONGEST:
            touched = targets.share_of(as_target(plan)) > 0
            minutes[touched] = np.fmax(minutes[touched], left / timedelta(minutes=1))
    return minutes


def _end_of(plan: PlannedEvent) -> datetime:
    if plan.ends_time is None:
        raise AssertionError("Only sales whose end is known are asked for.")
    return datetime.combine(plan.ends_on, plan.ends_time, ZoneInfo(settings.STOCKHUB_TIME_ZONE))
