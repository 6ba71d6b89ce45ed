"""What became of alerts that say too much lies here: after their weeks, more of that day's stock is left than was acceptable
(science.md 10.2).

The weeks and what is acceptable are those of *Overstock*, for every kind: alerts on the side of excess keep them (`alerts.remedies`).
"""

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
from stockhub.alerts.rules.overstock import OverstockRule
from stockhub.core import clock
from stockhub.core.ranges import id_filter

#: Kinds that say that stock lies here for too long. Others on that side warn of something else, which what is left neither proves nor
#: disproves: a fee, an expiry, what stock is worth, a fall of demand, or a category as a whole.
KINDS: Final = (
    "no-sale", "overstock", "residual-value", "season-end", "turnover-below-norm", "turnover-quadrant", "turnover-streak", "unsold-stock",
)  # fmt: skip
_DAYS_A_WEEK: Final = 7
#: What an alert was found with: without one of these nothing can be told. Beside them the weeks.
_FACTS: Final = ("available", "safety_stock")
_PARAMETERS: Final = ("times_safety_stock", "floor_units")


def judged_overstocks(past: Past, *, since: int) -> Iterator[Draft]:
    """The outcomes of alerts of `KINDS` raised from a column on whose weeks are over. First in, first out: later receipts stay aside."""
    begin = clock.start_of_day(past.on(since), settings.STOCKHUB_TIME_ZONE)
    alerts: QuerySet[Any, Any] = Alert.objects.filter(
        **id_filter("sku_id", past.rows.skus), kind__in=KINDS, pool__isnull=False, opened_at__gte=begin
    ).order_by("id")
    for pk, kind, sku, pool, opened_at, inputs in alerts.values_list("id", "kind", "sku_id", "pool_id", "opened_at", "inputs"):
        row = int(past.rows.find(np.array([sku], np.int64), pool)[0])
        day = (clock.business_day(opened_at, settings.STOCKHUB_TIME_ZONE) - past.first_on).days
        horizon = int((_parameter(inputs, kind, "weeks") or 0) * _DAYS_A_WEEK)
        if row < 0 or not horizon or day + horizon > past.last_day:
            continue
        kept = [*(inputs.get(name) for name in _FACTS), *(_parameter(inputs, kind, name) for name in _PARAMETERS)]
        numbers = [np.array([np.nan if value is None else value], np.float64) for value in kept]
        issued = past.sold[row, day + 1 : day + horizon + 1].sum(keepdims=True)
        right = overstock_right(numbers[0], issued, *numbers[1:])
        yield Draft(
            AlertOutcome(alert_id=pk, kind=kind, raised_on=past.on(day), outcome=outcome_of(float(right[0])), horizon_days=horizon),
            known_on=past.on(day + horizon),
        )


def _parameter(inputs: dict[str, Any], kind: str, name: str) -> float | None:
    """A parameter of *Overstock*: its own alerts have it by its name, which in another kind's may mean something else."""
    value: float | None = inputs.get(name) if kind == OverstockRule.slug else inputs.get(f"remedy_{name}")
    return value
