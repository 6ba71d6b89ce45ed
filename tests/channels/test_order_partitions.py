"""Order lines by the month of their order: where they go, where they are looked for, and what an older release writes meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.models import NOT_TOLD, ListingComponent, Order, OrderLine
from stockhub.channels.services import ComponentInput, link_listing, tell_months
from stockhub.core import clock
from stockhub.core.partitions import ensure_partitions
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.jobs.tasks import tidy
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MAY, NOVEMBER = datetime(2031, 5, 20, tzinfo=UTC), datetime(2031, 11, 20, tzinfo=UTC)


@pytest.fixture
def ingest(shop: Shop) -> Callable[..., None]:
    """Takes an order in, as of an instant."""
    shop.stock("A", 100)

    def make(external_id: str, at: datetime, *, lines: int = 1, version: int = 0, qty: int = 1, code: str = "a-1") -> None:
        told = tuple(OrderLineRecord(code=code, qty=qty, line_id=f"L{n}") for n in range(lines))
        record = OrderRecord(external_id=external_id, status="paid", ordered_at=MAY, currency="CNY", lines=told, version=version)
        with clock.at(at):
            assert ingest_orders(account=shop.account, orders=[record], source="api").refusals == ()

    return make


def forget_months() -> None:
    """What an older release leaves behind: it does not know the column."""
    OrderLine.objects.update(order_recorded_at=NOT_TOLD)


def stored() -> list[Any]:
    rows = OrderLine.objects.order_by("order__external_id", "line_key")
    return list(rows.values_list("order__external_id", "line_key", "qty", "order_recorded_at", "recorded_at"))


def test_a_line_goes_to_the_month_of_its_order_whenever_it_comes(ingest: Callable[..., None]) -> None:
    ensure_partitions(MAY)
    ensure_partitions(NOVEMBER)
    ingest("1", MAY)
    ingest("2", NOVEMBER)
    ingest("1", NOVEMBER, lines=2, version=1, qty=5)
    assert stored() == [("1", "L0", 5, MAY, MAY), ("1", "L1", 5, MAY, NOVEMBER), ("2", "L0", 1, NOVEMBER, NOVEMBER)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT tableoid::regclass::text, count(*) FROM channels_orderline GROUP BY 1 ORDER BY 1")
            assert cursor.fetchall() == [("channels_orderline_2031_05", 2), ("channels_orderline_2031_11", 1)]


def test_an_order_is_loaded_and_written_in_its_month_alone(ingest: Callable[..., None]) -> None:
    """Every statement that reads or changes lines names the month; PostgreSQL then looks into that partition and the default one."""
    for month in (MAY, NOVEMBER):
        ensure_partitions(month)
        ingest(f"{month:%m}", month)
    with CaptureQueriesContext(connection) as queries:
        ingest("05", NOVEMBER, version=1, qty=7)
    asked = [query["sql"] for query in queries if "channels_orderline" in query["sql"]]
    assert asked != []
    if connection.vendor != "postgresql":
        return
    for statement in asked:
        if statement.startswith(("SELECT", "UPDATE")):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {statement}")
                plan = "\n".join(row[0] for row in cursor.fetchall())
            assert ("2031_05" in plan, "2031_06" in plan, "2031_11" in plan) == (True, False, False), statement


def test_promise_18_lines_of_an_older_release_are_found_and_told_their_month(shop: Shop, ingest: Callable[..., None]) -> None:
    ingest("1", MAY, lines=2)
    ingest("2", NOVEMBER)
    forget_months()
    ingest("1", NOVEMBER, lines=2, version=1, qty=3)
    assert [row[:4] for row in stored()] == [("1", "L0", 3, NOT_TOLD), ("1", "L1", 3, NOT_TOLD), ("2", "L0", 1, NOT_TOLD)]
    assert (tell_months(), tell_months()) == (3, 0)
    assert [row[:4] for row in stored()] == [("1", "L0", 3, MAY), ("1", "L1", 3, MAY), ("2", "L0", 1, NOVEMBER)]
    ingest("1", NOVEMBER, lines=1, version=2, qty=4)
    assert (shop.balance("A", "reserved"), reconcile()) == (4 + 1, [])


def test_the_nightly_job_tells_months(ingest: Callable[..., None]) -> None:
    ingest("1", MAY)
    forget_months()
    tidy()
    assert [row[3] for row in stored()] == [MAY]


def test_an_older_release_can_write_a_line(shop: Shop, ingest: Callable[..., None]) -> None:
    ingest("1", MAY)
    order = Order.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_orderline"
            " (order_id, line_key, master_line, kind, status, qty, promo, ordered_at, counted_qty, recorded_at)"
            " SELECT order_id, 'L9', master_line, kind, status, 2, promo, ordered_at, 0, recorded_at FROM channels_orderline"
        )
    assert OrderLine.objects.get(order=order, line_key="L9").order_recorded_at == NOT_TOLD
    tell_months()
    assert OrderLine.objects.get(order=order, line_key="L9").order_recorded_at == MAY


def test_linking_a_listing_counts_lines_of_every_month(shop: Shop, ingest: Callable[..., None]) -> None:
    listing = shop.listing("new")
    ensure_partitions(NOVEMBER)
    ingest("1", MAY, code="new")
    ingest("2", NOVEMBER, code="new")
    assert link_listing(listing=listing, components=[ComponentInput(sku_id=shop.skus["A"].pk)]).lines == 2
    assert (ListingComponent.objects.filter(listing=listing).count(), shop.balance("A", "reserved"), reconcile()) == (1, 2, [])


def test_a_line_is_there_once(ingest: Callable[..., None]) -> None:
    ingest("1", MAY)
    line = OrderLine.objects.get()
    line.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)
