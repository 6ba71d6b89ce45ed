"""Linking a listing in the admin: what becomes of its orders and of what had come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels.models import Listing
from stockhub.channels.services import ingest_returns
from stockhub.core import clock
from stockhub.inventory.models import Balance
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import ReturnRecord
from tests.cockpit.made_up_shop import Shop
from tests.cockpit.test_actions import management

pytestmark = pytest.mark.django_db
MakeShop = Callable[..., Shop]


def test_linking_a_listing_counts_its_orders(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    listing = Listing.objects.create(account=made.account, code="unlinked", title="new")
    url = reverse("admin:channels_listing_change", args=[listing.pk])
    data = {
        "account": made.account.pk,
        "kind": "sku",
        "code": "unlinked",
        "title": "new",
        "status": "active",
        "url": "",
        "seen_version": "1",
        **management("components", 1),
        "components-0-sku": made.sku.pk,
        "components-0-qty": "2",
    }
    assert browser.post(url, data).status_code == 302
    assert list(listing.components.values_list("sku", "qty")) == [(made.sku.pk, 2)]
    assert Event.objects.filter(kind="channels.listing_linked.v1", entity_id=listing.pk).count() == 1


def test_d2_linking_a_listing_anew_moves_what_had_come_back_and_says_so(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    start = clock.now() - timedelta(days=1)
    Warehouse.objects.update(ledger_starts_at=start)
    listing = Listing.objects.create(account=made.account, code="returned")
    row = listing.components.create(sku=made.sku)
    record = ReturnRecord("back", "returned", 2, start + timedelta(hours=1), warehouse=made.warehouse.code)
    assert ingest_returns(account=made.account, returns=[record]).new == 1
    other = Sku.objects.create(code="returned-as")
    data = {
        "account": made.account.pk,
        "kind": "sku",
        "code": "returned",
        "title": "",
        "status": "active",
        "url": "",
        "seen_version": "1",
        **management("components", 1, 1),
        "components-0-id": row.pk,
        "components-0-listing": listing.pk,
        "components-0-sku": other.pk,
        "components-0-qty": "1",
    }
    page = browser.post(reverse("admin:channels_listing_change", args=[listing.pk]), data, follow=True)
    told = [str(message) for message in page.context["messages"]]
    assert "Order lines counted anew: 0. Returns moved to the new SKUs: 1." in told
    assert Balance.objects.get(sku=other, warehouse=made.warehouse, bucket="available").qty == 2
