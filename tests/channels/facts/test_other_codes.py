"""A platform charges by numbers of its own: they deliver what the offer delivers, and what is not mapped is kept and seen (H52, U24)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from stockhub.channels.fact_models import Settlement
from stockhub.channels.inbox import Applied
from stockhub.channels.listing_links import ComponentInput, link_listing
from stockhub.channels.models import ExternalCode, Listing, ListingComponent
from stockhub.channels.quarantine_retries import retry_mended
from stockhub.core import clock
from stockhub.pluginapi.platform_records import SettlementRecord
from stockhub.pluginapi.records import ListingRecord
from tests.channels.facts.conftest import NOW, Send, refused
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def offer(code: str = "a-1", *fnskus: str) -> ListingRecord:
    return ListingRecord(code, NOW, other_codes=tuple(("fnsku", fnsku) for fnsku in fnskus))


def storage(fnsku: str = "X001", amount: str = "12.30") -> SettlementRecord:
    return SettlementRecord(f"S-{fnsku}", "monthly_storage", Decimal(amount), "USD", NOW - timedelta(days=9), code=fnsku, code_kind="fnsku")


def mended(minutes: int = 5) -> None:
    with clock.at(NOW + timedelta(minutes=minutes)):
        retry_mended()


def test_h52_a_charge_by_the_platforms_number_finds_its_sku(shop: Shop, send: Send) -> None:
    send("listing", offer("a-1", "X001"))
    assert send("settlement", storage()) == Applied(applied=1)
    assert Settlement.objects.get().sku == shop.skus["A"]


def test_h52_a_charge_that_came_first_is_seen_and_comes_in_once_its_number_is_known(shop: Shop, send: Send) -> None:
    assert send("settlement", storage()) == Applied(quarantined=1)
    assert list(refused().values()) == ["unmapped"]
    assert not Settlement.objects.exists()
    send("listing", offer("a-1", "X001"))
    mended()
    assert (Settlement.objects.get().sku, Settlement.objects.get().amount) == (shop.skus["A"], Decimal("12.30"))
    assert refused() == {}
    # Told again, it is the same charge.
    send("settlement", storage())
    assert Settlement.objects.count() == 1


def test_h52_a_number_that_two_skus_share_means_neither(shop: Shop, send: Send) -> None:
    send("listing", offer("a-1", "X001"), offer("b-1", "X001"))
    assert send("settlement", storage()) == Applied(quarantined=1)
    assert list(refused().values()) == ["unmapped"]
    assert not ExternalCode.objects.filter(kind="fnsku").exists()


def test_h52_a_number_of_two_offers_that_come_apart_means_neither(shop: Shop, send: Send) -> None:
    send("listing", offer("a-1", "X001"))
    send("listing", offer("b-1", "X001"))
    assert send("settlement", storage()) == Applied(quarantined=1)


def test_h52_the_number_of_a_multipack_is_one_too(shop: Shop, send: Send) -> None:
    listing = Listing.objects.create(account=shop.account, code="three", kind="sku")
    link_listing(listing=listing, components=[ComponentInput(shop.skus["A"].pk, 3)])
    send("settlement", storage("X003"))
    send("listing", offer("three", "X003"))
    mended()
    assert Settlement.objects.get().sku == shop.skus["A"]
    assert list(ListingComponent.objects.filter(listing__code="X003").values_list("sku_id", "qty")) == [(shop.skus["A"].pk, 3)]


def test_h52_what_a_person_linked_stays(shop: Shop, send: Send) -> None:
    by_hand = Listing.objects.create(account=shop.account, code="X001", kind="fnsku")
    link_listing(listing=by_hand, components=[ComponentInput(shop.skus["B"].pk)])
    send("listing", offer("a-1", "X001"))
    send("settlement", storage())
    assert Settlement.objects.get().sku == shop.skus["B"]


def test_h103_other_codes_that_cannot_be_are_refused(shop: Shop, send: Send) -> None:
    for bad in (offer("a-1", ""), offer("a-1", "x" * 121), offer("a-1", *map(str, range(11)))):
        assert send("listing", bad) == Applied(quarantined=1)
    assert not ExternalCode.objects.filter(kind="fnsku").exists()
