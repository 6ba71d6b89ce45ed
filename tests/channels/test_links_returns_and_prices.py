"""Mapping late, returns, listings, counts and scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels.listing_links import ComponentInput, link_by_code, link_listing
from stockhub.channels.models import CustomerReturn, ExperienceScore, ExternalCode, Feed, Listing, OrderLine, PriceFact, Quarantined
from stockhub.channels.pushes.models import ShownStock
from stockhub.channels.selectors import unmapped_listings
from stockhub.channels.services import ingest_listings, ingest_orders, ingest_returns, ingest_stock, record_experience_score
from stockhub.inventory.models import Balance, Lot
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import ListingRecord, OrderRecord, ReturnRecord, StockCountRecord
from stockhub.values.errors import DomainError
from tests.channels.shop import LEDGER_START, Shop, set_of, stock_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOUR = datetime(2026, 3, 10, 6, tzinfo=UTC)
Make = Callable[..., OrderRecord]


def test_linking_an_unmapped_listing_counts_its_lines_and_takes_their_stock(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    early = LEDGER_START - timedelta(days=1)
    ingest_orders(account=shop.account, orders=[order("1", code="new"), order("2", code="new", ordered_at=early)], source="api")
    listing = Listing.objects.get(code="new")
    assert [(row.code, vars(row)["waiting"]) for row in unmapped_listings()] == [("new", 2)]
    components = [ComponentInput(shop.skus["A"].pk, 2)]
    assert link_listing(listing=listing, components=components).lines == 2
    assert shop.sold("A") == {HOUR: 6, early: 6}
    assert (shop.balance("A"), shop.balance("A", "reserved")) == (4, 6)
    assert link_listing(listing=listing, components=components).lines == 0
    assert (shop.balance("A"), shop.sold("A")) == (4, {HOUR: 6, early: 6})


def test_mapping_a_listing_anew_moves_its_sales_and_stock_to_the_other_sku(shop: Shop, order: Make) -> None:
    shop.stock("A", 10)
    shop.stock("B", 10)
    ingest_orders(account=shop.account, orders=[order("1")], source="api")
    link_listing(listing=Listing.objects.get(code="a-1"), components=[ComponentInput(shop.skus["B"].pk)])
    assert (shop.sold("A"), shop.sold("B")) == ({}, {HOUR: 3})
    assert (shop.balance("A"), shop.balance("B")) == (10, 7)
    assert OrderLine.objects.get().sku == shop.skus["B"]


@pytest.mark.parametrize(
    "component",
    [ComponentInput(1, 0), ComponentInput(1, 100_001), ComponentInput(1, 1, date(2026, 2, 1), date(2026, 1, 1))],
)
def test_a_senseless_component_is_refused_and_changes_nothing(shop: Shop, component: ComponentInput) -> None:
    listing = Listing.objects.get(code="a-1")
    with pytest.raises(DomainError):
        link_listing(listing=listing, components=[component])
    assert listing.components.count() == 1


def test_a_listing_with_the_code_of_a_sku_is_linked_when_it_first_appears_or_when_the_sku_does(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1", code="A"), order("2", code="LATE")], source="api")
    assert shop.sold("A") == {HOUR: 3}
    shop.skus["LATE"] = Sku.objects.create(code="LATE")
    assert link_by_code() == 1
    assert shop.sold("LATE") == {HOUR: 3}


def test_an_external_code_of_two_skus_links_nothing(shop: Shop, order: Make) -> None:
    for sku in "AB":
        ExternalCode.objects.create(account=shop.account, sku=shop.skus[sku], kind="asin", value="B0X")
    ingest_orders(account=shop.account, orders=[order("1", code="B0X", line_code_kind="asin")], source="api")
    assert OrderLine.objects.get().sku is None


def _returned(**changes: object) -> ReturnRecord:
    return replace(ReturnRecord("R1", "a-1", 2, datetime(2026, 3, 12, tzinfo=UTC), order_external_id="1001"), **changes)  # type: ignore[arg-type]


def test_a_return_is_a_lot_with_a_grade_once_and_never_negative_demand(shop: Shop) -> None:
    records = [_returned(), _returned(external_id="R2", grade="damaged")]
    assert ingest_returns(account=shop.account, returns=records).new == 2
    again = ingest_returns(account=shop.account, returns=records)
    assert (again.new, again.unchanged) == (0, 2)
    assert (shop.balance("A"), shop.balance("A", "unsellable")) == (2, 2)
    assert sorted(Lot.objects.values_list("grade", "received_qty")) == [("damaged", 2), ("like_new", 2)]
    assert shop.sold("A") == {}


def test_a_return_from_before_the_ledger_is_a_fact_and_no_lot(shop: Shop) -> None:
    ingest_returns(account=shop.account, returns=[_returned(returned_at=LEDGER_START - timedelta(days=1))])
    assert (CustomerReturn.objects.count(), Lot.objects.count(), shop.balance("A")) == (1, 0, 0)


def test_d2_a_return_that_comes_before_its_listing_is_linked_comes_in_with_the_link(shop: Shop) -> None:
    """In whatever order they come: its listing linked, told again, or applied again; once, and a set as its parts."""
    early = [_returned(code="later"), _returned(external_id="R2", code="later", grade="damaged")]
    assert ingest_returns(account=shop.account, returns=early).new == 2
    assert (Lot.objects.count(), CustomerReturn.objects.filter(sku=None).count()) == (0, 2)
    listing = Listing.objects.get(code="later")
    parts = [ComponentInput(sku_id=shop.skus["A"].pk, qty=2), ComponentInput(sku_id=shop.skus["B"].pk)]
    for _ in range(2):
        assert link_listing(listing=listing, components=parts).lines == 0
        assert (shop.balance("A"), shop.balance("B"), shop.balance("A", "unsellable"), shop.balance("B", "unsellable")) == (4, 2, 4, 2)
    assert set(CustomerReturn.objects.values_list("sku", "warehouse")) == {(shop.skus["A"].pk, shop.warehouse.pk)}
    # One that was written while its listing was being linked is found by the next look, and by being told again.
    for number, units in ((0, 6), (1, 8)):
        late = _returned(external_id=f"L{number}", code="later")
        CustomerReturn.objects.create(
            account=shop.account, external_id=late.external_id, listing=listing, qty=2, grade="like_new", returned_at=late.returned_at
        )
        if number:
            assert link_by_code(account=shop.account) == 0
        else:
            assert ingest_returns(account=shop.account, returns=[late]).unchanged == 1
        assert (shop.balance("A"), shop.balance("B")) == (2 * (units - 2), units - 2)
    assert ingest_returns(account=shop.account, returns=early).unchanged == 2
    assert reconcile() == []


def test_d2_a_returned_set_comes_in_as_the_parts_that_its_order_took(shop: Shop, order: Make) -> None:
    """The set is of other parts by the time when its order ships, and when it comes back."""
    for sku in "ABC":
        shop.stock(sku, 20)
    set_of(shop, A=2, B=1)
    ingest_orders(account=shop.account, orders=[order(code="set", qty=3)], source="api")
    assert stock_of(shop) == {"A": (14, 6), "B": (17, 3), "C": (20, 0)}
    set_of(shop, B=5, C=1)
    for status in ("shipped", "shipped", "completed"):
        ingest_orders(account=shop.account, orders=[order(code="set", qty=3, status=status)], source="api")
        assert stock_of(shop) == {"A": (14, 0), "B": (17, 0), "C": (20, 0)}
    ingest_orders(account=shop.account, orders=[order("1002", code="set", qty=1, status="shipped")], source="api")
    assert stock_of(shop) == {"A": (14, 0), "B": (12, 0), "C": (19, 0)}
    returns = [
        _returned(code="set"),
        _returned(external_id="R2", code="set", qty=1, grade="damaged"),
        _returned(external_id="R3", code="set", qty=1, order_external_id="1002"),
        # Nobody told of that order: the set is what it is on the day of the return.
        _returned(external_id="R4", code="set", qty=1, order_external_id="unknown"),
    ]
    for new in (4, 0):
        assert ingest_returns(account=shop.account, returns=returns).new == new
        assert stock_of(shop) == {"A": (18, 0), "B": (24, 0), "C": (21, 0)}
        assert [shop.balance(sku, "unsellable") for sku in "ABC"] == [2, 1, 0]
    assert set(CustomerReturn.objects.values_list("sku__code", flat=True)) == {"SET"}
    assert sorted(Lot.objects.filter(reference="return:dy-main:R1").values_list("sku__code", "received_qty")) == [("A", 4), ("B", 2)]
    assert reconcile() == []


def test_d2_an_order_keeps_its_parts_with_another_quantity_and_gives_them_back_when_it_is_cancelled(shop: Shop, order: Make) -> None:
    for sku in "ABC":
        shop.stock(sku, 20)
    set_of(shop, A=2, B=1)
    ingest_orders(account=shop.account, orders=[order(code="set", qty=3, version=1)], source="api")
    set_of(shop, C=4)
    ingest_orders(account=shop.account, orders=[order(code="set", qty=2, version=2)], source="api")
    assert stock_of(shop) == {"A": (16, 4), "B": (18, 2), "C": (20, 0)}
    ingest_orders(account=shop.account, orders=[order(code="set", qty=2, version=3, status="cancelled")], source="api")
    assert stock_of(shop) == {"A": (20, 0), "B": (20, 0), "C": (20, 0)}
    assert reconcile() == []


def test_d2_what_is_mapped_by_dates_comes_back_as_what_was_delivered_on_the_day_of_the_order(shop: Shop, order: Make) -> None:
    """Also where its order took no stock of ours, and where the return waited for the link."""
    shop.stock("A", 10)
    shop.stock("B", 10)
    told = [order(code="gift"), order("1002", code="gift", fulfilled_by="platform")]
    ingest_orders(account=shop.account, orders=told, source="api")
    returns = [_returned(code="gift"), _returned(external_id="R2", code="gift", order_external_id="1002")]
    ingest_returns(account=shop.account, returns=returns)
    # Ordered on the 10th, back on the 12th.
    parts = [
        ComponentInput(shop.skus["A"].pk, valid_to=date(2026, 3, 10)),
        ComponentInput(shop.skus["B"].pk, valid_from=date(2026, 3, 11)),
    ]
    link_listing(listing=Listing.objects.get(code="gift"), components=parts)
    assert (shop.balance("A"), shop.balance("B")) == (10 - 3 + 2 + 2, 10)
    ingest_returns(account=shop.account, returns=[_returned(external_id="R3", code="gift", order_external_id="unknown")])
    assert (shop.balance("A"), shop.balance("B")) == (11, 12)
    assert reconcile() == []


@pytest.mark.parametrize("change", [{"qty": 0}, {"grade": "shiny"}, {"external_id": ""}, {"warehouse": "nowhere"}, {"code": ""}])
def test_a_bad_return_goes_into_quarantine(shop: Shop, change: dict[str, object]) -> None:
    result = ingest_returns(account=shop.account, returns=[_returned(**change), _returned(external_id="good")])
    assert (result.new, result.quarantined) == (1, 1)
    assert Quarantined.objects.get().kind == "return"


def test_a_price_is_added_when_it_changes_and_only_then(shop: Shop) -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    for number, price in enumerate(("10", "10", "12", "10")):
        record = ListingRecord("a-1", day + timedelta(days=number), title="Shirt", list_price=Decimal(price))
        ingest_listings(account=shop.account, listings=[record])
    assert list(PriceFact.objects.order_by("occurred_at").values_list("amount", "currency")) == [
        (Decimal(10), "CNY"),
        (Decimal(12), "CNY"),
        (Decimal(10), "CNY"),
    ]
    assert Listing.objects.get(code="a-1").title == "Shirt"


def test_a_count_is_taken_over_where_the_platform_counts_and_is_an_observation_where_we_do(shop: Shop) -> None:
    fba = Warehouse.objects.create(code="FBA", kind="fba", authority="snapshot", ledger_starts_at=LEDGER_START)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    counts = [
        StockCountRecord("a-1", "FBA", (("available", 7), ("reserved", 2)), at),
        StockCountRecord("a-1", "CN1", (("available", 7),), at),
        StockCountRecord("unknown", "FBA", (("available", 7),), at),
        StockCountRecord("b-1", "FBA", (("available", -1),), at),
    ]
    result = ingest_stock(account=shop.account, counts=counts)
    assert sorted(refusal.code for refusal in result.refusals) == ["quantity", "unmapped"]
    seen = ShownStock.objects.get()
    assert (seen.listing.code, seen.warehouse, seen.qty, seen.observed_at) == ("a-1", "CN1", 7, at)
    assert shop.balance("A") == 0, "the ledger does not follow what a platform shows"
    assert dict(Balance.objects.filter(warehouse=fba).values_list("bucket_id", "qty")) == {"available": 7, "reserved": 2}
    assert ingest_stock(account=shop.account, counts=counts[:1]).changed == 0
    assert Feed.objects.get(kind="stock").data_until_at == at


def test_d24_an_experience_score_is_recorded_once_with_the_line_it_is_held_against(shop: Shop) -> None:
    shop.account.experience_score_floor = 80
    shop.account.save()
    at = datetime(2026, 3, 1, tzinfo=UTC)
    for _again in range(2):
        record_experience_score(account=shop.account, score=76.5, occurred_at=at)
    assert ExperienceScore.objects.get().score == 76.5
    assert Event.objects.get(kind="channels.experience_score_observed.v1").payload == {"account": "dy-main", "score": 76.5, "floor": 80}
    for bad in (float("nan"), -1, 101):
        with pytest.raises(DomainError):
            record_experience_score(account=shop.account, score=bad)
    assert ExperienceScore.objects.count() == 1


def test_a_link_that_was_cut_short_is_finished_by_the_next_one(shop: Shop, order: Make) -> None:
    ingest_orders(account=shop.account, orders=[order("1", code="new")], source="api")
    Listing.objects.get(code="new").components.create(sku=shop.skus["A"])
    assert shop.sold("A") == {}
    assert link_by_code() == 0
    assert shop.sold("A") == {HOUR: 3}
