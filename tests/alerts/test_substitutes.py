"""An alert about a shortage names what can be sold in its place (U9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.messages import _facts
from stockhub.alerts.models import Alert, Side
from stockhub.alerts.substitutes import Substitute, substitutes_of, substitutes_text
from stockhub.catalog.models import PoolWarehouse, Sku, SkuRelation, StockPool, Warehouse
from stockhub.core import clock
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def stands_in(stand_in: Sku, original: Sku | None, **dates: object) -> SkuRelation:
    assert original is not None
    return SkuRelation.objects.create(sku=stand_in, other=original, kind="substitute_of", **{"valid_from": DAY, **dates})


def short(world: World, *codes: str) -> list[Alert]:
    """All but out of stock while each sells ten a day."""
    skus = [world.selling(code, stock=3, rate=10.0) for code in codes]
    run_cycle("warnings")
    return [Alert.objects.get(kind="shortage", sku=sku) for sku in skus]


def test_u9_an_alert_of_a_shortage_names_its_substitutes_with_stock(world: World) -> None:
    [alert] = short(world, "MUG-RED")
    blue, green, white = (world.sku(f"MUG-{name}") for name in ("BLUE", "GREEN", "WHITE"))
    world.stock(blue, 40)
    world.stock(green, 120)
    for each in (blue, green, white):
        stands_in(each, alert.sku)  # white has no stock
    with clock.at(NOW):
        assert substitutes_of([alert])[alert.pk] == [Substitute("MUG-GREEN", green.name, 120), Substitute("MUG-BLUE", blue.name, 40)]
        assert substitutes_text(alert) == "MUG-GREEN: 120 · MUG-BLUE: 40"
        assert "MUG-GREEN: 120 · MUG-BLUE: 40" in [fact.value for fact in _facts(alert, None)]
        client = Client()
        client.force_login(User.objects.create(username="root", is_superuser=True, is_staff=True))
        page = client.get(reverse("admin:alerts_alert_change", args=[alert.pk])).content.decode()
        assert "What can be sold in its place" in page
        assert "<tr><td>MUG-GREEN</td>" in page
        assert "<tr><td>MUG-WHITE</td>" not in page
        query = '{ alerts(kinds: ["shortage"]) { edges { node { substitutes { code name units } } } } }'
        [edge] = client.post("/graphql/", {"query": query}, content_type="application/json").json()["data"]["alerts"]["edges"]
    assert [(each["code"], each["units"]) for each in edge["node"]["substitutes"]] == [("MUG-GREEN", 120), ("MUG-BLUE", 40)]


def test_u9_a_tie_that_does_not_hold_today_another_pool_and_another_side_name_nothing(world: World) -> None:
    [alert] = short(world, "MUG-RED")
    over, ahead, elsewhere, deleted = (world.sku(code) for code in ("OVER", "AHEAD", "ELSEWHERE", "DELETED"))
    for each in (over, ahead, deleted):
        world.stock(each, 10)
    stands_in(over, alert.sku, valid_from=DAY - timedelta(days=9), valid_to=DAY - timedelta(days=1))
    stands_in(ahead, alert.sku, valid_from=DAY + timedelta(days=1))
    stands_in(elsewhere, alert.sku)
    stands_in(deleted, alert.sku)
    Sku.objects.filter(pk=deleted.pk).update(deleted_at=NOW)
    far = Warehouse.objects.create(code="far", name="Far")
    pool = StockPool.objects.create(code="far", name="Far")
    PoolWarehouse.objects.create(pool=pool, warehouse=far)
    world.stock(elsewhere, 10)
    elsewhere.balances.update(warehouse=far)
    with clock.at(NOW):
        assert substitutes_of([alert])[alert.pk] == []
        stands_in(over, alert.sku)
        assert [each.code for each in substitutes_of([alert])[alert.pk]] == ["OVER"]
        alert.side = Side.EXCESS
        assert substitutes_of([alert])[alert.pk] == []


def test_many_alerts_take_as_many_queries_as_one(world: World) -> None:
    alerts = short(world, "MUG-1", "MUG-2", "MUG-3")
    stand_in = world.sku("PLAIN")
    world.stock(stand_in, 7)
    for alert in alerts:
        stands_in(stand_in, alert.sku)
    with clock.at(NOW), CaptureQueriesContext(connection) as queries:
        found = substitutes_of(alerts)
    assert len(queries) == 3
    assert [[each.units for each in found[alert.pk]] for alert in alerts] == [[7]] * 3
