"""Inventory, supply, forecasting and marketing on one page, each with one number and one next action (D22)."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from stockhub.access.models import User
from stockhub.agenda.pillars import OF_KIND, Pillar, PillarState, pillar_of
from stockhub.agenda.today import today
from stockhub.alerts import system_kinds
from stockhub.alerts.models import Alert, Side
from stockhub.alerts.rules import BUILT_IN
from stockhub.core import clock
from stockhub.suppliers.models import Offer
from tests.made_once import made_once, own
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = pytest.mark.django_db


def _make() -> World:
    """One SKU that runs short and one of which there is too much; nothing about forecasts or campaigns."""
    world = make_world()
    for code, stock, rate in (("SHORT", 100, 10.0), ("MUCH", 5000, 1.0)):
        sku = world.sku(code, price="100", cost="40")
        Offer.objects.filter(sku=sku).update(lead_time_days=15.0)
        world.stock(sku, stock)
        world.sold(sku, [rate] * 60)
        world.forecast(sku, rate)
    run_cycle("warnings")
    return world


made = made_once(_make)


@pytest.fixture
def world(made: World, db: None) -> World:
    return own(made)


def states(user: User | None = None) -> dict[Pillar, PillarState]:
    with clock.at(NOW):
        return {state.pillar: state for state in today(user).pillars}


def worst(kinds: set[str]) -> Decimal:
    by_subject: dict[str, Decimal] = {}
    for alert in Alert.objects.filter(kind__in=kinds):
        by_subject[alert.subject] = max(by_subject.get(alert.subject, Decimal(0)), alert.money_amount or Decimal(0))
    return sum(by_subject.values(), Decimal(0))


def test_d22_each_of_the_four_has_one_number_and_one_next_action(world: World) -> None:
    found = states()
    assert list(found) == [Pillar.INVENTORY, Pillar.SUPPLY, Pillar.FORECASTING, Pillar.MARKETING]
    kinds = {pillar: {a.kind for a in Alert.objects.all() if pillar_of(a.kind, a.side) is pillar} for pillar in Pillar}
    assert {pillar: state.alerts for pillar, state in found.items()} == {
        pillar: Alert.objects.filter(kind__in=kinds[pillar]).count() for pillar in Pillar
    }
    assert {pillar: state.money.amount for pillar, state in found.items()} == {pillar: worst(kinds[pillar]) for pillar in Pillar}
    supply, inventory = found[Pillar.SUPPLY], found[Pillar.INVENTORY]
    assert supply.money.amount > 0
    assert inventory.money.amount > 0
    assert [state.alert.sku.code for state in (supply, inventory) if state.alert and state.alert.sku] == ["SHORT", "MUCH"]
    assert supply.next_action.startswith("SHORT in ")
    assert "Plan a promotion" in inventory.next_action
    for quiet in (found[Pillar.FORECASTING], found[Pillar.MARKETING]):
        assert (quiet.money.amount, quiet.alerts) == (Decimal(0), 0)
        assert quiet.alert is None
        assert quiet.next_action.startswith("Nothing is open. ")


def test_d22_the_next_action_is_the_one_that_saves_most(world: World) -> None:
    alerts = [a for a in Alert.objects.all() if pillar_of(a.kind, a.side) is Pillar.SUPPLY]
    last = min(alerts, key=lambda alert: alert.pk)
    Alert.objects.filter(pk=last.pk).update(saving_amount=Decimal(10_000_000))
    assert (states()[Pillar.SUPPLY].alert or Alert()).pk == last.pk


def test_d22_the_start_page_and_graphql_show_the_same_four(world: World) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    with clock.at(NOW):
        page = client.get("/admin/").content.decode()
        query = "{ today { pillars { pillar totalCount money { amount } nextAction alert { sku { code } } } } }"
        answer = client.post("/graphql/", json.dumps({"query": query}), content_type="application/json").json()
    rows = answer["data"]["today"]["pillars"]
    assert [row["pillar"] for row in rows] == ["INVENTORY", "SUPPLY", "FORECASTING", "MARKETING"]
    assert [row["alert"] and row["alert"]["sku"]["code"] for row in rows] == ["MUCH", "SHORT", None, None]
    for state, row in zip(states().values(), rows, strict=True):
        assert (row["totalCount"], Decimal(row["money"]["amount"]), row["nextAction"]) == (
            state.alerts,
            state.money.amount,
            state.next_action,
        )
        assert f'aria-label="{state.label}"' in page


def test_d22_i4_nobody_is_told_of_what_he_may_not_see(world: World) -> None:
    found = states(User.objects.create(username="stranger", sees_all_warehouses=False))
    assert [(state.money.amount, state.alerts) for state in found.values()] == [(Decimal(0), 0)] * 4
    assert [state.alert for state in found.values()] == [None] * 4


def test_d22_the_action_is_in_the_reader_s_language(world: World) -> None:
    with translation.override("zh-hans"):
        found = states()
        assert [state.label for state in found.values()] == ["库存", "供应", "预测", "营销"]
        assert not any(state.next_action.startswith("Nothing") for state in found.values())


@pytest.mark.usefixtures("world")
def test_d22_every_kind_has_its_pillar() -> None:
    kinds = {rule.slug for rule in BUILT_IN} | set(system_kinds.LABELS)
    for kind in kinds:
        for side in Side:
            assert pillar_of(kind, side) in Pillar
    # No name is written that no alert has.
    assert set(OF_KIND) - kinds == set()
    assert pillar_of("contingency-plan", Side.SHORTAGE) is Pillar.MARKETING
    assert (pillar_of("a-plugin-s", Side.SHORTAGE), pillar_of("a-plugin-s", Side.EXCESS)) == (Pillar.SUPPLY, Pillar.INVENTORY)
