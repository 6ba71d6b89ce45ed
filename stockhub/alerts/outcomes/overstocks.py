"""What became of overstock alerts: after their weeks, more of that day's stock is left than was acceptable (science.md 10.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db.models import QuerySet

from stockhub.alerts.models import Alert, AlertOutcome
from stockhub.alerts.outcomes.judging import outcome_of, overstock_right
from stockhub.alerts.outcomes.past import Past
from stockhub.alerts.outcomes.versions import Draft
from stockhub.core import clock
from stockhub.core.ranges import id_filter

KIND: Final = "overstock"
_DAYS_A_WEEK: Final = 7
#: What an alert was found with: without one of these nothing can be told.
_INPUTS: Final = ("available", "safety_stock", "times_safety_stock", "floor_units")


def judged_overstocks(past: Past, *, since: int) -> Iterator[Draft]:
    """The outcomes of the overstock alerts raised from a column on whose weeks are over. First in, first out: later receipts stay aside."""
    begin = clock.start_of_day(past.on(since), settings.STOCKHUB_TIME_ZONE)
    alerts: QuerySet[Any, Any] = Alert.objects.filter(
        **id_filter("sku_id", past.rows.skus), kind=KIND, pool__isnull=False, opened_at__gte=begin
    ).order_by("id")
    for pk, sku, pool, opened_at, inputs in alerts.values_list("id", "sku_id", "pool_id", "opened_at", "inputs"):
        row = int(past.rows.find(np.array([sku], np.int64), pool)[0])
        day = (clock.business_day(opened_at, settings.STOCKHUB_TIME_ZONE) - past.first_on).days
        horizon = int((inputs.get("weeks") or 0) * _DAYS_A_WEEK)
        if row < 0 or not horizon or day + horizon > past.last_day:
            continue
        numbers = [np.array([np.nan if (value := inputs.get(name)) is None else value], np.float64) for name in _INPUTS]
        issued = past.sold[row, day + 1 : day + horizon + 1].sum(keepdims=True)
        right = overstock_right(numbers[0], issued, *numbers[1:])
        yield Draft(
            AlertOutcome(alert_id=pk, kind=KIND, raised_on=past.on(day), outcome=outcome_of(float(right[0])), horizon_days=horizon),
            known_on=past.on(day + horizon),
        )
