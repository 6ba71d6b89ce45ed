"""Units by live room, author and minute: exact after cancellations, duplicates and late links (D18)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.listing_links import link_by_code
from stockhub.channels.live_rooms import LiveSales, live_sales
from stockhub.channels.models import ExternalCode
from stockhub.pluginapi.records import OrderRecord
from stockhub.values.errors import DomainError
from tests.channels.conftest import ORDERED
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Make = Callable[..., OrderRecord]
MINUTE = timedelta(minutes=1)
SINCE, UNTIL = ORDERED - 5 * MINUTE, ORDERED + 30 * MINUTE


def told(shop: Shop, since: datetime = SINCE, until: datetime = UNTIL) -> list[tuple[str, str, str, list[tuple[int, int]]]]:
    """SKU, room, author, and the units of minutes after ORDERED."""
    codes = {sku.pk: code for code, sku in shop.skus.items()}
    return [
        (codes[each.sku_id], each.room, each.author, [((at - ORDERED) // MINUTE, units) for at, units in each.minutes])
        for each in live_sales(accounts=[shop.account], since=since, until=until)
    ]


def test_d18_units_are_told_by_room_author_and_minute_and_an_ordinary_sale_is_not(shop: Shop, order: Make) -> None:
    live = {"live_room": "7301", "live_author": "98"}
    records = [
        order("1", qty=3, **live), order("2", qty=2, ordered_at=ORDERED + timedelta(seconds=59), **live),
        order("3", qty=4, ordered_at=ORDERED + 2 * MINUTE, **live), order("4", qty=9), order("5", code="b-1", qty=1, live_author="98"),
        order("6", qty=7, ordered_at=SINCE - MINUTE, **live), order("7", qty=7, ordered_at=UNTIL, **live),
    ]  # fmt: skip
    ingest_orders(account=shop.account, orders=records, source="webhook")
    assert told(shop) == [("A", "7301", "98", [(0, 5), (2, 4)]), ("B", "", "98", [(0, 1)])]


def test_d18_what_is_cancelled_is_out_again_and_what_comes_twice_is_there_once(shop: Shop, order: Make) -> None:
    def push(*records: OrderRecord) -> None:
        ingest_orders(account=shop.account, orders=list(records), source="webhook")

    first = order("1", qty=3, version=1, live_room="7301")
    push(first, order("2", qty=2, version=1, live_room="7301"))
    push(first)
    assert told(shop) == [("A", "7301", "", [(0, 5)])]
    push(order("1", qty=3, version=2, status="cancelled", live_room="7301", cancelled_at=ORDERED + MINUTE))
    push(first)
    assert told(shop) == [("A", "7301", "", [(0, 2)])]
    push(order("2", qty=6, version=2, live_room="7301"))
    assert told(shop) == [("A", "7301", "", [(0, 6)])]


def test_d18_a_bundle_is_taken_apart_and_a_listing_that_is_linked_later_is_counted_in(shop: Shop, order: Make) -> None:
    shop.listing("set", A=2, B=1)
    ingest_orders(
        account=shop.account,
        orders=[order("1", code="set", qty=3, live_room="1"), order("2", code="new", qty=4, live_room="1")],
        source="webhook",
    )
    assert told(shop) == [("A", "1", "", [(0, 6)]), ("B", "1", "", [(0, 3)])]
    ExternalCode.objects.create(kind="sku", value="new", sku=shop.skus["C"])
    link_by_code(account=shop.account)
    assert told(shop) == [("A", "1", "", [(0, 6)]), ("C", "1", "", [(0, 4)]), ("B", "1", "", [(0, 3)])]
    only = live_sales(accounts=[shop.account], since=SINCE, until=UNTIL, sku_ids={shop.skus["C"].pk})
    assert [each.units for each in only] == [4]


def test_a_series_has_a_value_for_every_minute(shop: Shop) -> None:
    sales = LiveSales(shop.account.pk, 1, "1", "", ((ORDERED, 5), (ORDERED + 2 * MINUTE, 4)))
    assert sales.columns(ORDERED, ORDERED + 3 * MINUTE) == [5, 0, 4]
    assert sales.columns(ORDERED + timedelta(seconds=30), ORDERED + timedelta(seconds=150)) == [5, 0, 4]
    assert sales.units == 9


def test_it_costs_few_queries_and_a_stretch_that_is_too_long_is_refused(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order(str(n), live_room=str(n)) for n in range(20)], source="webhook")
    with CaptureQueriesContext(connection) as asked:
        assert len(told(shop)) == 20
    assert len(asked.captured_queries) <= 5
    for since, until in ((UNTIL, SINCE), (SINCE - timedelta(days=3), UNTIL), (SINCE.replace(tzinfo=None), UNTIL)):
        with pytest.raises(DomainError):
            told(shop, since, until)
