"""Absurd records are refused one by one, whichever way they come.

None stops the others, and none is stored that nobody can read (I6, row 10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from stockhub.catalog.models import Warehouse
from stockhub.channels.inbox import Applied, accept_records, apply_due
from stockhub.channels.listing_links import ComponentInput, link_listing
from stockhub.channels.models import CustomerReturn, Listing, Order, OrderLine, Quarantined
from stockhub.channels.payloads import reduced, restored
from stockhub.channels.quarantine_retries import Retried, retry_matching, retry_mended
from stockhub.channels.services import ingest_listings, ingest_orders, ingest_returns, ingest_stock
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.pluginapi.records import ListingRecord, OrderLineRecord, OrderRecord, ReturnRecord, StockCountRecord
from tests.channels.shop import LEDGER_START, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Make = Callable[..., OrderRecord]
CHINA, AMERICA = timezone(timedelta(hours=8)), timezone(timedelta(hours=-8))
#: What programs write for a time that they do not know. In another zone these lie outside of what a date can be.
NO_TIME, NO_END = datetime(1, 1, 1, tzinfo=CHINA), datetime(9999, 12, 31, 23, 59, 59, tzinfo=AMERICA)
ZERO = datetime(1970, 1, 1, tzinfo=UTC)
MARCH = datetime(2026, 3, 12, tzinfo=UTC)
HALF_A_PAIR = "x\ud800"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ordered_at": NO_TIME}, "early_time"),
        ({"ordered_at": ZERO}, "early_time"),
        ({"ordered_at": NO_END}, "future_time"),
        ({"paid_at": NO_TIME}, "early_time"),
        ({"cancelled_at": ZERO}, "early_time"),
        ({"ship_by_at": NO_END}, "late_time"),
        ({"line_ordered_at": ZERO}, "early_time"),
        ({"external_id": HALF_A_PAIR}, "order_id"),
        ({"province": HALF_A_PAIR}, "malformed"),
        ({"buyer": HALF_A_PAIR}, "malformed"),
        ({"code": HALF_A_PAIR}, "nul"),
        ({"line_promo": HALF_A_PAIR}, "nul"),
        ({"code": "pack", "qty": 10_001}, "quantity"),
    ],
)
@pytest.mark.parametrize("way", ["connector", "inbox"])
def test_row_10_an_absurd_order_is_refused_and_the_others_go_in(
    shop: Shop, order: Make, way: str, change: dict[str, object], code: str
) -> None:
    shop.listing("pack", A=1_000)
    told = [order("before", qty=1), order(**{"external_id": "1001", **change}), order("after", qty=1)]
    if way == "connector":
        assert ingest_orders(account=shop.account, orders=told, source="api").quarantined == 1
    else:
        accept_records(account=shop.account, kind="order", records=told, source="webhook")
        assert apply_due() in (Applied(applied=2), Applied(applied=2, quarantined=1))
    assert set(Order.objects.values_list("external_id", flat=True)) == {"before", "after"}
    assert list(Quarantined.objects.values_list("kind", "code")) in ([("order", code)], [("order", "malformed")])
    assert reconcile() == []


def test_row_10_the_largest_order_of_a_pack_goes_in_and_any_script_of_the_world_is_kept(shop: Shop, order: Make) -> None:
    shop.listing("pack", A=1_000)
    told = [order("订单😀\u202e", code="pack", qty=10_000, province="浙江"), order("x" * 120)]
    assert ingest_orders(account=shop.account, orders=told, source="api").new == 2
    assert OrderLine.objects.get(order__external_id="订单😀\u202e").qty == 10_000
    assert {at.year: qty for at, qty in shop.sold("A").items()} == {2026: 10_000_003}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"returned_at": NO_TIME}, "early_time"),
        ({"returned_at": NO_END}, "future_time"),
        ({"external_id": HALF_A_PAIR}, "return_id"),
        ({"order_external_id": HALF_A_PAIR}, "text_too_long"),
        ({"reason": HALF_A_PAIR}, "text_too_long"),
        ({"code": HALF_A_PAIR}, "sku"),
        ({"code": "pack", "qty": 10_001}, "quantity"),
    ],
)
def test_row_10_an_absurd_return_is_refused_and_the_others_go_in(shop: Shop, change: dict[str, object], code: str) -> None:
    shop.listing("pack", A=1_000)
    good = ReturnRecord("good", "a-1", 2, MARCH)
    result = ingest_returns(account=shop.account, returns=[replace(good, **{"external_id": "bad", **change}), good])  # type: ignore[arg-type]
    assert (result.new, [refusal.code for refusal in result.refusals]) == (1, [code])
    assert (CustomerReturn.objects.get().external_id, shop.balance("A")) == ("good", 2)


def test_row_10_a_return_that_is_too_large_for_what_its_listing_comes_to_mean_waits_and_stops_no_link(shop: Shop) -> None:
    told = [ReturnRecord("huge", "later", 10_000_000, MARCH), ReturnRecord("good", "later", 2, MARCH)]
    ingest_returns(account=shop.account, returns=told)
    link_listing(listing=Listing.objects.get(code="later"), components=[ComponentInput(shop.skus["A"].pk, qty=3)])
    assert dict(CustomerReturn.objects.values_list("external_id", "sku__code")) == {"huge": None, "good": "A"}
    assert shop.balance("A") == 6


def test_row_10_absurd_offers_and_counts_are_refused_and_the_others_go_in(shop: Shop) -> None:
    offers = [ListingRecord("a-1", at, title=title) for at, title in ((NO_TIME, "x"), (MARCH, HALF_A_PAIR), (MARCH, "Shirt"))]
    assert [each.code for each in ingest_listings(account=shop.account, listings=offers).refusals] == ["early_time", "text_too_long"]
    assert Listing.objects.get(code="a-1").title == "Shirt"
    Warehouse.objects.create(code="FBA", kind="fba", authority="snapshot", ledger_starts_at=LEDGER_START)
    shop.listing("pack", B=1_000)
    counts = [
        StockCountRecord("a-1", "FBA", (("available", 7),), NO_TIME),
        StockCountRecord("a-1", "FBA", (("available", 10_000_001),), MARCH),
        StockCountRecord("pack", "FBA", (("available", 10_001),), MARCH),
        StockCountRecord(HALF_A_PAIR, "FBA", (("available", 7),), MARCH),
        StockCountRecord("a-1", "FBA", (("available", 7),), MARCH),
    ]
    result = ingest_stock(account=shop.account, counts=counts)
    assert ([each.code for each in result.refusals], result.changed) == (["early_time", "quantity", "quantity", "sku"], 1)


def _waiting(shop: Shop, order: Make) -> None:
    """Three orders for a warehouse that nobody knew, of which the second can do nothing but fail."""
    told = [order(str(number), line_warehouse="CN9") for number in range(3)]
    accept_records(account=shop.account, kind="order", records=told, source="webhook")
    apply_due()
    Warehouse.objects.create(code="CN9", name="New", ledger_starts_at=LEDGER_START)
    # A row that was written by an older release, which let it in.
    Quarantined.objects.filter(external_id="1").update(payload={"external_id": "1"})
    assert [row.code for row in Quarantined.objects.order_by("id")] == ["unknown_warehouse"] * 3


@pytest.mark.parametrize("by_hand", ["by hand", "by itself"])
def test_i6_a_quarantined_record_that_fails_keeps_no_other_waiting(
    shop: Shop, order: Make, monkeypatch: pytest.MonkeyPatch, by_hand: str
) -> None:
    _waiting(shop, order)

    def broken(kind: str, payload: dict[str, object]) -> object:
        if payload["external_id"] == "1":
            raise RuntimeError("a bug of ours")
        return restored(kind, payload)

    monkeypatch.setattr("stockhub.channels.applying.restored", broken)
    found = retry_matching(account=shop.account) if by_hand == "by hand" else retry_mended()
    assert found == Retried(taken=2, left=1)
    assert set(Order.objects.values_list("external_id", flat=True)) == {"0", "2"}
    left = Quarantined.objects.filter(resolved_at=None).get()
    assert (left.external_id, left.code) == ("1", "failed")
    assert "RuntimeError" in left.message
    # It is tried again by hand, and no more by itself.
    assert (retry_mended(), retry_matching(account=shop.account)) == (Retried(), Retried(left=1))
    monkeypatch.undo()
    Quarantined.objects.filter(external_id="1").update(payload=_payload(order("1")))
    assert retry_matching(account=shop.account) == Retried(taken=1)
    assert not Quarantined.objects.filter(resolved_at=None).exists()


def _payload(record: OrderRecord) -> dict[str, object]:
    assert isinstance(record.lines[0], OrderLineRecord)
    return reduced(record, 1)
