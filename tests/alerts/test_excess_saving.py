"""What an action saves of an excess is what a remedy brings that its alert proposes (H28, N7, ADR 0057), by figures reckoned by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.agenda.today import today
from stockhub.alerts.excess_saving import as_seen_by, best_remedies, saving_trees, with_saving
from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert
from stockhub.alerts.parameters.resolution import Resolution
from stockhub.alerts.remedies import remedies_of, remedy_basis, valued_effects, with_remedies
from stockhub.alerts.rules.overstock import OverstockParameters, OverstockRule
from stockhub.alerts.wording import headline
from stockhub.catalog.models import Warehouse
from stockhub.channels.models import Account
from stockhub.pluginapi import Findings
from stockhub.pluginapi.testing.snapshots import snapshot_of
from tests.alerts.remedy_rows import FULL, HOLDING, SHORT, basis_of, pools, too_much_here_and_too_little_in_the_east
from tests.worlds import DAY, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NAN = float("nan")
#: Cleared in the end, each of the 400 loses one.
AT_STAKE = HOLDING + 400 * 1.0
#: The 300 on order that can wait lie as long and lose as much.
PAUSED = 300 * 5 * 0.12 * 105 / 365 + 300 * 1.0


def _found(*rows: dict[str, float]) -> Findings:
    """What “Overstock” finds in pools of one SKU, with what can be saved."""
    snapshot, rule = pools(*rows), OverstockRule()
    basis = basis_of(snapshot)
    found = with_remedies(rule.evaluate(snapshot, OverstockParameters()), basis)
    explained = rule.explain(snapshot.symbols())
    out = with_saving(found, basis, best_remedies(valued_effects(basis)), explained)
    for row, saving in enumerate(out.saving.tolist()):
        told = saving_trees(explained)["saving"].fill({name: float(values[row]) for name, values in out.inputs.items()}).evaluate()
        assert told == (None if np.isnan(saving) else pytest.approx(saving))
    return out


@pytest.mark.one_database
def test_h28_n7_the_saving_is_that_of_the_best_remedy() -> None:
    found = _found(FULL)
    assert found.money == pytest.approx([AT_STAKE], abs=1e-3)
    # A promotion costs 251 more than it brings, there is no second pool, and 300 ordered units can wait.
    assert found.saving == pytest.approx([PAUSED], abs=1e-3)
    assert _found({**FULL, "on_order": 0.0}).saving.tolist() == [0.0]


@pytest.mark.one_database
def test_n7_no_more_is_saved_than_is_at_stake_and_what_rests_on_another_pool_says_so() -> None:
    # Moving 210 brings 636, of which the margin of 130 is at stake in the other pool and not here.
    found = _found(FULL, SHORT)
    assert found.saving[0] == pytest.approx(AT_STAKE, abs=1e-3)
    assert found.inputs["saving_pool"].tolist()[0] == 2.0
    assert found.inputs["saving_here"][0] == pytest.approx(PAUSED, abs=1e-3)
    assert np.isnan(found.inputs["saving_pool"][1])


@pytest.mark.one_database
def test_h28_n7_where_nothing_can_be_valued_nothing_is_said_to_be_saved() -> None:
    found = _found({**FULL, "unit_price": NAN}, {**FULL, "unit_cost": NAN, "shared_stock": NAN})
    assert np.isnan(found.saving).all()


@pytest.mark.one_database
def test_h28_n7_a_rule_with_its_own_say_of_an_input_is_valued_by_that() -> None:
    snapshot = snapshot_of(FULL, forecast=[FULL["daily_mean"]])
    basis = remedy_basis(snapshot, Resolution.at(snapshot.sku_ids, snapshot.pool_ids, snapshot.as_of, snapshot.day))
    found = OverstockRule().evaluate(snapshot, OverstockParameters())
    ordered = replace(found, inputs={**found.inputs, "on_order": np.array([100.0])})
    valued = with_saving(with_remedies(ordered, basis), basis, best_remedies(valued_effects(basis)), {"value", "money"})
    assert valued.saving == pytest.approx([PAUSED / 3], abs=1e-3)


@pytest.fixture
def world() -> World:
    made = make_world()
    Account.objects.filter(pk=made.account.pk).update(marketplace="douyin", site="CN")
    Warehouse.objects.filter(pk=made.warehouse.pk).update(country="CN")
    return made


def test_h28_n7_every_alert_about_too_much_saves_what_its_page_proposes(world: World) -> None:
    world.selling("FULL", stock=2000, rate=10.0)
    world.selling("MUCH", stock=5000, rate=1.0)
    dead = world.sku("DEAD", price="100", cost="40")
    world.stock(dead, 500, received_on=DAY - timedelta(days=200))
    world.sold(dead, [0.0] * 60)
    world.forecast(dead, 0.0)
    run_cycle("warnings")
    alerts = list(Alert.objects.filter(side="excess").select_related("template", "sku"))
    assert {alert.sku.code for alert in alerts if alert.sku} == {"FULL", "MUCH", "DEAD"}
    assert len({alert.kind for alert in alerts}) > 2
    for alert in alerts:
        brings = [each.effect.value for each in remedies_of(alert) if each.effect.value is not None]
        if alert.inputs["valued_proposal"]:
            brings.append(alert.inputs["exit_value"] - alert.inputs["hold_value"])
        best = max(0.0, *brings)
        expected = best if alert.money_amount is None else min(best, float(alert.money_amount))
        assert alert.saving_amount == pytest.approx(Decimal(str(round(expected, 6))), abs=Decimal("0.00001")), (alert.kind, alert.sku)
        assert explanations_of(alert)["saving"].value == pytest.approx(expected, abs=1e-5)
    # A promotion of FULL would cost more than it brings: nothing is said to be saved, although waiting costs.
    [full] = [alert for alert in alerts if alert.kind == "overstock" and alert.sku and alert.sku.code == "FULL"]
    assert full.saving_amount == 0
    assert "at stake" in headline(full)
    assert "can be saved" not in headline(full)


def test_n7_an_excess_that_something_can_be_done_about_comes_before_a_dearer_one_that_has_to_be_waited_out(world: World) -> None:
    world.selling("WAIT", stock=200_000, rate=1000.0)
    world.selling("LET-GO", stock=5000, rate=1.0)
    run_cycle("warnings")
    lines = today().excess.lines
    assert [line.alert.sku.code for line in lines if line.alert.sku] == ["LET-GO", "WAIT"]
    assert [line.saving.value for line in lines] == [pytest.approx(18_104.94, abs=0.01), 0.0]
    assert (lines[1].money.value or 0) > (lines[0].money.value or 0)
    assert today().excess.saving.amount == lines[0].saver.saving_amount


def test_h28_n7_what_letting_go_saves_stands_beside_the_remedies_where_it_is_proposed(world: World) -> None:
    world.selling("WAIT", stock=2000, rate=10.0)
    world.selling("LET-GO", stock=5000, rate=1.0)
    run_cycle("warnings")
    browser = _browser(User.objects.create_superuser("root", email="", password=""))
    for code, shown in (("LET-GO", True), ("WAIT", False)):
        alert = Alert.objects.get(kind="overstock", sku__code=code)
        page = browser.get(reverse("admin:alerts_alert_change", args=[alert.pk])).content.decode()
        assert ("<td>As proposed</td><td>18,104.94 CNY (brings most)</td>" in page) is shown
    assert browser.get(reverse("admin:index")).content.decode().count("As proposed 18,104.94 CNY") == 1


def test_h28_n7_why_nothing_can_be_told_of_a_saving(world: World) -> None:
    world.selling("UNPRICED", stock=2000, rate=10.0, price=None)
    run_cycle("warnings")
    [line] = today().excess.lines
    assert (line.saving.value, line.saving.reason) == (None, "NO_PRICE")
    browser = _browser(User.objects.create_superuser("root", email="", password=""))
    [told] = _savings(browser)
    assert (told["value"], told["reason"]) == (None, "NO_PRICE")


def test_h28_n7_who_may_not_see_the_other_pool_reads_what_is_saved_without_it(world: World) -> None:
    alert, east = too_much_here_and_too_little_in_the_east(world)
    # Waiting costs less than the transfer brings, so that all of it is saved; without the transfer nothing is.
    assert alert.saving_amount == alert.money_amount
    assert (alert.inputs["saving_pool"], alert.inputs["saving_here"]) == (east.pk, 0.0)
    assert as_seen_by(alert, None) is as_seen_by(alert, {world.pool.pk, east.pk}) is alert
    seen = as_seen_by(alert, {world.pool.pk})
    assert seen.saving_amount == explanations_of(seen)["saving"].value == 0
    assert {seen.inputs[name] for name in ("remedy_moved", "remedy_margin", "saving_pool")} == {None}
    assert "can be saved" not in headline(alert)

    ana = User.objects.create_user("ana", password="", is_staff=True)
    ana.user_permissions.add(*Permission.objects.filter(codename__in=("view_alert", "view_sku", "view_stockpool")))
    Grant.objects.create(user=ana, kind=ScopeKind.WAREHOUSE, object_id=world.warehouse.pk)
    assert today(ana).excess.saving.amount == 0
    assert [line.saving.value for line in today(ana).excess.lines] == [0.0]
    root = User.objects.create_superuser("root", email="", password="")
    # The margin of the other pool is counted there, where “Imbalance” says that the same transfer saves it.
    [whole] = [each.effect.value or 0.0 for each in remedies_of(alert) if each.slug == "transfer"]
    assert [line.saving.value for line in today(root).excess.lines] == [pytest.approx(float(alert.saving_amount or 0))]
    assert float(today(root).excess.saving.amount) == pytest.approx(whole - alert.inputs["remedy_margin"], abs=1e-5)
    assert [float(each["value"]) for each in _savings(_browser(ana))] == [0.0]
    assert [float(each["value"]) for each in _savings(_browser(root))] == [pytest.approx(float(alert.saving_amount or 0))]
    margin = f"{alert.inputs['remedy_margin']:,.0f}"
    address = reverse("admin:alerts_alert_change", args=[alert.pk])
    assert margin in _browser(root).get(address).content.decode()
    assert margin not in _browser(ana).get(address).content.decode()


def _browser(user: User) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


def _savings(browser: Client) -> list[dict[str, Any]]:
    """Of the alerts of “Overstock”, with the explanation asked for beside those of the other numbers."""
    number = "{ value reason explain { value } }"
    query = f'{{ alerts(kinds: ["overstock"]) {{ edges {{ node {{ money {number} saving {number} }} }} }} }}'
    answer = browser.post("/graphql/", {"query": query}, content_type="application/json").json()
    found = [edge["node"]["saving"] for edge in answer["data"]["alerts"]["edges"]]
    for each in found:
        if each["value"] is not None:
            assert float(each["explain"]["value"]) == pytest.approx(float(each["value"]), abs=1e-5)
    return found
