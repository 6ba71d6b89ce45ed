"""Key figures by pool, category and site: exact, explained, scoped, and never called a platform's (H16, H84)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from stockhub.access.models import Grant, ScopeKind, User
from stockhub.catalog.models import Category, PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.channels.models import Account, Listing, ListingComponent, PoolAccount
from stockhub.core import clock
from stockhub.demand.models import StockoutSeries
from stockhub.demand.turnover_models import StockFigures
from stockhub.inventory.models import Balance, StockHistory
from stockhub.overview.kpis import KPIS, KpiGrouping, StockKpis, stock_kpis
from tests.graphql.shop import post
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
#: 2 March 2025 to 1 March 2026: the last twelve complete months, less one day, and a day.
YEAR_DAYS = 366
QUERY = """
query ($by: KpiGrouping!) {
  stockKpis(by: $by) {
    code name day skuCount
    figures { kind { slug label } value { value unit reason explain { value text nodes { op name value args } } } }
  }
}
"""


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", "root@example.com", "x")


def shop(world: World) -> None:
    """Two SKUs of a category and one of none: one sells 2 a day from 400 units, one is dead, one was out of stock for ten days."""
    home = Category.objects.create(code="home", name="Home")
    selling, dead, scarce = (world.sku(code, cost="10") for code in ("SELLING", "DEAD", "SCARCE"))
    Sku.objects.filter(code__in=("SELLING", "DEAD")).update(category=home)
    for sku, rate, units in ((selling, 2.0, 400), (dead, 0.0, 100), (scarce, 3.0, 30)):
        world.sold(sku, [rate] * YEAR_DAYS)
        world.stock(sku, units)
        world.forecast(sku, rate)
    first = DAY - timedelta(days=YEAR_DAYS + 2)
    for sku, held in ((selling, 365.0), (dead, 100.0)):
        qty = np.full(YEAR_DAYS + 2, held, np.float32)
        StockHistory.objects.create(sku=sku, warehouse=world.warehouse, first_on=first, qty=qty)
    listing = Listing.objects.create(account=world.account, code="L1", status="active")
    ListingComponent.objects.create(listing=listing, sku=selling, qty=1)
    gone = Listing.objects.create(account=world.account, code="L2", status="closed")
    ListingComponent.objects.create(listing=gone, sku=dead, qty=1)
    run_cycle("forecast")
    # The ledger says that SCARCE was always there; somebody knows better.
    percent = np.array([0] * 10 + [100] * 20, np.uint8)
    StockoutSeries.objects.update_or_create(
        sku=scarce, pool=world.pool, defaults={"first_on": DAY - timedelta(days=30), "in_stock": percent}
    )
    for sku, rate in ((selling, 2.0), (dead, 0.0), (scarce, 3.0)):
        world.forecast(sku, rate)
    run_cycle("warnings", NOW + timedelta(minutes=5))


def kpis(by: KpiGrouping, viewer: User, *, at: datetime = NOW + timedelta(minutes=10)) -> list[StockKpis]:
    with clock.at(at):
        return stock_kpis(by, viewer=viewer)


def figures(found: list[StockKpis], code: str) -> dict[str, float | None]:
    [place] = [each for each in found if each.code == code]
    return {name: metric.value for name, metric in place.metrics.items()}


def test_h84_h16_the_figures_of_a_pool_are_what_its_facts_give(world: World, root: User) -> None:
    shop(world)
    found = kpis(KpiGrouping.POOL, root)
    assert [(place.code, place.name, place.day, place.skus) for place in found] == [("cn", "China", DAY, 3)]
    own = figures(found, "cn")
    # 530 units over 60, 0 and 90 sold; the history of SELLING is complete in eleven of twelve months.
    assert own["stock_to_sales"] == pytest.approx(530 / 150)
    assert own["dead_share"] == pytest.approx(100 / 530)
    # SCARCE sold 90 on twenty days in stock: ten more days would have been 45.
    assert own["fill_rate"] == pytest.approx(150 / 195)
    # 90 days of 2 and 0 are 180 and 0: 220 and 100 are too many.
    assert own["excess_share"] == pytest.approx(320 / 530)
    assert own["stranded_share"] == pytest.approx(130 / 530)
    # By units sold in 60 days: 120 always in stock, 180 two thirds of the time.
    assert own["in_stock_rate"] == pytest.approx((120 + 180 * 2 / 3) / 300)
    # December to February: 2 a day of 365 and 100 that are held.
    assert own["sell_through"] == pytest.approx(2 * 90 / 465)
    # By cost, SCARCE too: its ledger tells January and February.
    cost, mean_stock = 10 * (180 + 93 + 84), 10 * (465 * 90 + 30 * (31 + 28)) / 90
    assert own["turnover_quarter"] == pytest.approx(cost / mean_stock * 365 / 90, rel=1e-5)
    score = 100 * (0.35 * 0.0 + 0.30 * (180 / 465 / 2) + 0.10 * 0.0 + 0.25 * 0.8)
    assert own["health_score"] == pytest.approx(score, rel=1e-6)
    for place in found:
        for name, metric in place.metrics.items():
            assert metric.explanation is not None, name
            assert metric.explanation.evaluate() == metric.value, name
    assert "IPI" not in " ".join(label.en + label.zh for label in KPIS.values())


def test_h84_by_category_and_by_site(world: World, root: User) -> None:
    Account.objects.filter(pk=world.account.pk).update(site="cn-site")
    shop(world)
    by_category = kpis(KpiGrouping.CATEGORY, root)
    assert [(place.code, place.skus) for place in by_category] == [("", 1), ("home", 2)]
    assert figures(by_category, "home")["dead_share"] == pytest.approx(0.2)
    assert figures(by_category, "")["dead_share"] == 0.0
    # A SKU without any history of stock has no turnover, and the reason says so.
    [none] = [place for place in by_category if place.code == ""]
    assert (none.metrics["turnover_year"].value, none.metrics["turnover_year"].reason) == (None, "NO_STOCK_HISTORY")
    by_site = kpis(KpiGrouping.SITE, root)
    assert [(place.code, place.skus) for place in by_site] == [("cn-site", 3)]
    assert figures(by_site, "cn-site") == figures(kpis(KpiGrouping.POOL, root), "cn")


def test_one_set_of_figures_a_day_whatever_runs(world: World, root: User) -> None:
    shop(world)
    before = list(StockFigures.objects.order_by("pk").values_list("pk", "chunk"))
    assert [chunk for _pk, chunk in before] == [0, 0]
    run_cycle("warnings", NOW + timedelta(minutes=20))
    run_cycle("warnings", NOW + timedelta(minutes=35), skus=("DEAD",))
    assert list(StockFigures.objects.order_by("pk").values_list("pk", "chunk")) == before
    run_cycle("warnings", NOW + timedelta(days=1))
    assert sorted(set(StockFigures.objects.values_list("day", flat=True))) == [DAY, date(2026, 3, 3)]
    assert kpis(KpiGrouping.POOL, root)[0].day == date(2026, 3, 3)


def test_i4_nobody_sees_the_figures_of_a_pool_that_is_not_his(world: World) -> None:
    elsewhere = Warehouse.objects.create(code="us", name="US")
    pool = StockPool.objects.create(code="us", name="US")
    PoolWarehouse.objects.create(pool=pool, warehouse=elsewhere)
    PoolAccount.objects.create(pool=pool, account=Account.objects.create(code="amz", name="Amazon", marketplace="file", baseline_at=NOW))
    Balance.objects.create(sku=world.sku("A"), warehouse=elsewhere, bucket_id="available", qty=7)
    shop(world)
    user = User.objects.create(username="ana")
    Grant.objects.create(user=user, kind=ScopeKind.WAREHOUSE, object_id=elsewhere.pk)
    Grant.objects.create(user=user, kind=ScopeKind.ACCOUNT, object_id=Account.objects.get(code="amz").pk)
    for by, codes in ((KpiGrouping.POOL, ["us"]), (KpiGrouping.CATEGORY, [""]), (KpiGrouping.SITE, ["file"])):
        found = kpis(by, user)
        assert [(place.code, place.skus) for place in found] == [(code, 1) for code in codes]


def test_h84_the_graph_and_the_page_show_them_with_their_formulas(world: World, root: User) -> None:
    client = Client()
    client.force_login(root)
    assert b"There are no figures yet" in client.get(reverse("cockpit:kpis")).content
    shop(world)
    [place] = post(client, QUERY, {"by": "POOL"}).data["stockKpis"]
    assert (place["code"], place["skuCount"], place["day"]) == ("cn", 3, "2026-03-02")
    told = {figure["kind"]["slug"]: figure for figure in place["figures"]}
    assert list(told) == list(KPIS)
    dead = told["dead_share"]
    assert float(dead["value"]["value"]) == pytest.approx(100 / 530)
    assert dead["value"]["unit"] == "share"
    assert float(dead["value"]["explain"]["value"]) == float(dead["value"]["value"])
    assert "Stock without a sale in 90 days" in dead["value"]["explain"]["text"]
    page = client.get(reverse("cockpit:kpis")).content.decode()
    assert "Key figures" in page
    assert "StockHub health" in page
    assert "18.9 %" in page
    assert "Stock without a sale in 90 days, at cost" in page
    with translation.override("zh-hans"):
        chinese = client.get(f"{reverse('cockpit:kpis')}?by=category", headers={"accept-language": "zh-hans"}).content.decode()
    assert "呆滞库存占比" in chinese
    nobody = Client()
    nobody.force_login(User.objects.create_user("bo", is_staff=True))
    assert nobody.get(reverse("cockpit:kpis")).status_code == 403
