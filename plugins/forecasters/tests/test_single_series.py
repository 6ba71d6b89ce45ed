"""The costly models of one series at a time: what they are given, what is kept of their answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from statistics import NormalDist

import numpy as np
import pytest

from stockhub.pluginapi import ForecastBatch
from stockhub_forecasters.prophet_model import Prophet
from stockhub_forecasters.single_series import SeriesForecast, SeriesHistory, SingleSeriesForecaster, gaps_filled
from stockhub_forecasters.statistical import AutoArima, AutoEts, AutoTheta

BatchOf = Callable[..., ForecastBatch]
MODELS = [AutoEts(), AutoArima(), AutoTheta(), Prophet()]


class Scripted(SingleSeriesForecaster):
    """Answers what it is told to."""

    def __init__(self, answer: Callable[[SeriesHistory], SeriesForecast]) -> None:
        self.answer = answer

    def forecast_series(self, history: SeriesHistory, batch: ForecastBatch) -> SeriesForecast:
        return self.answer(history)


def weekly(days: int) -> np.ndarray:
    return np.resize(np.array([10, 12, 11, 10, 14, 30, 28], np.float32), days) + np.random.default_rng(8).integers(0, 3, days)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.slug)
def test_h23_weekdays_are_forecast_by_the_libraries(model: SingleSeriesForecaster, batch_of: BatchOf) -> None:
    result = model.forecast(batch_of(weekly(140), horizon=7, levels=(0.1, 0.5, 0.9)), {})
    assert result.unfit == {}
    np.testing.assert_allclose(result.mean[0], np.array([10, 12, 11, 10, 14, 30, 28]) + 1, atol=1.5)
    assert 0.4 < result.error_sd[0] < 2.0
    width = result.quantiles[0, 2] - result.quantiles[0, 0]
    assert (width > 0.5).all()
    assert (width < 6.0).all()


def test_quantiles_are_the_models_own_distribution(batch_of: BatchOf) -> None:
    """AutoARIMA's is normal: the distance of each level from the median goes as the normal's does."""
    levels = (0.02, 0.3, 0.5, 0.8, 0.98)
    result = AutoArima().forecast(batch_of(weekly(140) + 500, horizon=3, levels=levels), {})
    expected = np.array([NormalDist().inv_cdf(level) for level in levels])
    for day in range(3):
        distance = result.quantiles[0, :, day] - result.mean[0, day]
        np.testing.assert_allclose(distance / distance[-1], expected / expected[-1], atol=1e-3)


def test_h23_short_histories_are_left_to_the_baseline(batch_of: BatchOf) -> None:
    demand = np.stack([weekly(40), weekly(40), np.full(40, 4.0)])
    demand[0, :13] = np.nan
    observed = np.ones(demand.shape, np.bool_)
    observed[1] = False
    result = AutoTheta().forecast(batch_of(demand, observed=observed), {})
    assert result.unfit == {0: "SHORT_HISTORY", 1: "NO_OBSERVED_DAYS"}
    assert (result.mean[2] == 4.0).all()
    assert (result.quantiles[2] == 4.0).all()


def test_explosions_are_capped_and_what_is_not_finite_is_unfit(batch_of: BatchOf) -> None:
    batch = batch_of(weekly(60), horizon=1, levels=(0.5, 0.9))
    largest = float(batch.panel.values.max())

    def answer(mean: float, *quantiles: float) -> SeriesForecast:
        return SeriesForecast(np.array([mean]), np.array(quantiles)[:, None], 1.0)

    result = Scripted(lambda _history: answer(1e9, -5.0, 1e30)).forecast(batch, {})
    assert result.mean.tolist() == [[np.float32(3 * largest)]]
    assert result.quantiles[0, :, 0].tolist() == [0.0, np.float32(3 * largest)]
    for broken in (answer(np.nan, 1.0, 2.0), answer(1.0, 1.0, np.inf)):
        refused = Scripted(lambda _history, broken=broken: broken).forecast(batch, {})  # type: ignore[misc]
        assert refused.unfit == {0: "NOT_ESTIMABLE"}
        assert not refused.mean.any()


def test_a_series_that_the_library_gives_up_is_unfit_and_a_defect_is_not_hidden(batch_of: BatchOf) -> None:
    def gives_up(history: SeriesHistory) -> SeriesForecast:
        raise np.linalg.LinAlgError("Singular matrix")

    def is_broken(history: SeriesHistory) -> SeriesForecast:
        raise AttributeError("no such method")

    batch = batch_of(weekly(60))
    assert Scripted(gives_up).forecast(batch, {}).unfit == {0: "NOT_ESTIMABLE"}
    with pytest.raises(AttributeError, match="no such method"):
        Scripted(is_broken).forecast(batch, {})


def test_gaps_are_filled_with_the_mean_of_the_weekday() -> None:
    demand = np.array([1, 2, 3, 4, 5, 6, np.nan, 3, np.nan, 3, 4, 5, 6, np.nan, 5, 8, 3, 4, 5, 6, np.nan], np.float64)
    filled = gaps_filled(SeriesHistory(1, date(2025, 1, 6), demand))
    assert filled[8] == 5.0
    known = demand[np.isfinite(demand)]
    assert filled[[6, 13, 20]] == pytest.approx(known.mean())
    assert (filled[np.isfinite(demand)] == known).all()
