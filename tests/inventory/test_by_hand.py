"""What a person enters about stock is refused where it cannot be, with the field that he gave, and then nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.inventory.models import CostKind, Lot, LotCost, MovementKey, StockDispute
from stockhub.inventory.services import (
    Receipt,
    UnitCost,
    add_costs,
    adjust,
    count_stock,
    dispose_stock,
    move_stock,
    open_dispute,
    receive_lot,
    record_receipt,
    record_return,
    remove_stock,
    remove_stock_to,
)
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOW: Final = datetime(2025, 6, 2, 4, tzinfo=UTC)
TOO_LATE: Final = NOW + timedelta(days=3)
Held = Callable[[], dict[str, int]]
Entry = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def entries(sku: Sku, warehouse: Warehouse, there: Warehouse) -> dict[str, Entry]:
    """Every entry by hand, with values that it takes; twenty units are available and no other stock is there."""
    receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=20, idempotency_key="opening", lot_code="A"))
    place: dict[str, Any] = {"sku_id": sku.pk, "warehouse_id": warehouse.pk}
    leaving = {**place, "bucket": "available", "qty": 1, "reason": "broken", "idempotency_key": "k"}

    def entry(service: Entry, **usual: object) -> Entry:
        return lambda **given: service(**{**usual, **given})

    def count(*, qty: int, bucket: str | None = "available", **given: object) -> object:
        taken: Entry = count_stock
        return taken(warehouse_id=warehouse.pk, counts={(sku.pk, bucket): qty}, **given)

    def cost(*, amount: str = "1", currency: str = "CNY", rate_on: date | None = None, **given: object) -> object:
        costs = [UnitCost(kind=CostKind.FREIGHT, unit_amount=Decimal(amount), currency=currency, rate_on=rate_on)]
        taken: Entry = add_costs
        return taken(lot_id=Lot.objects.get(code="A").pk, costs=costs, **given)

    def receive(*, amount: str = "1", **given: object) -> object:
        costs = (UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal(amount), currency="CNY"),)
        made: Entry = Receipt
        return record_receipt(made(**{**place, "qty": 1, "costs": costs, "idempotency_key": "k", **given}))

    return {
        "adjust": entry(adjust, **place, bucket="available", delta_qty=1, reason="found", idempotency_key="k"),
        "move": entry(move_stock, **place, from_bucket="available", to_bucket="inspecting", qty=1, reason="wet", idempotency_key="k"),
        "dispose": entry(dispose_stock, **leaving),
        "remove": entry(remove_stock, **leaving),
        "remove_to": entry(remove_stock_to, **leaving, to_warehouse_id=there.pk),
        "return": entry(record_return, **place, qty=1, grade="new", idempotency_key="k"),
        "receive": receive,
        "count": entry(count, qty=19, idempotency_key="k"),
        "cost": entry(cost, idempotency_key="k"),
        "dispute": entry(open_dispute, **place, note="the shelf is empty", idempotency_key="k"),
    }


REFUSED: Final = [
    ("adjust", {"bucket": "nowhere"}, "invalid_bucket", "bucket"),
    ("adjust", {"bucket": "reserved"}, "invalid_bucket", "bucket"),
    ("adjust", {"delta_qty": 10_000_001}, "invalid_quantity", "qty"),
    ("adjust", {"reason": "x" * 201}, "text_too_long", "reason"),
    ("adjust", {"reason": ""}, "reason_required", "reason"),
    ("adjust", {"reason": " \n"}, "reason_required", "reason"),
    ("move", {"reason": " "}, "reason_required", "reason"),
    ("dispose", {"reason": ""}, "reason_required", "reason"),
    ("remove", {"reason": " "}, "reason_required", "reason"),
    ("remove_to", {"reason": ""}, "reason_required", "reason"),
    ("adjust", {"reference": "x" * 121}, "text_too_long", "reference"),
    ("adjust", {"occurred_at": TOO_LATE}, "in_the_future", "occurred_at"),
    ("move", {"to_bucket": "reserved"}, "invalid_bucket", "to_bucket"),
    ("move", {"from_bucket": "reserved"}, "invalid_bucket", "from_bucket"),
    ("move", {"to_bucket": "nowhere"}, "invalid_bucket", "to_bucket"),
    ("move", {"to_bucket": "available"}, "invalid_bucket", "to_bucket"),
    ("dispose", {"reason": "x" * 201}, "text_too_long", "reason"),
    ("dispose", {"qty": 10_000_001}, "invalid_quantity", "qty"),
    ("remove", {"reference": "x" * 121}, "text_too_long", "reference"),
    ("return", {"returned_at": TOO_LATE}, "in_the_future", "returned_at"),
    ("receive", {"occurred_at": TOO_LATE}, "in_the_future", "occurred_at"),
    ("receive", {"amount": "999999999999999999"}, "invalid_amount", "costs.0.unit_amount"),
    ("receive", {"amount": "0.1234567"}, "invalid_amount", "costs.0.unit_amount"),
    ("count", {"qty": 20, "counted_at": TOO_LATE}, "in_the_future", "counted_at"),
    ("count", {"qty": 19, "counted_at": TOO_LATE}, "in_the_future", "counted_at"),
    ("count", {"qty": 10_000_001}, "invalid_quantity", "counts.0.qty"),
    ("count", {"bucket": "reserved"}, "bucket_not_countable", "counts.0.bucket"),
    ("count", {"bucket": "in_transit"}, "bucket_not_countable", "counts.0.bucket"),
    ("count", {"bucket": None, "qty": -1}, "invalid_quantity", "counts.0.qty"),
    ("count", {"reason": "x" * 201}, "text_too_long", "reason"),
    ("cost", {"currency": "XXQ"}, "invalid_currency", "costs.0.currency"),
    ("cost", {"rate_on": date(2025, 6, 9)}, "future_time", "costs.0.rate_on"),
]
ENTRIES: Final = ("adjust", "move", "dispose", "remove", "remove_to", "return", "receive", "count", "cost", "dispute")
KEYS: Final = [(name, {"idempotency_key": key}, "invalid_key", "idempotency_key") for name in ENTRIES for key in ("", " ", "k" * 181)]


@pytest.mark.one_database
@pytest.mark.parametrize(("name", "given", "code", "field"), [*REFUSED, *KEYS])
def test_h82_an_entry_that_cannot_be_names_its_field_and_changes_nothing(
    entries: dict[str, Entry], held: Held, name: str, given: dict[str, Any], code: str, field: str | None
) -> None:
    keys = set(MovementKey.objects.values_list("key", flat=True))
    with pytest.raises(DomainError) as caught:
        entries[name](**given)
    assert caught.value.code == code
    assert field is None or ".".join(caught.value.path) == field
    assert held() == {"available": 20}
    assert (LotCost.objects.count(), StockDispute.objects.count()) == (0, 0)
    assert set(MovementKey.objects.values_list("key", flat=True)) == keys, "the key is free for the corrected request"


@pytest.mark.parametrize("name", ENTRIES)
def test_h82_the_longest_key_is_taken_once(entries: dict[str, Entry], name: str) -> None:
    entries[name](idempotency_key="k" * 180)
    keys = MovementKey.objects.count()
    entries[name](idempotency_key="k" * 180)
    assert MovementKey.objects.count() == keys


@pytest.mark.parametrize("name", ENTRIES)
def test_h82_a_key_that_was_used_otherwise_is_named_as_it_was_given(entries: dict[str, Entry], name: str) -> None:
    other: dict[str, dict[str, Any]] = {
        "adjust": {"delta_qty": 2}, "count": {"qty": 18}, "cost": {"amount": "2"}, "dispute": {"note": "or full"},
    }  # fmt: skip
    entries[name](idempotency_key="erp:7")
    with pytest.raises(DomainError) as caught:
        entries[name](**{**other.get(name, {"qty": 2}), "idempotency_key": "erp:7"})
    assert (caught.value.code, caught.value.path, caught.value.params) == (
        "idempotency_key_reused", ("idempotency_key",), {"key": "erp:7"},
    )  # fmt: skip
    assert "'erp:7'" in caught.value.message


def test_a_quantity_that_is_too_large_is_not_told_to_be_at_least_one(entries: dict[str, Entry]) -> None:
    for name in ("receive", "return", "dispose"):
        with pytest.raises(DomainError, match="from 1 to 10,000,000"):
            entries[name](qty=10_000_001)
