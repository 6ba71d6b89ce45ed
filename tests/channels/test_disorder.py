"""Any order and any repetition of what a source told ends in one state: that of telling it once, in order (I3, promise 10).

Hypothesis chooses the versions, their order, the repetitions, where calls and batches end, and which are tried again after a failure.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockhub.catalog.models import Warehouse
from stockhub.channels import inbox
from stockhub.channels.inbox import accept_records, apply_due
from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.models import Order, OrderLine, SalesDelta
from stockhub.channels.order_states import OrderState, ResolvedLine, decide, demand_qty, stock_qty
from stockhub.channels.received_models import ReceivedRecord
from stockhub.channels.reprocessing import reprocess
from stockhub.inventory.models import Allocation, Balance
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from tests.channels.shop import Shop, small_shop

AT = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
STATUSES = ("created", "paid", "shipped", "completed", "cancelled")


@dataclass(frozen=True)
class Told:
    """Everything that a source may tell, and the way in which it does."""

    records: tuple[OrderRecord, ...]
    #: Places in `records`, in the order of telling, some more than once.
    order: tuple[int, ...]
    #: Where a call ends.
    cuts: frozenset[int]
    batch: int


@st.composite
def versions(draw: st.DrawFn, external_id: str) -> list[OrderRecord]:
    """One life of an order: records that a source could tell, each with its lines. Two of one version are told apart by their statuses."""
    count = draw(st.integers(1, 4))
    is_presale = draw(st.booleans())
    told: list[OrderRecord] = []
    version = rank = 0
    for _number in range(count):
        before, rank = rank, draw(st.integers(rank, 4))
        version += not told or rank == before or draw(st.booleans())
        qty = draw(st.integers(1, 4))
        lines = (
            OrderLineRecord("a-1", qty, Decimal("9.90"), line_id="1"),
            OrderLineRecord("b-1", 1, Decimal(5), line_id="2"),
        )[: draw(st.integers(1, 2))]
        told.append(
            OrderRecord(
                external_id, STATUSES[rank], AT, "CNY", lines, version=version, presale_kind="full" if is_presale else "",
                paid_at=AT if rank else None, ship_by_at=AT + timedelta(days=10), shipped_at=AT if rank in (2, 3) else None,
            )
        )  # fmt: skip
    return told


@st.composite
def tellings(draw: st.DrawFn) -> Told:
    records = [record for number in range(draw(st.integers(1, 3))) for record in draw(versions(str(number)))]
    repeated = draw(st.lists(st.integers(0, len(records) - 1), max_size=4))
    order = draw(st.permutations([*range(len(records)), *repeated]))
    cuts = draw(st.frozensets(st.integers(1, len(order)), max_size=4))
    return Told(tuple(records), tuple(order), cuts, draw(st.integers(1, 4)))


def calls(told: Told) -> list[list[OrderRecord]]:
    found: list[list[OrderRecord]] = [[]]
    for place, index in enumerate(told.order):
        if place in told.cuts:
            found.append([])
        found[-1].append(told.records[index])
    return [call for call in found if call]


def state() -> dict[str, Any]:
    """What is left of all that was told, without what says how it came there."""
    order = ("external_id", "status", "source_version", "paid_at", "ship_by_at", "shipped_at", "presale_kind")
    line = ("order__external_id", "line_key", "status", "qty", "sku__code", "counted_qty")
    lines = {
        f"line:{pk}": f"{external_id}/{key}"
        for pk, external_id, key in OrderLine.objects.values_list("pk", "order__external_id", "line_key")
    }
    allocations = Allocation.objects.exclude(wanted_qty=0).values_list("reference", "wanted_qty", "shipped_qty", "reserved_qty")
    return {
        "orders": list(Order.objects.order_by("external_id").values_list(*order)),
        # Lines that left their order before it was told for the first time are not known, and those that left it later are excluded.
        "lines": list(OrderLine.objects.exclude(kind="excluded").order_by("order__external_id", "line_key").values_list(*line)),
        "allocations": sorted((lines[reference], *quantities) for reference, *quantities in allocations),
        "balances": sorted(Balance.objects.exclude(qty=0).values_list("sku__code", "bucket_id", "qty")),
        "sold": sorted(row for row in SalesDelta.objects.values_list("sku__code").annotate(total=Sum("qty")) if row[1]),
    }


def sorted_state(records: Sequence[OrderRecord]) -> dict[str, Any]:
    """The state of telling each version once, in order, undone afterwards."""
    with transaction.atomic():
        shop = stocked_shop()
        for record in records:
            ingest_orders(account=shop.account, orders=[record], source="file")
        found = state()
        transaction.set_rollback(True)
    return found


def stocked_shop() -> Shop:
    shop = small_shop()
    Warehouse.objects.update(allows_presale=True)
    shop.stock("A", 100)
    shop.stock("B", 100)
    return shop


@settings(max_examples=300, deadline=None)
@given(records=versions("1"), data=st.data())
def test_i3_the_state_of_an_order_does_not_depend_on_the_order_of_its_versions(records: list[OrderRecord], data: st.DataObject) -> None:
    told = data.draw(st.permutations([*records, *data.draw(st.lists(st.sampled_from(records), max_size=3))]))
    assert decided(told) == decided(records)


def decided(records: Sequence[OrderRecord]) -> tuple[object, ...]:
    """The order, what its lines want, what has left and what is counted as sold; without lines that are gone from it."""
    order: OrderState | None = None
    for record in records:
        lines = [ResolvedLine(line, line.line_id, 1, 1, None, 1) for line in record.lines]
        order = decide(order, record, lines, "")
    assert order is not None
    known = sorted((key, line) for key, line in order.lines.items() if line.kind != "excluded")
    wanted = [(key, line.status, line.qty, stock_qty(order, line, reduce_on_pay=True), demand_qty(order, line)) for key, line in known]
    return (*order.own(), *wanted)


@pytest.mark.django_db
@pytest.mark.both_databases
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(told=tellings())
def test_i3_any_order_and_repetition_ends_in_the_sorted_state(told: Told, db: None) -> None:
    with transaction.atomic():
        wanted = sorted_state(told.records)
        shop = stocked_shop()
        for number, call in enumerate(calls(told)):
            accept_records(account=shop.account, kind="order", records=call, source="webhook")
            if number % 2:
                apply_due(told.batch)
        while apply_due(told.batch).total:
            pass
        assert state() == wanted
        assert reconcile() == []
        assert ReceivedRecord.objects.count() == len(set(told.records))
        reprocess(account=shop.account, since=AT, rerouting=True)
        apply_due()
        assert state() == wanted
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(told=tellings())
def test_i3_two_workers_at_once_end_in_the_sorted_state(told: Told, transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("The tests' SQLite lies in memory, where one connection writes.")
    wanted = sorted_state(told.records)
    shop = stocked_shop()
    try:
        for call in calls(told):
            accept_records(account=shop.account, kind="order", records=call, source="webhook")
        errors: list[BaseException] = []
        start = threading.Barrier(2)

        def work() -> None:
            try:
                start.wait()
                # One that finds the account in the other's hands looks again, as a worker does.
                while inbox.is_due():
                    apply_due(told.batch)
            except BaseException as error:  # noqa: BLE001 - shown by the assertion
                errors.append(error)
            finally:
                connections.close_all()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert errors == []
        assert state() == wanted
        assert set(ReceivedRecord.objects.values_list("status", flat=True)) == {"applied"}
        assert reconcile() == []
    finally:
        _empty()


def _empty() -> None:
    """The next example begins with nothing."""
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
