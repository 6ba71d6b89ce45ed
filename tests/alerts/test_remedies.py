"""Promotion, transfer and purchase pause of every alert about too much, each with its money (H28), by figures reckoned by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.alerts.alert_page import effect_text
from stockhub.alerts.models import Alert
from stockhub.alerts.remedies import REMEDIES, TREES, remedies_of, remedy_trees
from stockhub.catalog.models import Warehouse
from stockhub.channels.models import Account
from stockhub.pluginapi import Snapshot
from tests.alerts.remedy_rows import FULL, HOLDING, SHORT, basis_of, pools, too_much_here_and_too_little_in_the_east
from tests.worlds import DAY, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NAN = float("nan")


def _effects(snapshot: Snapshot, row: int = 0) -> dict[str, float | None]:
    """What the trees give, as an alert of the row would show it."""
    inputs = {name: None if np.isnan(value := float(array[row])) else value for name, array in basis_of(snapshot).items()}
    return {slug: remedy_trees()[name].fill(inputs).value for slug, name in TREES.items()}


def test_h28_a_promotion_sells_400_more_at_80_percent_and_discounts_800_that_sell_anyway() -> None:
    # 800 × (0.8^−2 − 1) = 450, of which 400 are there to be sold: each brings 6.40, cleared it would bring 4.
    assert _effects(pools(FULL))["promotion"] == pytest.approx(400 * 2.4 + HOLDING - 800 * 8 * 0.2, abs=1e-3)


def test_h28_a_transfer_saves_what_210_lose_here_and_the_margin_of_130_there() -> None:
    basis = basis_of(pools(FULL, SHORT))
    assert (basis["remedy_other_pools"][0], basis["remedy_moved"][0], basis["remedy_pool"][0], basis["remedy_margin"][0]) == (
        1,
        210,
        2,
        390,
    )
    # The short pool has nothing to give, and says so without a margin.
    assert (basis["remedy_moved"][1], basis["remedy_margin"][1]) == (0, 0)
    assert _effects(pools(FULL, SHORT))["transfer"] == pytest.approx(210 * 1.0 + HOLDING * 210 / 400 + 390, abs=1e-3)


def test_h28_a_purchase_pause_saves_holding_and_write_down_of_the_300_on_order() -> None:
    assert _effects(pools(FULL))["purchase-pause"] == pytest.approx(300 * 5 * 0.12 * 105 / 365 + 300 * 1.0, abs=1e-3)
    more = {**FULL, "on_order": 900.0, "available": 200.0}
    # 1,100 in all, 800 asked for: 300 can be held; nothing lies there too long, so they would lie 84 days.
    assert _effects(pools(more))["purchase-pause"] == pytest.approx(300 * 5 * 0.12 * 84 / 365 + 300 * 1.0, abs=1e-3)


def test_h28_of_several_pools_the_one_that_lacks_most_gets_the_units() -> None:
    less = {**SHORT, "available": 150.0, "shared_stock": 3.0}
    basis = basis_of(pools(FULL, less, SHORT))
    assert (basis["remedy_other_pools"][0], basis["remedy_pool"][0], basis["remedy_moved"][0]) == (2, 3, 210)


@pytest.fixture
def world() -> World:
    made = make_world()
    Account.objects.filter(pk=made.account.pk).update(marketplace="douyin", site="CN")
    Warehouse.objects.filter(pk=made.warehouse.pk).update(country="CN")
    return made


def _told(alert: Alert, pools: set[int] | None = None) -> dict[str, Any]:
    found = remedies_of(alert, pools=pools)
    assert [each.slug for each in found] == list(REMEDIES)
    return {each.slug: each.effect.reason if each.effect.value is None else pytest.approx(each.effect.value, abs=0.01) for each in found}


def test_h28_every_alert_on_the_side_of_excess_carries_all_three_with_reasons_where_unknown(world: World) -> None:
    world.selling("FULL", stock=2000, rate=10.0)
    world.selling("UNPRICED", stock=2000, rate=10.0, price=None)
    dead = world.sku("DEAD")
    world.stock(dead, 500, received_on=DAY - timedelta(days=200))
    world.sold(dead, [0.0] * 60)
    world.forecast(dead, 0.0)
    run_cycle("warnings")
    alerts = list(Alert.objects.filter(side="excess").select_related("template", "sku"))
    assert {alert.sku.code for alert in alerts if alert.sku} == {"FULL", "UNPRICED", "DEAD"}
    assert len({alert.kind for alert in alerts if alert.sku and alert.sku.code == "DEAD"}) > 1
    # 1,160 beyond 840 in 84 days, lying 84 + 58 days. A promotion sells 472.5 more for 75 instead of 45, and discounts 840 by 20.
    holding = 1160 * 40 * 0.12 * 142 / 365
    told = {
        "FULL": {"promotion": 472.5 * 30 + holding * 472.5 / 1160 - 840 * 20, "transfer": "NO_OTHER_POOL", "purchase-pause": 0.0},
        "UNPRICED": {"promotion": "NO_PRICE", "transfer": "NO_OTHER_POOL", "purchase-pause": "NO_PRICE"},
        "DEAD": {"promotion": "NO_DEMAND", "transfer": "NO_OTHER_POOL", "purchase-pause": 0.0},
    }
    for alert in alerts:
        assert alert.sku is not None
        assert told[alert.sku.code] == _told(alert), (alert.kind, alert.sku.code)
    assert not [alert for alert in Alert.objects.exclude(side="excess").select_related("template") if remedies_of(alert)]


def test_h28_a_transfer_to_a_pool_that_the_reader_may_not_see_tells_nothing(world: World) -> None:
    alert, east = too_much_here_and_too_little_in_the_east(world)
    moved = alert.inputs["remedy_moved"]
    assert moved > 0
    assert alert.inputs["remedy_pool"] == east.pk
    # The short pool wants 15 days and what it reviews at ten a day, and lacks all but the one: each that it sells there leaves 55.
    [_promotion, transfer, _pause] = remedies_of(alert)
    assert transfer.effect.value is not None
    assert transfer.effect.value > alert.inputs["remedy_margin"] == pytest.approx(149 * 55.0)
    assert _told(alert, {world.pool.pk})["transfer"] == "POOL_NOT_VISIBLE"
    [_promotion, transfer, _pause] = remedies_of(alert, pools={world.pool.pk})
    assert (effect_text(transfer.effect), transfer.effect.explanation) == ("– a pool that you may not see", None)


def test_h28_the_start_page_the_alert_page_and_graphql_show_the_three(world: World) -> None:
    world.selling("FULL", stock=2000, rate=10.0)
    run_cycle("warnings")
    alert = Alert.objects.get(kind="overstock")
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(User.objects.create_superuser("root", email="", password=""))
    start = browser.get(reverse("admin:index")).content.decode()
    assert "Transfer – there is no other pool" in start
    shown = browser.get(reverse("admin:alerts_alert_change", args=[alert.pk])).content.decode()
    assert "<td>Purchase pause</td><td>" in shown
    assert "<td>Transfer</td><td>– there is no other pool</td>" in shown
    query = '{ alerts(kinds: ["overstock"]) { edges { node { remedies { slug effect { value reason unit explain { value } } } } } } }'
    answer = browser.post("/graphql/", {"query": query}, content_type="application/json").json()
    [edge] = answer["data"]["alerts"]["edges"]
    promotion, transfer, pause = edge["node"]["remedies"]
    assert (promotion["slug"], transfer["slug"], pause["slug"]) == ("promotion", "transfer", "purchase-pause")
    holding = 1160 * 40 * 0.12 * 142 / 365
    assert float(promotion["effect"]["value"]) == pytest.approx(472.5 * 30 + holding * 472.5 / 1160 - 840 * 20, abs=0.01)
    assert promotion["effect"]["explain"]["value"] == promotion["effect"]["value"]
    assert (transfer["effect"]["value"], transfer["effect"]["reason"]) == (None, "NO_OTHER_POOL")
    assert (float(pause["effect"]["value"]), pause["effect"]["reason"]) == (0.0, None)


def test_h28_whichever_pools_a_reader_may_see_is_asked_once_a_request(world: World) -> None:
    for code in ("FULL", "MORE"):
        world.selling(code, stock=2000, rate=10.0)
    run_cycle("warnings")
    assert Alert.objects.filter(kind="overstock").count() == 2
    user = User.objects.create_user("ana", password="")
    user.user_permissions.add(Permission.objects.get(codename="view_alert"))
    Grant.objects.create(user=user, kind=ScopeKind.WAREHOUSE, object_id=world.warehouse.pk)
    browser = Client()
    browser.force_login(user)

    def asked(first: int) -> tuple[int, int]:
        query = f'{{ alerts(first: {first}, kinds: ["overstock"]) {{ edges {{ node {{ remedies {{ slug }} }} }} }} }}'
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post("/graphql/", {"query": query}, content_type="application/json").json()
        return len([edge for edge in answer["data"]["alerts"]["edges"] if len(edge["node"]["remedies"]) == 3]), len(queries)

    asked(1)
    assert [asked(1)[0], asked(2)[0]] == [1, 2]
    assert asked(2)[1] == asked(1)[1]
