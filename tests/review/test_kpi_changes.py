"""Why key figures changed: exact by category, by SKU as far as the facts tell, with the alerts and incidents behind them (H84)."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.alerts.incidents.models import Incident, IncidentCause
from stockhub.alerts.models import Alert, AlertStatus, Side, Subscription
from stockhub.alerts.subscriptions import WEEKLY_REPORT as WEEKLY
from stockhub.catalog.models import Category, PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.demand.models import StockoutSeries
from stockhub.demand.turnover_models import CategoryTurnover, StockFigures, TurnoverHistory
from stockhub.inventory.models import Balance, StockHistory
from stockhub.outbox.models import Delivery, Endpoint
from stockhub.overview.figures import FIGURES
from stockhub.overview.kpis import KPIS, KpiGrouping
from stockhub.review.kpi_changes.changes import CauseKind, Comparison, KpiChange
from tests.graphql.shop import post
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = NOW + timedelta(minutes=10)
BEFORE = DAY - timedelta(days=30)
QUERY = """
query ($kpi: String!, $code: String!, $days: Int!) {
  kpiChange(kpi: $kpi, code: $code, days: $days) {
    kind { slug } since until before { value } after { value } change { value unit reason } untold { value reason }
    causes { kind code name pool contribution { value unit } share { value } }
  }
}
"""


def put(world: World, day: date, category: Category | None, pool: StockPool | None = None, **figures: float) -> None:
    cycle = Cycle.objects.first() or Cycle.objects.create(name="warnings", slot_at=NOW, as_of=NOW)
    array = np.array([figures.get(name, 0.0) for name in FIGURES])
    StockFigures.objects.create(cycle=cycle, chunk=0, day=day, pool=pool or world.pool, category=category, figures=array)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", "root@example.com", "x", language="en")


def change_of(kpi: str, viewer: User, code: str = "cn", by: KpiGrouping = KpiGrouping.POOL, days: int = 30) -> KpiChange:
    with clock.at(LATER):
        found = Comparison(by, viewer, days).change(kpi, code)
    assert found is not None
    return found


def scarce_shop(world: World) -> dict[str, Sku]:
    """Two categories. In the first one SKU had no stock for ten days of the last month; a supplier was late with it."""
    home, food = (Category.objects.create(code=code, name=code.title()) for code in ("home", "food"))
    skus = {}
    for code, category in (("LATE", home), ("THERE", home), ("TEA", food)):
        sku = world.sku(code, cost="10")
        Sku.objects.filter(pk=sku.pk).update(category=category)
        world.stock(sku, 100)
        world.sold(sku, [2.0] * 130)
        world.forecast(sku, 2.0)
        percent = np.full(120, 100, np.uint8)
        if code == "LATE":
            percent[-10:] = 0
        StockoutSeries.objects.create(sku=sku, pool=world.pool, first_on=DAY - timedelta(days=120), in_stock=percent)
        StockHistory.objects.create(
            sku=sku, warehouse=world.warehouse, first_on=DAY - timedelta(days=120), qty=np.full(120, 100.0, np.float32)
        )
        skus[code] = sku
    # Sixty sold on twenty days would have been ninety.
    put(world, BEFORE, home, served_30=120.0)
    put(world, BEFORE, food, served_30=60.0)
    put(world, DAY, home, served_30=120.0, missed_30=30.0)
    put(world, DAY, food, served_30=60.0)
    incident = Incident.objects.create(cause=IncidentCause.LATE_SUPPLIER, key="supplier:1", inputs={"name": "ACME"}, open_count=1)
    common = {"side": Side.SHORTAGE, "level": 2, "pool": world.pool, "opened_at": NOW - timedelta(days=12)}
    Alert.objects.create(kind="shortage", subject="a", sku=skus["LATE"], incident=incident, **common)
    Alert.objects.create(kind="overstock", subject="b", sku=skus["LATE"], **{**common, "side": Side.EXCESS})
    gone = {"status": AlertStatus.RESOLVED, "opened_at": NOW - timedelta(days=90), "resolved_at": NOW - timedelta(days=60)}
    Alert.objects.create(kind="order-due", subject="c", sku=skus["LATE"], **{**common, **gone})
    return skus


def test_h84_a_fall_of_the_fill_rate_is_put_down_to_category_sku_alert_and_supplier(world: World, root: User) -> None:
    scarce_shop(world)
    found = change_of("fill_rate", root)
    assert (found.since, found.until, found.before) == (BEFORE, DAY, 1.0)
    assert found.after == pytest.approx(180 / 210)
    assert found.change is not None
    categories = found.of(CauseKind.CATEGORY)
    assert sum(each.contribution for each in categories) == pytest.approx(found.change)
    assert (categories[0].code, categories[0].pool) == ("home", "cn")
    # 30 units more were asked for and not served: −R·30/D, with R the mean figure and D the mean of what was asked for.
    lost = -(1 + 180 / 210) / 2 * 30 / 195
    [sku] = found.of(CauseKind.SKU)
    assert (sku.code, sku.pool) == ("LATE", "cn")
    assert sku.contribution == pytest.approx(lost)
    assert found.untold == pytest.approx(found.change - lost, abs=1e-12)
    [alert] = found.of(CauseKind.ALERT)
    assert alert.code == "shortage"
    assert alert.contribution == pytest.approx(lost)
    [incident] = found.of(CauseKind.INCIDENT)
    assert (incident.code, incident.name) == ("supplier:1", "ACME delivers late")
    assert incident.share == pytest.approx(lost / found.change)


def test_h84_dead_stock_of_a_past_day_is_told_by_sku(world: World, root: User) -> None:
    """A SKU that sold until seventy days ago was alive a month ago and is dead now."""
    food = Category.objects.create(code="food", name="Food")
    dying, living = world.sku("DYING", cost="10"), world.sku("LIVING", cost="10")
    Sku.objects.filter(pk__in=(dying.pk, living.pk)).update(category=food)
    for sku, last in ((dying, 95), (living, 0)):
        world.stock(sku, 100)
        world.sold(sku, [1.0] * (200 - last) + [0.0] * last)
        StockHistory.objects.create(
            sku=sku, warehouse=world.warehouse, first_on=DAY - timedelta(days=120), qty=np.full(120, 100.0, np.float32)
        )
    put(world, BEFORE, food, stock_value=2000.0)
    put(world, DAY, food, stock_value=2000.0, dead_value=1000.0)
    found = change_of("dead_share", root)
    assert (found.before, found.after, found.untold) == (0.0, 0.5, 0.0)
    assert [(each.code, each.contribution, each.share) for each in found.of(CauseKind.SKU)] == [("DYING", 0.5, 1.0)]


def test_h84_turnover_is_compared_with_the_quarter_before(world: World, root: User) -> None:
    food = Category.objects.create(code="food", name="Food")
    slow = world.sku("SLOW", cost="10")
    Sku.objects.filter(pk=slow.pk).update(category=food)
    world.stock(slow, 10)
    last = date(2026, 2, 1)
    sold, held = np.array([30.0] * 9 + [10.0] * 3), np.full(12, 50.0)
    TurnoverHistory.objects.create(sku=slow, pool=world.pool, last_month=last, sold=sold.astype("f4"), held=held.astype("f4"))
    for category in (food, None):
        CategoryTurnover.objects.create(
            pool=world.pool, category=category, last_month=last, cogs=sold * 10, inventory=held * 10, median=1.0, skus=1
        )
    put(world, DAY, food, stock_units=10.0)
    found = change_of("turnover_quarter", root)
    assert (found.since, found.until) == (date(2025, 11, 30), date(2026, 2, 28))
    # September to November: 900 of cost in 91 days of 500; December to February: 300 in 90.
    assert found.before == pytest.approx(900 * 365 / 91 / 500)
    assert found.after == pytest.approx(300 * 365 / 90 / 500)
    assert [(each.kind, each.code, each.share) for each in found.causes] == [
        (CauseKind.CATEGORY, "food", 1.0),
        (CauseKind.SKU, "SLOW", pytest.approx(1.0)),
    ]
    assert change_of("turnover_year", root).reason == "NO_STOCK_HISTORY"


def test_h84_the_health_score_is_put_down_to_its_parts(world: World, root: User) -> None:
    for day, there, excess in ((BEFORE, 100.0, 0.0), (DAY, 60.0, 20.0)):
        put(
            world, day, None, forecast_units=100.0, shipped_quarter=100.0, held_quarter=100.0, listed_units=100.0,
            in_stock_weight=100.0, in_stock_days=there, excess_units=excess,
        )  # fmt: skip
    found = change_of("health_score", root)
    assert [each.code for each in found.causes[:2]] == ["excess_share", "in_stock_rate"]
    assert [each.contribution for each in found.causes[:2]] == pytest.approx([-17.5, -10.0])
    assert found.change == pytest.approx(-27.5)
    assert sum(each.contribution for each in found.causes) == pytest.approx(-27.5)


def test_h84_without_an_earlier_day_it_says_so_and_an_unknown_place_is_none(world: World, root: User) -> None:
    put(world, DAY, None, served_30=1.0)
    assert change_of("fill_rate", root).reason == "NO_EARLIER_FIGURES"
    with clock.at(LATER):
        assert Comparison(KpiGrouping.POOL, root).change("fill_rate", "nowhere") is None


def test_i4_causes_are_those_of_pools_and_alerts_that_the_reader_may_see(world: World) -> None:
    scarce_shop(world)
    far = StockPool.objects.create(code="far", name="Far")
    elsewhere = Warehouse.objects.create(code="W2", name="W2")
    PoolWarehouse.objects.create(pool=far, warehouse=elsewhere)
    Balance.objects.create(sku=Sku.objects.get(code="TEA"), warehouse=elsewhere, bucket_id="available", qty=3)
    food = Category.objects.get(code="food")
    for day, missed in ((BEFORE, 0.0), (DAY, 500.0)):
        put(world, day, food, far, served_30=10.0, missed_30=missed)
    user = User.objects.create_user("ana", sees_all_warehouses=False, sees_all_accounts=False)
    user.user_permissions.add(Permission.objects.get(codename="view_stockfigures"))
    Grant.objects.create(user=user, kind=ScopeKind.WAREHOUSE, object_id=world.warehouse.pk)
    Grant.objects.create(user=user, kind=ScopeKind.ACCOUNT, object_id=world.account.pk)
    found = change_of("fill_rate", user, "food", KpiGrouping.CATEGORY)
    assert (found.before, found.after, found.causes) == (1.0, 1.0, ())
    assert {each.kind for each in change_of("fill_rate", user).causes} == {CauseKind.CATEGORY, CauseKind.SKU}


def test_h84_the_graph_the_page_the_file_and_the_report_tell_the_same(world: World, root: User) -> None:
    scarce_shop(world)
    found = change_of("fill_rate", root)
    client = Client()
    client.force_login(root)
    with clock.at(LATER):
        told = post(client, QUERY, {"kpi": "fill_rate", "code": "cn", "days": 30}).data["kpiChange"]
        page = client.get(reverse("cockpit:kpi_change"), {"kpi": "fill_rate", "code": "cn", "by": "pool"}).content.decode()
        nothing = client.get(reverse("cockpit:kpi_change"), {"kpi": "fill_rate", "code": "nowhere"})
        response = client.get("/exports/key-figure-changes.csv?by=pool&figure=fill_rate")
        file = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined] # a file is a stream
    assert (told["since"], told["until"], told["kind"]["slug"]) == ("2026-01-31", "2026-03-02", "fill_rate")
    assert float(told["change"]["value"]) == pytest.approx(found.change)
    assert [(each["kind"], each["code"]) for each in told["causes"]] == [(each.kind.name, each.code) for each in found.causes]
    assert "ACME delivers late" in page
    assert "100 % → 85.7 %" in page
    assert nothing.status_code == 404
    rows = list(csv.DictReader(io.StringIO(file)))
    assert [(row["cause"], row["cause_code"]) for row in rows] == [(each.kind.value, each.code) for each in found.causes]
    assert float(rows[0]["contribution"]) == pytest.approx(found.causes[0].contribution, abs=1e-4)
    Endpoint.objects.create(name="room", notifier="webhook", language="en")
    Subscription.objects.create(endpoint=Endpoint.objects.get(), kinds=[WEEKLY])
    put(world, DAY - timedelta(days=7), Category.objects.get(code="home"), served_30=180.0)
    run_cycle(WEEKLY, LATER)
    item = (Delivery.objects.get().message or {})["items"][0]
    assert "changed most: Fill rate 100 % → 85.7 % (ACME delivers late" in item["line"]


@pytest.mark.parametrize(("kpi", "days", "said"), [("shine", 30, "There is no key figure shine"), ("fill_rate", 0, "looks back 1 to 400")])
def test_h84_what_makes_no_sense_is_refused(world: World, root: User, kpi: str, days: int, said: str) -> None:
    client = Client()
    client.force_login(root)
    answer = post(client, QUERY, {"kpi": kpi, "code": "cn", "days": days})
    assert said in answer.body["errors"][0]["message"]
    assert set(KPIS) >= {"fill_rate", "logistics_saving"}
