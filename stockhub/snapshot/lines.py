"""The lines of each row, and where each comes from: a policy, the forecast, what a schedule set, or somebody's override (H25, H64, D4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db.models import BigIntegerField, Case, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, Upper
from numpy.typing import NDArray

from stockhub.catalog.models import StockPolicy
from stockhub.catalog.override_models import Line, LineSchedule, OverrideScope, StockOverride, ThresholdAdjustment
from stockhub.core import clock
from stockhub.core.columns import FLOAT, INT, TEXT
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.policies.safety_stock import cover_days_quantity
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Columns
from stockhub.snapshot.scopes import ScopedRows
from stockhub.snapshot.supply import found_by

IntArray = NDArray[np.int64]
#: Where a line comes from, by its number.
SOURCES: Final = ("none", "policy", "forecast", "adjustment", "override", "factor")
NONE, POLICY, FORECAST, ADJUSTMENT, OVERRIDE, FACTOR = range(len(SOURCES))
#: Schedules by the number that stands for them in an array.
SCHEDULES: Final = (LineSchedule.CONTINUOUS, LineSchedule.WEEKLY, LineSchedule.MONTHLY)
_LINES: Final = (Line.ALERT_THRESHOLD, Line.SAFETY_STOCK)
#: Scopes of overrides that are for more than one SKU, the least specific first.
_WIDE: Final = tuple(scope for scope in OverrideScope if scope is not OverrideScope.SKU)
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
    scoped = ScopedRows(rows.sku_ids, rows.pool_ids, clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE))
    return {line: _overridden(scoped, number, *bases[line], held) for number, line in enumerate(_LINES)}


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


def _overridden(rows: ScopedRows, line: int, base: FloatArray, source: IntArray, held: dict[str, Any]) -> LineColumn:
    value, source, override = base.copy(), source.astype(np.int64), np.zeros(len(base), np.int64)
    its = np.flatnonzero(held["of_line"] == line)
    winner = _winners(rows, its, held)
    there = winner >= 0
    at = winner[there]
    qty, factor = held["qty"][at], held["factor"][at]
    multiplied = np.ceil(np.round(base[there] * factor, _DIGITS)) if line == 0 else base[there] * factor
    value[there] = np.where(np.isnan(qty), multiplied, qty)
    source[there] = np.where(np.isnan(qty), FACTOR, OVERRIDE)
    override[there] = held["id"][at]
    # A factor on a line that nobody drew is still no line.
    source[np.isnan(value)] = NONE
    return LineColumn(value, base, source, override)


def _winners(rows: ScopedRows, its: IntArray, held: dict[str, Any]) -> IntArray:
    """Which of what is held at `its` counts for each row (n,), −1: none. The most specific scope's; of equals the one that began last."""
    winner = np.full(len(rows.sku_ids), -1, np.int64)
    scopes = held["scope_number"][its]
    for number, scope in enumerate(_WIDE):
        of_scope = its[scopes == number]
        if len(of_scope):
            found = rows.last_of(scope.value, held["target_id"][of_scope], held["class_text"][of_scope], of_scope)
            winner = np.where(found >= 0, found, winner)
    # Of equals the first is found: the one that began last.
    of_sku = its[scopes == len(_WIDE)][::-1]
    for pool in (np.full(len(rows.sku_ids), _EVERY_POOL, np.int64), rows.pool_ids):
        at = found_by(held["target_id"][of_sku], held["pool_or_all"][of_sku], rows.sku_ids, pool)
        winner = np.where(at >= 0, np.append(of_sku, -1)[at], winner)
    return winner


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


@kept(
    {
        "id": INT, "scope_number": INT, "target_id": INT, "class_text": TEXT, "pool_or_all": INT, "of_line": INT, "qty": FLOAT,
        "factor": FLOAT,
    }
)  # fmt: skip
def _held(skus: KeptIds, at: Place) -> QuerySet[StockOverride]:
    """What holds at that moment for these SKUs, and perhaps for some others: the one that began last, then the one set last, comes last."""
    numbered = Case(*[When(line=line, then=number) for number, line in enumerate(_LINES)], default=-1)
    overrides = StockOverride.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at), Q(sku=None) | Q(**id_filter("sku_id", skus)), starts_at__lte=at, until_at__gt=at
    )
    return overrides.annotate(
        pool_or_all=Coalesce("pool_id", _EVERY_POOL),
        of_line=numbered,
        scope_number=Case(*[When(scope=scope, then=number) for number, scope in enumerate(OverrideScope)]),
        target_id=Coalesce("sku_id", "pool_id", "account_id", "stage_id", "category_id", Value(0), output_field=BigIntegerField()),
        class_text=Upper("sku_class"),
    ).order_by(Greatest("starts_at", "set_at"), "set_at", "id")
