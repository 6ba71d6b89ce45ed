"""The unified view: every figure from its source, cover where it is defined, what a viewer may not see left out (H4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse
from stockhub.channels.models import Account, Feed, PoolAccount
from stockhub.core import clock
from stockhub.demand.models import SalesSeries
from stockhub.inventory.models import Allocation, Balance
from stockhub.overview.records import PoolStock, StockOverview, WarehouseStock
from stockhub.overview.selectors import stock_overviews
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine
from tests.worlds import DAY, NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def root(world: World) -> User:
    return User.objects.create_superuser("root")


def view(sku_id: int, viewer: User) -> StockOverview:
    with clock.at(NOW):
        [found] = stock_overviews([sku_id], viewer=viewer)
    return found


def in_warehouse(found: StockOverview, code: str) -> WarehouseStock:
    return next(each for each in found.warehouses if each.code == code)


def in_pool(found: StockOverview, code: str) -> PoolStock:
    return next(each for each in found.pools if each.code == code)


def house(code: str, *pools: StockPool, priority: int = 2) -> Warehouse:
    made = Warehouse.objects.create(code=code, name=code)
    for pool in pools:
        PoolWarehouse.objects.create(pool=pool, warehouse=made, priority=priority)
    return made


def test_h39_240_units_last_120_96_and_80_days_by_the_sales_of_30_60_and_90(world: World, root: User) -> None:
    sku = world.sku("CAP")
    world.stock(sku, 240)
    # 120 in the first month of three, 90 in the second, 60 in the last; what was sold before them does not count.
    world.sold(sku, [50.0] * 30 + [4.0] * 30 + [3.0] * 30 + [2.0] * 30)
    totals = view(sku.pk, root).totals
    assert [cover.value for cover in (totals.cover, totals.cover_60, totals.cover_90)] == [120.0, 96.0, 80.0]
    assert totals.daily_sales.value == 2.0


def test_h39_e13_a_month_without_a_sale_has_no_days_and_the_longer_views_have(world: World, root: User) -> None:
    sku, unknown = world.sku("OLD"), world.sku("UNKNOWN")
    world.stock(sku, 240)
    world.sold(sku, [0.0] * 30 + [3.0] * 10 + [0.0] * 50)
    totals = view(sku.pk, root).totals
    assert [(cover.value, cover.reason) for cover in (totals.cover, totals.cover_60, totals.cover_90)] == [
        (None, "NO_SALES"), (480.0, None), (720.0, None),
    ]  # fmt: skip
    Feed.objects.update(data_until_at=None)
    world.stock(unknown, 10)
    totals = view(unknown.pk, root).totals
    assert [cover.reason for cover in (totals.cover, totals.cover_60, totals.cover_90)] == ["NO_DATA"] * 3


def test_h4_every_bucket_arrival_and_debt_of_a_warehouse(world: World, root: User) -> None:
    sku = world.selling("CAP", stock=100, rate=5.0)
    for bucket, qty in (("reserved", 7), ("receiving", 4), ("quarantined", 2), ("unsellable", 3)):
        Balance.objects.create(sku=sku, warehouse=world.warehouse, bucket_id=bucket, qty=qty)
    order = PurchaseOrder.objects.create(code="PO1", supplier=world.supplier, warehouse=world.warehouse, currency="CNY", ordered_on=DAY)
    for number, (qty, days) in enumerate(((300, 9), (40, None), (60, 2)), 1):
        promised = None if days is None else DAY + timedelta(days=days)
        PurchaseOrderLine.objects.create(purchase_order=order, line_no=number, sku=sku, ordered_qty=qty, promised_on=promised)
    Allocation.objects.create(
        reference="a", sku=sku, warehouse=world.warehouse, wanted_qty=9, reserved_qty=2, shipped_qty=3, ordered_at=NOW
    )
    Allocation.objects.create(
        reference="b", sku=sku, warehouse=world.warehouse, wanted_qty=5, shipped_qty=1, unbacked_qty=1, ordered_at=NOW
    )
    found = in_warehouse(view(sku.pk, root), "cn-main")
    assert found.buckets == {"available": 100, "reserved": 7, "receiving": 4, "quarantined": 2, "unsellable": 3}
    assert (found.available_qty, found.reserved_qty, found.unsellable_qty, found.on_hand_qty) == (100, 7, 5, 116)
    assert [(each.qty, each.expected_on) for each in found.incoming] == [
        (60, DAY + timedelta(days=2)),
        (300, DAY + timedelta(days=9)),
        (40, None),
    ]
    assert (found.owed_qty, found.incoming_qty, found.oldest_age.value) == (4 + 3, 400, 60.0)


def test_h4_cover_is_a_warehouses_own_where_its_pool_has_no_other(world: World, root: User) -> None:
    sku = world.selling("CAP", stock=100, rate=5.0)
    found = view(sku.pk, root)
    warehouse, pool = in_warehouse(found, "cn-main"), in_pool(found, "cn")
    assert (warehouse.daily_demand.value, warehouse.cover.value) == (5.0, 20.0)
    assert (pool.available.value, pool.daily_demand.value, pool.cover.value) == (100.0, 5.0, 20.0)


def test_h4_cover_is_the_pools_where_several_warehouses_serve_it(world: World, root: User) -> None:
    sku = world.selling("CAP", stock=100, rate=5.0)
    Balance.objects.create(sku=sku, warehouse=house("cn-south", world.pool), bucket_id="available", qty=50)
    found = view(sku.pk, root)
    for code in ("cn-main", "cn-south"):
        warehouse = in_warehouse(found, code)
        assert (warehouse.daily_demand.value, warehouse.daily_demand.reason) == (None, "POOLED_STOCK")
        assert (warehouse.cover.value, warehouse.cover.reason) == (None, "POOLED_STOCK")
    pool = in_pool(found, "cn")
    assert (pool.available.value, pool.cover.value) == (150.0, 30.0)
    codes = {each.warehouse_id: each.code for each in found.warehouses}
    assert [codes[each] for each in pool.warehouse_ids] == ["cn-main", "cn-south"]


def test_h4_a_warehouse_that_serves_two_pools_alone_carries_the_demand_of_both(world: World, root: User) -> None:
    sku = world.selling("CAP", stock=100, rate=5.0)
    second = StockPool.objects.create(code="amz", name="Amazon")
    PoolWarehouse.objects.create(pool=second, warehouse=world.warehouse)
    replace(world, pool=second).forecast(sku, 15.0)
    found = view(sku.pk, root)
    assert (in_warehouse(found, "cn-main").daily_demand.value, in_warehouse(found, "cn-main").cover.value) == (20.0, 5.0)
    # The pools cannot both have the hundred: the warehouse says what is left of it.
    assert [(each.code, each.cover.value) for each in found.pools] == [("amz", 100 / 15), ("cn", 20.0)]
    assert found.totals.available_qty == 100


def test_e13_without_demand_there_is_no_number_of_days_and_a_reason(world: World, root: User) -> None:
    sku = world.sku("CAP")
    world.stock(sku, 10)
    found = view(sku.pk, root)
    assert (in_pool(found, "cn").cover.value, in_pool(found, "cn").cover.reason) == (None, "NO_DEMAND")
    assert (found.totals.cover.value, found.totals.cover.reason) == (None, "NO_SALES")
    assert found.totals.daily_sales.value == 0.0


def test_e13_hardly_any_demand_is_no_huge_number_of_days(world: World, root: User) -> None:
    sku = world.selling("CAP", stock=267, rate=0.0001)
    found = view(sku.pk, root)
    for each in (in_pool(found, "cn"), in_warehouse(found, "cn-main")):
        assert each.daily_demand.value == pytest.approx(0.0001)
        assert (each.cover.value, each.cover.reason) == (None, "BEYOND_TEN_YEARS")


def test_nobodys_orders_are_unknown_and_not_zero(world: World, root: User) -> None:
    sku = world.sku("CAP")
    world.stock(sku, 10)
    Feed.objects.all().delete()
    found = view(sku.pk, root)
    [account] = found.accounts
    assert (account.sold_30_qty.reason, account.daily_sales.reason, account.data_until_at) == ("NO_SALES_DATA", "NO_SALES_DATA", None)
    assert (found.totals.daily_sales.reason, found.totals.cover.reason) == ("NO_SALES_DATA", "NO_DATA")
    assert in_pool(found, "cn").daily_demand.reason == "NO_FORECAST"


def test_h4_an_account_sells_from_its_pools_in_their_order_and_no_warehouse_counts_twice(world: World, root: User) -> None:
    sku = world.selling("CAP", stock=100, rate=6.0)
    first = StockPool.objects.create(code="express", name="Express")
    PoolWarehouse.objects.create(pool=first, warehouse=world.warehouse)
    PoolAccount.objects.filter(pool=world.pool).update(priority=2)
    PoolAccount.objects.create(pool=first, account=world.account, priority=1)
    found = view(sku.pk, root)
    [account] = found.accounts
    codes = {each.pool_id: each.code for each in found.pools}
    assert [codes[each] for each in account.pool_ids] == ["express", "cn"]
    assert (account.available_qty, account.sold_30_qty.value, account.daily_sales.value) == (100, 180.0, 6.0)


def test_h4_an_accounts_pool_that_has_ended_serves_it_no_more(world: World, root: User) -> None:
    sku = world.selling("CAP", stock=100, rate=6.0)
    PoolAccount.objects.update(valid_to=DAY - timedelta(days=1))
    [account] = view(sku.pk, root).accounts
    assert (account.pool_ids, account.available_qty) == ((), 0)


def test_a_platforms_figure_is_dated_by_what_is_for_sale(world: World, root: User) -> None:
    sku = world.sku("CAP")
    cloud = Warehouse.objects.create(code="fba", name="FBA", authority="snapshot")
    for bucket, age in (("available", 2), ("researching", 30)):
        Balance.objects.create(sku=sku, warehouse=cloud, bucket_id=bucket, qty=5, observed_at=NOW - timedelta(days=age))
    found = in_warehouse(view(sku.pk, root), "fba")
    assert (found.is_observed, found.observed_at, found.available_qty) == (True, NOW - timedelta(days=2), 5)
    # It belongs to no pool, so that nothing draws on it.
    assert (found.pool_ids, found.cover.reason) == ((), "NO_DEMAND")


def other_place(world: World) -> tuple[Warehouse, Account]:
    pool = StockPool.objects.create(code="us", name="US")
    warehouse, account = house("us-1", pool), Account.objects.create(code="amz", name="Amazon", marketplace="file")
    PoolAccount.objects.create(pool=pool, account=account)
    Feed.objects.create(account=account, kind="orders", last_success_at=NOW, data_until_at=NOW)
    return warehouse, account


def test_i4_a_viewer_sees_his_places_and_totals_of_those_alone(world: World, root: User) -> None:
    sku = world.selling("CAP", stock=100, rate=6.0)
    warehouse, account = other_place(world)
    Balance.objects.create(sku=sku, warehouse=warehouse, bucket_id="available", qty=900)
    SalesSeries.objects.create(
        sku=sku, account=account, first_on=DAY, daily=np.array([30.0], np.float32), hourly=np.zeros(0, np.float32), last_sold_at=NOW
    )
    user = User.objects.create_user("one")
    Grant.objects.create(user=user, kind=ScopeKind.WAREHOUSE, object_id=world.warehouse.pk)
    Grant.objects.create(user=user, kind=ScopeKind.ACCOUNT, object_id=world.account.pk)
    seen, whole = view(sku.pk, user), view(sku.pk, root)
    assert ([each.code for each in seen.warehouses], [each.code for each in seen.pools], [each.code for each in seen.accounts]) == (
        ["cn-main"], ["cn"], ["dy"],
    )  # fmt: skip
    assert (seen.totals.available_qty, seen.totals.daily_sales.value, seen.is_whole) == (100, 6.0, False)
    assert (whole.totals.available_qty, whole.totals.daily_sales.value, whole.is_whole) == (1000, 7.0, True)
    nobody = view(sku.pk, User.objects.create_user("nobody"))
    assert (nobody.warehouses, nobody.pools, nobody.accounts, nobody.totals.available_qty) == ((), (), (), 0)


def test_i4_the_demand_of_a_pool_that_reaches_further_is_not_told(world: World, root: User) -> None:
    sku = world.selling("CAP", stock=100, rate=5.0)
    house("cn-south", world.pool)
    user = User.objects.create_user("one")
    Grant.objects.create(user=user, kind=ScopeKind.WAREHOUSE, object_id=world.warehouse.pk)
    found = view(sku.pk, user)
    assert (found.pools, in_warehouse(found, "cn-main").daily_demand.reason) == ((), "POOLED_STOCK")


def test_any_number_of_skus_take_as_many_queries(world: World, root: User) -> None:
    ids = [world.selling(f"S{number}", stock=number + 1, rate=1.0).pk for number in range(30)]

    def queries(some: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured, clock.at(NOW):
            assert [each.sku_id for each in stock_overviews(some, viewer=root)] == some
        return len(captured)

    queries(ids[:1])
    assert queries(ids[:1]) == queries(list(reversed(ids)))


def test_a_sku_that_lies_nowhere_is_an_empty_view(world: World, root: User) -> None:
    found = view(world.sku("NEW").pk, root)
    assert (found.warehouses, found.pools, found.totals.on_hand_qty) == ((), (), 0)
    assert stock_overviews([], viewer=root) == []
