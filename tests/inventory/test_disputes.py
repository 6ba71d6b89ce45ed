"""Counts that are too far from the book hold automatic decisions until somebody settles them (H6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from pytest_django.fixtures import Settings

from stockhub.access.models import User
from stockhub.access.services import grant_warehouse
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.inventory.disputes import CONFIRMED, Doubt, deviation_of, disputed_pairs, raise_disputes
from stockhub.inventory.models import DisputeCause, StockDispute
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.inventory.services import CountedStock, Receipt, adjust, count_stock, open_dispute, receive_lot, resolve_dispute
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = datetime(2025, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
Held = Callable[[], dict[str, int]]


@dataclass
class Counting:
    """100 units of a SKU that somebody counts."""

    sku: Sku
    warehouse: Warehouse
    number: int = 0

    def count(self, hours: int, **qty: int) -> list[CountedStock]:
        self.number += 1
        with clock.at(AT + max(hours, 10) * HOUR):
            return count_stock(
                warehouse_id=self.warehouse.pk, counts={(self.sku.pk, bucket): units for bucket, units in qty.items()},
                idempotency_key=f"c{self.number}", counted_at=AT + hours * HOUR,
            )  # fmt: skip

    def opened(self) -> list[tuple[int | None, int | None, Decimal | None]]:
        rows = StockDispute.objects.filter(resolved_at=None)
        return list(rows.values_list("book_qty", "counted_qty", "deviation_pct"))


@pytest.fixture
def counting(sku: Sku, warehouse: Warehouse) -> Counting:
    receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=100, idempotency_key="first", occurred_at=AT))
    return Counting(sku, warehouse)


def told() -> list[str]:
    kinds = Event.objects.filter(kind__startswith="inventory.stock_dispute").order_by("id").values_list("kind", flat=True)
    return [kind.removeprefix("inventory.stock_dispute_").removesuffix(".v1") for kind in kinds]


def test_h6_92_of_100_are_minus_8_per_cent_and_a_dispute(counting: Counting, held: Held) -> None:
    [row] = counting.count(1, available=92)
    assert (row.book_qty, row.counted_qty, row.posted_qty) == (100, 92, -8)
    assert held() == {"available": 92}
    dispute = StockDispute.objects.get()
    assert (dispute.cause, dispute.buckets, dispute.deviation_pct, dispute.resolved_at) == ("count", ["available"], Decimal("-8.00"), None)
    assert (dispute.book_qty, dispute.counted_qty, dispute.counted_at, dispute.opened_by) == (100, 92, AT + HOUR, "system")
    assert disputed_pairs() == disputed_pairs([counting.sku.pk]) == {(counting.sku.pk, counting.warehouse.pk)}
    assert told() == ["opened"]
    assert reconcile() == []


@pytest.mark.parametrize(
    ("counted", "limit", "opened"), [(95, 5.0, 0), (94, 5.0, 1), (105, 5.0, 0), (106, 5.0, 1), (94, 6.5, 0), (99, 0.0, 1)]
)
def test_h6_more_than_the_limit_is_too_far(counting: Counting, settings: Settings, counted: int, limit: float, opened: int) -> None:
    settings.STOCKHUB_COUNT_DEVIATION_PCT = limit
    counting.count(1, available=counted)
    assert len(counting.opened()) == opened


def test_differences_of_buckets_do_not_make_up_for_each_other() -> None:
    def row(book: int, counted: int) -> CountedStock:
        return CountedStock(1, "x", book, counted, 0)

    assert deviation_of([row(100, 92)]) == Decimal("-8.00")
    assert deviation_of([row(100, 92), row(100, 108)]) == Decimal("8.00")
    assert deviation_of([row(3, 2)]) == Decimal("-33.33")
    assert deviation_of([row(0, 0)]) == Decimal(0)
    assert deviation_of([row(0, 4)]) == Decimal(100)
    assert deviation_of([row(-2, 0)]) == Decimal(100)


def test_h6_a_second_count_that_agrees_settles_it(counting: Counting) -> None:
    counting.count(1, available=92)
    counting.count(2, available=92)
    dispute = StockDispute.objects.get()
    assert (dispute.resolution, dispute.resolved_by) == (CONFIRMED, "system")
    assert dispute.resolved_at is not None
    assert disputed_pairs() == set()
    assert told() == ["opened", "resolved"]


def test_a_second_count_that_is_off_again_keeps_it_open_with_the_new_figures(counting: Counting) -> None:
    counting.count(1, available=92)
    counting.count(2, available=70)
    assert counting.opened() == [(92, 70, Decimal("-23.91"))]
    assert told() == ["opened", "recounted"]


def test_an_older_count_or_one_of_another_bucket_settles_nothing(counting: Counting) -> None:
    counting.count(2, available=92)
    counting.count(3, inspecting=0)
    counting.count(1, available=100)
    assert counting.opened() == [(100, 92, Decimal("-8.00"))]


def test_h6_a_count_while_orders_flow_judges_the_book_of_its_own_time(counting: Counting, held: Held) -> None:
    """Thirty units leave after the count; they stand, and do not make the count look wrong."""
    with clock.at(AT + 5 * HOUR):
        adjust(
            sku_id=counting.sku.pk, warehouse_id=counting.warehouse.pk, bucket="available", delta_qty=-30, reason="x", idempotency_key="a"
        )
    [row] = counting.count(1, available=99)
    assert (row.book_qty, row.posted_qty) == (100, -1)
    assert held() == {"available": 69}
    assert counting.opened() == []
    [row] = counting.count(6, available=60)
    assert (row.book_qty, row.posted_qty) == (69, -9)
    assert counting.opened() == [(69, 60, Decimal("-13.04"))]


def test_a_count_repeated_judges_once(counting: Counting) -> None:
    first = counting.count(1, available=92)
    counting.number -= 1
    resolve_dispute(dispute_id=StockDispute.objects.get().pk, resolution="found them")
    assert counting.count(1, available=92) == first
    assert told() == ["opened", "resolved"]


def test_only_what_lies_there_can_be_counted(counting: Counting, held: Held) -> None:
    for bucket in ("in_transit", "nowhere"):
        with pytest.raises(DomainError) as caught:
            counting.count(1, **{bucket: 3})
        assert caught.value.code == "bucket_not_countable"
    assert held() == {"available": 100}


def test_h6_a_person_opens_and_settles(counting: Counting) -> None:
    given: dict[str, Any] = {
        "sku_id": counting.sku.pk,
        "warehouse_id": counting.warehouse.pk,
        "note": "shelf is empty",
        "idempotency_key": "k",
    }
    dispute = open_dispute(**given)
    assert open_dispute(**given).pk == dispute.pk
    counting.count(1, available=100)
    assert disputed_pairs() == {(counting.sku.pk, counting.warehouse.pk)}, "a count settles no person's doubt"
    with pytest.raises(DomainError) as caught:
        resolve_dispute(dispute_id=dispute.pk, resolution=" ")
    assert caught.value.code == "resolution_required"
    settled = resolve_dispute(dispute_id=dispute.pk, resolution="behind the door")
    assert (settled.resolution, settled.resolved_by) == ("behind the door", "system")
    with pytest.raises(DomainError) as caught:
        resolve_dispute(dispute_id=dispute.pk, resolution="again")
    assert caught.value.code == "dispute_resolved"
    assert open_dispute(**given).pk == dispute.pk, "the same request opens nothing anew"
    assert told() == ["opened", "resolved"]
    assert open_dispute(**{**given, "idempotency_key": "l"}).pk != dispute.pk


@pytest.mark.parametrize(("note", "key", "code"), [("", "n", "reason_required"), ("other", "k", "idempotency_key_reused")])
def test_a_doubt_that_cannot_be_is_refused(counting: Counting, note: str, key: str, code: str) -> None:
    open_dispute(sku_id=counting.sku.pk, warehouse_id=counting.warehouse.pk, note="empty", idempotency_key="k")
    with pytest.raises(DomainError) as caught:
        open_dispute(sku_id=counting.sku.pk, warehouse_id=counting.warehouse.pk, note=note, idempotency_key=key)
    assert caught.value.code == code
    assert told() == ["opened"]


def test_other_doubts_join_the_open_one(counting: Counting) -> None:
    counting.count(1, available=92)
    doubt = Doubt(sku_id=counting.sku.pk, warehouse_id=counting.warehouse.pk, cause=DisputeCause.VARIANCE, note="6 of 300 short")
    assert [dispute.cause for dispute in raise_disputes([doubt])] == ["count"]
    assert told() == ["opened"]


def test_i4_a_person_settles_only_where_he_may(counting: Counting) -> None:
    counting.count(1, available=92)
    dispute = StockDispute.objects.get()
    ana = User.objects.create_user("ana")

    def settle() -> None:
        with acting_as(Actor("ana", ana.pk)):
            resolve_dispute(dispute_id=dispute.pk, resolution="counted again")

    for role in ("viewer", "operator"):
        ana.groups.add(Group.objects.get(name=role))
        with pytest.raises(DomainError) as caught:
            settle()
        assert caught.value.code == "not_allowed"
    assert told() == ["opened"]
    grant_warehouse(user=ana, warehouse_id=counting.warehouse.pk)
    settle()
    assert StockDispute.objects.get().resolved_by == "ana"
