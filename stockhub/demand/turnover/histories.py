"""Keeps each row's sales and mean stock by natural month. What has not changed is not written, so that most nights write nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.core.arrays import aligned
from stockhub.core.columns import BLOB, DAY, INT
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows, demand_of
from stockhub.demand.stock_days import stock_of
from stockhub.demand.turnover.months import Months
from stockhub.demand.turnover_models import MONTHS, TurnoverHistory
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.monthly_flow import means_by_month, sums_by_month

Guard = Callable[[], AbstractContextManager[None]]


class MonthlyFlow(NamedTuple):
    """Units sold and mean stock (n, MONTHS), the newest month last; NaN where a month is not known. `last_month` (n,): its ordinal."""

    sold: FloatArray
    held: FloatArray
    last_month: FloatArray


def stored_flow(rows: Rows) -> MonthlyFlow:
    """What is kept of the rows; NaN throughout where nothing is."""
    n = len(rows)
    flow = MonthlyFlow(np.full((n, MONTHS), np.nan), np.full((n, MONTHS), np.nan), np.full(n, np.nan))
    found = _stored(skus=rows.skus)
    at = rows.find(found["sku_id"], found["pool_id"])
    there, row = at >= 0, at[at >= 0]
    for name in ("sold", "held"):
        first = MONTHS - found[name].sizes // 4
        series = aligned(found[name], first, start=0, length=MONTHS, before=np.nan, after=np.nan)
        getattr(flow, name)[row] = series[there]
    flow.last_month[row] = found["last_month"][there]
    return flow


@kept({"sku_id": INT, "pool_id": INT, "last_month": DAY, "sold": BLOB, "held": BLOB})
def _stored(skus: KeptIds) -> QuerySet[TurnoverHistory]:
    return TurnoverHistory.objects.filter(**id_filter("sku_id", skus))


def flow_of(rows: Rows, months: Months) -> MonthlyFlow:
    """The months as the daily facts tell them now."""
    first_on, bounds = months.starts[0], months.bounds
    days = int(bounds[-1])
    stock = stock_of(rows, first_on=first_on, days=days)
    month = np.full(len(rows), float(months.last_month.toordinal()))
    if np.isnan(stock).all():
        unknown = np.full((len(rows), MONTHS), np.nan)
        return MonthlyFlow(unknown, unknown, month)
    sales = demand_of(rows, last_on=first_on + timedelta(days=days - 1), days=days).values
    sold, held = (part.astype(np.float32).astype(np.float64) for part in (sums_by_month(sales, bounds), means_by_month(stock, bounds)))
    return MonthlyFlow(sold, held, month)


def keep_turnover(rows: Rows, *, last_on: date, guard: Guard, batch: int) -> int:
    """Writes the months of the rows whose stock is known in any of them and that differ from what is kept; returns how many."""
    if not len(rows):
        return 0
    fresh, before = flow_of(rows, Months.before(last_on)), stored_flow(rows)
    same = _equal(fresh.sold, before.sold) & _equal(fresh.held, before.held) & (fresh.last_month == before.last_month)
    tells = ~np.isnan(fresh.held).all(axis=1) | ~np.isnan(before.last_month)
    changed = np.flatnonzero(tells & ~same)
    for start in range(0, len(changed), batch):
        part = [_row(rows, row, fresh) for row in changed[start : start + batch].tolist()]
        with guard():
            TurnoverHistory.objects.bulk_create(
                part, update_conflicts=True, unique_fields=["sku", "pool"], update_fields=["last_month", "sold", "held", "updated_at"]
            )
    return len(changed)


def _equal(left: FloatArray, right: FloatArray) -> NDArray[np.bool_]:
    alike = (left == right) | (np.isnan(left) & np.isnan(right))
    return np.asarray(alike.all(axis=1))


def _row(rows: Rows, row: int, flow: MonthlyFlow) -> TurnoverHistory:
    return TurnoverHistory(
        sku_id=int(rows.sku_ids[row]),
        pool_id=int(rows.pool_ids[row]),
        last_month=date.fromordinal(int(flow.last_month[row])),
        sold=flow.sold[row].astype(np.float32),
        held=flow.held[row].astype(np.float32),
        updated_at=clock.now(),
    )
