"""How fast SKUs sell at this moment, and how late an account hears of it: what its buffer against overselling rests on (N8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from stockhub.channels.models import Account, Feed, OrderLine
from stockhub.core.partitions import month_start
from stockhub.formulas.campaigns.pace import burn_rates
from stockhub.pluginapi.connectors import FeedKind

#: What was sold longer ago says nothing of the pace of now.
_WINDOW: Final = timedelta(minutes=60)
_CLOCKS: Final = timedelta(days=1)
#: Where nobody has measured the lag yet, as after the first reading: about what lies between two pollings.
UNMEASURED_SECONDS: Final = 60.0


def lag_of(account: Account) -> float:
    """Seconds by which the account's orders are behind, as the last reading that renewed them found."""
    measured = Feed.objects.filter(account=account, kind=FeedKind.ORDERS).values_list("measured_lag_seconds", flat=True).first()
    return UNMEASURED_SECONDS if measured is None else max(measured, 0.0)


def paces(sku_ids: Collection[int], at: datetime) -> dict[int, float]:
    """Units a minute of the SKUs that sell, on all accounts together: they share the stock. One query."""
    lines = OrderLine.objects.filter(
        sku_id__any_of=sorted(sku_ids), ordered_at__gt=at - _WINDOW, ordered_at__lte=at, counted_qty__gt=0,
        order_recorded_at__gte=month_start(at - _WINDOW - _CLOCKS),
    )  # fmt: skip
    rows = list(lines.values_list("sku_id", "counted_qty", "ordered_at"))
    if not rows:
        return {}
    known = sorted({sku for sku, _qty, _at in rows})
    place = {sku: number for number, sku in enumerate(known)}
    row = np.array([place[sku] for sku, _qty, _at in rows], np.int64)
    units = np.array([qty for _sku, qty, _at in rows], np.float64)
    age = np.array([(at - ordered).total_seconds() / 60.0 for _sku, _qty, ordered in rows])
    return {sku: float(rate) for sku, rate in zip(known, burn_rates(row, units, age, len(known)), strict=True) if rate > 0.0}
