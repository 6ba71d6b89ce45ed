"""End-of-day stock by day, one array a SKU and warehouse: what tells a day without sales from a day without stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.inventory.models import StockHistory
from stockhub.values.errors import DomainError

#: A longer history is a wrong date.
MAX_DAYS: Final = 20 * 366
#: Histories in a statement: each is some kilobytes.
_BATCH: Final = 200


class DayStock(NamedTuple):
    """Sellable units of a SKU in a warehouse at the end of a business day."""

    sku_id: int
    warehouse_id: int
    day: date
    qty: float


def record_stock_history(rows: Iterable[DayStock | tuple[int, int, date, float]]) -> tuple[int, int]:
    """Puts dated stock into the histories; a day that is told again is replaced, a day that nobody told stays unknown (NaN).

    Returns how many days changed, and how many were told as they were known. A fixed number of queries.
    """
    told: dict[tuple[int, int], dict[date, float]] = defaultdict(dict)
    for sku_id, warehouse_id, day, qty in rows:
        told[sku_id, warehouse_id][day] = qty
    if not told:
        return 0, 0
    with transaction.atomic():
        known = StockHistory.objects.select_for_update().filter(
            sku_id__in={sku_id for sku_id, _w in told}, warehouse_id__in={warehouse_id for _s, warehouse_id in told}
        )
        histories = {(history.sku_id, history.warehouse_id): history for history in known.order_by("sku_id", "warehouse_id")}
        merged = [_merged(pair, days, histories.get(pair)) for pair, days in sorted(told.items())]
        StockHistory.objects.bulk_create(
            [history for history, days in merged if days],
            update_conflicts=True,
            unique_fields=["sku", "warehouse"],
            update_fields=["first_on", "qty", "updated_at"],
            batch_size=_BATCH,
        )
    changed = sum(days for _history, days in merged)
    return changed, sum(len(days) for days in told.values()) - changed


def _merged(pair: tuple[int, int], days: dict[date, float], known: StockHistory | None) -> tuple[StockHistory, int]:
    """The history with the days put in, and how many of them it did not know so."""
    first, last = min(days), max(days)
    before: NDArray[np.float32] = np.zeros(0, np.float32)
    if known is not None and len(known.qty):
        before = known.qty
        first = min(first, known.first_on)
        last = max(last, known.first_on + timedelta(days=len(before) - 1))
    length = (last - first).days + 1
    if length > MAX_DAYS:
        raise DomainError(
            "history_too_long",
            _("A stock history covers at most 20 years; look for a wrong date."),
            params={"first": str(first), "last": str(last)},
        )
    qty = np.full(length, np.nan, np.float32)
    if known is not None and len(before):
        start = (known.first_on - first).days
        qty[start : start + len(before)] = before
    places = np.array([(day - first).days for day in days])
    values = np.array(list(days.values()), np.float32)
    changed = int(np.count_nonzero(qty[places] != values))
    qty[places] = values
    return StockHistory(sku_id=pair[0], warehouse_id=pair[1], first_on=first, qty=qty, updated_at=clock.now()), changed
