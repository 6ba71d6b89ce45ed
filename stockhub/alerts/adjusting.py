"""Sets the warning lines that follow the forecast, once a week or once a month (H25, H64).

The run comes every day, after the forecast; what it sets belongs to the week or month that the day is in. So it makes no difference which
of its days it comes on, how often, or from how many hosts: a line is set once for each period.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from stockhub.catalog.models import StockPolicy
from stockhub.catalog.override_models import LineSchedule, ThresholdAdjustment
from stockhub.catalog.overrides import MOST_QTY
from stockhub.core import clock
from stockhub.core.columns import INT, read
from stockhub.core.ranges import id_filter
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.demand.cycles import sku_ids, sku_range
from stockhub.demand.frames import Rows
from stockhub.outbox.services import emit_event
from stockhub.pluginapi import Snapshot
from stockhub.snapshot.builder import build
from stockhub.snapshot.lines import SCHEDULES, following_of, line_of
from stockhub.values import Label

NAME: Final = "thresholds"
_BY_PERIOD: Final = (LineSchedule.WEEKLY, LineSchedule.MONTHLY)
#: Rows of one transaction.
_BATCH: Final = 500


def period_of(schedule: str, day: date) -> date:
    """The first day of the week or month that a day is in; a week begins on the day of `STOCKHUB_WEEK_STARTS_ON` (1 is Monday)."""
    if schedule == LineSchedule.WEEKLY:
        return day - timedelta(days=(day.isoweekday() - settings.STOCKHUB_WEEK_STARTS_ON) % 7)
    if schedule == LineSchedule.MONTHLY:
        return day.replace(day=1)
    raise ValueError(f"{schedule!r} has no periods.")


def _scheduled_skus(cycle: Cycle) -> NDArray[np.int64]:
    """The SKUs with a line that a schedule sets."""
    scheduled = read(_scheduled().order_by("sku_id").values("sku_id").distinct(), {"sku_id": INT})["sku_id"]
    return np.intersect1d(sku_ids(cycle), scheduled)


def _scheduled() -> QuerySet[StockPolicy]:
    return StockPolicy.objects.filter(deleted_at=None, alert_cover_days__isnull=False, alert_schedule__in=_BY_PERIOD)


def _run_chunk(work: Work) -> None:
    asked = np.asarray(sku_range(work), np.int64)
    ids = np.intersect1d(asked, read(_scheduled().filter(**id_filter("sku_id", asked)), {"sku_id": INT})["sku_id"])
    if len(ids):
        with work.step("snapshot"):
            snapshot = build(ids, work.as_of)
        with work.step("write"):
            _adjust(work, snapshot)


def _adjust(work: Work, snapshot: Snapshot) -> None:
    """Sets the lines of rows whose period has none yet. A row without a forecast keeps its line, and is looked at again tomorrow."""
    rows = Rows(snapshot.sku_ids, snapshot.pool_ids)
    following, daily_mean = following_of(rows), snapshot["daily_mean"]
    line = line_of(following.cover_days, daily_mean)
    by_schedule = (following.schedule > 0) & ~np.isnan(following.cover_days)
    work.count("rows", int(np.count_nonzero(by_schedule)))
    if lacking := int(np.count_nonzero(by_schedule & np.isnan(line))):
        work.count("missing.NO_FORECAST", lacking)
    drafts = [
        ThresholdAdjustment(
            sku_id=int(rows.sku_ids[row]),
            pool_id=int(rows.pool_ids[row]),
            schedule=SCHEDULES[following.schedule[row]],
            period_on=period_of(SCHEDULES[following.schedule[row]], snapshot.day),
            qty=min(int(line[row]), MOST_QTY),
            cover_days=float(following.cover_days[row]),
            daily_mean=float(daily_mean[row]),
            cycle_id=work.cycle.pk,
            recorded_at=clock.wall(),
        )
        for row in np.flatnonzero(by_schedule & ~np.isnan(line)).tolist()
    ]
    for start in range(0, len(drafts), _BATCH):
        _write(work, drafts[start : start + _BATCH])


def _write(work: Work, drafts: Sequence[ThresholdAdjustment]) -> None:
    """What another run has set for the period meanwhile stays."""
    with work.guard():
        its = Q(sku_id__in={draft.sku_id for draft in drafts})
        # Locked by SKU and pool, so that two runs take turns.
        current = {(each.sku_id, each.pool_id): each for each in _current(its)}
        due = [draft for draft in drafts if _is_due(draft, current.get((draft.sku_id, draft.pool_id)))]
        for draft in due:
            before = current.get((draft.sku_id, draft.pool_id))
            draft.previous_qty = before.qty if before else None
        replaced = [current[pair].pk for draft in due if (pair := (draft.sku_id, draft.pool_id)) in current]
        ThresholdAdjustment.objects.filter(pk__in=replaced).update(is_current=False)
        # A schedule that was changed to another and back finds the period's line set.
        known = {
            (a.sku_id, a.pool_id, a.schedule, a.period_on): a.pk
            for a in ThresholdAdjustment.objects.filter(its, period_on__in={d.period_on for d in due})
        }
        again = [known[key] for draft in due if (key := (draft.sku_id, draft.pool_id, draft.schedule, draft.period_on)) in known]
        ThresholdAdjustment.objects.filter(pk__in=again).update(is_current=True)
        new = [draft for draft in due if (draft.sku_id, draft.pool_id, draft.schedule, draft.period_on) not in known]
        ThresholdAdjustment.objects.bulk_create(new)
        if new:
            payload = {"sku_ids": sorted({draft.sku_id for draft in new}), "lines": len(new)}
            emit_event("catalog.thresholds_adjusted.v1", entity="catalog.thresholdadjustment", entity_id=None, payload=payload)
    work.count("adjusted", len(new))


def _current(its: Q) -> QuerySet[ThresholdAdjustment]:
    return ThresholdAdjustment.objects.select_for_update().filter(its, is_current=True).order_by("sku_id", "pool_id")


def _is_due(draft: ThresholdAdjustment, current: ThresholdAdjustment | None) -> bool:
    """A run for a day that is past, as a catch-up may be, replaces nothing that is newer."""
    return current is None or current.schedule != draft.schedule or current.period_on < draft.period_on


THRESHOLDS = CycleDefinition(
    name=NAME,
    label=Label("Warning lines by schedule", "预警线定期调整"),
    sku_ids=_scheduled_skus,
    run_chunk=_run_chunk,
    queue="fast",
    idle_is_normal=True,
)
