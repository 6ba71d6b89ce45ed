"""Whether stock lasts: when it is gone first, how likely it is gone before help can come, and how much is enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from stockhub.catalog.models import Sku, StockPolicy
from stockhub.core import clock
from stockhub.demand.models import Forecast
from stockhub.formulas.distributions.kept_quantiles import lead_time_risk
from stockhub.pluginapi import Snapshot
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine
from stockhub.snapshot.builder import build
from tests.worlds import DAY, NOW, World, make_world

pytestmark = pytest.mark.django_db
DAYS, LEVELS = (1, 7, 14, 28), (0.05, 0.5, 0.8, 0.95, 0.99)
#: Times the mean over a lead time, by level.
TIMES = (0.5, 1.0, 1.2, 1.5, 2.0)


@pytest.fixture
def world() -> World:
    return make_world()


def knows(world: World, sku: Sku, rate: float, *, model: str = "engine") -> None:
    """Lead-time demand in proportion to its mean, as wide at every lead time."""
    world.forecast(sku, rate)
    quantiles = np.array([[times * rate * days for days in DAYS] for times in TIMES], np.float32)
    Forecast.objects.filter(sku=sku).update(
        lead_time_days=np.array(DAYS, np.int16), lead_time_levels=np.array(LEVELS, np.float32), lead_time_quantiles=quantiles.ravel(),
        lead_time_model=model,
    )  # fmt: skip


def coming(world: World, sku: Sku, qty: int, days: int) -> None:
    order = PurchaseOrder.objects.create(
        code=f"PO-{sku.pk}-{days}", supplier=world.supplier, warehouse=world.warehouse, currency="CNY", ordered_on=DAY,
        promised_on=DAY + timedelta(days=days),
    )  # fmt: skip
    PurchaseOrderLine.objects.create(purchase_order=order, line_no=1, sku=sku, ordered_qty=qty)


def seen(sku: Sku) -> dict[str, float]:
    with clock.at(NOW):
        snapshot: Snapshot = build([sku.pk], NOW)
    return {name: float(column[0]) for name, column in snapshot.columns.items()}


def test_f1_u7_stock_sells_out_first_before_the_order_lands(world: World) -> None:
    sku = world.selling("A", stock=10, rate=5.0)
    assert seen(sku)["sells_out_first"] == pytest.approx(2.0)
    coming(world, sku, 20, 5)
    assert seen(sku)["sells_out_first"] == pytest.approx(2.0)


def test_f1_an_order_that_lands_in_time_carries_stock_on(world: World) -> None:
    sku = world.selling("A", stock=25, rate=5.0)
    coming(world, sku, 20, 5)
    assert seen(sku)["sells_out_first"] == pytest.approx(9.0)


def test_h11_a_thousand_at_fifty_a_day_are_gone_on_day_20_and_beyond_the_forecast_its_last_week_goes_on(world: World) -> None:
    assert seen(world.selling("A", stock=1000, rate=50.0))["sells_out_first"] == pytest.approx(20.0)
    assert seen(world.selling("B", stock=1000, rate=5.0))["sells_out_first"] == pytest.approx(200.0)
    assert np.isnan(seen(world.selling("C", stock=10, rate=0.0))["sells_out_first"])
    assert seen(world.selling("D", stock=1, rate=0.1))["sells_out_first"] == pytest.approx(10.0)


def test_n5_the_chance_of_a_stock_out_is_read_from_lead_time_demand(world: World) -> None:
    # A week's lead time and the week until the next review: 14 days of 10 and a bit are 140⅓.
    # 1.5 times that, 210½, is not passed with 95 %: 211 units last so often.
    sku = world.sku("A", lead_time=7.0)
    world.stock(sku, 211)
    knows(world, sku, 210.5 / 21.0)
    found = seen(sku)
    assert found["p_stockout"] == pytest.approx(0.05, abs=1e-4)
    # Twice the mean is 280⅔, so that with 70 more in a week hardly more than one chance in a hundred is left: six days do not use up 211.
    coming(world, sku, 70, 7)
    assert seen(sku)["p_stockout"] == pytest.approx(0.01, abs=2e-4)


def test_u7_an_arrival_in_a_month_hides_no_stock_out_before_it(world: World) -> None:
    sku = world.sku("A", lead_time=28.0)
    world.stock(sku, 100)
    knows(world, sku, 10.0)
    bare = seen(sku)["p_stockout"]
    coming(world, sku, 5000, 27)
    found = seen(sku)
    # On the eve 26 days of demand, 260 on average, have met 100 units.
    assert found["p_stockout"] > 0.95
    assert found["p_stockout"] <= bare
    assert found["sells_out_first"] == pytest.approx(10.0)
    coming(world, sku, 5000, 3)
    assert seen(sku)["p_stockout"] < 0.01


def test_n5_a_lead_time_that_varies_makes_a_stock_out_likelier(world: World) -> None:
    sku = world.sku("A", lead_time=7.0)
    world.stock(sku, 211)
    knows(world, sku, 10.0)
    certain = seen(sku)["p_stockout"]
    sku.offers.update(lead_time_sd_days=6.0)
    assert seen(sku)["p_stockout"] > 1.5 * certain


def test_d4_h25_safety_stock_is_the_engines_quantile_less_the_mean_over_lead_time_and_review(world: World) -> None:
    sku = world.sku("A", lead_time=14.0)
    world.stock(sku, 100)
    StockPolicy.objects.create(sku=sku, review_period_days=14, service_level=0.95)
    knows(world, sku, 10.0)
    found = seen(sku)
    assert found["safety_stock_is_calibrated"] == 1.0
    assert found["protection_demand"] == pytest.approx(280.0)
    assert found["protection_quantile"] == pytest.approx(420.0, rel=1e-5)
    assert found["safety_stock"] == pytest.approx(140.0, rel=1e-4)
    assert found["order_up_to"] == pytest.approx(420.0, rel=1e-4)
    knows(world, sku, 20.0)
    assert seen(sku)["safety_stock"] == pytest.approx(280.0, rel=1e-4)
    # The textbook's own, where nobody but the textbook has spoken.
    knows(world, sku, 20.0, model="textbook")
    found = seen(sku)
    assert found["safety_stock_is_calibrated"] == 0.0
    assert found["safety_stock"] == pytest.approx(lead_time_risk(1.6448536, 20.0, 0.001), rel=1e-4)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"safety_stock_method": "fixed", "safety_stock_qty": 33}, 33.0),
        ({"safety_stock_method": "cover_days", "safety_cover_days": 3}, 30.0),
    ],
)
def test_d3_a_policy_that_states_safety_stock_is_obeyed(world: World, policy: dict[str, Any], expected: float) -> None:
    sku = world.sku("A", lead_time=14.0)
    world.stock(sku, 100)
    StockPolicy.objects.create(sku=sku, **policy)
    knows(world, sku, 10.0)
    found = seen(sku)
    assert found["safety_stock"] == pytest.approx(expected)
    assert found["safety_stock_is_calibrated"] == 0.0


def test_without_lead_time_demand_there_is_no_chance_and_without_stock_it_is_certain(world: World) -> None:
    sku = world.selling("A", stock=10, rate=5.0)
    assert np.isnan(seen(sku)["p_stockout"])
    knows(world, sku, 5.0)
    world.take(sku, 10, "all")
    found = seen(sku)
    assert (found["p_stockout"], found["sells_out_first"]) == (1.0, 0.0)
