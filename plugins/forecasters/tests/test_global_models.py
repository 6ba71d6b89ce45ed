"""The models that all series share: what they are told, what they learn, and what their quantiles are worth on a real shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from stockhub.pluginapi import ForecastBatch, Panel
from stockhub_forecasters.averages import MovingAverage
from stockhub_forecasters.boosting import LightGbm, XgBoost
from stockhub_forecasters.calibration import multiples_of
from stockhub_forecasters.features import PanelFeatures
from stockhub_forecasters.forest import RandomForest
from stockhub_forecasters.global_model import GlobalForecaster
from stockhub_forecasters.training import examples_of, mixed, seed_of

MODELS = [RandomForest(trees=40), LightGbm(), XgBoost()]
MONDAY = date(2025, 1, 6)


def panel_of(demand: ArrayLike, **known: object) -> Panel:
    values = np.asarray(demand, np.float32)
    return replace(Panel(np.arange(len(values)) + 100, MONDAY, values, np.isfinite(values)), **known)  # type: ignore[arg-type]


def told(features: PanelFeatures, name: str, *, row: int = 0, origin: int, step: int = 1) -> float:
    table = features.table(np.array([row]), np.array([origin]), np.array([step]))
    return float(table[0, features.names().index(name)])


def test_features_by_hand() -> None:
    demand = np.zeros((1, 70))
    demand[0, 56:63] = [1, 2, 3, 4, 5, 6, 7]
    demand[0, 63:70] = [2, 2, np.nan, 2, 2, 0, 0]
    features = PanelFeatures(panel_of(demand), ())
    # 36 units in 27 known days of 28, and in 55 of 56, and in 69 of all.
    rate = (36 / 27 + 36 / 55 + 36 / 69) / 3 + 0.5 / 56
    assert features.rates(np.array([0]), np.array([70])) == pytest.approx([rate])
    assert told(features, "rate_7", origin=70) == pytest.approx((8 / 6) / rate, rel=1e-6)
    assert told(features, "sold_share_28", origin=70) == pytest.approx(11 / 27, rel=1e-6)
    assert told(features, "lag_1", origin=70) == 0.0
    # The third day back is known; the fifth is not, and stands as the week's rate.
    assert told(features, "lag_3", origin=70) == pytest.approx(2 / rate, rel=1e-6)
    assert told(features, "lag_5", origin=70) == pytest.approx((8 / 6) / rate, rel=1e-6)
    assert told(features, "recency", origin=70) == pytest.approx(np.log1p(2), rel=1e-6)
    # Day 70 is a Monday as day 63 is; step 9 is a Tuesday, whose newest is day 64.
    assert told(features, "weekday", origin=70) == 0.0
    assert told(features, "newest_same_weekday", origin=70) == pytest.approx(2 / rate, rel=1e-6)
    assert told(features, "weekday", origin=70, step=9) == 1.0
    assert told(features, "same_weekday", origin=70, step=9) == pytest.approx((2 + 2) / 8 / rate, rel=1e-6)


def test_no_feature_knows_a_day_after_the_origin() -> None:
    rng = np.random.default_rng(1)
    demand = rng.poisson(3.0, (4, 200)).astype(np.float32)
    other = demand.copy()
    other[:, 150:] = 999.0
    rows, origins, steps = np.repeat(np.arange(4), 56), np.full(224, 150), np.tile(np.arange(1, 57), 4)
    np.testing.assert_array_equal(
        PanelFeatures(panel_of(demand), ()).table(rows, origins, steps), PanelFeatures(panel_of(other), ()).table(rows, origins, steps)
    )


def test_drivers_are_told_for_the_day_ahead_and_prices_as_ratios() -> None:
    demand = np.ones((1, 70))
    promo, price = np.zeros((1, 75), np.float32), np.full((1, 75), np.nan, np.float32)
    promo[0, [60, 71]] = 1.0
    price[0, :70], price[0, 69] = 8.0, 4.0
    features = PanelFeatures(panel_of(demand, drivers={"promo": promo, "price": price}), ("price", "promo", "unknown"))
    assert told(features, "driver_promo", origin=70, step=2) == pytest.approx(1 - 1 / 56, rel=1e-6)
    assert told(features, "driver_promo", origin=70, step=1) == pytest.approx(-1 / 56, rel=1e-6)
    assert told(features, "driver_promo", origin=70, step=30) == 0.0
    assert told(features, "driver_price", origin=70) == pytest.approx(np.log(4.0 / ((55 * 8 + 4) / 56)), rel=1e-6)
    assert told(features, "driver_unknown", origin=70) == 0.0


def test_closed_days_are_not_known() -> None:
    open_days = np.ones((1, 70), np.bool_)
    open_days[0, 6::7] = False
    features = PanelFeatures(panel_of(np.ones((1, 70)), open_days=open_days), ())
    assert features.known_days().tolist() == [60]


def test_examples_are_drawn_alike_in_any_order_and_by_series_id() -> None:
    rng = np.random.default_rng(2)
    panel = panel_of(rng.poisson(2.0, (30, 150)))
    examples, shuffled = examples_of(panel, 2000), examples_of(panel.rows(rng.permutation(30)), 2000)
    np.testing.assert_array_equal(examples.features, shuffled.features)
    np.testing.assert_array_equal(examples.targets, shuffled.targets)
    assert 1400 < len(examples.targets) < 2000
    assert len(examples_of(panel, 500).targets) < 650
    assert seed_of(panel.series_ids) == seed_of(panel.series_ids[::-1]) != seed_of(panel.series_ids[1:])
    draws = mixed(np.arange(10_000), 3) % np.uint64(10)
    assert np.bincount(draws.astype(np.int64)).min() > 900


def test_multiples_are_quantiles_of_demand_over_forecast() -> None:
    rng = np.random.default_rng(3)
    forecast = np.exp(rng.normal(0, 1, 100_000))
    share = rng.random(100_000)
    demand = forecast * rng.gamma(2.0, 0.5, 100_000)
    multiples = multiples_of(demand, forecast, share)
    cells = multiples.cells(np.array([0.1, 1.0, 10.0]), np.array([0.05, 0.2, 0.9]))
    np.testing.assert_allclose(
        multiples.at(cells, (0.5, 0.9)), np.tile(np.quantile(rng.gamma(2.0, 0.5, 10**6), (0.5, 0.9)), (3, 1)), atol=0.2
    )


def test_the_forest_in_arrays_predicts_what_scikit_learn_predicts() -> None:
    from sklearn.ensemble import RandomForestRegressor

    rng = np.random.default_rng(4)
    features, targets = rng.random((3000, 5)).astype(np.float32), rng.gamma(1.0, 1.0, 3000)
    model = RandomForest(trees=7).train(features, targets, np.ones(3000), tuple("abcde"), 11)
    capped = np.minimum(targets, np.quantile(targets, 0.99))
    theirs = RandomForestRegressor(n_estimators=7, min_samples_leaf=10, max_features=0.3, max_samples=0.4, random_state=11)
    expected = theirs.fit(features, capped, np.ones(3000)).predict(features)
    np.testing.assert_allclose(RandomForest().predict(model, features), expected, rtol=1e-12)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.slug)
def test_h23_covariates_are_learned(model: GlobalForecaster) -> None:
    """A shop whose promotions treble its sales, with one tomorrow: without the driver nobody could know."""
    rng = np.random.default_rng(5)
    promo = (rng.random((40, 228)) < 0.15).astype(np.float32)
    promo[:, 200], promo[:, 201:] = 1.0, 0.0
    demand = rng.poisson(rng.uniform(4, 40, (40, 1)) * (1.0 + 2.0 * promo[:, :200]))
    panel = panel_of(demand, drivers={"promo": promo})
    mean = model.forecast(ForecastBatch(panel, 2, ()), model.fit(panel)).mean
    assert 2.2 < float(np.median(mean[:, 0] / mean[:, 1])) < 3.8
    without = panel_of(demand)
    mean = model.forecast(ForecastBatch(without, 2, ()), model.fit(without)).mean
    assert 0.7 < float(np.median(mean[:, 0] / mean[:, 1])) < 1.4


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.slug)
def test_h23_short_histories_are_left_to_the_baseline(model: GlobalForecaster) -> None:
    rng = np.random.default_rng(6)
    demand = rng.poisson(3.0, (20, 111)).astype(np.float32)
    short = panel_of(demand)
    assert model.fit(short) == {}
    answer = model.forecast(ForecastBatch(short, 3, (0.9,)), {})
    assert answer.unfit == dict.fromkeys(range(20), "TOO_LITTLE_TO_LEARN_FROM")
    assert not answer.mean.any()
    demand[0, : 111 - 55], demand[1] = np.nan, np.nan
    reasons = model.forecast(ForecastBatch(panel_of(demand), 3, (0.9,)), {}).unfit
    assert (reasons[0], reasons[1]) == ("SHORT_HISTORY", "NO_OBSERVED_DAYS")


def test_h23_global_models_on_a_real_shop(real_demand: NDArray[np.float32]) -> None:
    """28 days ahead of 250 series: errors near those of an average, quantiles that hold what they promise."""
    cutoff = real_demand.shape[1] - 28
    chosen = real_demand[np.isfinite(real_demand[:, cutoff - 120])][:250]
    past, future = panel_of(chosen[:, :cutoff]), chosen[:, cutoff:]
    scale = np.sqrt(np.nanmean(np.diff(past.values, axis=1) ** 2, axis=1))

    def rmsse(mean: NDArray[np.float32]) -> float:
        return float((np.sqrt(((mean - future) ** 2).mean(axis=1)) / scale).mean())

    average = rmsse(MovingAverage().forecast(ForecastBatch(past, 28, ()), {}).mean)
    for model in MODELS:
        result = model.forecast(ForecastBatch(past, 28, (0.8, 0.9, 0.95)), model.fit(past))
        assert rmsse(result.mean) < 1.12 * average, model.slug
        covered = (future[:, None, :] <= result.quantiles + 1e-6).mean(axis=(0, 2))
        # Nearly all zeros at the lower level, where 0 is then the quantile and covers more.
        assert (np.abs(covered - (0.8, 0.9, 0.95)) < (0.1, 0.045, 0.03)).all(), (model.slug, covered)
