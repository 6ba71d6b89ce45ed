"""Posting: one behaviour on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management.color import no_style
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory.models import Balance, Movement, MovementKey, MovementKind
from stockhub.inventory.posting.ledger import Posting, PostingStatus, post
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.inventory.selectors import balance_as_of
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = datetime(2025, 1, 2, tzinfo=UTC)
Held = Callable[[], dict[str, int]]
#: The postings here reserve for no order, and nothing else may be wrong with them.
_UNHELD = "TEA in SH: 3 units are reserved, order lines hold 0."


@pytest.fixture
def receipt(sku: Sku, warehouse: Warehouse) -> Posting:
    return Posting(
        sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=None, to_bucket="available", qty=10, kind=MovementKind.RECEIVE, key="receipt",
        occurred_at=AT,
    )  # fmt: skip


@pytest.fixture
def reservation(receipt: Posting) -> Posting:
    return replace(receipt, from_bucket="available", to_bucket="reserved", qty=3, kind=MovementKind.RESERVE, key="reservation")


@pytest.fixture(params=[1, 2], ids=["one", "list"])
def post_it(request: pytest.FixtureRequest, receipt: Posting) -> Callable[[Posting], object]:
    """Posts one alone, or in a list with another of no effect on the first's SKU: two ways on PostgreSQL, one result."""
    other = Sku.objects.create(code="OTHER")

    def one(posting: Posting) -> object:
        companions = [replace(receipt, sku_id=other.pk, to_bucket="researching", key="companion")][: request.param - 1]
        return post([posting, *companions])[0]

    return one


def test_a_posting_moves_units_between_buckets(receipt: Posting, reservation: Posting, held: Held) -> None:
    assert [result.status for result in post([receipt])] == [PostingStatus.POSTED]
    assert [result.qty for result in post([reservation])] == [3]
    assert held() == {"available": 7, "reserved": 3}
    assert list(Movement.objects.order_by("id").values_list("from_bucket", "to_bucket", "qty", "key")) == [
        (None, "available", 10, "receipt"),
        ("available", "reserved", 3, "reservation"),
    ]
    assert [found.text for found in reconcile()] == [_UNHELD]


def test_a_key_posts_once(receipt: Posting, post_it: Callable[[Posting], object], held: Held) -> None:
    post_it(receipt)
    again = post_it(replace(receipt, occurred_at=AT + timedelta(hours=1)))
    assert (again.status, again.qty) == (PostingStatus.DUPLICATE, 10)  # type: ignore[attr-defined]
    assert held()["available"] == 10


def test_a_duplicate_is_told_even_where_stock_has_run_out(receipt: Posting, reservation: Posting, held: Held) -> None:
    post([receipt])
    everything = replace(reservation, qty=10)
    post([everything])
    assert post([everything])[0].status == PostingStatus.DUPLICATE
    assert held() == {"reserved": 10}


@pytest.mark.parametrize("change", [{"qty": 4}, {"to_bucket": "unsellable"}, {"reason": "another"}, {"partial": True}])
def test_a_key_with_other_parameters_is_refused_and_changes_nothing(
    receipt: Posting, reservation: Posting, post_it: Callable[[Posting], object], held: Held, change: dict[str, object]
) -> None:
    post([receipt, reservation])
    post_it(reservation)
    before = held()
    with pytest.raises(DomainError) as caught:
        post_it(replace(reservation, **change))  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.params) == ("idempotency_key_reused", {"key": "reservation"})
    assert "reservation" in caught.value.message
    assert held() == before


def test_too_little_posts_nothing_and_leaves_the_key_free(
    receipt: Posting, reservation: Posting, post_it: Callable[[Posting], object], held: Held
) -> None:
    greedy = replace(reservation, qty=11)
    post([receipt])
    result = post_it(greedy)
    assert (result.status, result.qty) == (PostingStatus.INSUFFICIENT, 0)  # type: ignore[attr-defined]
    assert held()["available"] == 10
    assert not MovementKey.objects.filter(key="reservation").exists()
    post([replace(receipt, qty=1, key="more")])
    assert post_it(greedy).status == PostingStatus.POSTED  # type: ignore[attr-defined]


def test_a_partial_posting_takes_what_is_there(receipt: Posting, reservation: Posting, post_it: Callable[[Posting], object]) -> None:
    post([receipt])
    greedy = replace(reservation, qty=11, partial=True)
    result = post_it(greedy)
    assert (result.status, result.qty) == (PostingStatus.POSTED, 10)  # type: ignore[attr-defined]
    again = post_it(greedy)
    assert (again.status, again.qty) == (PostingStatus.DUPLICATE, 10)  # type: ignore[attr-defined]
    none_left = post_it(replace(greedy, key="later"))
    assert (none_left.status, none_left.qty) == (PostingStatus.INSUFFICIENT, 0)  # type: ignore[attr-defined]


def test_back_orders_let_available_go_below_zero_but_no_other_bucket(
    warehouse: Warehouse, reservation: Posting, post_it: Callable[[Posting], object], held: Held
) -> None:
    Warehouse.objects.update(allows_backorder=True)
    assert post_it(reservation).status == PostingStatus.POSTED  # type: ignore[attr-defined]
    shipping = replace(reservation, from_bucket="reserved", to_bucket=None, qty=4, key="shipping")
    assert post_it(shipping).status == PostingStatus.INSUFFICIENT  # type: ignore[attr-defined]
    assert (held()["available"], held()["reserved"]) == (-3, 3)
    assert [found.text for found in reconcile()] == [_UNHELD]


def test_nothing_before_the_ledger_starts_moves_stock(receipt: Posting, post_it: Callable[[Posting], object]) -> None:
    early = replace(receipt, occurred_at=datetime(2024, 12, 31, tzinfo=UTC))
    assert post_it(early).status == PostingStatus.BEFORE_LEDGER  # type: ignore[attr-defined]
    assert not Movement.objects.filter(key="receipt").exists()
    assert post_it(receipt).status == PostingStatus.POSTED  # type: ignore[attr-defined]


def test_shortages_are_split_out_in_the_order_of_the_list(receipt: Posting, reservation: Posting, held: Held) -> None:
    post([receipt])
    results = post([replace(reservation, qty=4, key=f"order-{n}") for n in range(4)] + [replace(reservation, qty=2, key="small")])
    assert [result.status for result in results] == ["posted", "posted", "insufficient", "insufficient", "posted"]
    assert held() == {"reserved": 10}


def test_a_key_twice_in_a_list_posts_once(receipt: Posting, held: Held) -> None:
    results = post([receipt, receipt])
    assert [result.status for result in results] == [PostingStatus.POSTED, PostingStatus.DUPLICATE]
    assert held() == {"available": 10}
    with pytest.raises(DomainError, match="idempotency key"):
        post([replace(receipt, key="a", qty=1), replace(receipt, key="a", qty=2)])
    assert held() == {"available": 10}


def test_a_list_takes_as_many_statements_as_it_is_long_or_short(receipt: Posting, warehouse: Warehouse) -> None:
    def statements(count: int, prefix: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            post([replace(receipt, key=f"{prefix}-{n}") for n in range(count)])
        return len(queries)

    assert statements(2, "few") == statements(500, "many")


def test_one_posting_is_one_statement_on_postgresql(receipt: Posting) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite a posting is a short transaction.")
    with CaptureQueriesContext(connection) as queries:
        post([receipt])
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"qty": 0}, "invalid_quantity"),
        ({"qty": -3}, "invalid_quantity"),
        ({"qty": 2**60}, "invalid_quantity"),
        ({"to_bucket": None}, "invalid_bucket"),
        ({"key": ""}, "invalid_key"),
        ({"key": "k" * 201}, "invalid_key"),
        ({"occurred_at": datetime(2025, 1, 2)}, "invalid_time"),  # noqa: DTZ001 - the point of the case
        ({"warehouse_id": 10**9}, "unknown_warehouse"),
    ],
)
def test_what_cannot_be_posted_is_refused(receipt: Posting, change: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError) as caught:
        post([replace(receipt, **change)])  # type: ignore[arg-type]
    assert caught.value.code == code
    assert Movement.objects.count() == 0


def test_an_unknown_bucket_is_refused_by_the_database(receipt: Posting) -> None:
    def post_nowhere() -> None:
        with transaction.atomic():
            post([replace(receipt, to_bucket="nowhere")])
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        post_nowhere()
    assert Movement.objects.count() == 0


def test_movements_are_never_changed_or_deleted(receipt: Posting, reservation: Posting) -> None:
    post([receipt, reservation])
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        Movement.objects.filter(key="receipt").update(qty=1000)
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        Movement.objects.filter(key="reservation").delete()
    assert list(Movement.objects.order_by("id").values_list("key", "qty")) == [("receipt", 10), ("reservation", 3)]


def test_d1_the_balance_is_the_sum_of_movements_at_any_moment(sku: Sku, warehouse: Warehouse, receipt: Posting) -> None:
    days = [AT + timedelta(days=n) for n in range(4)]
    post([replace(receipt, qty=500, kind=MovementKind.OPENING, key="open", occurred_at=days[0])])
    post([replace(receipt, qty=200, key="in", occurred_at=days[1])])
    post([replace(receipt, from_bucket="available", to_bucket=None, qty=3, kind=MovementKind.SHIP, key="out", occurred_at=days[2])])
    post([replace(receipt, qty=1, kind=MovementKind.RETURN, key="back", occurred_at=days[3])])
    told = [balance_as_of(sku_id=sku.pk, warehouse_id=warehouse.pk, at=at) for at in [days[0] - timedelta(seconds=1), *days]]
    assert told == [0, 500, 700, 697, 698]
    assert Balance.objects.get().qty == 698


def test_a_test_runner_can_still_empty_the_tables(receipt: Posting) -> None:
    post([replace(receipt, key=f"n{n}") for n in range(20)])
    for statement in connection.ops.sql_flush(no_style(), ["inventory_movement"], allow_cascade=True):
        with connection.cursor() as cursor:
            cursor.execute(statement)
    assert Movement.objects.count() == 0
