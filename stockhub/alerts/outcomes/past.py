"""The past days of a chunk of SKUs as matrices: stock at each day's end, sales, what ran out, and what people did about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from django.db.models import F, Min
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import PoolWarehouse
from stockhub.core import clock
from stockhub.core.columns import DAY, FLOAT, INT, read
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows, demand_of, rows_of
from stockhub.demand.stockouts import end_of_day_stock
from stockhub.formulas.evaluation.alert_labels import HORIZON_MARGIN_DAYS, Events, merged_events, stockout_days, stockout_events
from stockhub.inventory.transfers.models import TransferLine
from stockhub.purchasing.models import ShipmentLine
from stockhub.snapshot.defaults import LEAD_TIME_DAYS
from stockhub.snapshot.supply import policies_of
from stockhub.snapshot.worth import Rates, sku_facts
from stockhub.suppliers.models import Offer

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
#: Days that are looked back on: the longest horizons, and the days in which late facts may still change a label.
SPAN_DAYS: Final = 240
#: What a SKU sells is measured on its days in stock within so many days before.
RATE_DAYS: Final = 56
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Past:
    """`days` (t,) columns from `first_on` on, the last being the last whole business day; n rows.

    `stock` and `sold` (n, t), NaN where unknown; `rate` (n, t) units a day that each row sold while it was in stock; `events` the
    stock-outs of rows that sell. `horizon` and `fastest` (n,) whole days: H of science.md 10.2 and the quickest delivery. `price` (n,)
    in the base currency.
    """

    rows: Rows
    first_on: date
    stock: FloatArray
    sold: FloatArray
    rate: FloatArray
    events: Events
    horizon: IntArray
    fastest: IntArray
    price: FloatArray

    @property
    def last_day(self) -> int:
        return int(self.stock.shape[1]) - 1

    def on(self, day: int) -> date:
        """The date of a column."""
        return self.first_on + timedelta(days=day)


def past_of(sku_ids: Sequence[int], last_on: date) -> Past:
    """What is known of these SKUs up to a day, in a number of queries that does not grow with them."""
    rows, first_on = rows_of(sku_ids), last_on - timedelta(days=SPAN_DAYS - 1)
    stock = end_of_day_stock(rows, first_on=first_on, days=SPAN_DAYS).astype(np.float64)
    sold = demand_of(rows, last_on=last_on, days=SPAN_DAYS).values.astype(np.float64)
    rate = _rate(stock, sold)
    facts = sku_facts(rows, last_on, Rates(last_on))
    active = np.broadcast_to((facts.is_replenished == 1)[:, None], stock.shape)
    events = merged_events(stockout_events(stockout_days(stock, active, rate)))
    lead, fastest = _lead_times(rows, last_on)
    return Past(rows, first_on, stock, sold, rate, events, np.ceil(lead + HORIZON_MARGIN_DAYS).astype(np.int64), fastest, facts.list_price)


def _rate(stock: FloatArray, sold: FloatArray) -> FloatArray:
    """Units a day (n, t) over the days in stock among the `RATE_DAYS` before each day; NaN before the first of them."""
    # A day whose end nobody recorded counts where something was sold, or where stock was never recorded at all.
    in_stock = (stock > 0) | (sold > 0) | np.isnan(stock)
    counted = in_stock & ~np.isnan(sold)
    units, days = _before(np.where(counted, sold, 0.0)), _before(counted.astype(np.float64))
    rate = np.divide(units, days, out=np.full_like(units, np.nan), where=days > 0)
    # A stock-out that lasts longer than that keeps the rate of before it.
    last = np.maximum.accumulate(np.where(np.isnan(rate), 0, np.arange(rate.shape[1])), axis=1)
    return np.take_along_axis(rate, last, axis=1)


def _before(values: FloatArray) -> FloatArray:
    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    end = np.arange(values.shape[1])
    return np.asarray(total[:, end] - total[:, np.maximum(end - RATE_DAYS, 0)])


def _lead_times(rows: Rows, day: date) -> tuple[FloatArray, IntArray]:
    """The lead time (n,) that plans count with, and the shortest of all offers in whole days."""
    offers = Offer.objects.filter(**id_filter("sku_id", rows.skus), is_active=True, deleted_at=None).exclude(valid_to__lt=day)
    quickest = read(offers.order_by("sku_id").values("sku_id").annotate(days=Min("lead_time_days")), {"sku_id": INT, "days": FLOAT})
    at = np.searchsorted(quickest["sku_id"], rows.sku_ids)
    known = np.append(quickest["sku_id"], -1)[at] == rows.sku_ids
    offered = np.where(known, np.append(quickest["days"], np.nan)[at], np.nan)
    planned = policies_of(rows).lead_time
    lead = np.where(np.isnan(planned), np.where(np.isnan(offered), LEAD_TIME_DAYS, offered), planned)
    fastest = np.where(np.isnan(offered), lead, np.minimum(offered, lead))
    return lead, np.maximum(np.floor(fastest), 1.0).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Receipts:
    """Deliveries (m,) into rows of a `Past`: row, column of the day, column of the day on which somebody decided on it, units."""

    row: IntArray
    day: IntArray
    decided: IntArray
    qty: FloatArray


def receipts_of(past: Past) -> Receipts:
    """What was received on the days of the past from suppliers and other warehouses."""
    dates = (past.first_on, past.on(past.last_day))
    of_suppliers = (
        ShipmentLine.objects.filter(**id_filter("sku_id", past.rows.skus), shipment__received_on__range=dates, received_qty__gt=0)
        .annotate(decided_on=Coalesce("order_line__purchase_order__ordered_on", "shipment__shipped_on", "shipment__received_on"))
        .annotate(warehouse=F("shipment__warehouse_id"), received_on=F("shipment__received_on"))
    )
    of_transfers = (
        TransferLine.objects.filter(**id_filter("sku_id", past.rows.skus), transfer__received_on__range=dates, received_qty__gt=0)
        .annotate(decided_on=Coalesce("transfer__shipped_on", "transfer__received_on"))
        .annotate(warehouse=F("transfer__to_warehouse_id"), received_on=F("transfer__received_on"))
    )
    columns = {"sku_id": INT, "warehouse": INT, "received_on": DAY, "decided_on": DAY, "received_qty": FLOAT}
    found = [read(lines.order_by("id"), columns) for lines in (of_suppliers, of_transfers)]
    sku, warehouse, received, decided, qty = (np.concatenate([its[name] for its in found]) for name in columns)
    parts = []
    for pool, its_warehouse in PoolWarehouse.objects.values_list("pool_id", "warehouse_id"):
        here = np.flatnonzero(warehouse == its_warehouse)
        row = past.rows.find(sku[here], pool)
        parts.append((row[row >= 0], here[row >= 0]))
    row = np.concatenate([np.zeros(0, np.int64), *(each for each, _fact in parts)])
    fact = np.concatenate([np.zeros(0, np.int64), *(each for _row, each in parts)])
    start = past.first_on.toordinal()
    return Receipts(row, (received[fact] - start).astype(np.int64), (decided[fact] - start).astype(np.int64), qty[fact])


def days_of_instants(instants: IntArray, first_on: date) -> IntArray:
    """The columns (m,) of instants on the site's calendar."""
    zone, start = settings.STOCKHUB_TIME_ZONE, first_on.toordinal()
    # Alerts of one cycle share its instant, so there are few.
    named, which = np.unique(instants, return_inverse=True)
    days = [clock.business_day(_EPOCH + timedelta(microseconds=instant), zone).toordinal() - start for instant in named.tolist()]
    return np.array(days, np.int64)[which] if len(named) else np.zeros(0, np.int64)
