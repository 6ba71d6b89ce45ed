"""What bringing units in has cost, against what it cost before: the saving of transfers, consolidated shipments and other ways (H84).

No document defines the figure. Here it is what was carried out against its alternative: units that came into a warehouse in the last 90
days, by whichever way, at the freight and inbound handling that their lots have borne, beside what the same units would have cost at the
mean of the same SKU into the same warehouse over the year before those days. A lot that came by transfer bears the freight of its way to
the first warehouse too, so that a detour is not taken for a saving. Duty is a tax and no part of it. Units whose freight nobody stated,
and those of a SKU that nobody brought there before, take no part: neither side is guessed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
from django.conf import settings
from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.exchange_rates import rates_on
from stockhub.catalog.models import PoolWarehouse
from stockhub.core import clock
from stockhub.core.columns import DAY, FLOAT, INSTANT, INT, code
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.inventory.models import CostKind, Lot, LotCost
from stockhub.pluginapi.snapshot import FloatArray

IntArray = NDArray[np.int64]
#: What came in so lately is judged, by what came in over the year before.
JUDGED_DAYS: Final = 90
BEFORE_DAYS: Final = 365
_LOGISTICS: Final = (CostKind.FREIGHT, CostKind.INBOUND)
#: Amounts are stored as millionths.
_AMOUNT: Final = 1e6


class Logistics(NamedTuple):
    """Of each row (n,): units that can be judged, what bringing them was paid, and what it would have cost; NaN where there are none."""

    units: FloatArray
    paid: FloatArray
    usual: FloatArray


def logistics_of(rows: Rows, day: date) -> Logistics:
    """Of what came into the pools of the rows until the end of `day`. Two queries and the rates, whatever the number of rows."""
    out = Logistics(*(np.full(len(rows), np.nan) for _ in range(3)))
    if not len(rows):
        return out
    since = _starts(day - timedelta(days=JUDGED_DAYS - 1))
    found = _arrived(
        skus=rows.skus, since=_starts(day - timedelta(days=JUDGED_DAYS + BEFORE_DAYS - 1)), until=_starts(day + timedelta(days=1))
    )
    each = _cost_of(found["id"], rows)
    known = np.isfinite(each)
    sku, warehouse, units, each = (
        found["sku_id"][known],
        found["warehouse_id"][known],
        found["units"][known].astype(np.float64),
        each[known],
    )
    lately = found["at"][known] >= int(since.timestamp() * 1e6)
    pairs, pair = np.unique(np.stack([sku, warehouse]), axis=1, return_inverse=True)
    pair, count = pair.reshape(-1), pairs.shape[1]
    came, cost = np.where(lately, 0.0, units), np.where(lately, 0.0, units * each)
    with np.errstate(divide="ignore", invalid="ignore"):
        usual_each = np.bincount(pair, cost, minlength=count) / np.bincount(pair, came, minlength=count)
    judged = lately & np.isfinite(usual_each[pair])
    sums = [np.bincount(pair[judged], weights[judged], minlength=count) for weights in (units, units * each, units * usual_each[pair])]
    tells = np.bincount(pair[judged], minlength=count) > 0
    for pool, of_warehouse in _pool_warehouses.tuples():
        its = np.flatnonzero(tells & (pairs[1] == of_warehouse))
        row = rows.find(pairs[0][its], pool)
        its, row = its[row >= 0], row[row >= 0]
        for column, total in zip(out, sums, strict=True):
            column[row] = np.where(np.isnan(column[row]), total[its], column[row] + total[its])
    return out


def _starts(day: date) -> datetime:
    return clock.start_of_day(day, settings.STOCKHUB_TIME_ZONE)


def _cost_of(lot_ids: IntArray, rows: Rows) -> FloatArray:
    """Freight and handling of a unit of each lot (m,) in the base currency; NaN where none is stated or a rate is unknown."""
    if not len(lot_ids):
        return np.zeros(0)
    found = _costs(skus=rows.skus)
    currencies = [each.decode() for each in found["currency"].tolist()]
    days = [date.fromordinal(int(each)) for each in found["rate_on"].tolist()]
    amount = found["unit_amount"] / _AMOUNT * rates_on(days, currencies, settings.STOCKHUB_BASE_CURRENCY)
    lots, lot = np.unique(found["lot_id"], return_inverse=True)
    if not len(lots):
        return np.full(len(lot_ids), np.nan)
    total = np.bincount(lot.reshape(-1), amount, minlength=len(lots))
    at = np.minimum(np.searchsorted(lots, lot_ids), len(lots) - 1)
    return np.where(lots[at] == lot_ids, total[at], np.nan)


@kept({"id": INT, "sku_id": INT, "warehouse_id": INT, "at": INSTANT, "units": INT})
def _arrived(skus: KeptIds, since: Place, until: Place) -> QuerySet[Lot]:
    # A lot that was put there without a receipt came in when it was recorded.
    came = Lot.objects.filter(**id_filter("sku_id", skus)).annotate(
        at=Coalesce("receipts__occurred_at", "recorded_at"), units=Coalesce("receipts__qty", "received_qty", output_field=BigIntegerField())
    )
    return came.filter(at__gte=since, at__lt=until)


@kept({"lot_id": INT, "unit_amount": FLOAT, "currency": code(3), "rate_on": DAY})
def _costs(skus: KeptIds) -> QuerySet[LotCost]:
    return LotCost.objects.filter(**id_filter("lot__sku_id", skus), kind__in=_LOGISTICS)


@kept({"pool_id": INT, "warehouse_id": INT})
def _pool_warehouses() -> QuerySet[PoolWarehouse, Any]:
    return (
        PoolWarehouse.objects.filter(pool__deleted_at=None).order_by("pool_id", "warehouse_id").values("pool_id", "warehouse_id").distinct()
    )
