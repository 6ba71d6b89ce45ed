"""The unified view of any number of SKUs in a fixed number of queries (H4).

Cover is defined for a pool: the pool is where stock meets demand. A warehouse has a cover of its own where all of its pools have no other
warehouse, and otherwise the reason why not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

import numpy as np
from django.conf import settings

from stockhub.core import clock
from stockhub.formulas.stock.cover import daily_rate, days_of_cover_metric, days_of_supply_metric
from stockhub.overview.cover_target import CoverCosts, CoverTarget
from stockhub.overview.enough import SAFETY_COLUMNS, order_up_to_metric, safety_stock_metric
from stockhub.overview.facts import SALES_DAYS, Facts, Held, facts_of
from stockhub.overview.places import Places, Viewer, places_of
from stockhub.overview.records import AccountSales, PoolStock, StockOverview, StockTotals, WarehouseStock
from stockhub.pluginapi import Snapshot
from stockhub.snapshot.builder import build
from stockhub.values import Metric

_QUARTER_DAYS: Final = 90.0
#: Buckets that lie in the warehouse and cannot be sold for another reason than being damaged or held back.
_HELD_FOR_SALE: Final = frozenset(("reserved", "receiving"))


def stock_overviews(sku_ids: Collection[int], *, viewer: Viewer) -> list[StockOverview]:
    """The view of each SKU, in the order given, over the warehouses, pools and accounts that the viewer may see."""
    as_of = clock.now()
    day = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE)
    places = places_of(viewer, day)
    wanted = list(dict.fromkeys(int(each) for each in sku_ids))
    facts = facts_of(wanted, places.warehouses.keys(), places.accounts.keys(), day)
    pools, lying = _Pools(build(wanted, as_of)), facts.warehouses_by_sku()
    return [_overview(sku, lying.get(sku, set()), places, facts, pools, as_of) for sku in wanted]


class _Pools:
    """The snapshot's rows by SKU and pool."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot, self.costs = snapshot, CoverCosts.on(snapshot.day)
        keys = zip(snapshot.sku_ids.tolist(), snapshot.pool_ids.tolist(), strict=True)
        self.row = {key: row for row, key in enumerate(keys)}
        self.of_sku: dict[int, list[int]] = {}
        for sku, pool in self.row:
            self.of_sku.setdefault(sku, []).append(pool)
        forecast = snapshot["daily_mean"]
        self.rate = np.where(np.isnan(forecast), daily_rate(snapshot["sold_90"], _QUARTER_DAYS), forecast)

    def number(self, sku_id: int, pool_id: int, column: str) -> float:
        """NaN where the pool has no row of the SKU."""
        row = self.row.get((sku_id, pool_id))
        return float("nan") if row is None else float(self.snapshot[column][row])

    def cover_target(self, sku_id: int, pool_id: int, as_of: datetime) -> CoverTarget:
        return self.costs.target(self.snapshot, self.row[sku_id, pool_id], as_of)

    def demand(self, sku_id: int, pool_id: int) -> float:
        row = self.row.get((sku_id, pool_id))
        return float("nan") if row is None else float(self.rate[row])


def _overview(sku_id: int, lying: Collection[int], places: Places, facts: Facts, pools: _Pools, as_of: datetime) -> StockOverview:
    warehouses = {
        warehouse: _warehouse(sku_id, warehouse, places, facts, pools, as_of) for warehouse in places.warehouses if warehouse in lying
    }
    accounts = [
        _account(sku_id, account, places, facts, warehouses, as_of)
        for account in places.accounts
        if (sku_id, account) in facts.sold
        or any(warehouse in warehouses for pool in places.serving.get(account, ()) for warehouse in places.members.get(pool, ()))
    ]
    return StockOverview(
        sku_id=sku_id,
        as_of=as_of,
        is_whole=places.is_whole,
        warehouses=tuple(warehouses.values()),
        pools=tuple(_pool(sku_id, pool, places, pools, as_of) for pool in places.pools if pool in pools.of_sku.get(sku_id, ())),
        accounts=tuple(accounts),
        totals=_totals(list(warehouses.values()), accounts, as_of),
    )


def _warehouse(sku_id: int, warehouse_id: int, places: Places, facts: Facts, pools: _Pools, as_of: datetime) -> WarehouseStock:
    cell, named = (sku_id, warehouse_id), places.warehouses[warehouse_id]
    held = facts.held.get(cell, Held())
    available, unsellable = _sum(held, facts, "sellable"), _sum(held, facts, "unsellable")
    own_pools = places.pools_of(warehouse_id)
    age = facts.oldest_age.get(cell)
    demand = _own_demand(sku_id, warehouse_id, own_pools, places, pools, as_of)
    if demand.value is None:
        cover = Metric(None, "day", as_of, reason=demand.reason)
    else:
        cover = days_of_cover_metric(available if held.buckets else float("nan"), demand.value, as_of=as_of)
    return WarehouseStock(
        warehouse_id=warehouse_id,
        code=named.code,
        name=named.name,
        is_observed=named.is_observed,
        pool_ids=tuple(pool for pool in own_pools if pool in places.pools),
        buckets=held.buckets,
        available_qty=available,
        reserved_qty=held.buckets.get("reserved", 0),
        unsellable_qty=unsellable,
        on_hand_qty=_sum(held, facts, "physical"),
        incoming=tuple(facts.incoming.get(cell, ())),
        owed_qty=facts.owed.get(cell, 0),
        oldest_age=Metric(age, "day", as_of, reason="NO_LOTS" if age is None else None),
        daily_demand=demand,
        cover=cover,
        # What is for sale is what a platform counts first; a bucket that it has stopped to name says nothing about that.
        observed_at=held.observed_at.get("available") or max(held.observed_at.values(), default=None),
        updated_at=held.updated_at,
    )


def _sum(held: Held, facts: Facts, what: str) -> int:
    def counts(slug: str) -> bool:
        bucket = facts.buckets[slug]
        if what == "sellable":
            return bucket.is_sellable
        return bucket.is_physical and (what == "physical" or not (bucket.is_sellable or slug in _HELD_FOR_SALE))

    return sum(qty for slug, qty in held.buckets.items() if counts(slug))


def _own_demand(sku_id: int, warehouse_id: int, own_pools: Collection[int], places: Places, pools: _Pools, as_of: datetime) -> Metric:
    """The demand of the warehouse's pools where they can only take from here."""
    if any(places.members[pool] != (warehouse_id,) for pool in own_pools):
        return Metric(None, "unit/day", as_of, reason="POOLED_STOCK")
    rates = [pools.demand(sku_id, pool) for pool in own_pools]
    if not rates:
        return Metric(None, "unit/day", as_of, reason="NO_DEMAND")
    return _metric(sum(rates), "unit/day", as_of, "NO_FORECAST")


def _pool(sku_id: int, pool_id: int, places: Places, pools: _Pools, as_of: datetime) -> PoolStock:
    available, rate = pools.number(sku_id, pool_id, "available"), pools.demand(sku_id, pool_id)
    numbers = {name: pools.number(sku_id, pool_id, name) for name in SAFETY_COLUMNS}
    safety_stock = safety_stock_metric(numbers, as_of)
    return PoolStock(
        pool_id=pool_id,
        code=places.pools[pool_id].code,
        name=places.pools[pool_id].name,
        warehouse_ids=places.members.get(pool_id, ()),
        account_ids=tuple(account for account in places.served.get(pool_id, ()) if account in places.accounts),
        available=_metric(available, "unit", as_of, "NO_STOCK_DATA"),
        daily_demand=_metric(rate, "unit/day", as_of, "NO_FORECAST"),
        cover=days_of_cover_metric(available, rate, as_of=as_of),
        sells_out_first=_metric(pools.number(sku_id, pool_id, "sells_out_first"), "day", as_of, _why_never(available, rate)),
        p_stockout=_metric(pools.number(sku_id, pool_id, "p_stockout"), "probability", as_of, _why_unknown(available)),
        safety_stock=safety_stock,
        order_up_to=order_up_to_metric(numbers, safety_stock, as_of),
        lead_time=_metric(pools.number(sku_id, pool_id, "lead_time"), "day", as_of, "NO_LEAD_TIME"),
        cover_target=pools.cover_target(sku_id, pool_id, as_of),
    )


def _why_unknown(available: float) -> str:
    return "NO_STOCK_DATA" if np.isnan(available) else "NO_FORECAST"


def _why_never(available: float, rate: float) -> str:
    return "NO_DEMAND" if rate == 0 and not np.isnan(available) else _why_unknown(available)


def _account(
    sku_id: int, account_id: int, places: Places, facts: Facts, warehouses: Mapping[int, WarehouseStock], as_of: datetime
) -> AccountSales:
    pools = places.serving.get(account_id, ())
    own = {warehouse for pool in pools for warehouse in places.members.get(pool, ()) if warehouse in warehouses}
    known = places.data_until.get(account_id) is not None or (sku_id, account_id) in facts.sold
    nothing = 0.0 if known else float("nan")
    sold = facts.sold.get((sku_id, account_id), (nothing,) * len(SALES_DAYS))
    return AccountSales(
        account_id=account_id,
        code=places.accounts[account_id].code,
        name=places.accounts[account_id].name,
        pool_ids=tuple(pool for pool in pools if pool in places.pools),
        available_qty=sum(warehouses[warehouse].available_qty for warehouse in own),
        sold_qty=sold,
        sold_30_qty=_metric(sold[0], "unit", as_of, "NO_SALES_DATA"),
        daily_sales=_metric(daily_rate(sold[0], float(SALES_DAYS[0])), "unit/day", as_of, "NO_SALES_DATA"),
        data_until_at=places.data_until.get(account_id),
    )


def _totals(warehouses: Collection[WarehouseStock], accounts: Collection[AccountSales], as_of: datetime) -> StockTotals:
    units = [sum(sold) for sold in zip(*(account.sold_qty for account in accounts), strict=True)] or [float("nan")] * len(SALES_DAYS)
    available = sum(each.available_qty for each in warehouses)
    covers = [days_of_supply_metric(float(available), sold, float(days), as_of=as_of) for sold, days in zip(units, SALES_DAYS, strict=True)]
    return StockTotals(
        available_qty=available,
        reserved_qty=sum(each.reserved_qty for each in warehouses),
        unsellable_qty=sum(each.unsellable_qty for each in warehouses),
        on_hand_qty=sum(each.on_hand_qty for each in warehouses),
        incoming_qty=sum(each.incoming_qty for each in warehouses),
        owed_qty=sum(each.owed_qty for each in warehouses),
        daily_sales=_metric(daily_rate(units[0], float(SALES_DAYS[0])), "unit/day", as_of, "NO_SALES_DATA"),
        cover=covers[0],
        cover_60=covers[1],
        cover_90=covers[2],
    )


def _metric(value: float, unit: str, as_of: datetime, reason: str) -> Metric:
    missing = np.isnan(value)
    return Metric(None if missing else float(value), unit, as_of, reason=reason if missing else None)
