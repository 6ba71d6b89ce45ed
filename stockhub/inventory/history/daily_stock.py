"""End-of-day stock from the ledger, written down while it is easy to know: what a stock-out cost nobody can tell afterwards without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Min, QuerySet, Sum
from django.db.models.functions import TruncDate
from numpy.typing import NDArray

from stockhub.catalog.models import Warehouse
from stockhub.core import clock
from stockhub.core.ranges import id_filter
from stockhub.inventory.models import Balance, Movement, StockHistory
from stockhub.inventory.posting.postings import AVAILABLE


def extend_stock_history(sku_ids: Collection[int]) -> int:
    """Writes the end-of-day stock of every complete day that is missing, for all warehouses; returns how many series changed."""
    changed: list[StockHistory] = []
    for warehouse in Warehouse.objects.filter(deleted_at=None).order_by("id"):
        through = clock.business_day(clock.now(), warehouse.time_zone) - timedelta(days=1)
        if through >= clock.business_day(warehouse.ledger_starts_at, warehouse.time_zone):
            changed += _extended(warehouse, sku_ids, through)
    StockHistory.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["sku", "warehouse"], update_fields=["first_on", "qty", "updated_at"], batch_size=500
    )
    return len(changed)


def _extended(warehouse: Warehouse, sku_ids: Collection[int], through: date) -> list[StockHistory]:
    balances = dict(
        Balance.objects.filter(**id_filter("sku_id", sku_ids), warehouse=warehouse, bucket=AVAILABLE).values_list("sku_id", "qty")
    )
    if not balances:
        return []
    known = {h.sku_id: h for h in StockHistory.objects.filter(**id_filter("sku_id", sku_ids), warehouse=warehouse)}
    opened = clock.business_day(warehouse.ledger_starts_at, warehouse.time_zone)
    missing_from = _first_days(warehouse, [sku for sku in balances if sku not in known])
    missing_from |= {sku: max(_last_day(known[sku]) + timedelta(days=1), opened) for sku in balances if sku in known}
    due = {sku: day for sku, day in missing_from.items() if day <= through}
    if not due:
        return []
    later = _effects_by_day(warehouse, due, min(due.values()))
    return [_with_days(known.get(sku), sku, warehouse, first, through, balances[sku], later[sku]) for sku, first in due.items()]


def _first_days(warehouse: Warehouse, sku_ids: Collection[int]) -> dict[int, date]:
    """The day of each SKU's first movement: before it, nobody has said that there was none."""
    if not sku_ids:
        return {}
    first = Movement.objects.filter(**id_filter("sku_id", sku_ids), warehouse=warehouse).values_list("sku_id").annotate(Min("occurred_at"))
    days = {sku: clock.business_day(at, warehouse.time_zone) for sku, at in first}
    return {sku: days[sku] for sku in sku_ids if sku in days}


def _last_day(history: StockHistory) -> date:
    return history.first_on + timedelta(days=len(history.qty) - 1)


def _effects_by_day(warehouse: Warehouse, skus: Collection[int], since: date) -> dict[int, dict[date, int]]:
    """What the movements of each day from `since` on did to sellable stock, by SKU and day."""
    day = TruncDate("occurred_at", tzinfo=ZoneInfo(warehouse.time_zone))
    movements: QuerySet[Movement] = Movement.objects.filter(
        **id_filter("sku_id", skus), warehouse=warehouse, occurred_at__gte=clock.start_of_day(since, warehouse.time_zone)
    )
    effects: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for sign, side in ((1, "to_bucket"), (-1, "from_bucket")):
        rows = movements.filter(**{side: AVAILABLE}).annotate(day=day).values_list("sku_id", "day").annotate(Sum("qty"))
        for sku, on, qty in rows:
            effects[sku][on] += sign * qty
    return effects


def _with_days(
    history: StockHistory | None, sku_id: int, warehouse: Warehouse, first: date, through: date, balance: int, effects: dict[date, int]
) -> StockHistory:
    """The series with the days `first` … `through` added: today's balance less everything that happened after each day."""
    days = (through - first).days + 1
    ends = np.zeros(days, np.float64)
    running = balance - sum(qty for day, qty in effects.items() if day > through)
    for position in range(days - 1, -1, -1):
        ends[position] = running
        running -= effects.get(first + timedelta(days=position), 0)
    row = history or StockHistory(sku_id=sku_id, warehouse=warehouse, first_on=first)
    stored: NDArray[np.float32] = row.qty if history else np.zeros(0, np.float32)
    gap = (first - row.first_on).days - len(stored)
    row.qty = np.concatenate([stored, np.full(max(gap, 0), np.nan, np.float32), ends.astype(np.float32)])
    row.updated_at = clock.now()
    return row
