"""What people do about pushes and suggestions in the admin (U24)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.channels.models import Account, ExternalCode, Listing, ListingComponent
from stockhub.channels.webhooks.models import UnreadableWebhook, WebhookMessage
from tests.cockpit.made_up_shop import Shop
from tests.cockpit.test_actions import selected

pytestmark = pytest.mark.django_db
MakeShop = Callable[[int], Shop]


def test_messages_are_tried_again_and_pushes_that_cannot_be_read_are_dismissed(browser: Client, shop: MakeShop) -> None:
    shop(2)
    first = WebhookMessage.objects.order_by("pk")[0]
    page = browser.post(reverse("admin:channels_webhookmessage_changelist"), selected("retry", first), follow=True).content.decode()
    assert "Due again: 1." in page
    assert sorted(WebhookMessage.objects.values_list("status", flat=True)) == ["due", "parked"]
    pushes = reverse("admin:channels_unreadablewebhook_changelist")
    one, other = UnreadableWebhook.objects.order_by("pk")
    assert "Read: 0. Still unreadable: 1." in browser.post(pushes, selected("read_once_more", one), follow=True).content.decode()
    assert "Dismissed: 1." in browser.post(pushes, selected("dismiss", other), follow=True).content.decode()
    other.refresh_from_db()
    assert (other.resolved_by, other.resolved_at is None) == ("root", False)


def test_u24_suggestions_are_shown_with_score_and_reason_and_linked_where_they_are_ticked(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    account = Account.objects.get(code="acc1")
    ExternalCode.objects.create(account=account, sku=made.sku, kind="sku_id", value="7001")
    sure = Listing.objects.create(account=account, kind="sku_id", code="7001", title="<b>Kettle</b>")
    alike = Listing.objects.create(account=account, kind="sku_id", code=made.sku.code.lower().replace("-", " "), title="Kettle 2件装")
    page = browser.get(reverse("admin:channels_listing_suggestions")).content.decode()
    assert "&lt;b&gt;Kettle&lt;/b&gt; → 1 × SKU-1" in page
    assert "(100 %, known code)" in page
    assert "(90 %, code but for case and signs)" in page
    ticked, unticked = f"{sure.pk}:{made.sku.pk}:1", f"{alike.pk}:{made.sku.pk}:2"
    done = browser.post(reverse("admin:channels_listing_suggestions"), {"chosen": [ticked]}, follow=True).content.decode()
    assert "Linked: 1. Refused: 0." in done
    assert list(ListingComponent.objects.filter(listing__in=[sure, alike]).values_list("listing", "sku", "qty")) == [
        (sure.pk, made.sku.pk, 1)
    ]
    assert unticked in done
    assert browser.post(reverse("admin:channels_listing_suggestions"), {"chosen": ["1:2:3"]}).status_code == 200
