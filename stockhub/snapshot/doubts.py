"""Signs that the data of a row contradict each other, and how far they can be trusted (N17)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
from django.db.models import F, Q, QuerySet
from numpy.typing import NDArray

from stockhub.channels.models import PoolAccount
from stockhub.core.arrays import aligned
from stockhub.core.columns import BLOB, DAY, FLOAT, INSTANT, INT, NO_INSTANT, days_of, microseconds
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.health.data_trust import expected_while_silent, phantom_stock, steady_month, trust_in_data, trust_in_stock
from stockhub.inventory.models import Movement, MovementKind, StockHistory
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.purchasing.models import ShipmentLine, ShipmentStatus
from stockhub.purchasing.selectors import inbound_columns
from stockhub.snapshot.contradictions import platform_gaps, shift_hours
from stockhub.snapshot.positions import Balances, Columns, Pools, of_pools, spread
from stockhub.snapshot.supply import found_by

IntArray = NDArray[np.int64]
_HOUR: Final = 3_600_000_000
#: Ends of days that a jump is looked for in.
_JUMP_DAYS: Final = 7
#: Smaller cases are the size of ordinary receipts and sales.
_LEAST_PACK: Final = 6.0
#: How near to a whole case's multiple a jump is, as a share of it; and the fewest units that it comes from or leads to.
_NEAR: Final = 0.02
_LEAST_UNITS: Final = 5.0
#: What makes stock jump by good right.
_EXPLAINED_BY: Final = (
    MovementKind.RECEIVE, MovementKind.RETURN, MovementKind.TRANSFER, MovementKind.REMOVE, MovementKind.OPENING, MovementKind.CORRECT,
)  # fmt: skip


def doubt_columns(rows: Rows, as_of: datetime, day: date, balances: Balances, pools: Pools, columns: Columns) -> Columns:
    """The age of feeds, what contradicts itself or the platform, and the trust that all signs leave."""
    age = _feed_age(rows, as_of)
    doubled = _doubled_inbound(rows, pools)
    jump = _pack_jumps(rows, day, balances, pools, columns["case_pack"])
    expected = expected_while_silent(steady_month(columns["sold_30"], columns["sold_60"], columns["sold_90"]), columns["days_since_sale"])
    phantom = phantom_stock(columns["available"], expected, columns["days_since_sale"], columns["stockout_days_30"])
    # What is unknown is no sign: the rules say by themselves what they lack.
    gap, shift = platform_gaps(rows, day), shift_hours(rows, as_of)
    stock_trust = trust_in_stock(np.nan_to_num(phantom), jump, doubled, gap)
    trust = trust_in_data(stock_trust, np.nan_to_num(age), columns["in_dispute"], shift)
    return {
        "feed_age_hours": age, "doubled_inbound": doubled, "pack_jump": jump, "platform_gap": gap, "shift_hours": shift,
        "data_confidence": trust,
    }  # fmt: skip


def _feed_age(rows: Rows, as_of: datetime) -> FloatArray:
    """Hours (n,) since orders or stock last came in, of the account that is furthest behind; NaN where nothing ever has."""
    now, ages = microseconds(as_of), dict[int, float]()
    for pool, succeeded in _feeds.tuples():
        if succeeded != NO_INSTANT:
            ages[pool] = max(ages.get(pool, 0.0), (now - succeeded) / _HOUR)
    return of_pools(rows, ages)


@kept({"pool_id": INT, "succeeded": INSTANT})
def _feeds() -> QuerySet[PoolAccount, Any]:
    """By pool and kind of data, the last success: of an account that is paused or switched off nothing is expected."""
    told = Q(
        account__feeds__kind__in=("orders", "stock"), account__feeds__is_paused=False, account__is_active=True, account__deleted_at=None
    )
    return PoolAccount.objects.filter(told).annotate(succeeded=F("account__feeds__last_success_at"))


def _doubled_inbound(rows: Rows, pools: Pools) -> FloatArray:
    """Units (n,) of shipments that belong to no order while an order of as many units of the SKU to the same place is open too."""
    loose = _loose_shipments(skus=rows.skus)
    if not len(loose["sku_id"]):
        return np.zeros(len(rows))
    ordered = inbound_columns(rows.skus)[0]
    open_orders = set(zip(ordered[0].tolist(), ordered[1].tolist(), ordered[3].tolist(), strict=True))
    keys = zip(loose["sku_id"].tolist(), loose["shipment__warehouse_id"].tolist(), loose["left"].tolist(), strict=True)
    twice = np.array([key in open_orders for key in keys], np.bool_)
    fact, row = spread(rows, loose["sku_id"][twice], loose["shipment__warehouse_id"][twice], pools)
    return np.bincount(row, loose["left"][twice][fact], minlength=len(rows)).astype(np.float64)


@kept({"sku_id": INT, "shipment__warehouse_id": INT, "left": FLOAT})
def _loose_shipments(skus: KeptIds) -> QuerySet[ShipmentLine]:
    sailing = (ShipmentStatus.IN_TRANSIT, ShipmentStatus.RECEIVING)
    lines = ShipmentLine.objects.filter(
        **id_filter("sku_id", skus), order_line=None, shipment__status__in=sailing, shipment__deleted_at=None,
        shipped_qty__gt=F("received_qty"),
    )  # fmt: skip
    return lines.annotate(left=F("shipped_qty") - F("received_qty"))


def _pack_jumps(rows: Rows, day: date, balances: Balances, pools: Pools, case_pack: FloatArray) -> FloatArray:
    """1 (n,) where stock has become a case's multiple, or a case's part, from one day to the next and nothing came in or went out for it:
    cases were counted as units, or units as cases.
    """
    flags = np.zeros(len(rows))
    first = day - timedelta(days=_JUMP_DAYS)
    found = _history(skus=rows.skus, since=first, days=_JUMP_DAYS)
    if not len(found["sku_id"]) or not (case_pack >= _LEAST_PACK).any():
        return flags
    begins = np.maximum(found["first_on"].astype(np.int64), first.toordinal())
    ends = aligned(found["part"], begins, start=first.toordinal(), length=_JUMP_DAYS, before=np.nan, after=np.nan)
    now = _available_now(balances, found["sku_id"], found["warehouse_id"])
    fact, row = spread(rows, found["sku_id"], found["warehouse_id"], pools)
    stock: FloatArray = np.column_stack((ends, now)).astype(np.float64)
    jumped = _jumps(stock[fact], case_pack[row])
    if not jumped.any():
        return flags
    skus, houses = found["sku_id"][fact[jumped]], found["warehouse_id"][fact[jumped]]
    explained = _moved(set(skus.tolist()), first)
    unexplained = np.array([pair not in explained for pair in zip(skus.tolist(), houses.tolist(), strict=True)], np.bool_)
    flags[row[jumped][unexplained]] = 1.0
    return flags


def _jumps(stock: FloatArray, pack: FloatArray) -> NDArray[np.bool_]:
    """Which series (m, days) have a step between known days that is a whole case up or down."""
    before, after = stock[:, :-1], stock[:, 1:]
    times = pack[:, None]
    with np.errstate(invalid="ignore"):
        up = (before >= _LEAST_UNITS) & (np.abs(after - before * times) <= _NEAR * before * times)
        down = (after >= _LEAST_UNITS) & (np.abs(before - after * times) <= _NEAR * after * times)
    jumped: NDArray[np.bool_] = np.logical_or.reduce((up | down) & (times >= _LEAST_PACK), axis=1)
    return jumped


def _available_now(balances: Balances, skus: IntArray, houses: IntArray) -> FloatArray:
    """Units (m,) that can be sold now; NaN where there is no balance."""
    sellable = balances.in_buckets(lambda bucket: bucket.slug == "available")
    at = found_by(balances.sku_ids[sellable], balances.warehouse_ids[sellable], skus, houses)
    return np.where(at >= 0, np.append(balances.qty[sellable].astype(np.float64), np.nan)[at], np.nan)


@kept({"sku_id": INT, "warehouse_id": INT, "first_on": DAY, "part": BLOB})
def _history(skus: KeptIds, since: Place, days: Place) -> QuerySet[StockHistory]:
    part = days_of("qty", begins="first_on", since=since, days=days, size=4)
    return StockHistory.objects.filter(**id_filter("sku_id", skus)).annotate(part=part)


def _moved(skus: Collection[int], since: date) -> set[tuple[int, int]]:
    """SKUs in warehouses whose stock changed by good right since a day: asked of the few that have jumped."""
    midnight = datetime.combine(since, time.min, UTC)
    moved = Movement.objects.filter(sku_id__in=skus, occurred_at__gte=midnight, kind__in=_EXPLAINED_BY)
    return set(moved.order_by().values_list("sku_id", "warehouse_id").distinct())
