"""Several processes bring the same orders at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.db.models import Sum

from stockhub.channels.models import Order, OrderLine, OrderStatusChange, SalesDelta
from stockhub.channels.services import ingest_orders
from stockhub.inventory.models import Balance, Movement
from stockhub.pluginapi.records import OrderRecord
from tests.channels.shop import small_shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WRITERS = 4


@pytest.mark.parametrize("count", [5, 120], ids=["a few", "in bulk"])
def test_orders_that_come_in_several_times_at_once_have_one_effect(order: Callable[..., OrderRecord], count: int) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("The tests' SQLite lies in memory, where one connection writes; its one writer at a time is tested with the ledger.")
    shop = small_shop()
    shop.stock("A", 1000)
    orders = [order(str(number), qty=2) for number in range(count)]
    start = threading.Barrier(WRITERS)
    errors: list[BaseException] = []

    def bring(turn: int) -> None:
        try:
            start.wait()
            ingest_orders(account=shop.account, orders=orders[turn:] + orders[:turn], source="api")
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=bring, args=(turn,)) for turn in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (Order.objects.count(), OrderLine.objects.count(), OrderStatusChange.objects.count()) == (count, count, count)
    assert SalesDelta.objects.aggregate(total=Sum("qty"))["total"] == 2 * count
    assert dict(Balance.objects.values_list("bucket_id", "qty")) == {"available": 1000 - 2 * count, "reserved": 2 * count}
    assert Movement.objects.filter(kind="reserve").count() == count
