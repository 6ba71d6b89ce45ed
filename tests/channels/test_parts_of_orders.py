"""Orders keep the parts that they were taken with, and so do their sales and their returns, in whatever order all of them are told (D2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockhub.catalog.inputs import ComponentInput as Part
from stockhub.catalog.inputs import SkuInput
from stockhub.catalog.skus import upsert_sku
from stockhub.channels.inbox import accept_records, apply_due
from stockhub.channels.listing_links import ComponentInput, link_listing
from stockhub.channels.models import Account, CustomerReturn, Listing, OrderLine
from stockhub.channels.return_corrections import correct_missed
from stockhub.channels.services import ingest_orders, ingest_returns
from stockhub.core import clock
from stockhub.inventory.dispute_models import StockDispute
from stockhub.inventory.models import Allocation, Balance, Lot, Movement
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord, ReturnRecord
from tests.channels.shop import Shop, set_of, small_shop, stock_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOUR = datetime(2026, 3, 10, 6, tzinfo=UTC)
Make = Callable[..., OrderRecord]


def returned(**changes: object) -> ReturnRecord:
    return replace(ReturnRecord("R1", "a-1", 2, datetime(2026, 3, 12, tzinfo=UTC), order_external_id="1001"), **changes)  # type: ignore[arg-type]


def sold_of(shop: Shop) -> dict[str, dict[datetime, int]]:
    """By SKU, what the sales facts say; without SKUs of which nothing was sold."""
    return {sku: sold for sku in shop.skus if (sold := shop.sold(sku))}


@pytest.mark.parametrize("fulfilled_by", ["merchant", "platform"])
def test_d2_the_sales_of_a_set_cancel_out_though_it_is_of_other_parts_by_then(shop: Shop, order: Make, fulfilled_by: str) -> None:
    """Also where the order takes no stock of ours, which would tell its parts."""
    for sku in "ABC":
        shop.stock(sku, 20)
    set_of(shop, A=2, B=1)
    told = order(code="set", qty=3, version=1, fulfilled_by=fulfilled_by)
    ingest_orders(account=shop.account, orders=[told], source="api")
    set_of(shop, C=4)
    assert sold_of(shop) == {"A": {HOUR: 6}, "B": {HOUR: 3}}
    ingest_orders(account=shop.account, orders=[replace(told, version=2, lines=(replace(told.lines[0], qty=2),))], source="api")
    assert sold_of(shop) == {"A": {HOUR: 4}, "B": {HOUR: 2}}
    ingest_orders(account=shop.account, orders=[replace(told, version=3, status="cancelled")], source="api")
    assert sold_of(shop) == {}
    # Back again, it is what it was; an order that is new takes the parts of today.
    ingest_orders(account=shop.account, orders=[replace(told, version=4)], source="api")
    assert sold_of(shop) == {"A": {HOUR: 6}, "B": {HOUR: 3}}
    assert stock_of(shop)["A"] == ((20, 0) if fulfilled_by == "platform" else (14, 6))
    ingest_orders(account=shop.account, orders=[order("1002", code="set", qty=1)], source="api")
    assert sold_of(shop) == {"A": {HOUR: 6}, "B": {HOUR: 3}, "C": {HOUR: 4}}
    # Mapped to something else, both are taken back as they were counted.
    link_listing(listing=Listing.objects.get(code="set"), components=[ComponentInput(shop.skus["B"].pk)])
    assert sold_of(shop) == {"B": {HOUR: 4}}
    assert reconcile() == []


def test_d2_an_order_that_moves_to_another_hour_takes_the_sales_of_its_set_along(shop: Shop, order: Make) -> None:
    set_of(shop, A=2)
    ingest_orders(account=shop.account, orders=[order(code="set", version=1)], source="api")
    set_of(shop, C=4)
    later = HOUR + timedelta(days=1)
    ingest_orders(account=shop.account, orders=[order(code="set", version=2, ordered_at=later)], source="api")
    assert sold_of(shop) == {"C": {later: 12}}


def test_d2_an_order_that_is_paid_after_its_set_changed_takes_the_parts_that_it_was_counted_as(shop: Shop, order: Make) -> None:
    Account.objects.update(reduce_on="pay")
    shop.account.refresh_from_db()
    for sku in "AC":
        shop.stock(sku, 20)
    set_of(shop, A=2)
    ingest_orders(account=shop.account, orders=[order(code="set", status="created")], source="api")
    set_of(shop, C=4)
    ingest_orders(account=shop.account, orders=[order(code="set", status="paid")], source="api")
    assert (stock_of(shop), sold_of(shop)) == ({"A": (14, 6), "B": (0, 0), "C": (20, 0)}, {"A": {HOUR: 6}})


def test_d2_lines_from_before_parts_were_written_down_are_counted_as_their_listing_says(shop: Shop, order: Make) -> None:
    set_of(shop, A=2)
    ingest_orders(account=shop.account, orders=[order(code="set", version=1)], source="api")
    OrderLine.objects.update(parts=None)
    assert link_listing(listing=Listing.objects.get(code="set"), components=[ComponentInput(shop.skus["SET"].pk)]).lines == 0
    ingest_orders(account=shop.account, orders=[order(code="set", version=2, qty=2)], source="api")
    assert sold_of(shop) == {"A": {HOUR: 4}}
    ingest_orders(account=shop.account, orders=[order(code="set", version=3, status="cancelled")], source="api")
    assert sold_of(shop) == {}


def remapped(shop: Shop) -> None:
    """The listing `gift` delivers A until the day of the order, the 10th of March, and B from the next day on."""
    parts = [
        ComponentInput(shop.skus["A"].pk, valid_to=date(2026, 3, 10)),
        ComponentInput(shop.skus["B"].pk, valid_from=date(2026, 3, 11)),
    ]
    link_listing(listing=shop.listing("gift"), components=parts)


@pytest.mark.parametrize("grade", ["new", "damaged"])
def test_d2_a_return_that_came_before_its_order_is_set_right_when_the_order_is_told(shop: Shop, order: Make, grade: str) -> None:
    bucket = "available" if grade == "new" else "unsellable"
    for sku in "AB":
        shop.stock(sku, 10)
    before = {sku: shop.balance(sku, bucket) for sku in "AB"}
    remapped(shop)
    ingest_returns(account=shop.account, returns=[returned(code="gift", grade=grade)])
    assert (shop.balance("A", bucket), shop.balance("B", bucket)) == (before["A"], before["B"] + 2)
    # An order without that listing says nothing of it.
    ingest_orders(account=shop.account, orders=[order(code="a-1", qty=1, fulfilled_by="platform")], source="api")
    assert (shop.balance("A", bucket), shop.balance("B", bucket)) == (before["A"], before["B"] + 2)
    told = order(code="gift", line_id="L2", fulfilled_by="platform", version=1, is_complete=False)
    for _ in range(2):
        ingest_orders(account=shop.account, orders=[told], source="api")
        assert (shop.balance("A", bucket), shop.balance("B", bucket)) == (before["A"] + 2, before["B"])
    assert CustomerReturn.objects.get().sku == shop.skus["A"]
    moved = Movement.objects.filter(reference="return:dy-main:R1").order_by("id")
    assert list(moved.values_list("sku__code", "from_bucket", "to_bucket", "qty", "kind")) == [
        ("B", None, bucket, 2, "return"), ("A", None, bucket, 2, "correct"), ("B", bucket, None, 2, "correct"),
    ]  # fmt: skip
    # The order turns out to be of the next day: what came back follows.
    ingest_orders(account=shop.account, orders=[replace(told, version=2, ordered_at=HOUR + timedelta(days=1))], source="api")
    assert (shop.balance("A", bucket), shop.balance("B", bucket)) == (before["A"], before["B"] + 2)
    assert reconcile() == []


def test_d2_what_came_back_as_something_else_and_has_gone_on_stays_and_is_disputed(shop: Shop, order: Make) -> None:
    remapped(shop)
    ingest_returns(account=shop.account, returns=[returned(code="gift")])
    ingest_orders(account=shop.account, orders=[order("1002", code="b-1", qty=1)], source="api")
    ingest_orders(account=shop.account, orders=[order(code="gift", qty=2, status="shipped")], source="api")
    assert (shop.balance("B"), shop.balance("B", "reserved")) == (0, 1)
    assert (CustomerReturn.objects.get().sku, shop.balance("A")) == (shop.skus["A"], 2)
    assert set(StockDispute.objects.filter(cause="unbacked", resolved_at=None).values_list("sku__code", flat=True)) == {"A", "B"}
    for _ in range(2):
        ingest_orders(account=shop.account, orders=[order(code="gift", qty=2, version=1, status="completed")], source="api")
        assert (shop.balance("B", "reserved"), Movement.objects.filter(kind="correct").count()) == (1, 2)
    assert reconcile() == []


def test_d2_a_part_that_has_become_a_set_comes_back_as_its_own_parts(shop: Shop, order: Make) -> None:
    set_of(shop, A=2)
    ingest_orders(account=shop.account, orders=[order(code="set", fulfilled_by="platform")], source="api")
    upsert_sku(SkuInput(code="SET", components=[Part(sku="C")]))
    upsert_sku(SkuInput(code="A", components=[Part(sku="B", qty=3)]))
    ingest_returns(account=shop.account, returns=[returned(code="set")])
    assert (shop.balance("A"), shop.balance("B"), shop.balance("C")) == (0, 12, 0)


def test_d2_a_return_and_its_order_that_did_not_see_each_other_are_put_together_by_the_next_look(shop: Shop, order: Make) -> None:
    remapped(shop)
    ingest_orders(account=shop.account, orders=[order(code="gift", fulfilled_by="platform")], source="api")
    ingest_returns(account=shop.account, returns=[returned(code="gift", order_external_id="later")])
    CustomerReturn.objects.update(order_external_id="1001")  # as it was written while the order was
    assert shop.balance("B") == 2
    assert correct_missed(shop.account) == 1
    assert (shop.balance("A"), shop.balance("B")) == (2, 0)
    with clock.at(clock.now() + timedelta(days=2)):
        assert correct_missed(shop.account) == 0


def _order(status: str, version: int, *, day: int, qty: int) -> OrderRecord:
    """What is told of order 1001: two listings that were mapped to other SKUs after the 10th, and a set."""
    at = HOUR.replace(day=day)
    lines = (OrderLineRecord("gift", qty, Decimal(5), line_id="1"), OrderLineRecord("set", 2, Decimal(9), line_id="2"))
    shipped_at = at + timedelta(hours=5) if status in ("shipped", "completed") else None
    return OrderRecord("1001", status, at, "CNY", lines, version=version, paid_at=at, shipped_at=shipped_at)


@st.composite
def lives(draw: st.DrawFn) -> list[OrderRecord | ReturnRecord]:
    """An order that is placed, shipped, comes back in parts and may be cancelled, as its source tells it in order."""
    days, qtys = st.sampled_from([10, 11]), st.integers(3, 5)
    statuses = ["paid", "shipped", draw(st.sampled_from(["completed", "cancelled"]))]
    if draw(st.booleans()):
        statuses.remove("shipped")
    orders = [_order(status, version, day=draw(days), qty=draw(qtys)) for version, status in enumerate(statuses, 1)]
    grade = st.sampled_from(["new", "damaged"])
    returns = [
        returned(external_id=f"R{number}", code=code, qty=draw(st.integers(1, 2)), grade=draw(grade), order_external_id=of)
        for number, (code, of) in enumerate([("gift", "1001"), ("set", "1001"), ("gift", "1001"), ("gift", "another")])
    ]
    return [*orders[:-1], *returns, orders[-1]]


def _tell(shop: Shop, record: OrderRecord | ReturnRecord, *, through_inbox: bool) -> None:
    kind = "order" if isinstance(record, OrderRecord) else "return"
    if through_inbox:
        accept_records(account=shop.account, kind=kind, records=[record], source="webhook")
        apply_due()
    elif isinstance(record, OrderRecord):
        ingest_orders(account=shop.account, orders=[record], source="api")
    else:
        ingest_returns(account=shop.account, returns=[record])


def _facts(shop: Shop) -> dict[str, Any]:
    """Everything that came of what was told, without what says how it came about."""
    lots = Lot.objects.exclude(received_qty=0).order_by("reference", "sku__code")
    allocations = Allocation.objects.exclude(wanted_qty=0).values_list("sku__code", "wanted_qty", "reserved_qty", "shipped_qty")
    return {
        "sold": sold_of(shop),
        "balances": sorted(Balance.objects.exclude(qty=0).values_list("sku__code", "bucket_id", "qty")),
        "allocations": sorted(allocations),
        "returns": sorted(CustomerReturn.objects.values_list("external_id", "sku__code", "qty")),
        "lots": list(lots.values_list("reference", "sku__code", "received_qty", "received_on", "grade")),
        "lines": sorted(OrderLine.objects.values_list("line_key", "status", "qty", "sku__code", "counted_qty", "ordered_at")),
    }


def _facts_after(shop: Shop, told: Sequence[OrderRecord | ReturnRecord], through_inbox: Sequence[bool]) -> dict[str, Any]:
    """What they leave behind, undone afterwards."""
    with transaction.atomic():
        for record, by_inbox in zip(told, through_inbox, strict=True):
            _tell(shop, record, through_inbox=by_inbox)
        found = _facts(shop)
        assert reconcile() == []
        transaction.set_rollback(True)
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(life=lives(), data=st.data())
def test_i3_d2_the_facts_do_not_depend_on_whether_the_order_or_its_return_comes_first(
    life: list[OrderRecord | ReturnRecord], data: st.DataObject, db: None
) -> None:
    told = data.draw(st.permutations([*life, *data.draw(st.lists(st.sampled_from(life), max_size=3))]))
    through_inbox = data.draw(st.lists(st.booleans(), min_size=len(told), max_size=len(told)))
    with transaction.atomic():
        shop = small_shop()
        for sku in "ABC":
            shop.stock(sku, 100)
        remapped(shop)
        set_of(shop, B=2, C=1)
        assert _facts_after(shop, told, through_inbox) == _facts_after(shop, life, [False] * len(life))
        transaction.set_rollback(True)
