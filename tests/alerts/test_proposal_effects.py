"""What proposals about stock that does not sell bring, in money, or why nobody can tell (H77, N7), by figures reckoned by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.agenda.plan import plan
from stockhub.agenda.today import today
from stockhub.alerts.alert_page import effects_told
from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert
from stockhub.alerts.proposal_effects import proposal_effect
from stockhub.alerts.remedies import remedies_of
from stockhub.catalog.models import BundleComponent, Sku, Warehouse
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.values import Metric
from tests.graphql.shop import post
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MONTH = 1 / 1.01
#: 500 units at a price of 100: a liquidator pays 5 %, of which 15 % go, in three months.
LIQUIDATED = 500 * 100 * 0.05 * 0.85 * MONTH**3
#: Held for a year nothing sells, storing them costs 2 % of 40 each a month, and then they are liquidated.
HELD = -sum(500 * 40 * 0.02 * MONTH**month for month in range(1, 13)) + LIQUIDATED * MONTH**12


def _world() -> World:
    made = make_world()
    Account.objects.filter(pk=made.account.pk).update(marketplace="douyin", site="CN")
    Warehouse.objects.filter(pk=made.warehouse.pk).update(country="CN")
    return made


def _unsold(world: World, code: str, sales: list[float], *, rate: float = 0.0, price: str | None = "100") -> Sku:
    """500 units, 200 days old."""
    sku = world.sku(code, price=price, cost="40")
    world.stock(sku, 500, received_on=DAY - timedelta(days=200))
    world.sold(sku, sales)
    world.forecast(sku, rate)
    return sku


def _told(alert: Alert) -> tuple[Metric | None, dict[str, str]]:
    trees = explanations_of(alert)
    remedies = remedies_of(alert, trees=trees)
    return proposal_effect(alert, remedies, trees), dict(effects_told(alert, remedies, trees))


def _alert(kind: str, code: str) -> Alert:
    return Alert.objects.select_related("template", "sku", "pool").get(kind=kind, sku__code=code)


def _value(effect: Metric | None) -> float:
    assert effect is not None
    assert effect.value is not None
    return effect.value


def test_h77_n7_an_outlet_is_worth_what_liquidating_today_brings_more_than_holding() -> None:
    world = _world()
    _unsold(world, "DEAD", [0.0] * 100)
    run_cycle("warnings")
    saved = LIQUIDATED - HELD
    for kind in ("unsold-stock", "no-sale"):
        alert = _alert(kind, "DEAD")
        effect, told = _told(alert)
        most = float(alert.money_amount or 0)
        assert _value(effect) == pytest.approx(min(saved, most), abs=1e-5), kind
        assert effect is not None
        assert effect.explanation is not None
        assert effect.explanation.evaluate() == pytest.approx(effect.value)
        assert float(alert.saving_amount or 0) == pytest.approx(min(saved, most), abs=1e-5), kind
        assert told["As proposed"].endswith(" CNY (brings most)"), kind
        assert told["Promotion"] == "– nobody asks for it"
    # It needs no cash, so that a plan without money has it.
    with clock.at(NOW):
        found = plan(budget=None)
    assert [each.cash.amount for each in found.chosen] == [0]
    assert found.saving == today().excess.saving


def test_h77_n7_a_discount_is_worth_what_a_promotion_brings_also_where_that_is_less_than_nothing() -> None:
    world = _world()
    _unsold(world, "SLOW", [0.0] * 70 + [1.0] * 30, rate=1.0)
    run_cycle("warnings")
    alert = _alert("unsold-stock", "SLOW")
    assert alert.inputs["proposal"] == 2
    effect, told = _told(alert)
    # 84 asked for in twelve weeks become 131.25 at 80 % of the price: 47.25 more bring 30 above clearing and are not held for the 292 days
    # that the excess lies (84, and half of 416); 84 are sold 20 cheaper.
    brings = 47.25 * 30 + 47.25 * 40 * 0.12 * 292 / 365 - 84 * 20
    assert brings == pytest.approx(-81.06)
    assert _value(effect) == pytest.approx(brings)
    assert told["As proposed"] == told["Promotion"] == "-81.06 CNY"


def test_h77_n7_a_bundle_and_an_unknown_price_have_no_money_and_say_why() -> None:
    world = _world()
    carried = _unsold(world, "CARRIED", [0.0] * 100)
    BundleComponent.objects.create(bundle=world.sku("SET"), component=carried, qty=1)
    _unsold(world, "PRICELESS", [0.0] * 100, price=None)
    run_cycle("warnings")
    for code, place, reason, text in (
        ("CARRIED", 3.0, "NO_BUNDLE_SALES", "– how many units a bundle carries is not known"),
        ("PRICELESS", 4.0, "NO_PRICE", "– price is unknown"),
    ):
        alert = _alert("unsold-stock", code)
        effect, told = _told(alert)
        assert alert.inputs["proposal"] == place
        assert effect is not None
        assert (effect.value, effect.reason, told["As proposed"]) == (None, reason, text)


def test_h77_n7_the_page_and_graphql_tell_the_same(client: Client) -> None:
    world = _world()
    _unsold(world, "DEAD", [0.0] * 100)
    run_cycle("warnings")
    alert = _alert("unsold-stock", "DEAD")
    effect, told = _told(alert)
    client.force_login(User.objects.create_superuser("root", email="", password=""))
    page = client.get(reverse("admin:alerts_alert_change", args=[alert.pk]), headers={"accept-language": "en"}).content.decode()
    assert f"<td>As proposed</td><td>{told['As proposed']}</td>" in page
    asked = '{ alerts(kinds: ["unsold-stock"]) { edges { node { proposalEffect { value unit reason } } } } }'
    [edge] = post(client, asked).data["alerts"]["edges"]
    brings: dict[str, Any] = edge["node"]["proposalEffect"]
    assert float(brings["value"]) == pytest.approx(_value(effect))
    assert (brings["unit"], brings["reason"]) == ("CNY", None)
