"""Presales take what is on its way: promised, served when it comes in, and never ahead of what ordinary orders need first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from stockhub.catalog.models import Warehouse
from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.models import OrderLine
from stockhub.core import clock
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.lots.receipts import Receipt, receive_lot
from stockhub.inventory.models import Allocation, Balance, Movement, MovementKind
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import Posting
from stockhub.inventory.presale import PresalePosition, presale_positions
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.pluginapi.records import OrderRecord
from tests.channels.conftest import ORDERED
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Make = Callable[..., OrderRecord]
NOW = ORDERED + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now() -> Any:  # noqa: ANN401 - a generator
    with clock.at(NOW):
        yield


@pytest.fixture
def presale_shop(shop: Shop) -> Shop:
    Warehouse.objects.update(allows_presale=True)
    return shop


def sell(shop: Shop, *orders: OrderRecord) -> None:
    ingest_orders(account=shop.account, orders=orders, source="connector")


def incoming(shop: Shop, qty: int, bucket: str = "on_order") -> None:
    key = f"incoming:{bucket}:{qty}"
    place: dict[str, Any] = {"sku_id": shop.skus["A"].pk, "warehouse_id": shop.warehouse.pk, "occurred_at": NOW}
    post([Posting(from_bucket=None, to_bucket=bucket, qty=qty, kind=MovementKind.ORDER, key=key, **place)])


def arrive(shop: Shop, qty: int, bucket: str = "on_order") -> None:
    """Units leave what is on its way and come in as a lot."""
    key = f"arrive:{Movement.objects.count()}"
    place: dict[str, Any] = {"sku_id": shop.skus["A"].pk, "warehouse_id": shop.warehouse.pk}
    post([Posting(from_bucket=bucket, to_bucket=None, qty=qty, kind=MovementKind.CANCEL, key=key, occurred_at=NOW, **place)])
    receive_lot(Receipt(qty=qty, idempotency_key=key, **place))


def presale(order: Make, external_id: str, qty: int, *, days: float | None = 15, **changes: Any) -> OrderRecord:  # noqa: ANN401 - any field
    ship_by = None if days is None else NOW + timedelta(days=days)
    return order(external_id, qty=qty, presale_kind="full", ship_by_at=ship_by, **changes)


def lines() -> dict[str, tuple[int, int, int]]:
    """Wanted, reserved and shipped by order."""
    orders = {f"line:{pk}": external_id for pk, external_id in OrderLine.objects.values_list("pk", "order__external_id")}
    rows = Allocation.objects.order_by("id").values_list("reference", "wanted_qty", "reserved_qty", "shipped_qty")
    return {orders[reference]: (wanted, reserved, shipped) for reference, wanted, reserved, shipped in rows}


def position(shop: Shop) -> PresalePosition:
    [found] = presale_positions(sku_ids=[shop.skus["A"].pk])
    return found


def test_a_presale_is_promised_what_is_on_its_way_and_leaves_what_lies_there_to_others(presale_shop: Shop, order: Make) -> None:
    shop = presale_shop
    shop.stock("A", 5)
    incoming(shop, 10)
    incoming(shop, 2, "in_transit")
    sell(shop, presale(order, "p1", 4), presale(order, "p2", 3))
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (5, 0)
    told = position(shop)
    assert (told.incoming_qty, told.owed_qty, told.promised_qty, told.reserved_qty) == (12, 0, 7, 0)
    assert (told.available_to_promise_qty, told.oversold_qty) == (5, 0)
    sell(shop, presale(order, "p3", 9), order("ordinary", qty=5))
    assert lines() == {"p1": (4, 0, 0), "p2": (3, 0, 0), "p3": (9, 0, 0), "ordinary": (5, 5, 0)}
    assert (position(shop).available_to_promise_qty, position(shop).oversold_qty) == (-4, 4)
    assert reconcile() == []


def test_what_comes_in_goes_to_the_earliest_ship_by_presale_and_back_order_alike(presale_shop: Shop, order: Make) -> None:
    shop = presale_shop
    incoming(shop, 10)
    sell(shop, presale(order, "late", 4, days=20), presale(order, "early", 4, days=10), presale(order, "undated", 2, days=None))
    sell(shop, order("owed", qty=3, ship_by_at=NOW + timedelta(days=2)))
    assert (position(shop).owed_qty, position(shop).promised_qty, position(shop).available_to_promise_qty) == (3, 10, -3)
    arrive(shop, 5)
    assert lines() == {"late": (4, 0, 0), "early": (4, 2, 0), "undated": (2, 0, 0), "owed": (3, 3, 0)}
    arrive(shop, 4)
    assert lines() == {"late": (4, 2, 0), "early": (4, 4, 0), "undated": (2, 0, 0), "owed": (3, 3, 0)}
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (0, 9)
    told = position(shop)
    assert (told.incoming_qty, told.promised_qty, told.reserved_qty, told.oversold_qty) == (1, 4, 6, 3)
    assert reconcile() == []


def test_stock_that_lies_there_is_a_presale_s_once_its_ship_by_is_near(presale_shop: Shop, order: Make) -> None:
    shop = presale_shop
    shop.stock("A", 5)
    sell(shop, presale(order, "p1", 2, days=10), presale(order, "soon", 1, days=2))
    assert lines() == {"p1": (2, 0, 0), "soon": (1, 1, 0)}
    assert serve_owed(has_arrived=False) == 0
    with clock.at(NOW + timedelta(days=6, hours=23)):
        assert serve_owed(has_arrived=False) == 0
    with clock.at(NOW + timedelta(days=7)):
        assert serve_owed(has_arrived=False) == 2
        assert serve_owed(has_arrived=False) == 0
    assert lines() == {"p1": (2, 2, 0), "soon": (1, 1, 0)}


def test_stock_that_an_order_gives_back_goes_to_orders_and_that_of_a_presale_to_presales(presale_shop: Shop, order: Make) -> None:
    shop = presale_shop
    incoming(shop, 3)
    sell(shop, presale(order, "p1", 3, days=10), presale(order, "p2", 2, days=12))
    arrive(shop, 3)
    sell(shop, order("owed", qty=1))
    assert lines() == {"p1": (3, 3, 0), "p2": (2, 0, 0), "owed": (1, 0, 0)}
    sell(shop, presale(order, "p1", 3, days=10, version=1, status="cancelled"))
    # The order has no ship-by time, so that it comes after the presale that has one.
    assert lines() == {"p1": (0, 0, 0), "p2": (2, 2, 0), "owed": (1, 1, 0)}
    sell(shop, presale(order, "p3", 1, days=30))
    sell(shop, order("owed", qty=1, version=1, status="cancelled"))
    assert lines() == {"p1": (0, 0, 0), "p2": (2, 2, 0), "owed": (0, 0, 0), "p3": (1, 0, 0)}
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (1, 2)
    assert reconcile() == []


def test_presale_and_back_orders_together(presale_shop: Shop, order: Make) -> None:
    shop = presale_shop
    Warehouse.objects.update(allows_backorder=True)
    incoming(shop, 10)
    sell(shop, presale(order, "p1", 5), order("back", qty=4))
    # The ordinary order holds stock that is not there; the presale waits for it.
    assert lines() == {"p1": (5, 0, 0), "back": (4, 4, 0)}
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (-4, 4)
    told = position(shop)
    assert (told.incoming_qty, told.owed_qty, told.promised_qty, told.available_to_promise_qty) == (10, 4, 5, 1)
    arrive(shop, 3)
    assert (lines()["p1"], shop.balance("A")) == ((5, 0, 0), -1)
    arrive(shop, 3)
    # Served from what lies there, and never from below zero.
    assert (lines()["p1"], shop.balance("A")) == ((5, 2, 0), 0)
    arrive(shop, 4)
    assert (lines()["p1"], shop.balance("A")) == ((5, 5, 0), 1)
    assert reconcile() == []


def test_a_presale_that_ships_takes_what_it_holds_then_what_is_available(presale_shop: Shop, order: Make) -> None:
    shop = presale_shop
    incoming(shop, 2)
    sell(shop, presale(order, "p1", 3))
    arrive(shop, 2)
    assert lines() == {"p1": (3, 2, 0)}
    shop.stock("A", 1)
    sell(shop, presale(order, "p1", 3, version=1, status="shipped", shipped_at=NOW))
    assert lines() == {"p1": (3, 0, 3)}
    assert (shop.balance("A"), shop.balance("A", "reserved"), Allocation.objects.get().unbacked_qty) == (0, 0, 0)
    assert reconcile() == []


def test_what_was_promised_stays_so_and_repetition_and_disorder_change_nothing(presale_shop: Shop, order: Make) -> None:
    shop = presale_shop
    incoming(shop, 5)
    first = presale(order, "p1", 3, version=1)
    sell(shop, first)
    arrive(shop, 5)
    Warehouse.objects.update(allows_presale=False)
    for again in (first, presale(order, "p1", 3, version=2), first):
        sell(shop, again)
        assert lines() == {"p1": (3, 3, 0)}
    sell(shop, presale(order, "p2", 1))
    assert "p2" not in lines()
    assert presale_positions() == []
    assert reconcile() == []


def test_presales_that_came_before_the_flag_are_promised_once_they_are_told_again(shop: Shop, order: Make) -> None:
    from stockhub.channels.inbox import apply_due
    from stockhub.channels.reprocessing import reprocess

    sell(shop, presale(order, "p1", 3))
    assert lines() == {}
    Warehouse.objects.update(allows_presale=True)
    with clock.at(datetime.now(NOW.tzinfo)):
        assert reprocess(account=shop.account, since=ORDERED) == 1
        apply_due()
    assert lines() == {"p1": (3, 0, 0)}
    assert Balance.objects.exclude(qty=0).count() == 0


def test_positions_take_a_fixed_number_of_queries(presale_shop: Shop, order: Make, django_assert_num_queries: Any) -> None:  # noqa: ANN401
    shop = presale_shop
    sell(shop, presale(order, "1", 1), presale(order, "2", 1, code="b-1"))
    with django_assert_num_queries(5):
        assert [(told.promised_qty, told.oversold_qty) for told in presale_positions()] == [(1, 1), (1, 1)]
