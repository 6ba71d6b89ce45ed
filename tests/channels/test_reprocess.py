"""Kept records applied again: nothing changes where nothing has changed, and what was corrected takes hold where something has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stockhub.access.scopes import NotAllowedError
from stockhub.catalog.inputs import ComponentInput, SkuInput
from stockhub.catalog.models import PoolWarehouse, Warehouse
from stockhub.catalog.skus import upsert_sku
from stockhub.channels.inbox import Applied, accept_records, apply_due
from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.models import Account, CustomerReturn, Order, OrderLine, OrderStatusChange, Quarantined, SalesDelta
from stockhub.channels.received_models import ReceivedRecord
from stockhub.channels.reprocessing import reprocess
from stockhub.core import actor, clock
from stockhub.inventory.models import Allocation, Balance, Lot, Movement
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.pluginapi.records import OrderRecord, ReturnRecord
from stockhub.values.errors import DomainError
from tests.channels.conftest import ORDERED
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Make = Callable[..., OrderRecord]


def state() -> dict[str, list[tuple[object, ...]]]:
    """Every effect that a record can have, to the last column."""
    tables = (Order, OrderLine, OrderStatusChange, CustomerReturn, Allocation, Balance, Movement, Lot, SalesDelta, Quarantined)
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in tables}


def again(shop: Shop, **options: object) -> Applied:
    reprocess(account=shop.account, since=ORDERED - timedelta(days=1), **options)  # type: ignore[arg-type]
    return apply_due()


def test_h82_reprocessing_everything_changes_nothing_where_nothing_changed(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    ingest_orders(account=shop.account, orders=[order("1"), order("2", version=1, qty=2)], source="connector")
    told = [order("2", version=2, qty=4), order("3", status="shipped", qty=1), order("4", code="unknown"), order("5", qty=9)]
    accept_records(account=shop.account, kind="order", records=[*told, order("6", status="cancelled")], source="webhook")
    returned = ReturnRecord("R1", "a-1", 1, ORDERED + timedelta(days=1), grade="new", order_external_id="3")
    accept_records(account=shop.account, kind="return", records=[returned], source="webhook")
    apply_due()
    before = state()
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (0, 10)
    assert again(shop) == Applied(applied=8)
    assert again(shop, rerouting=True) == Applied(applied=8)
    assert state() == before
    assert set(ReceivedRecord.objects.values_list("status", flat=True)) == {"applied"}


def test_orders_take_stock_anew_once_the_account_says_when(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    Account.objects.update(reduce_on="pay")
    shop.account.refresh_from_db()
    ingest_orders(account=shop.account, orders=[order("1", status="created"), order("2", status="paid")], source="connector")
    assert shop.balance("A", "reserved") == 3
    Account.objects.update(reduce_on="create")
    assert again(shop) == Applied(applied=2)
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (4, 6)
    Account.objects.update(reduce_on="pay")
    assert again(shop) == Applied(applied=2)
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (7, 3)
    assert reconcile() == []


def test_d2_orders_keep_the_parts_of_their_set_until_they_are_reprocessed(shop: Shop, order: Make) -> None:
    """So that a set that was told wrongly can be mended for orders that were taken already."""
    shop.stock("A", 10)
    shop.stock("B", 10)
    bundle = shop.skus["SET"] = upsert_sku(SkuInput(code="SET", components=[ComponentInput(sku="A", qty=2)]))
    shop.listing("set", SET=1)
    ingest_orders(account=shop.account, orders=[order(code="set")], source="connector")
    upsert_sku(SkuInput(code=bundle.code, components=[ComponentInput(sku="A"), ComponentInput(sku="B")]))
    ingest_orders(account=shop.account, orders=[order(code="set", status="shipped")], source="connector")
    assert (shop.balance("A"), shop.balance("B")) == (4, 10)
    assert again(shop) == Applied(applied=2)
    assert (shop.balance("A"), shop.balance("B")) == (7, 7)
    assert reconcile() == []


def test_open_lines_find_their_warehouse_anew_where_asked_and_what_has_left_stays(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    orders = [order("open", qty=2), order("left", qty=3, status="shipped"), order("back", qty=1)]
    ingest_orders(account=shop.account, orders=orders, source="connector")
    right = Warehouse.objects.create(code="CN2", name="Right", ledger_starts_at=shop.warehouse.ledger_starts_at)
    PoolWarehouse.objects.update(priority=5)
    PoolWarehouse.objects.create(pool=shop.pool, warehouse=right, priority=1)
    again(shop)
    wanted = Allocation.objects.exclude(wanted_qty=0).order_by("wanted_qty").values_list("wanted_qty", "warehouse__code")
    assert list(wanted) == [(1, "CN1"), (2, "CN1"), (3, "CN1")]
    again(shop, rerouting=True)
    assert list(wanted.all()) == [(1, "CN2"), (2, "CN2"), (3, "CN1")]
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (7, 0)
    # From then on they stay there, whatever else is told.
    ingest_orders(account=shop.account, orders=[order("back", qty=1, version=1, status="shipped")], source="connector")
    assert list(wanted.all()) == [(1, "CN2"), (2, "CN2"), (3, "CN1")]
    before = state()
    again(shop, rerouting=True)
    assert state() == before
    assert reconcile() == []


def test_sales_that_were_counted_wrongly_are_counted_right(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1"), order("2")], source="connector")
    OrderLine.objects.filter(order__external_id="1").update(counted_qty=1)  # what a bug had left
    SalesDelta.objects.all().delete()
    again(shop)
    assert list(OrderLine.objects.order_by("id").values_list("counted_qty", flat=True)) == [3, 3]
    assert list(SalesDelta.objects.values_list("qty", flat=True)) == [2]


def test_quarantined_records_are_tried_and_dismissed_ones_are_left(shop: Shop, order: Make) -> None:
    from stockhub.channels.quarantine_retries import dismiss_quarantined

    told = [order("1", line_warehouse="CN9"), order("2", line_warehouse="CN9")]
    accept_records(account=shop.account, kind="order", records=told, source="webhook")
    assert apply_due() == Applied(quarantined=2)
    dismiss_quarantined(ids=[Quarantined.objects.get(external_id="2").pk], reason="A test order")
    Warehouse.objects.create(code="CN9", name="New", ledger_starts_at=shop.warehouse.ledger_starts_at)
    assert again(shop) == Applied(applied=1)
    assert list(Order.objects.values_list("external_id", flat=True)) == ["1"]
    assert Quarantined.objects.filter(resolved_at=None).count() == 0


def test_records_are_chosen_by_id_by_time_and_by_kind(shop: Shop, order: Make) -> None:
    with clock.at(ORDERED):
        ingest_orders(account=shop.account, orders=[order("1")], source="connector")
    with clock.at(ORDERED + timedelta(days=1)):
        ingest_orders(account=shop.account, orders=[order("2")], source="connector")
        accept_records(account=shop.account, kind="return", records=[ReturnRecord("2", "a-1", 1, ORDERED)], source="webhook")
        apply_due()
    other = Account.objects.create(code="dy-2", name="Second", marketplace="file")
    day = timedelta(days=1)
    assert reprocess(account=other, since=ORDERED) == 0
    assert reprocess(account=shop.account, since=ORDERED, until=ORDERED + day) == 1
    assert reprocess(account=shop.account, since=ORDERED, until=ORDERED + day) == 0  # it waits already
    assert reprocess(account=shop.account, external_ids=["2"], kinds=["return"]) == 1
    assert list(ReceivedRecord.objects.order_by("id").values_list("status", flat=True)) == ["replay", "applied", "replay"]


def test_what_is_new_goes_before_what_is_done_again(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1"), order("2")], source="connector")
    reprocess(account=shop.account, since=ORDERED)
    accept_records(account=shop.account, kind="order", records=[order("3")], source="webhook")
    assert apply_due(1) == Applied(applied=1)
    assert Order.objects.filter(external_id="3").exists()


def test_a_senseless_request_is_refused_and_changes_nothing(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1")], source="connector")
    cases: list[tuple[dict[str, object], str]] = [
        ({}, "required"),
        ({"external_ids": [str(n) for n in range(1_001)]}, "too_many_rows"),
        ({"since": ORDERED, "kinds": ["parcel"]}, "unknown_kind"),
        ({"since": ORDERED.replace(tzinfo=None)}, "instant_without_zone"),
        ({"since": ORDERED, "until": ORDERED}, "invalid_range"),
    ]
    for given, code in cases:
        with pytest.raises(DomainError) as refused:
            reprocess(account=shop.account, **given)  # type: ignore[arg-type]
        assert refused.value.code == code
    with actor.acting_as(actor.Actor("anonymous")), pytest.raises(NotAllowedError):
        reprocess(account=shop.account, since=ORDERED)
    assert ReceivedRecord.objects.get().status == "applied"


def test_the_command_applies_and_says_so(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1"), order("2")], source="connector")
    out = StringIO()
    call_command("reprocess", "--account", "dy-main", "--id", "1", stdout=out)
    call_command("reprocess", "--account", "dy-main", "--since", "2026-03-01T00:00:00+08:00", "--leave-to-workers", stdout=out)
    assert out.getvalue().splitlines() == [
        "1 records are due again.",
        "1 applied, 0 in quarantine, 0 to be tried again.",
        "2 records are due again.",
    ]
    for wrong in (["--since", "yesterday"], ["--since", "2026-03-01T00:00:00"], []):
        with pytest.raises(CommandError):
            call_command("reprocess", "--account", "dy-main", *wrong, stdout=out)
