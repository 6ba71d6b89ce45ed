"""Endpoints and subscriptions in the admin: secrets go in and never come out, a test message, and who may tell whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.models import Subscription
from stockhub.outbox.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db
SECRET = "SEC0123456789abcdef"
SETTINGS = {
    "name": "room", "notifier": "dingtalk", "language": "zh-hans", "time_zone": "Asia/Shanghai", "is_active": "on", "digest": "immediate",
    "digest_hour": "8", "quiet_from": "22:00", "quiet_until": "07:00", "urgent_level": "3",
}  # fmt: skip


@pytest.fixture
def browser() -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root"))
    return browser


def form(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a form
    return SETTINGS | changes


def test_an_endpoint_is_made_configured_and_tried_and_shows_no_secret(browser: Client) -> None:
    made = browser.post(reverse("admin:outbox_endpoint_add"), form())
    endpoint = Endpoint.objects.get()
    configure = reverse("admin:outbox_endpoint_configure", args=[endpoint.pk])
    assert (made.status_code, made["Location"]) == (302, configure)
    url = f"https://oapi.dingtalk.com/robot/send?access_token={SECRET}"
    assert browser.post(configure, {"webhook_url": url, "secret": SECRET}).status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.config, endpoint.version) == ({}, 2)
    assert SECRET.encode() not in bytes(endpoint.secrets)
    for page in (configure, reverse("admin:outbox_endpoint_change", args=[endpoint.pk]), reverse("admin:outbox_endpoint_changelist")):
        assert SECRET not in browser.get(page).content.decode()
    chosen = {"action": "send_test", "_selected_action": [endpoint.pk]}
    told = browser.post(reverse("admin:outbox_endpoint_changelist"), chosen, follow=True).content.decode()
    assert "A test message to room is on its way" in told
    assert [d.recipient for d in Delivery.objects.all()] == ["room"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"time_zone": "Mars/Olympus"}, "There is no such time zone."),
        ({"quiet_until": ""}, "Quiet hours have a beginning and an end."),
        ({"urgent_level": "9"}, "Urgent is a level from 1 to 3, or 4 for never."),
    ],
)
def test_what_is_wrong_is_said_at_the_form(browser: Client, changes: dict[str, str], told: str) -> None:
    page = browser.post(reverse("admin:outbox_endpoint_add"), form(**changes))
    assert page.status_code == 200
    assert told in page.content.decode()
    assert not Endpoint.objects.exists()


def test_i4_an_operator_who_sees_one_shop_sees_no_endpoint_and_subscribes_himself_alone() -> None:
    operator = User.objects.create_user("operator", is_staff=True)
    operator.groups.add(Group.objects.get(name="operator"))
    endpoint = Endpoint.objects.create(name="room", notifier="webhook")
    browser = Client()
    browser.force_login(operator)
    assert browser.get(reverse("admin:outbox_endpoint_changelist")).status_code == 403
    before = Subscription.objects.count()
    asked = {"name": "", "min_level": "1", "max_level": "3", "sides": "[]", "kinds": "[]", "is_active": "on", "endpoint": endpoint.pk}
    assert browser.post(reverse("admin:alerts_subscription_add"), asked).status_code == 302
    assert Subscription.objects.count() == before + 1
    made = Subscription.objects.latest("pk")
    assert (made.user_id, made.endpoint_id, made.role_id) == (operator.pk, None, None)


def test_a_subscription_without_a_target_or_with_two_is_refused(browser: Client) -> None:
    asked = {"name": "", "min_level": "1", "max_level": "3", "sides": "[]", "kinds": "[]", "is_active": "on"}
    before = Subscription.objects.count()
    role = Group.objects.get(name="sales").pk
    user = User.objects.get().pk
    for targets in ({}, {"role": role, "user": user}):
        page = browser.post(reverse("admin:alerts_subscription_add"), asked | targets)
        assert "Name one target: a user, a role or an endpoint." in page.content.decode()
    page = browser.post(reverse("admin:alerts_subscription_add"), asked | {"role": role, "min_level": "3", "max_level": "1"})
    assert "Levels go from 1 to 3" in page.content.decode()
    assert Subscription.objects.count() == before
