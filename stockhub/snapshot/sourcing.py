"""Sourcing: how many suppliers a row has, how much of what was bought came from the largest, and whether one of them is near (D5, D8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.db.models import QuerySet, Sum
from numpy.typing import NDArray

from stockhub.core.columns import FLOAT, INT
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.demand.plans.delays import supply_delays_of
from stockhub.formulas.policies.disruption import disrupted_lead_time
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.purchasing.models import PurchaseOrderLine, PurchaseOrderStatus
from stockhub.snapshot.positions import Columns

IntArray = NDArray[np.int64]
#: What was ordered within a year says who is bought from.
_BOUGHT_DAYS: Final = 365
#: A supplier's id fits in so many bits beside a SKU's.
SUPPLIER_BITS: Final = 24


def sourcing_columns(rows: Rows, offers: Mapping[str, Any], prices: FloatArray, day: date) -> Columns:
    """Of the suppliers whose valid offers, of unit prices (m,) in the base currency, reach a row: their number, the largest one's share of
    the units ordered of them within a year (NaN where none were), whether any is local, and the lowest price of those that are.
    """
    n = len(rows)
    row, offer = _reach(rows, offers["sku_id"], offers["pool_or_all"])
    supplier = offers["supplier_id"][offer]
    local, near = np.zeros(n), offers["supplier__is_local"][offer]
    local[row[near]] = 1.0
    cheapest = np.full(n, np.nan)
    np.fmin.at(cheapest, row[near], prices[offer[near]])
    # Each supplier of a row once, whatever he offers.
    pairs = np.unique((row << SUPPLIER_BITS) | supplier)
    row, supplier = pairs >> SUPPLIER_BITS, pairs & (2**SUPPLIER_BITS - 1)
    units = _bought_of(rows.sku_ids[row], supplier, rows, day)
    total, largest = np.bincount(row, units, minlength=n), np.zeros(n)
    np.maximum.at(largest, row, units)
    share = np.divide(largest, total, out=np.full(n, np.nan), where=total > 0)
    return {
        "active_suppliers": np.bincount(row, minlength=n).astype(np.float64),
        "largest_supplier_share": share,
        "has_local_supplier": local,
        "local_unit_cost": cheapest,
    }


def fastest_lead_time(rows: Rows, offers: Mapping[str, Any], days: FloatArray, usual: FloatArray, day: date) -> FloatArray:
    """The shortest time (n,) in which an order of the day comes: of each valid offer that reaches a row, of lead times `days` (m,), with
    its supplier's planned delays, or the row's `usual` one (n,).
    """
    fastest = usual.copy()
    row, offer = _reach(rows, offers["sku_id"], offers["pool_or_all"])
    delays = supply_delays_of(rows, day, row, offers["supplier_id"][offer])
    np.fmin.at(fastest, row, disrupted_lead_time(days[offer], delays))
    return fastest


def _reach(rows: Rows, skus: IntArray, pools: IntArray) -> tuple[IntArray, IntArray]:
    """Rows (m,) and the offers (m,) that reach them: an offer for every pool reaches all rows of its SKU."""
    first, end = np.searchsorted(rows.sku_ids, skus, "left"), np.searchsorted(rows.sku_ids, skus, "right")
    offer = np.repeat(np.arange(len(skus)), end - first)
    before = np.cumsum(end - first) - (end - first)
    row = np.arange(len(offer)) - np.repeat(before - first, end - first)
    reached = (pools[offer] == 0) | (pools[offer] == rows.pool_ids[row])
    return row[reached], offer[reached]


def _bought_of(skus: IntArray, suppliers: IntArray, rows: Rows, day: date) -> FloatArray:
    """Units (m,) of a SKU that were ordered of a supplier within a year."""
    bought = _bought(skus=rows.skus, since=day - timedelta(days=_BOUGHT_DAYS))
    keys = (bought["sku_id"] << SUPPLIER_BITS) | bought["purchase_order__supplier_id"]
    if not len(keys):
        return np.zeros(len(skus))
    order, wanted = np.argsort(keys), (skus << SUPPLIER_BITS) | suppliers
    at = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)]
    return np.where(keys[at] == wanted, bought["units"][at], 0.0)


@kept({"sku_id": INT, "purchase_order__supplier_id": INT, "units": FLOAT})
def _bought(skus: KeptIds, since: Place) -> QuerySet[PurchaseOrderLine, Any]:
    lines = PurchaseOrderLine.objects.filter(
        **id_filter("sku_id", skus),
        purchase_order__status__in=(PurchaseOrderStatus.OPEN, PurchaseOrderStatus.RECEIVED),
        purchase_order__deleted_at=None,
        purchase_order__ordered_on__gte=since,
    )
    return lines.order_by().values("sku_id", "purchase_order__supplier_id").annotate(units=Sum("ordered_qty"))
