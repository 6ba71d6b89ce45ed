"""Transfers between warehouses: the ledger follows the document, in every order of events and where a platform counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.access.scopes import NotAllowedError
from stockhub.catalog.models import BundleComponent, Sku, Warehouse
from stockhub.core import actor
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.inventory.lots.settlement import settle_lots
from stockhub.inventory.models import (
    Allocation,
    Balance,
    Lot,
    Movement,
    StockVariance,
    Transfer,
    TransferEvent,
    TransferLine,
    TransferLot,
)
from stockhub.inventory.services import (
    Receipt,
    TransferInput,
    TransferLineInput,
    adjust,
    observe_stock,
    receive_lots,
    resolve_variance,
    upsert_transfer,
)
from stockhub.inventory.transfers.selectors import transfer_arrivals
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError
from tests.inventory.transfer_world import NOW, held, proved, transfer, worth

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("transfer_day")]


# --- the ledger --------------------------------------------------------------------------------------------------------------


def test_a_planned_transfer_moves_nothing(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    made = upsert_transfer(transfer("planned", line={"planned_qty": 300, "shipped_qty": 0}))
    assert held() == {("SH", "available"): 350}
    assert (made.status, made.version) == ("planned", 1)
    assert TransferLine.objects.get().planned_qty == 300


def test_units_go_from_one_warehouse_to_the_other(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("planned", line={"planned_qty": 300, "shipped_qty": 0}))
    upsert_transfer(TransferInput(code="TR-1", status="in_transit", expected_on=date(2025, 6, 9)))
    assert held() == {("GZ", "in_transit"): 300, ("SH", "available"): 50}
    upsert_transfer(transfer("receiving", received=100))
    assert held() == {("GZ", "available"): 100, ("GZ", "receiving"): 200, ("SH", "available"): 50}
    upsert_transfer(transfer("received", received=300))
    assert held() == {("GZ", "available"): 300, ("SH", "available"): 50}
    assert set(Movement.objects.exclude(kind="receive").values_list("kind", "reference")) == {("transfer", "transfer:TR-1")}
    assert list(TransferEvent.objects.order_by("id").values_list("status", flat=True)) == [
        "planned", "in_transit", "receiving", "received"
    ]  # fmt: skip
    assert proved()


def test_telling_the_same_again_changes_nothing(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    first = upsert_transfer(transfer("receiving", received=100))
    movements, events, lots = Movement.objects.count(), Event.objects.count(), Lot.objects.count()
    again = upsert_transfer(transfer("receiving", received=100))
    assert (again.version, again.updated_at) == (first.version, first.updated_at)
    assert (Movement.objects.count(), Event.objects.count(), Lot.objects.count()) == (movements, events, lots)
    assert TransferEvent.objects.count() == 1


def test_damaged_units_cannot_be_sold(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("received", received=300, line={"damaged_qty": 7}))
    assert held() == {("GZ", "available"): 293, ("GZ", "unsellable"): 7, ("SH", "available"): 50}
    assert StockVariance.objects.count() == 0


def test_a_transfer_received_without_quantities_came_in_whole(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(line={"received_qty": 0}))
    upsert_transfer(TransferInput(code="TR-1", status="received"))
    assert held() == {("GZ", "available"): 300, ("SH", "available"): 50}


def test_a_cancelled_transfer_brings_everything_back(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    before = worth()
    upsert_transfer(transfer())
    settle_lots()
    upsert_transfer(TransferInput(code="TR-1", status="cancelled"))
    settle_lots()
    assert held() == {("SH", "available"): 350}
    assert (worth(), TransferLot.objects.count()) == (before, 0)
    assert dict(Lot.objects.values_list("code", "remaining_qty")) == {"old": 100, "middle": 150, "new": 100}
    assert proved()


def test_what_has_come_in_cannot_be_cancelled(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer("receiving", received=10))
    before = held()
    with pytest.raises(DomainError) as caught:
        upsert_transfer(TransferInput(code="TR-1", status="cancelled"))
    assert (caught.value.code, held()) == ("already_received", before)


def test_more_cannot_leave_than_is_there(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    with pytest.raises(DomainError) as caught:
        upsert_transfer(transfer(shipped=351))
    assert (caught.value.code, caught.value.params["asked_qty"]) == ("insufficient_stock", 351)
    assert (Transfer.objects.count(), held()) == (0, {("SH", "available"): 350})


def test_a_corrected_quantity_moves_the_difference(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(shipped=300))
    upsert_transfer(transfer(shipped=280))
    assert held() == {("GZ", "in_transit"): 280, ("SH", "available"): 70}
    upsert_transfer(transfer(shipped=310))
    assert held() == {("GZ", "in_transit"): 310, ("SH", "available"): 40}
    assert sum(TransferLot.objects.values_list("qty", flat=True)) == 310
    settle_lots()
    assert dict(Lot.objects.values_list("code", "remaining_qty")) == {"old": 0, "middle": 0, "new": 40}


def test_arriving_units_serve_owed_orders(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    set_targets(
        [
            AllocationTarget(
                reference="line:1", sku_id=sku.pk, warehouse_id=there.pk, account_id=None, wanted_qty=5, ship_qty=0, ordered_at=NOW,
                occurred_at=NOW,
            )
        ]
    )  # fmt: skip
    upsert_transfer(transfer("received", received=300))
    assert Allocation.objects.get().reserved_qty == 5
    assert held() == {("GZ", "available"): 295, ("GZ", "reserved"): 5, ("SH", "available"): 50}


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"from_warehouse": "NONE"}, "unknown_warehouse", ("from_warehouse",)),
        ({"to_warehouse": "SH"}, "same_warehouse", ("to_warehouse",)),
        ({"status": "sunk"}, "invalid_value", ("status",)),
        ({"lines": []}, "required", ("lines",)),
        ({"line": {"sku": "NONE"}}, "unknown_sku", ("lines", "0", "sku")),
        ({"line": {"shipped_qty": -1}}, "invalid_quantity", ("lines", "0", "shipped_qty")),
        ({"line": {"shipped_qty": 10**12}}, "invalid_quantity", ("lines", "0", "shipped_qty")),
        ({"line": {"shipped_qty": 0}}, "invalid_quantity", ("lines", "0", "planned_qty")),
        ({"line": {"damaged_qty": 1}}, "invalid_quantity", ("lines", "0", "damaged_qty")),
        ({"line": {"bucket": "reserved"}}, "invalid_bucket", ("lines", "0", "bucket")),
        ({"line": {"freight_amount": Decimal(1)}}, "required", ("lines", "0", "freight_currency")),
        ({"line": {"freight_amount": Decimal(1), "freight_currency": "QQQ"}}, "unknown_currency", ("lines", "0", "freight_currency")),
        ({"occurred_at": datetime(2025, 6, 5, tzinfo=UTC)}, "future_time", ("occurred_at",)),
        ({"occurred_at": datetime(2025, 6, 1)}, "invalid_time", ("occurred_at",)),  # noqa: DTZ001 - what is tested
        ({"expected_version": 1}, "not_found", ("expected_version",)),
        ({"idempotency_key": "k" * 181}, "invalid_key", ("idempotency_key",)),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(
    sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None, fields: dict[str, Any], code: str, path: tuple[str, ...]
) -> None:
    before = (held(), Event.objects.count())
    with pytest.raises(DomainError) as caught:
        upsert_transfer(transfer(**fields))
    assert (caught.value.code, caught.value.path) == (code, path)
    assert (Transfer.objects.count(), held(), Event.objects.count()) == (0, *before)


# --- both orders of events ---------------------------------------------------------------------------------------------------


STATES: tuple[dict[str, Any], ...] = (
    {"status": "planned", "shipped": 0, "line": {"planned_qty": 300}, "occurred_at": datetime(2025, 5, 1, tzinfo=UTC)},
    {"status": "in_transit", "shipped": 300, "occurred_at": datetime(2025, 5, 3, tzinfo=UTC)},
    {"status": "receiving", "shipped": 300, "received": 100, "occurred_at": datetime(2025, 5, 9, tzinfo=UTC)},
    {"status": "received", "shipped": 300, "received": 294, "occurred_at": datetime(2025, 5, 11, tzinfo=UTC)},
)  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_states_converge_in_whatever_order_they_are_told(
    sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None, order: tuple[int, ...]
) -> None:
    for n in (*order, *order):
        upsert_transfer(transfer(**STATES[n]))
    assert held() == {("GZ", "available"): 294, ("GZ", "researching"): 6, ("SH", "available"): 50}
    made = Transfer.objects.get()
    assert (made.status, made.state_at) == ("received", STATES[3]["occurred_at"])
    assert list(made.events.order_by("occurred_at").values_list("status", "occurred_at")) == [
        (state["status"], state["occurred_at"]) for state in STATES
    ]
    assert StockVariance.objects.get().status == "open"
    assert sum(Lot.objects.filter(warehouse=there).values_list("received_qty", flat=True)) == 300
    assert proved()


def test_what_comes_too_late_fills_in_what_nobody_told(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(**STATES[3], received_on=date(2025, 5, 11)))
    upsert_transfer(transfer(**STATES[1], shipped_on=date(2025, 5, 3), mode="truck", received_on=date(2025, 5, 20)))
    made = Transfer.objects.get()
    assert (made.status, made.shipped_on, made.mode, made.received_on) == ("received", date(2025, 5, 3), "truck", date(2025, 5, 11))


def test_h82_a_key_sent_again_has_no_second_effect(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer(idempotency_key="ship"))
    upsert_transfer(transfer("received", received=300, idempotency_key="receive"))
    before = held()
    upsert_transfer(transfer(idempotency_key="ship"))
    assert held() == before
    with pytest.raises(DomainError) as caught:
        upsert_transfer(transfer(shipped=200, idempotency_key="ship"))
    assert (caught.value.code, held()) == ("idempotency_key_reused", before)


# --- warehouses that a platform counts, and ledgers that start later ---------------------------------------------------------


def test_where_the_platform_counts_the_destination_only_what_is_in_transit_is_posted(
    sku: Sku, warehouse: Warehouse, observed: Warehouse, stock: None
) -> None:
    upsert_transfer(transfer(to_warehouse="FBA"))
    assert held() == {("FBA", "in_transit"): 300, ("SH", "available"): 50}
    upsert_transfer(transfer("receiving", received=100, to_warehouse="FBA"))
    assert held() == {("SH", "available"): 50}
    observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 294}, observed_at=NOW)
    upsert_transfer(transfer("received", received=294, to_warehouse="FBA"))
    assert held() == {("FBA", "available"): 294, ("SH", "available"): 50}
    assert sum(Lot.objects.filter(warehouse=observed).values_list("received_qty", flat=True)) == 294
    [task] = StockVariance.objects.all()
    resolve_variance(variance_id=task.pk, resolution="accepted", idempotency_key="k")
    assert held() == {("FBA", "available"): 294, ("SH", "available"): 50}
    assert proved()


@pytest.mark.parametrize("seen_first", [False, True])
def test_where_the_platform_counts_the_source_both_orders_give_the_same(
    sku: Sku,
    there: Warehouse,
    observed: Warehouse,
    seen_first: bool,  # noqa: FBT001 - pytest passes by name
) -> None:
    observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 100}, observed_at=datetime(2025, 5, 1, tzinfo=UTC))
    receive_lots(
        [
            Receipt(sku_id=sku.pk, warehouse_id=observed.pk, qty=qty, idempotency_key=code, lot_code=code, received_on=day)
            for code, qty, day in (("old", 70, date(2024, 12, 1)), ("new", 60, date(2025, 5, 1)))
        ]
    )

    def see() -> None:
        observe_stock(warehouse_id=observed.pk, counts={(sku.pk, "available"): 50}, observed_at=datetime(2025, 5, 20, tzinfo=UTC))

    if seen_first:
        see()
    upsert_transfer(
        transfer(shipped=50, from_warehouse="FBA", occurred_at=datetime(2025, 5, 10, tzinfo=UTC))
    )  # fmt: skip
    if not seen_first:
        see()
    assert held() == {("FBA", "available"): 50, ("GZ", "in_transit"): 50}
    assert list(TransferLot.objects.order_by("position").values_list("lot__code", "qty")) == [("old", 40), ("new", 10)]
    assert proved()


def test_what_came_in_before_the_ledger_started_is_in_the_opening_stock(sku: Sku, warehouse: Warehouse, stock: None) -> None:
    Warehouse.objects.create(code="GZ", name="Guangzhou", ledger_starts_at=datetime(2025, 5, 20, tzinfo=UTC))
    upsert_transfer(transfer("received", received=294, shipped_on=date(2025, 5, 1), received_on=date(2025, 5, 10)))
    assert held() == {("SH", "available"): 50}
    assert (Lot.objects.filter(warehouse__code="GZ").count(), StockVariance.objects.count()) == (0, 0)
    assert Movement.objects.get(kind="transfer").occurred_at == datetime(2025, 4, 30, 16, tzinfo=UTC)


def test_what_left_before_the_source_s_ledger_started_is_not_taken_from_it(sku: Sku, there: Warehouse) -> None:
    Warehouse.objects.create(code="SH", name="Shanghai", ledger_starts_at=datetime(2025, 5, 20, tzinfo=UTC))
    upsert_transfer(transfer(shipped_on=date(2025, 5, 1)))
    assert held() == {("GZ", "in_transit"): 300}
    assert TransferLine.objects.get().posted_out_qty == 300


# --- bundles, buckets, plans and people --------------------------------------------------------------------------------------


def test_a_bundle_is_transferred_as_its_components(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    cup = Sku.objects.create(code="CUP")
    bundle = Sku.objects.create(code="SET", is_bundle=True)
    BundleComponent.objects.create(bundle=bundle, component=sku, qty=2)
    BundleComponent.objects.create(bundle=bundle, component=cup, qty=1)
    adjust(sku_id=cup.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=50, reason="x", idempotency_key="cups")
    upsert_transfer(transfer(shipped=10, line={"sku": "SET"}))
    assert set(TransferLine.objects.values_list("line_no", "sku__code", "bundle__code", "shipped_qty")) == {
        (1, "TEA", "SET", 20),
        (1, "CUP", "SET", 10),
    }
    BundleComponent.objects.filter(component=sku).update(qty=5)
    upsert_transfer(transfer("received", shipped=10, received=9, line={"sku": "SET"}))
    assert {(row.sku.code, row.difference_qty) for row in StockVariance.objects.all()} == {("TEA", -2), ("CUP", -1)}
    assert dict(Balance.objects.filter(warehouse=there, bucket="available").values_list("sku__code", "qty")) == {"TEA": 18, "CUP": 9}
    assert proved()


def test_unsellable_units_stay_unsellable(sku: Sku, warehouse: Warehouse, there: Warehouse) -> None:
    adjust(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="unsellable", delta_qty=9, reason="x", idempotency_key="a")
    upsert_transfer(transfer("received", shipped=9, received=9, line={"bucket": "unsellable", "damaged_qty": 2}))
    assert held() == {("GZ", "unsellable"): 9}
    assert proved()


def test_h15_arrivals_count_what_is_under_way_once(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    day = date(2025, 6, 9)
    upsert_transfer(transfer("planned", line={"planned_qty": 300, "shipped_qty": 0}, expected_on=day))
    assert transfer_arrivals() == []
    upsert_transfer(transfer("receiving", received=100))
    assert transfer_arrivals([sku.pk]) == [(sku.pk, there.pk, day, 200, "transfer:TR-1")]
    assert transfer_arrivals([0]) == []
    upsert_transfer(transfer("received", received=294))
    assert transfer_arrivals() == []


def test_a_receiver_needs_no_right_on_the_source(sku: Sku, warehouse: Warehouse, there: Warehouse, stock: None) -> None:
    upsert_transfer(transfer())
    clerk = User.objects.create_user("clerk")
    clerk.user_permissions.set(Permission.objects.filter(codename="change_transfer"))
    Grant.objects.create(user=clerk, kind=ScopeKind.WAREHOUSE, object_id=there.pk)
    with actor.acting_as(actor.Actor("clerk", clerk.pk)):
        upsert_transfer(transfer("receiving", received=20))
        before = held()
        for told in (transfer(shipped=310, received=20, status="receiving"), transfer(code="TR-2", shipped=1)):
            with pytest.raises(NotAllowedError):
                upsert_transfer(told)
    assert held() == before


def test_the_number_of_queries_does_not_grow_with_the_lines(warehouse: Warehouse, there: Warehouse) -> None:
    skus = Sku.objects.bulk_create(Sku(code=f"S{n}") for n in range(30))
    receive_lots([Receipt(sku_id=s.pk, warehouse_id=warehouse.pk, qty=100, idempotency_key=s.code) for s in skus])
    counts = []
    for number, lines in ((1, 2), (2, 30)):
        rows = [TransferLineInput(sku=f"S{n}", shipped_qty=5, received_qty=4) for n in range(lines)]
        with CaptureQueriesContext(connection) as queries:
            upsert_transfer(transfer("received", code=f"TR-{number}", lines=rows))
        counts.append(len(queries))
    assert counts[0] == counts[1]
