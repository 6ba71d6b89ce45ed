"""The safety stock of a planned window: a factor while it lasts, and as before when it ends (D4)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from stockhub.core.remembering import remembered
from stockhub.demand.frames import Rows
from stockhub.demand.models import PlannedEvent
from stockhub.demand.plans.effects import as_target
from stockhub.demand.plans.targets import TargetRows


def safety_stock_factors(rows: Rows, day: date) -> NDArray[np.float64]:
    """What the safety stock of each row (n,) is multiplied by on a day; of several windows the one furthest from 1 counts.

    A window of some of a pool's accounts counts for the share of demand that they have.
    """
    factors = np.ones(len(rows))
    windows = PlannedEvent.objects.filter(deleted_at=None, safety_stock_factor__isnull=False, starts_on__lte=day, ends_on__gte=day)
    targets = TargetRows(rows, day - timedelta(days=1))
    for plan in remembered(("windows of safety stock", day), lambda: list(windows.order_by("id"))):
        factor = 1.0 + targets.share_of(as_target(plan)) * (float(plan.safety_stock_factor or 0.0) - 1.0)
        factors = np.where(np.abs(factor - 1.0) > np.abs(factors - 1.0), factor, factors)
    return factors
