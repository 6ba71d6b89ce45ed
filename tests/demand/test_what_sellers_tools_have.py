"""What other tools for sellers have, held against real runs: windows of sales, seasons, and chances that come true as often as they say."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.demand.models import Forecast, ForecastSettings
from stockhub.inventory.models import Balance
from stockhub.snapshot.builder import build, lead_times_of
from stockhub.snapshot.stockouts import days_until_gone
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = pytest.mark.django_db
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def mean_by(world: World, chain: list[str], sold: list[float]) -> float:
    """Units a day that a run of this chain expects of a SKU with these sales."""
    ForecastSettings.objects.create(chain=chain, horizon_days=28, quantile_levels=[0.5, 0.9], uses_champions=False)
    world.sold(world.sku("A"), sold, last_on=YESTERDAY)
    run_cycle("forecast")
    forecast = Forecast.objects.get()
    assert forecast.model_used == chain[0]
    return float(forecast.mean[0])


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        # Eight weeks: 28 days of 4 and 28 of 10.
        ("moving-average", 7.0),
        # Half of the last four weeks, .3 of the four before, .2 of those before these.
        ("weighted-moving-average", 0.5 * 10.0 + 0.3 * 4.0 + 0.2 * 1.0),
    ],
)
def test_f2_velocity_rests_on_windows_of_recent_sales_with_their_weights(world: World, model: str, expected: float) -> None:
    assert mean_by(world, [model], [1.0] * 84 + [4.0] * 28 + [10.0] * 28) == pytest.approx(expected, rel=1e-3)


def test_f5_days_of_a_strong_weekend_are_forecast_as_such(world: World) -> None:
    week = [4.0, 4.0, 4.0, 4.0, 4.0, 20.0, 20.0]
    ForecastSettings.objects.create(chain=["holt-winters"], horizon_days=28, quantile_levels=[0.5, 0.9], uses_champions=False)
    world.sold(world.sku("A"), week * 20, last_on=YESTERDAY)
    run_cycle("forecast")
    forecast = Forecast.objects.get()
    assert forecast.model_used == "holt-winters"
    np.testing.assert_allclose(forecast.mean[:14], week * 2, rtol=0.05)


#: Lead time and review together, as `p_stockout` counts them, and how many SKUs are replayed.
AHEAD, SKUS = 14, 150


def test_f9_n5_quantiles_and_chances_of_a_stock_out_come_true_as_often_as_they_say_on_replay(world: World) -> None:
    rng = np.random.default_rng(95)
    rates = rng.uniform(4.0, 40.0, SKUS)
    # Twice as spread as chance alone: a dispersion of 2.
    days = rng.negative_binomial(rates[:, None], 0.5, (SKUS, 240 + AHEAD)).astype(float)
    skus = [world.sku(f"R{number}", lead_time=7.0) for number in range(SKUS)]
    for sku, sold, rate in zip(skus, days, rates, strict=True):
        world.stock(sku, round(rate * AHEAD * rng.uniform(0.8, 1.2)))
        world.sold(sku, sold[:240].tolist(), last_on=YESTERDAY)
    stocks = {sku.pk: qty for sku, qty in zip(skus, _stocks(skus), strict=True)}
    run_cycle("forecast")
    came = {sku.pk: sold[240:].sum() for sku, sold in zip(skus, days, strict=True)}
    for level in (0.5, 0.8, 0.9, 0.95):
        covered = np.mean([came[made.sku_id] <= _quantile(made, level) for made in Forecast.objects.all()])
        # Three standard errors of so many SKUs.
        assert covered == pytest.approx(level, abs=3.0 * np.sqrt(level * (1 - level) / SKUS))
    with clock.at(NOW + timedelta(minutes=5)):
        found = build([sku.pk for sku in skus], NOW)
    said = np.asarray(found["p_stockout"])
    happened = np.array([came[pk] > stocks[pk] for pk in found.sku_ids.tolist()])
    for least, most in ((0.0, 0.2), (0.2, 0.8), (0.8, 1.01)):
        within = (said >= least) & (said < most)
        assert within.sum() >= 20
        spread = np.sqrt((said[within] * (1 - said[within])).mean() / within.sum())
        assert happened[within].mean() == pytest.approx(said[within].mean(), abs=3.0 * spread)


def test_n5_days_on_which_stock_is_gone_come_true_as_often_as_they_say_on_replay(world: World) -> None:
    """P10, P50 and P90 of the day, with goods that arrive in between, against what was really sold."""
    rng = np.random.default_rng(2)
    ahead, rates = 28, rng.uniform(4.0, 40.0, SKUS)
    days = rng.negative_binomial(rates[:, None], 0.5, (SKUS, 240 + ahead)).astype(float)
    skus = [world.sku(f"G{number}", lead_time=7.0) for number in range(SKUS)]
    for sku, sold, rate in zip(skus, days, rates, strict=True):
        world.stock(sku, round(rate * rng.uniform(8.0, 14.0)))
        world.sold(sku, sold[:240].tolist(), last_on=YESTERDAY)
    run_cycle("forecast")
    with clock.at(NOW + timedelta(minutes=5)):
        snapshot = build([sku.pk for sku in skus], NOW)
        gone = days_until_gone(snapshot, lead_times_of(snapshot), np.array([0.1, 0.5, 0.9]), ahead)
    assert np.isfinite(gone).all()
    assert (np.diff(gone, axis=1) >= 0).all()
    assert (gone[:, 0] < gone[:, 2]).all()
    left = snapshot["available"][:, None] - np.cumsum(days[:, 240:], axis=1)
    came = (left <= 0).argmax(axis=1) + 1
    for place, probability in enumerate((0.1, 0.5, 0.9)):
        by_then, before = (np.mean(came <= gone[:, place] - less) for less in (0, 1))
        spread = 3.0 * np.sqrt(probability * (1 - probability) / SKUS)
        # Days are whole, so that the chance jumps from below the probability to above it.
        assert by_then >= probability - spread
        assert before <= probability + spread


def _stocks(skus: list[Sku]) -> list[int]:
    held = dict(Balance.objects.filter(bucket_id="available").values_list("sku_id", "qty"))
    return [held[sku.pk] for sku in skus]


def _quantile(made: Forecast, level: float) -> float:
    table = np.asarray(made.lead_time_quantiles).reshape(len(made.lead_time_levels), len(made.lead_time_days))
    at = int(np.argmin(np.abs(np.asarray(made.lead_time_levels) - level)))
    assert made.lead_time_levels[at] == pytest.approx(level)
    return float(table[at, made.lead_time_days.tolist().index(AHEAD)])
