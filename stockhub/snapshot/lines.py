"""The lines of each row, and where each comes from: a policy, the forecast, what a schedule set, or somebody's override (H25, H64, D4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import StockPolicy
from stockhub.catalog.override_models import Line, LineSchedule, StockOverride, ThresholdAdjustment
from stockhub.core.columns import FLOAT, INT
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.policies.safety_stock import cover_days_quantity
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Columns
from stockhub.snapshot.supply import found_by

IntArray = NDArray[np.int64]
#: Where a line comes from, by its number.
SOURCES: Final = ("none", "policy", "forecast", "adjustment", "override", "factor")
NONE, POLICY, FORECAST, ADJUSTMENT, OVERRIDE, FACTOR = range(len(SOURCES))
#: Schedules by the number that stands for them in an array.
SCHEDULES: Final = (LineSchedule.CONTINUOUS, LineSchedule.WEEKLY, LineSchedule.MONTHLY)
_LINES: Final = (Line.ALERT_THRESHOLD, Line.SAFETY_STOCK)
_EVERY_POOL: Final = 0
#: Floats that should be whole are not quite: a line of 300.00000000000006 is one of 300.
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class LineColumn:
    """One line of each row, (n,): what holds, what would hold without an override, where it comes from, and the override (0: none)."""

    value: FloatArray
    base: FloatArray
    source: IntArray
    override: IntArray


@dataclass(frozen=True, slots=True)
class Following:
    """Which rows' warning lines follow the forecast, (n,): days of sales (NaN: it does not), and the schedule as in `SCHEDULES`."""

    cover_days: FloatArray
    schedule: IntArray


def adjusted(rows: Rows, as_of: datetime, columns: Columns) -> Columns:
    """The two lines of the snapshot, given the policies' own in `columns`."""
    return {line.value: column.value for line, column in lines(rows, as_of, columns).items()}


def lines(rows: Rows, as_of: datetime, columns: Columns) -> dict[Line, LineColumn]:
    """Both lines of each row. `columns` has the mean of the forecast, and the lines that the policies state."""
    bases = {
        Line.ALERT_THRESHOLD: threshold_base(rows, columns["alert_threshold"], columns["daily_mean"]),
        Line.SAFETY_STOCK: (columns["safety_stock"], np.where(np.isnan(columns["safety_stock"]), NONE, POLICY)),
    }
    held = _held(skus=rows.skus, at=as_of)
    return {line: _overridden(rows, number, *bases[line], held) for number, line in enumerate(_LINES)}


def threshold_base(rows: Rows, fixed: FloatArray, daily_mean: FloatArray) -> tuple[FloatArray, IntArray]:
    """The warning line (n,) without overrides, and where it comes from: never below the quantity that a policy states."""
    following = following_of(rows)
    moving = line_of(following.cover_days, daily_mean)
    current = _current(skus=rows.skus)
    at = found_by(current["sku_id"], current["pool_id"], rows.sku_ids, rows.pool_ids)
    set_for = np.append(current["scheduled"], -1)[at]
    is_set = (at >= 0) & ~np.isnan(following.cover_days) & (following.schedule > 0) & (set_for == following.schedule)
    line = np.where(is_set, np.append(current["qty"], 0)[at], moving)
    follows = ~np.isnan(line) & ~(line < fixed)
    source = np.where(follows, np.where(is_set, ADJUSTMENT, FORECAST), np.where(np.isnan(fixed), NONE, POLICY))
    return np.where(follows, line, fixed), source


def following_of(rows: Rows) -> Following:
    """The policy of the SKU in the pool where it states days of sales, else the SKU's own."""
    found = _stated(skus=rows.skus)
    cover, schedule = np.full(len(rows), np.nan), np.zeros(len(rows), np.int64)
    for pool in (np.full(len(rows), _EVERY_POOL, np.int64), rows.pool_ids):
        at = found_by(found["sku_id"], found["pool_or_all"], rows.sku_ids, pool)
        stated = at >= 0
        cover[stated] = found["alert_cover_days"][at[stated]]
        schedule[stated] = found["scheduled"][at[stated]]
    return Following(cover, schedule)


def line_of(cover_days: FloatArray, daily_mean: FloatArray) -> FloatArray:
    """Whole units (n,) that so many days of the forecast's mean are, rounded up; NaN without a forecast."""
    return np.ceil(np.round(cover_days_quantity(np.maximum(daily_mean, 0.0), cover_days), _DIGITS))


def _overridden(rows: Rows, line: int, base: FloatArray, source: IntArray, held: dict[str, IntArray | FloatArray]) -> LineColumn:
    value, source, override = base.copy(), source.astype(np.int64), np.zeros(len(rows), np.int64)
    its = held["of_line"] == line
    for pool in (np.full(len(rows), _EVERY_POOL, np.int64), rows.pool_ids):
        # The one set last comes first.
        at = found_by(held["sku_id"][its], held["pool_or_all"][its], rows.sku_ids, pool)
        there = at >= 0
        qty, factor = held["qty"][its][at[there]], held["factor"][its][at[there]]
        multiplied = np.ceil(np.round(base[there] * factor, _DIGITS)) if line == 0 else base[there] * factor
        value[there] = np.where(np.isnan(qty), multiplied, qty)
        source[there] = np.where(np.isnan(qty), FACTOR, OVERRIDE)
        override[there] = held["id"][its][at[there]]
    # A factor on a line that nobody drew is still no line.
    source[np.isnan(value)] = NONE
    return LineColumn(value, base, source, override)


def _numbered_schedule(name: str) -> Case:
    return Case(*[When(**{name: schedule}, then=number) for number, schedule in enumerate(SCHEDULES)], default=0)


@kept({"sku_id": INT, "pool_or_all": INT, "alert_cover_days": FLOAT, "scheduled": INT})
def _stated(skus: KeptIds) -> QuerySet[StockPolicy]:
    policies = StockPolicy.objects.filter(**id_filter("sku_id", skus), deleted_at=None, alert_cover_days__isnull=False)
    return policies.annotate(pool_or_all=Coalesce("pool_id", _EVERY_POOL), scheduled=_numbered_schedule("alert_schedule"))


@kept({"sku_id": INT, "pool_id": INT, "qty": FLOAT, "scheduled": INT})
def _current(skus: KeptIds) -> QuerySet[ThresholdAdjustment]:
    current = ThresholdAdjustment.objects.filter(**id_filter("sku_id", skus), is_current=True)
    return current.annotate(scheduled=_numbered_schedule("schedule"))


@kept({"id": INT, "sku_id": INT, "pool_or_all": INT, "of_line": INT, "qty": FLOAT, "factor": FLOAT})
def _held(skus: KeptIds, at: Place) -> QuerySet[StockOverride]:
    """What holds at that moment, the one set last first."""
    numbered = Case(*[When(line=line, then=number) for number, line in enumerate(_LINES)], default=-1)
    overrides = StockOverride.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at), **id_filter("sku_id", skus), starts_at__lte=at, until_at__gt=at
    )
    return overrides.annotate(pool_or_all=Coalesce("pool_id", _EVERY_POOL), of_line=numbered).order_by("-set_at", "-id")
