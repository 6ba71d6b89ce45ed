"""From sales to alerts: what the engine says of lead-time demand decides when and how much to order, and the alert says so."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert
from stockhub.demand.models import Forecast, ForecastSettings, SalesSeries
from stockhub.values import Explanation
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = pytest.mark.django_db
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def world() -> World:
    """Twenty SKUs with little stock and a year of sales."""
    world, rng = make_world(), np.random.default_rng(15)
    for number in range(20):
        sku = world.sku(f"S{number}")
        world.stock(sku, 60)
        world.sold(sku, rng.poisson(8.0 + number, 300).astype(float).tolist(), last_on=YESTERDAY)
    return world


def decided(minutes: int) -> dict[str, Alert]:
    """The shortages after a forecast and a warning run."""
    run_cycle("forecast", NOW + timedelta(minutes=minutes))
    run_cycle("warnings", NOW + timedelta(minutes=minutes + 1))
    return {alert.sku.code: alert for alert in Alert.objects.filter(kind="shortage").select_related("sku", "template") if alert.sku}


def nodes(tree: Explanation) -> dict[str | None, float | None]:
    return {node.name: node.value for node in tree.walk()}


def test_d15_u11_a_forecast_that_rises_by_a_fifth_changes_the_suggested_order_in_the_same_run_and_says_why(world: World) -> None:
    before = {code: (alert.suggested_qty, alert.inputs) for code, alert in decided(0).items()}
    assert len(before) == 20
    for series in SalesSeries.objects.all():
        series.daily = series.daily * np.float32(1.2)
        series.save()
    after = decided(10)
    assert after.keys() == before.keys()
    for code, alert in after.items():
        quantity, inputs = before[code]
        assert quantity is not None
        assert alert.suggested_qty is not None
        assert alert.suggested_qty > quantity
        assert alert.inputs["demand_in_horizon"] == pytest.approx(1.2 * inputs["demand_in_horizon"], rel=0.02)
        trees = explanations_of(alert)
        assert trees["suggested_qty"].evaluate() == alert.suggested_qty


def test_n4_the_alert_explains_that_safety_stock_rests_on_lead_time_demand(world: World) -> None:
    for alert in decided(0).values():
        found = nodes(explanations_of(alert)["value"])
        assert found["rests_on_lead_time_demand"] == 1.0
        excess = max(alert.inputs["protection_quantile"] - alert.inputs["protection_demand"], 0.0)
        own = alert.inputs["own_sd"] * alert.inputs["usual_deviations"]
        assert found["own_excess"] == pytest.approx(own)
        assert found["excess_demand"] == pytest.approx((excess * own) ** 0.5)
        expected = (excess * own + alert.inputs["lead_time_risk"] ** 2) ** 0.5
        assert found["rests_on_own_deviation"] == 1.0
        assert found["calibrated_safety_stock"] == pytest.approx(expected)
        assert found["safety_stock_in_use"] == pytest.approx(alert.inputs["safety_stock"], rel=1e-6)
        assert 0.0 <= alert.inputs["p_stockout"] <= 1.0


def test_where_the_textbook_stands_in_the_alert_says_so(world: World) -> None:
    ForecastSettings.objects.create(lead_time_forecaster="recent-average")
    for alert in decided(0).values():
        found = nodes(explanations_of(alert)["value"])
        assert found["rests_on_lead_time_demand"] == 0.0
        assert found["safety_stock_in_use"] == pytest.approx(alert.inputs["safety_stock"])


def test_f5_u9_a_season_that_came_last_year_raises_lead_time_demand_before_it_comes_again() -> None:
    world, rng = make_world(), np.random.default_rng(9)
    ForecastSettings.objects.create(history_days=600)
    # Eight weeks from tomorrow on, a year ago, when everybody bought.
    season = slice(600 - 364, 600 - 364 + 56)
    for number in range(20):
        sold = rng.poisson(15.0, 600).astype(float)
        sold[season] *= 2.5
        world.sold(world.sku(f"S{number}"), sold.tolist(), last_on=YESTERDAY)
    with_season = four_weeks_at_95(0)
    for series in SalesSeries.objects.all():
        daily = series.daily.copy()
        daily[season] /= 2.5
        series.daily = daily
        series.save()
    assert with_season > 1.2 * four_weeks_at_95(1)


def four_weeks_at_95(minutes: int) -> float:
    run_cycle("forecast", NOW + timedelta(minutes=minutes))
    return float(np.mean([f.lead_time_quantiles.reshape(11, 7)[7, 4] for f in Forecast.objects.all()]))
