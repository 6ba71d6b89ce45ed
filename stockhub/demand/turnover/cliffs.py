"""Cliffs of demand: found every night in sixty days of cleaned demand, kept with the moment they were first seen (H34; science.md 3.14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from django.db.models import Q

from stockhub.core import clock
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.demand.turnover.histories import Guard
from stockhub.demand.turnover_models import DemandCliff
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.cliff import (
    ShiftStatistics,
    chosen_break_p_value,
    mean_drop,
    rate_drop_p_value,
    shift_statistics,
    usual_units_before,
)

#: The days that are looked at.
WINDOW_DAYS: Final = 60
#: What is kept is laxer than what warns, so that a rule's parameters and hysteresis have something to judge.
KEPT_DROP: Final = 0.25
KEPT_P_VALUE: Final = 0.05
KEPT_DAYS: Final = 42.0
#: A break that moves by so many days from one night to the next is still the same.
SAME_BREAK_DAYS: Final = 5


def keep_cliffs(rows: Rows, demand: FloatArray, *, last_on: date, guard: Guard) -> int:
    """Looks for a cliff in each row's demand (n, t), cleaned of events, up to `last_on`, and writes what has changed; returns how many."""
    if not len(rows):
        return 0
    series = np.asarray(demand, np.float64)[:, -WINDOW_DAYS:]
    found = shift_statistics(series)
    usual = usual_units_before(series, found)
    drop = mean_drop(usual, found.days_before, found.units_after, found.days_after)
    by_chance = rate_drop_p_value(found.units_before, found.days_before, found.units_after, found.days_after, found.dispersion)
    p_value = chosen_break_p_value(by_chance, found.days_before + found.days_after)
    fell = np.flatnonzero((drop >= KEPT_DROP) & (p_value < KEPT_P_VALUE) & (found.days_since_break <= KEPT_DAYS))
    fresh = [_cliff(rows, row, found, usual, float(p_value[row]), last_on) for row in fell.tolist()]
    return _write(rows, fresh, guard)


def _cliff(rows: Rows, row: int, found: ShiftStatistics, usual: FloatArray, p_value: float, last_on: date) -> DemandCliff:
    return DemandCliff(
        sku_id=int(rows.sku_ids[row]),
        pool_id=int(rows.pool_ids[row]),
        broke_on=last_on - timedelta(days=int(found.days_since_break[row]) - 1),
        rate_before=float(usual[row] / found.days_before[row]),
        rate_after=float(found.units_after[row] / found.days_after[row]),
        days_after=float(found.days_after[row]),
        p_value=p_value,
    )


def _write(rows: Rows, fresh: list[DemandCliff], guard: Guard) -> int:
    """Updates, adds and takes away; a cliff that is seen again keeps the moment it was first seen."""
    known = {(each.sku_id, each.pool_id): each for each in DemandCliff.objects.filter(**id_filter("sku_id", rows.skus))}
    now = clock.now()
    changed = []
    for cliff in fresh:
        before = known.pop((cliff.sku_id, cliff.pool_id), None)
        cliff.detected_at, cliff.updated_at = _first_seen(cliff, before, now), now
        if before is None or _figures(before) != _figures(cliff):
            changed.append(cliff)
    asked = set(zip(rows.sku_ids.tolist(), rows.pool_ids.tolist(), strict=True))
    over = [each.pk for key, each in known.items() if key in asked]
    if not changed and not over:
        return 0
    with guard():
        DemandCliff.objects.filter(Q(pk__in=over)).delete()
        DemandCliff.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["sku", "pool"],
            update_fields=["broke_on", "rate_before", "rate_after", "days_after", "p_value", "detected_at", "updated_at"],
            batch_size=500,
        )
    return len(changed) + len(over)


def _first_seen(cliff: DemandCliff, before: DemandCliff | None, now: datetime) -> datetime:
    same = before is not None and abs((before.broke_on - cliff.broke_on).days) <= SAME_BREAK_DAYS
    return before.detected_at if before is not None and same else now


def _figures(cliff: DemandCliff) -> tuple[object, ...]:
    return cliff.broke_on, cliff.rate_before, cliff.rate_after, cliff.days_after, cliff.p_value, cliff.detected_at
