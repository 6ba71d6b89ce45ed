"""A warning that reaches no one is none: *Today* says so until somebody is told (H65)."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import translation

from stockhub.access.models import User
from stockhub.agenda.terminal import plain_lines
from stockhub.agenda.today import today
from stockhub.alerts.models import Side, Subscription
from stockhub.alerts.recipients import Unheard, unheard
from stockhub.outbox.endpoints import EndpointInput, save_endpoint
from stockhub.outbox.models import Endpoint
from tests.graphql.shop import post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOBODY = Unheard((Side.SHORTAGE, Side.EXCESS), ("purchasing", "sales"))
TEXT = (
    "Nobody is told of alerts of level 1 (Shortage · Excess). No active member with an address has the role Purchasing · Sales. "
    "Give somebody such a role, or subscribe a person or a chat room."
)


@pytest.fixture(autouse=True)
def _roles_are_told() -> None:
    """A test of transactions empties the tables behind it, and what the migration wrote with them."""
    if not Subscription.objects.exists():
        import_module("stockhub.alerts.migrations.0008_told_roles").tell_purchasing_and_sales(apps, None)


def member(*roles: str, **columns: Any) -> User:  # noqa: ANN401 - columns of a user
    user = User.objects.create(username=f"u{User.objects.count()}", **{"email": "u@example.com"} | columns)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def room() -> Endpoint:
    config = {"url": "https://erp.example/hook", "secret": "s" * 20}
    return save_endpoint(given=EndpointInput(name="room", notifier="webhook", config=config))


def test_h65_roles_without_members_reach_nobody_and_it_is_said(client: Client) -> None:
    member("admin")
    member("sales", email="")
    member("purchasing", is_active=False)
    assert unheard() == NOBODY
    with translation.override("en"):
        assert TEXT in list(plain_lines(today()))
    boss = User.objects.create_superuser("boss", "", "x")
    client.force_login(boss)
    page = client.get("/admin/").content.decode()
    assert TEXT in page
    assert "/admin/alerts/subscription/" in page
    assert post(client, "{ today { unheard { sides roles text } } }").data == {
        "today": {"unheard": {"sides": ["SHORTAGE", "EXCESS"], "roles": ["purchasing", "sales"], "text": TEXT}}
    }
    member("sales")
    assert unheard() is None
    assert TEXT not in client.get("/admin/").content.decode()
    assert post(client, "{ today { unheard { text } } }").data == {"today": {"unheard": None}}


def _whole_person() -> None:
    Subscription.objects.create(user=member())


def _chat_room() -> None:
    Subscription.objects.create(endpoint=room(), sides=["shortage", "excess"], kinds=["shortage"])


@pytest.mark.parametrize("reach", [_whole_person, _chat_room])
def test_h65_a_person_or_a_chat_room_is_somebody(reach: Callable[[], None]) -> None:
    reach()
    assert unheard() is None


def _only_grave() -> None:
    Subscription.objects.create(user=member(), min_level=2)


def _only_data() -> None:
    Subscription.objects.create(user=member(), sides=["data"])


def _paused() -> None:
    Subscription.objects.create(user=member(), is_active=False)


def _room_that_is_off() -> None:
    Subscription.objects.create(endpoint=room())
    Endpoint.objects.update(is_active=False)


def _mail_that_is_off() -> None:
    user = member("purchasing", "sales")
    Endpoint.objects.create(user=user, name="u", notifier="mail", is_active=False)


@pytest.mark.parametrize("reach", [_only_grave, _only_data, _paused, _room_that_is_off, _mail_that_is_off])
def test_h65_what_does_not_bring_level_one_is_nobody(reach: Callable[[], None]) -> None:
    reach()
    assert unheard() == NOBODY


def test_h65_one_side_is_told_apart() -> None:
    Subscription.objects.filter(role__name="sales").delete()
    Subscription.objects.create(user=member(), sides=["shortage"])
    assert unheard() == Unheard((Side.EXCESS,), ("purchasing",))
    Subscription.objects.filter(role__isnull=False).delete()
    found = unheard()
    assert found == Unheard((Side.EXCESS,), ())
    with translation.override("en"):
        assert found is not None
        assert found.text == "Nobody is told of alerts of level 1 (Excess). Subscribe a person or a chat room."
