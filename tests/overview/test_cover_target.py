"""The cover that costs least (N6): one curve between the two cliffs, and its numbers with their explanations."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from stockhub.catalog.models import Category, CategoryMapping, ExchangeRate, PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.channels.models import Account, Feed, PoolAccount
from stockhub.core import clock
from stockhub.formulas.evaluation.cover_cost import COVERS, AgeCharge, best_cover, cover_cost
from stockhub.inventory.models import StockHistory
from stockhub.overview.cover_target import CoverTarget, cover_target
from tests.worlds import DAY, NOW, World, make_world

#: Ten a day within a fifth, two weeks away, looked at each week; a unit short costs 20, one kept costs 10 to have and 0.5 a month to store.
STEADY = {
    "daily_demand": 10.0, "demand_sd": 2.0, "lead_time": 14.0, "lead_time_sd": 1.0, "review_period": 7.0, "shortage_each": 20.0,
    "low_fee_under_14": 0.0, "low_fee_14_to_21": 0.0, "low_fee_21_to_28": 0.0, "storage_30": 0.5, "unit_cost": 10.0, "capital_rate": 0.12,
}  # fmt: skip
FEES = {"low_fee_under_14": 9.0, "low_fee_14_to_21": 7.0, "low_fee_21_to_28": 4.0}
AGED = [AgeCharge(181.0, 211.0, 3.0), AgeCharge(211.0, None, 6.0)]


def test_n6_without_fees_the_best_cover_is_the_newsvendors() -> None:
    """The month's shortage falls by (1 − F(S)) · 30/7 · 20 a unit more, and keeping it costs 0.5 + 10 · 0.12 · 30/365."""
    days, curve = best_cover(STEADY, [])
    keep, miss = 0.5 + 10 * 0.12 * 30 / 365, 20 * 30 / 7
    sd = (4 * 21 + 100 * 1) ** 0.5
    from statistics import NormalDist

    level = 210 + sd * NormalDist().inv_cdf(1 - keep / miss)
    assert abs(days * 10 - level) <= 10
    assert curve[int(days) - 1] == curve.min()


def test_n6_e15_the_low_inventory_cliff_lifts_the_cover_to_28_days_of_supply() -> None:
    days, curve = best_cover(STEADY | FEES, [])
    # On the mean 17.5 days of what an order fills up to are gone: 45.5 days of cover are 28 days of supply.
    assert days == 46.0
    assert curve[44] - curve[45] == pytest.approx(4.0 * 300, rel=0.05)


def test_n6_the_ageing_cliff_costs_what_is_older_than_its_first_day() -> None:
    curve = cover_cost({name: np.full(len(COVERS), value) for name, value in STEADY.items()}, COVERS, AGED)
    plain = cover_cost({name: np.full(len(COVERS), value) for name, value in STEADY.items()}, COVERS, [])
    extra = curve - plain
    assert extra[:198].tolist() == pytest.approx([0.0] * 198)
    # 220 days of supply at 237.5 of cover: 30 days at 3 and 9 at 6, ten units each.
    assert np.interp(237.5, COVERS, extra) == pytest.approx(10 * (30 * 3 + 9 * 6))


def test_n6_an_unknown_cost_gives_no_cover() -> None:
    assert np.isnan(best_cover(STEADY | {"storage_30": float("nan")}, [])[0])


@pytest.fixture
def amazon() -> World:
    world = make_world()
    house = Warehouse.objects.create(code="fba", name="FBA", kind="fba", country="US")
    pool = StockPool.objects.create(code="fba", name="FBA")
    PoolWarehouse.objects.create(pool=pool, warehouse=house)
    account = Account.objects.create(code="us", name="US", marketplace="amazon", site="US", currency="USD", baseline_at=NOW)
    PoolAccount.objects.create(pool=pool, account=account)
    Feed.objects.create(account=account, kind="orders", last_success_at=NOW, data_until_at=NOW)
    ExchangeRate.objects.create(day=DAY, source_currency="USD", target_currency="CNY", rate="7")
    category = Category.objects.create(code="toys", name="Toys")
    CategoryMapping.objects.create(category=category, marketplace="amazon", value="toys_games")
    return replace(world, account=account, pool=pool, warehouse=house)


def target(world: World, sku: Sku) -> CoverTarget:
    with clock.at(NOW):
        found = cover_target(sku_id=sku.pk, pool_id=world.pool.pk, as_of=NOW)
    assert found is not None
    return found


@pytest.mark.django_db
@pytest.mark.both_databases
def test_n6_costs_are_explained_and_more_stock_than_the_best_costs_more(amazon: World) -> None:
    sku = amazon.selling("TOY", stock=3000, rate=4.0, price="210", cost="70")
    Sku.objects.filter(pk=sku.pk).update(
        category=Category.objects.get(code="toys"), weight_grams=400, length_mm=250, width_mm=180, height_mm=90
    )
    StockHistory.objects.create(sku=sku, warehouse=amazon.warehouse, first_on=DAY - timedelta(days=90), qty=np.full(90, 80.0, np.float32))
    found = target(amazon, sku)
    for metric in (found.best, found.cost_at_best, found.cost_at_present):
        assert metric.value is not None
        assert metric.explanation is not None
        assert metric.explanation.evaluate() == pytest.approx(metric.value)
    assert found.curve is not None
    assert found.best.value is not None
    # The fee's cliff at 28 days of supply, half a review and the lead time before it.
    assert found.best.value == np.ceil(28 + 15 + 3.5)
    assert found.cost_at_best.value == pytest.approx(found.curve.min())
    assert (found.cost_at_present.value or 0.0) > (found.cost_at_best.value or 0.0)
    tree = found.cost_at_present.explanation
    assert tree is not None
    assert {"short_in_month", "aged_in_month", "mean_stock_of_cover", "low_inventory_rate"} <= {node.name for node in tree.walk()}


@pytest.mark.django_db
@pytest.mark.both_databases
def test_n6_what_is_not_known_is_a_reason(amazon: World) -> None:
    sku = amazon.selling("NOSIZE", stock=30, rate=4.0)
    found = target(amazon, sku)
    assert [m.reason for m in (found.best, found.cost_at_best, found.cost_at_present)] == ["NO_SIZE"] * 3
    assert found.curve is None
