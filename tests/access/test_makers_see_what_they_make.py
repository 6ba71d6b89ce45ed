"""A person who sees some warehouses only sees the one that he makes, at once and by every way (I4)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import Grant, User
from stockhub.access.scopes import NotAllowedError
from stockhub.access.services import grant_warehouse
from stockhub.catalog.inputs import WarehouseInput
from stockhub.catalog.models import Warehouse
from stockhub.catalog.places import upsert_warehouse
from stockhub.catalog.selectors import warehouses_visible_to
from stockhub.core.actor import Actor, acting_as

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TWO = """mutation { a: warehouseUpsert(input: {code: "W2"}) { warehouse { code } errors { code } }
    b: warehouseUpsert(input: {code: "W3"}) { warehouse { code } errors { code } } }"""


@pytest.fixture
def mine() -> Warehouse:
    return Warehouse.objects.create(code="W1", name="W1")


@pytest.fixture
def ana(mine: Warehouse) -> User:
    user = User.objects.create_user("ana", is_staff=True)
    names = ("view_warehouse", "add_warehouse", "change_warehouse")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="catalog", codename__in=names))
    grant_warehouse(user=user, warehouse_id=mine.pk)
    return user


@pytest.fixture
def client(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def seen(user: User) -> list[str]:
    return list(warehouses_visible_to(User.objects.get(pk=user.pk)).order_by("code").values_list("code", flat=True))


def graph(client: Client, query: str) -> Any:  # noqa: ANN401 - an answer
    return client.post("/graphql/", json.dumps({"query": query}), content_type="application/json").json()


def test_who_makes_a_warehouse_is_granted_it_and_others_are_not(ana: User, mine: Warehouse) -> None:
    bob = User.objects.create_user("bob")
    grant_warehouse(user=bob, warehouse_id=mine.pk)
    with acting_as(Actor("ana", user_id=ana.pk)):
        made = upsert_warehouse(WarehouseInput(code="W2"))
        # Changing it again is no second grant.
        upsert_warehouse(WarehouseInput(code="W2", name="Two"))
    assert (seen(ana), seen(bob)) == (["W1", "W2"], ["W1"])
    assert Grant.objects.filter(user=ana, object_id=made.pk).count() == 1


def test_a_warehouse_of_others_is_no_more_within_reach_than_before(ana: User) -> None:
    Warehouse.objects.create(code="X9", name="theirs")
    with acting_as(Actor("ana", user_id=ana.pk)), pytest.raises(NotAllowedError):
        upsert_warehouse(WarehouseInput(code="X9", name="mine now"))
    assert seen(ana) == ["W1"]


def test_who_sees_all_and_the_system_get_no_grants(ana: User) -> None:
    root = User.objects.create_superuser("root")
    with acting_as(Actor("root", user_id=root.pk)):
        upsert_warehouse(WarehouseInput(code="W2"))
    upsert_warehouse(WarehouseInput(code="W3"))
    assert Grant.objects.count() == 1
    assert seen(ana) == ["W1"]


def test_graphql_shows_both_of_two_that_one_request_makes(client: Client, ana: User) -> None:
    answer = graph(client, TWO)
    assert answer["data"] == {name: {"warehouse": {"code": code}, "errors": []} for name, code in (("a", "W2"), ("b", "W3"))}
    assert seen(ana) == ["W1", "W2", "W3"]


def test_the_admin_leads_to_the_page_of_the_one_that_was_made(client: Client, ana: User) -> None:
    data = {"code": "W2", "name": "Two", "kind": "own", "authority": "ledger", "time_zone": "Asia/Shanghai", "_continue": "1"}
    data |= {"ledger_starts_at_0": "2026-01-01", "ledger_starts_at_1": "00:00:00"}
    answer = client.post(reverse("admin:catalog_warehouse_add"), data, follow=True)
    made = Warehouse.objects.get(code="W2")
    assert answer.redirect_chain[-1][0] == reverse("admin:catalog_warehouse_change", args=[made.pk])
    assert answer.status_code == 200
    assert seen(ana) == ["W1", "W2"]
