"""Whose rows a person sees, tokens that are shown once, secrets that never come out, and who may become what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import ApiToken, Grant, ScopeKind, User
from stockhub.access.services import authenticate_token
from stockhub.alerts.models import Alert
from stockhub.channels.models import Account
from stockhub.core.encryption import encrypt
from stockhub.outbox.models import Event
from stockhub.pluginhost.models import Plugin
from tests.cockpit.made_up_shop import Shop

pytestmark = pytest.mark.django_db
MakeShop = Callable[..., Shop]


@pytest.fixture
def clerk() -> User:
    """May view and change all tables of the business, and sees no shop yet."""
    user = User.objects.create_user("clerk", password="correct horse", is_staff=True)
    user.user_permissions.set(Permission.objects.exclude(content_type__app_label__in=["access", "auth", "admin"]))
    return user


@pytest.fixture
def at_desk(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk)
    return client


SCOPED = [
    "inventory_movement",
    "inventory_balance",
    "inventory_lot",
    "inventory_allocation",
    "channels_account",
    "channels_order",
    "channels_listing",
    "channels_feed",
    "channels_quarantined",
    "catalog_warehouse",
    "catalog_stockpool",
    "demand_forecast",
    "demand_salesseries",
    "purchasing_purchaseorder",
    "purchasing_shipment",
]


@pytest.mark.parametrize("page", SCOPED)
def test_a_person_without_grants_sees_no_row_and_opens_none(at_desk: Client, shop: MakeShop, page: str) -> None:
    from django.contrib import admin

    shop(1)
    model = next(m for m in admin.site._registry if f"{m._meta.app_label}_{m._meta.model_name}" == page)
    row = model._default_manager.earliest("pk")
    answer = at_desk.get(reverse(f"admin:{page}_changelist"))
    assert answer.status_code == 200
    assert list(answer.context["cl"].result_list) == []
    assert at_desk.get(reverse(f"admin:{page}_change", args=[row.pk])).status_code == 302


def test_a_grant_shows_one_shop_and_not_the_other(at_desk: Client, clerk: User, shop: MakeShop) -> None:
    made = shop(2)
    Grant.objects.create(user=clerk, kind=ScopeKind.ACCOUNT, object_id=made.account.pk)
    Grant.objects.create(user=clerk, kind=ScopeKind.WAREHOUSE, object_id=made.warehouse.pk)
    for page in SCOPED:
        assert len(at_desk.get(reverse(f"admin:{page}_changelist")).context["cl"].result_list) == 1, page


def test_an_alert_of_another_s_pool_is_neither_seen_nor_acknowledged(at_desk: Client, shop: MakeShop) -> None:
    alert = shop(1).alert
    answer = at_desk.post(reverse("admin:alerts_alert_acknowledge", args=[alert.pk]))
    assert answer.status_code == 404
    assert Alert.objects.get(pk=alert.pk).status == "open"
    assert "SKU-1" not in at_desk.get(reverse("admin:alerts_alert_changelist")).content.decode()


def test_a_related_object_out_of_scope_cannot_be_chosen(at_desk: Client, shop: MakeShop) -> None:
    made = shop(1)
    data = {"account": made.account.pk, "kind": "sku", "code": "stolen", "title": "", "status": "active", "url": ""}
    management = {f"components-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    answer = at_desk.post(reverse("admin:channels_listing_add"), data | management)
    assert answer.status_code == 200
    assert not made.account.listings.filter(code="stolen").exists()


def test_nobody_who_has_not_signed_in_sees_a_page(shop: MakeShop) -> None:
    shop(1)
    for name in ("index", "inventory_movement_changelist", "alerts_alert_changelist", "cycles_cycle_run_now"):
        assert Client().get(reverse(f"admin:{name}")).status_code == 302, name


def test_a_token_is_shown_once_and_works(browser: Client, root: User) -> None:
    answer = browser.post(reverse("admin:access_apitoken_new_token"), {"user": root.pk, "name": "ERP", "expires_at": "", "apply": "1"})
    plaintext = answer.context["plaintext"]
    assert "no-store" in answer["Cache-Control"]
    assert plaintext in answer.content.decode()
    assert authenticate_token(plaintext) == root
    token = ApiToken.objects.get()
    for url in (reverse("admin:access_apitoken_changelist"), reverse("admin:access_apitoken_change", args=[token.pk])):
        page = browser.get(url).content.decode()
        assert plaintext not in page
        assert token.digest not in page
    browser.post(reverse("admin:access_apitoken_changelist"), {"action": "revoke", "_selected_action": [token.pk]})
    assert authenticate_token(plaintext) is None


def test_secrets_of_accounts_and_plugins_stand_on_no_page(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    sealed = encrypt({"client_secret": "hunter2-hunter2"})
    Account.objects.filter(pk=made.account.pk).update(secrets=sealed)
    Plugin.objects.update(secrets=sealed)
    urls = [
        reverse("admin:channels_account_change", args=[made.account.pk]),
        reverse("admin:channels_account_changelist"),
        reverse("admin:pluginhost_plugin_change", args=[Plugin.objects.get().pk]),
        reverse("admin:pluginhost_plugin_changelist"),
        reverse("admin:channels_account_configure", args=[made.account.pk]),
    ]
    for url in urls:
        page = browser.get(url, follow=True).content.decode()
        assert "hunter2" not in page, url
        assert sealed.decode() not in page, url


def test_an_administrator_who_is_no_superuser_makes_none(shop: MakeShop, root: User) -> None:
    boss = User.objects.create_user("boss", is_staff=True)
    boss.user_permissions.set(Permission.objects.filter(content_type__app_label="access"))
    client = Client()
    client.force_login(boss)
    form = client.get(reverse("admin:access_user_change", args=[boss.pk]))
    assert 'name="is_superuser"' not in form.content.decode()
    assert client.post(reverse("admin:access_user_change", args=[root.pk]), {"username": "root2"}).status_code == 403
    assert client.post(reverse("admin:auth_user_password_change", args=[root.pk]), {"password1": "x", "password2": "x"}).status_code == 403
    root.refresh_from_db()
    assert root.username == "root"
    assert root.check_password("correct horse")


def test_a_grant_is_picked_by_name_and_recorded(browser: Client, shop: MakeShop, clerk: User) -> None:
    made = shop(1)
    url = reverse("admin:access_user_change", args=[clerk.pk])
    page = browser.get(url).content.decode()
    assert f"{made.account.code} · {made.account.name}" in page
    assert f"{made.warehouse.code} · {made.warehouse.name}" in page
    data = {
        "username": "clerk",
        "language": "en",
        "time_zone": "Asia/Shanghai",
        "is_active": "on",
        "is_staff": "on",
        "grants-TOTAL_FORMS": "2",
        "grants-INITIAL_FORMS": "0",
        "grants-MIN_NUM_FORMS": "0",
        "grants-MAX_NUM_FORMS": "1000",
        "grants-0-target": f"account:{made.account.pk}",
        "grants-1-target": f"warehouse:{made.warehouse.pk}",
        "grants-0-user": clerk.pk,
        "grants-1-user": clerk.pk,
    }
    answer = browser.post(url, data)
    assert answer.status_code == 302, (answer.context["errors"], answer.context["adminform"].form.errors)
    assert set(Grant.objects.filter(user=clerk).values_list("kind", "object_id")) == {
        ("account", made.account.pk),
        ("warehouse", made.warehouse.pk),
    }
    event = Event.objects.filter(kind="access.user_changed.v1").latest("pk")
    assert [row["what"] for row in event.payload["changes"]["rows"]] == ["created", "created"]
