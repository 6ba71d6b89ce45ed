"""What could not be taken: tried again by hand, all of one cause, or by itself once its cause is mended; or dismissed with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from stockhub.access.scopes import NotAllowedError
from stockhub.catalog.models import Warehouse
from stockhub.channels.inbox import Applied, accept_records, apply_due
from stockhub.channels.listing_links import ComponentInput, link_listing
from stockhub.channels.models import Account, CustomerReturn, Listing, Order, PriceFact, Quarantined
from stockhub.channels.quarantine_retries import Retried, dismiss_quarantined, retry_matching, retry_mended, retry_quarantined
from stockhub.channels.received_models import ReceivedRecord
from stockhub.channels.services import ingest_listings, ingest_orders, ingest_returns, ingest_stock
from stockhub.core import actor, clock
from stockhub.cycles.executor import run_inline
from stockhub.cycles.services import request_cycle
from stockhub.inventory.models import Balance
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import ListingRecord, OrderRecord, ReturnRecord, StockCountRecord
from stockhub.values.errors import DomainError
from tests.channels.conftest import ORDERED
from tests.channels.shop import LEDGER_START, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Make = Callable[..., OrderRecord]


def build(code: str, **options: str) -> Warehouse:
    return Warehouse.objects.create(code=code, name=code, ledger_starts_at=LEDGER_START, **options)


def held() -> list[tuple[str, str, str, int, bool]]:
    """Kind, id, cause, attempts, and whether it is open."""
    rows = Quarantined.objects.order_by("id").values_list("kind", "external_id", "code", "attempts", "resolved_at")
    return [(kind, external_id, code, attempts, resolved is None) for kind, external_id, code, attempts, resolved in rows]


def refuse_one_of_each(shop: Shop, order: Make) -> None:
    """An order, a return and a count for a warehouse that is missing, a listing of tomorrow's tomorrow."""
    ingest_orders(account=shop.account, orders=[order("1", line_warehouse="CN9")], source="connector")
    ingest_returns(account=shop.account, returns=[ReturnRecord("R1", "a-1", 2, ORDERED, grade="new", warehouse="CN9")])
    ingest_stock(account=shop.account, counts=[StockCountRecord("a-1", "FBA", (("available", 7),), ORDERED)])
    tomorrow = clock.now() + timedelta(hours=30)
    ingest_listings(account=shop.account, listings=[ListingRecord("n-1", tomorrow, list_price=Decimal("9.90"), currency="CNY")])


def test_every_kind_is_tried_again_and_goes_in_once_its_cause_is_mended(shop: Shop, order: Make) -> None:
    refuse_one_of_each(shop, order)
    ids = list(Quarantined.objects.values_list("pk", flat=True))
    assert retry_quarantined(ids) == Retried(taken=0, left=4)
    assert held() == [
        ("order", "1", "unknown_warehouse", 2, True),
        ("return", "R1", "unknown_warehouse", 2, True),
        ("stock", "FBA/a-1", "unknown_warehouse", 2, True),
        ("listing", "n-1", "future_time", 2, True),
    ]
    build("CN9")
    build("FBA", authority="snapshot")
    with clock.at(clock.now() + timedelta(hours=12)):
        assert retry_quarantined(ids) == Retried(taken=4, left=0)
    assert [open_ for *_rest, open_ in held()] == [False] * 4
    assert (Order.objects.count(), CustomerReturn.objects.get().qty, PriceFact.objects.get().amount) == (1, 2, Decimal("9.90"))
    assert Balance.objects.get(warehouse__code="FBA").qty == 7
    assert retry_quarantined(ids) == Retried()


def test_a_mended_cause_is_found_by_itself_and_what_is_not_mended_is_left_alone(shop: Shop, order: Make) -> None:
    refuse_one_of_each(shop, order)
    ingest_orders(account=shop.account, orders=[order("2", line_warehouse="CN8"), order("3", qty=0)], source="connector")
    assert retry_mended() == Retried(taken=0, left=1)  # time may have mended the listing: looking is the only way to know
    assert [attempts for _kind, _id, _code, attempts, _open in held()] == [1, 1, 1, 2, 1, 1]
    build("CN9")
    assert retry_mended() == Retried(taken=2, left=0)
    assert retry_mended() == Retried()
    assert [external_id for _kind, external_id, _code, _attempts, open_ in held() if open_] == ["FBA/a-1", "n-1", "2", "3"]


def test_what_is_still_refused_waits_twice_as_long_each_time(shop: Shop, order: Make) -> None:
    now = clock.now()
    later = ListingRecord("n-1", now + timedelta(days=400), list_price=Decimal(1), currency="CNY")
    ingest_listings(account=shop.account, listings=[later])
    pauses = []
    for _ in range(12):
        with clock.at(now):
            assert retry_mended() == Retried(taken=0, left=1)
            assert retry_mended() == Retried()
        waiting_until = Quarantined.objects.get().next_retry_at
        assert waiting_until is not None
        pauses.append((waiting_until - now) / timedelta(minutes=1))
        now = waiting_until
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440]


def test_linking_a_listing_releases_its_counts_and_making_a_warehouse_its_orders_by_the_cycle(shop: Shop, order: Make) -> None:
    build("FBA", authority="snapshot")
    ingest_stock(account=shop.account, counts=[StockCountRecord("new", "FBA", (("available", 7),), ORDERED)])
    ingest_orders(account=shop.account, orders=[order("1", line_warehouse="CN9")], source="connector")
    assert [code for _kind, _id, code, *_rest in held()] == ["unmapped", "unknown_warehouse"]
    link_listing(listing=Listing.objects.get(code="new"), components=[ComponentInput(shop.skus["A"].pk, 2)])
    build("CN9")
    cycle = run_inline(request_cycle(name="quarantine", requested_by="test"))
    assert (cycle.status, cycle.counts, cycle.message) == ("done", {"records_taken": 2, "records_still_refused": 0}, "")
    assert Balance.objects.get(warehouse__code="FBA").qty == 14
    assert Order.objects.count() == 1


def test_all_of_one_cause_are_tried_at_once(shop: Shop, order: Make) -> None:
    told = [order(str(n), line_warehouse="CN9") for n in range(5)]
    ingest_orders(account=shop.account, orders=[*told, order("bad", qty=0)], source="connector")
    other = Account.objects.create(code="dy-2", name="Second", marketplace="file")
    ingest_orders(account=other, orders=told[:1], source="connector")
    build("CN9")
    assert retry_matching(account=shop.account, kind="order", code="unknown_warehouse") == Retried(taken=5, left=0)
    assert Order.objects.count() == 5
    assert [(external_id, open_) for _kind, external_id, _code, _attempts, open_ in held() if open_] == [("bad", True), ("0", True)]


def test_a_record_that_fails_for_another_reason_stands_under_that_one(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1", line_warehouse="CN9")], source="connector")
    row = Quarantined.objects.get()
    payload = dict(row.payload)
    payload["currency"] = "yuan"
    Quarantined.objects.update(payload=payload)
    assert retry_quarantined([row.pk]) == Retried(taken=0, left=1)
    assert held() == [("order", "1", "unknown_warehouse", 1, False), ("order", "1", "currency", 1, True)]


def test_two_causes_of_one_id_are_tried_one_after_the_other(shop: Shop, order: Make) -> None:
    first = order("1", version=1, line_warehouse="CN9")
    ingest_orders(account=shop.account, orders=[first], source="connector")
    ingest_orders(account=shop.account, orders=[replace(first, version=2, lines=())], source="connector")
    assert held() == [("order", "1", "unknown_warehouse", 1, False)]
    assert Order.objects.get().source_version == 2


def test_dismissed_records_are_settled_with_who_and_why(shop: Shop, order: Make) -> None:
    accept_records(account=shop.account, kind="order", records=[order("1", line_warehouse="CN9"), order("2", qty=0)], source="webhook")
    assert apply_due() == Applied(quarantined=1)
    ids = list(Quarantined.objects.values_list("pk", flat=True))
    with actor.acting_as(actor.Actor("ana")):
        assert dismiss_quarantined(ids=ids, reason=" Test orders ") == 2
        assert dismiss_quarantined(ids=ids, reason="Again") == 0
    assert set(Quarantined.objects.values_list("dismissed_by", "dismissed_reason")) == {("ana", "Test orders")}
    assert set(ReceivedRecord.objects.values_list("status", flat=True)) == {"dismissed"}
    event = Event.objects.get(kind="channels.records_dismissed.v1")
    assert (event.actor, event.payload) == ("ana", {"account": "dy-main", "kind": "order", "count": 2, "reason": "Test orders"})
    build("CN9")
    assert retry_mended() == Retried()
    assert retry_quarantined(ids) == Retried()
    # The source insists: it is refused anew, and open again.
    assert len(accept_records(account=shop.account, kind="order", records=[order("2", qty=0)], source="webhook").refused) == 1
    row = Quarantined.objects.get(external_id="2")
    assert (row.resolved_at, row.dismissed_by, row.dismissed_reason, row.attempts) == (None, None, None, 2)


def test_a_senseless_request_is_refused_and_changes_nothing(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1", qty=0)], source="connector")
    ids = [Quarantined.objects.get().pk]
    for work, code in (
        (lambda: dismiss_quarantined(ids=ids, reason="  "), "required"),
        (lambda: dismiss_quarantined(ids=ids, reason="x" * 201), "text_too_long"),
        (lambda: dismiss_quarantined(ids=range(1_001), reason="x"), "too_many_rows"),
        (lambda: retry_quarantined(range(1_001)), "too_many_rows"),
    ):
        with pytest.raises(DomainError) as refused:
            work()
        assert refused.value.code == code
    with actor.acting_as(actor.Actor("anonymous")):
        for asked in (lambda: dismiss_quarantined(ids=ids, reason="x"), lambda: retry_quarantined(ids)):
            with pytest.raises(NotAllowedError):
                asked()
        with pytest.raises(NotAllowedError):
            retry_matching(account=shop.account)
    assert held() == [("order", "1", "quantity", 1, True)]
