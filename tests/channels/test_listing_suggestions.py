"""Suggestions for listings that deliver nothing yet: with a score and a reason, accepted by people, never by themselves (U24)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from stockhub.access.scopes import NotAllowedError
from stockhub.catalog.models import Sku
from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.listing_links import link_by_code
from stockhub.channels.listing_suggestions import Reason, suggestions
from stockhub.channels.models import Account, ExternalCode, Listing, ListingComponent, OrderLine
from stockhub.channels.multipacks import units_in
from stockhub.channels.suggestion_acceptance import Acceptance, Accepted, accept_suggestions
from stockhub.core.actor import Actor, acting_as
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import OrderRecord
from stockhub.values.errors import DomainError
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("title", "units"),
    [
        ("纯棉T恤 2件装", 2), ("纯棉T恤 两件装", 2), ("洗发水 500ml x2", 2), ("洗发水 500ml ×3", 3),
        ("Socks, pack of 6", 6),
        ("Socks 12-pack", 12), ("Soap 3 pcs", 3), ("毛巾三条装", 3), ("毛巾 10 条装", 10), ("iPhone X2 case", 1),
        ("Frame 10x15 cm", 1),
        ("Towel x 30 cm", 1),
        ("袜子", 1),         ("", 1), ("牙刷 0支装", 1), ("ＳＯＡＰ ｘ４", 4),
    ],
)  # fmt: skip
def test_a_title_says_how_many_units_it_sells(title: str, units: int) -> None:
    assert units_in(title) == units


def told(*listings: Listing) -> dict[str, list[tuple[str, int, float, str]]]:
    """SKU, units, score and reason of each suggestion, by the listing's code."""
    codes = dict(Sku.objects.values_list("pk", "code"))
    found = suggestions(listings)
    return {each.code: [(codes[s.sku_id], s.qty, s.score, s.reason.value) for s in found.get(each.pk, ())] for each in listings}


def listing(shop: Shop, code: str, title: str = "", kind: str = "sku_id") -> Listing:
    return Listing.objects.create(account=shop.account, kind=kind, code=code, title=title)


def test_u24_each_reason_suggests_with_its_score(shop: Shop) -> None:
    skus = shop.skus
    other = Account.objects.create(code="other", name="Other", marketplace="file")
    sold = Listing.objects.create(account=other, code="7001", title="x")
    ListingComponent.objects.create(listing=sold, sku=skus["A"], qty=2)
    ExternalCode.objects.create(sku=skus["B"], kind="asin", value="B0BBB")
    ExternalCode.objects.create(sku=skus["C"], kind="ean", value="6901234567892", account=shop.account)
    ExternalCode.objects.create(sku=skus["C"], kind="asin", value="B0CCC", account=other)
    Sku.objects.create(code="CAP-RED-01", name="红色棒球帽 夏季遮阳")
    Sku.objects.create(code="CAP-BLUE-01", name="蓝色棒球帽 夏季遮阳")
    chosen = [
        listing(shop, "A"), listing(shop, "B0BBB"), listing(shop, "6901234567892"),
        listing(shop, "7001"),
        listing(shop, "cap red 01", "2件装"),
        listing(shop, "9", "红色棒球帽夏季遮阳 2件装"),
        listing(shop, "B0CCC"),
        listing(shop, "10", "完全不同"),
    ]  # fmt: skip
    found = told(*chosen)
    assert found["A"] == [("A", 1, 1.0, "same_code")]
    assert found["B0BBB"] == [("B", 1, 1.0, "external_code")]
    assert found["6901234567892"] == [("C", 1, 0.98, "barcode")]
    assert found["7001"] == [("A", 2, 0.95, "other_account")]
    assert found["cap red 01"] == [("CAP-RED-01", 2, 0.9, "alike_code")]
    red, blue = found["9"]
    assert (red[:2], red[3], blue[:2]) == (("CAP-RED-01", 2), "alike_title", ("CAP-BLUE-01", 2))
    assert 0.85 > red[2] > blue[2] > 0.4
    # What another account alone knows says nothing here.
    assert (found["B0CCC"], found["10"]) == ([], [])


def test_u24_a_code_of_several_skus_is_less_sure_and_a_pack_of_packs_is_one(shop: Shop) -> None:
    for code in ("A", "B"):
        ExternalCode.objects.create(sku=shop.skus[code], kind="asin", value="SHARED")
    Sku.objects.create(code="PACK-6", name="Socks pack of 6")
    found = told(listing(shop, "SHARED"), listing(shop, "pack6", "Socks, 12-pack"))
    assert found["SHARED"] == [("A", 1, 0.8, "external_code"), ("B", 1, 0.8, "external_code")]
    assert found["pack6"][0][:2] == ("PACK-6", 2)


def test_suggestions_cost_as_many_queries_for_many_listings(shop: Shop) -> None:
    many = [listing(shop, f"L{number}", f"Title {number}") for number in range(50)]
    with CaptureQueriesContext(connection) as asked:
        assert suggestions([]) == {}
        suggestions(many)
    assert len(asked.captured_queries) <= 5


def test_u24_suggestions_are_accepted_in_bulk_row_by_row_and_earlier_orders_are_counted_in(
    shop: Shop, order: Callable[..., OrderRecord]
) -> None:
    shop.stock("A", 20)
    ingest_orders(account=shop.account, orders=[order("1", code="new", qty=3)], source="webhook")
    listing(shop, "taken").components.create(sku=shop.skus["B"])
    rows = [
        Acceptance("new", "A", 2), Acceptance("taken", "A", kind="sku_id"), Acceptance("nothing", "A"), Acceptance("new", "NONE"),
        Acceptance("new", "A", 0),
    ]  # fmt: skip
    done = accept_suggestions(account=shop.account, rows=rows, idempotency_key="k1")
    new = Listing.objects.get(code="new")
    assert done[0] == Accepted(0, new.pk, lines=1)
    assert [(each.index, each.error.code, each.error.path) for each in done[1:] if each.error] == [
        (1, "already_linked", ("rows", "1", "code")), (2, "not_found", ("rows", "2", "code")), (3, "not_found", ("rows", "3", "sku")),
        (4, "invalid_quantity", ("rows", "4", "qty")),
    ]  # fmt: skip
    assert (OrderLine.objects.get().sku, shop.balance("A"), shop.balance("A", "reserved")) == (shop.skus["A"], 14, 6)
    events = Event.objects.count()
    again = accept_suggestions(account=shop.account, rows=rows, idempotency_key="k1")
    assert again[0] == Accepted(0, new.pk, lines=0)
    assert Event.objects.count() == events
    with pytest.raises(DomainError) as refused:
        accept_suggestions(account=shop.account, rows=rows[:1], idempotency_key="k1")
    assert refused.value.code == "idempotency_key_reused"
    for wrong in ([], rows * 100):
        with pytest.raises(DomainError, match="Name 1 to"):
            accept_suggestions(account=shop.account, rows=wrong)
    with acting_as(Actor("anonymous")), pytest.raises(NotAllowedError):
        accept_suggestions(account=shop.account, rows=rows)


def test_nothing_is_linked_by_itself_but_an_equal_code_and_that_only_where_the_site_wants_it(
    shop: Shop, order: Callable[..., OrderRecord], settings: Settings
) -> None:
    settings.STOCKHUB_LINK_EQUAL_CODES = False
    equal, alike = listing(shop, "A", kind="sku"), listing(shop, "a.", kind="sku")
    ingest_orders(account=shop.account, orders=[order("1", code="B")], source="webhook")
    assert link_by_code(account=shop.account) == 0
    assert told(equal)["A"][0][3] == Reason.SAME_CODE
    settings.STOCKHUB_LINK_EQUAL_CODES = True
    assert link_by_code(account=shop.account) == 2
    assert list(ListingComponent.objects.filter(listing__in=[equal, alike]).values_list("listing__code", flat=True)) == ["A"]
