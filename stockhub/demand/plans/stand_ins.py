"""What a SKU sells in place of another that is out of stock: an event of the substitute, like a promotion (U9, docs/adr/0049).

Its days are kept out of the substitute's ordinary demand, what they lift is learned as that of any other type of event, and while the
original is out, the substitute's forecast is raised by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.catalog.models import PoolWarehouse, SkuRelation
from stockhub.catalog.substitutes import substitutes_on
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows, in_stock_of
from stockhub.demand.models import SalesSeries
from stockhub.demand.plans.events import Event
from stockhub.inventory.transfers.selectors import TransferArrival, transfer_arrivals
from stockhub.purchasing.selectors import InboundArrival, inbound_arrivals
from stockhub.values import Label

#: The kind and the type of such an event: all of them teach what the next one lifts.
STAND_IN: Final = "stand_in"
EVENT_TYPE: Final = "substitute"
#: An original without any arrival that is known is taken to stay out for so many days more.
STAYS_OUT_DAYS: Final = 14
#: After so many days without stock the original is not sold any more, and what the substitute sells is its own ordinary demand.
LONGEST_DAYS: Final = 56


@dataclass(frozen=True, slots=True)
class _Outage:
    sku_id: int
    pool_id: int
    first_on: date
    last_on: date


def stand_in_events(rows: Rows, *, first_on: date, last_on: date) -> list[Event]:
    """The events of the rows that are substitutes, from `first_on` to `last_on` and, where the original is still out, beyond.

    One query where none of them is a substitute.
    """
    if not len(rows):
        return []
    ties = substitutes_on(first_on, last_on, by=rows.skus.tolist())
    if not ties:
        return []
    pools = sorted(set(rows.pool_ids.tolist()))
    outages: dict[int, list[_Outage]] = {}
    for outage in _outages(np.unique([tie.other_id for tie in ties]), pools, first_on, last_on):
        outages.setdefault(outage.sku_id, []).append(outage)
    return [event for tie in ties for outage in outages.get(tie.other_id, ()) if (event := _event(tie, outage)) is not None]


def _event(tie: SkuRelation, outage: _Outage) -> Event | None:
    """The days of an outage on which the tie holds."""
    begins, ends = max(outage.first_on, tie.valid_from), outage.last_on if tie.valid_to is None else min(outage.last_on, tie.valid_to)
    if begins > ends:
        return None
    code = tie.other.code
    return Event(
        key=f"{STAND_IN}:{tie.other_id}:{outage.pool_id}:{tie.sku_id}:{begins.isoformat()}",
        kind=STAND_IN,
        event_type=EVENT_TYPE,
        label=Label(f"Stands in for {code}, which is out of stock", f"{code} 缺货，由本品替代"),
        first_on=begins,
        last_on=ends,
        pool_id=outage.pool_id,
        sku_id=tie.sku_id,
        made_by=STAND_IN,
    )


def _outages(originals: NDArray[np.int64], pools: list[int], first_on: date, last_on: date) -> Iterator[_Outage]:
    """The days on which originals that have ever sold were out of stock in a pool, run by run."""
    sold = SalesSeries.objects.filter(**id_filter("sku_id", originals), last_sold_at__isnull=False)
    skus = np.unique(np.fromiter(sold.values_list("sku_id", flat=True), np.int64))
    if not len(skus):
        return
    keys = [(sku, pool) for sku in skus.tolist() for pool in pools]
    rows = Rows(np.array([sku for sku, _pool in keys], np.int64), np.array([pool for _sku, pool in keys], np.int64))
    days = (last_on - first_on).days + 1
    out = in_stock_of(rows, first_on=first_on, days=days) == 0
    edges = np.diff(np.pad(out.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    still_out = [keys[row] for row in np.flatnonzero(out[:, -1]).tolist()]
    back = _back_on(still_out) if still_out else {}
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    for (row, begin), (_row, after) in zip(starts.tolist(), ends.tolist(), strict=True):
        sku, pool = keys[row]
        begins, ended = first_on + timedelta(days=begin), first_on + timedelta(days=after - 1)
        if ended == last_on:
            expected = back.get((sku, pool))
            stays = last_on + timedelta(days=STAYS_OUT_DAYS) if expected is None else expected - timedelta(days=1)
            ended = max(stays, last_on)
        yield _Outage(sku, pool, begins, min(ended, begins + timedelta(days=LONGEST_DAYS - 1)))


def _back_on(keys: list[tuple[int, int]]) -> dict[tuple[int, int], date]:
    """The first day on which something of a SKU should reach a pool, where a day is known."""
    skus = {sku for sku, _pool in keys}
    pools_of: dict[int, list[int]] = {}
    for pool, warehouse in PoolWarehouse.objects.values_list("pool_id", "warehouse_id"):
        pools_of.setdefault(warehouse, []).append(pool)
    found: dict[tuple[int, int], date] = {}
    coming: list[InboundArrival | TransferArrival] = [*inbound_arrivals(skus), *transfer_arrivals(skus)]
    for arrival in coming:
        for pool in pools_of.get(arrival.warehouse_id, ()):
            if arrival.expected_on is not None:
                key = (arrival.sku_id, pool)
                found[key] = min(found.get(key, arrival.expected_on), arrival.expected_on)
    return found
