"""Trends against pymannkendall and scipy, seasons, and what decay leaves."""

from __future__ import annotations

import math

import numpy as np
import pymannkendall
import pytest
from scipy import stats

from stockhub.formulas.demand import trend as trend_module
from stockhub.formulas.demand.decay import daily_decay, decay_coefficient, decayed_demand, decayed_periods, effective_decay, half_life
from stockhub.formulas.demand.seasonality import deseasonalised, seasonal_indices
from stockhub.formulas.demand.trend import (
    NO_TREND,
    TREND_DIRECTIONS,
    log_line,
    mann_kendall,
    mann_kendall_probability,
    slope_probability,
    theil_sen_slope,
    trend_direction,
)
from stockhub.formulas.errors import InvalidParameterError

NAN = math.nan


@pytest.mark.parametrize("seed", range(8))
def test_trends_equal_the_oracles(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Small chunks, so that a matrix takes several.
    monkeypatch.setattr(trend_module, "_PAIRS_AT_ONCE", 1500)
    rng = np.random.default_rng(seed)
    y = rng.poisson(np.exp(np.linspace(2.0, rng.uniform(0.0, 4.0), 26)), (5, 26)).astype(np.float64)
    kendall, line = mann_kendall(y), log_line(y)
    p, directions = mann_kendall_probability(kendall.s, kendall.variance), trend_direction(kendall.s, kendall.variance)
    for row, series in enumerate(y):
        oracle, fit = pymannkendall.original_test(series), stats.linregress(np.arange(26), np.log1p(series))
        assert (kendall.s[row], kendall.variance[row]) == pytest.approx((oracle.s, oracle.var_s))
        assert p[row] == pytest.approx(oracle.p, rel=1e-9)
        assert TREND_DIRECTIONS[int(directions[row])] == oracle.trend
        assert theil_sen_slope(y)[row] == pytest.approx(stats.theilslopes(series)[0])
        assert line.slope[row] == pytest.approx(fit.slope, rel=1e-9)
        assert slope_probability(line.t, line.freedom)[row] == pytest.approx(fit.pvalue, rel=1e-9)


def test_missing_periods_keep_their_place_in_time() -> None:
    y = np.array([[1.0, NAN, 5.0, NAN, 9.0]])
    assert theil_sen_slope(y).tolist() == [2.0]
    assert mann_kendall(y).s.tolist() == [3.0]
    assert mann_kendall(y).variance.tolist() == pytest.approx([3 * 2 * 11 / 18])
    assert log_line(np.expm1(y / 10)).slope.tolist() == pytest.approx([0.2])


def test_a_series_that_never_changes_has_no_trend() -> None:
    y = np.full((1, 10), 7.3)
    kendall, line = mann_kendall(y), log_line(y)
    assert (kendall.s[0], kendall.variance[0]) == (0.0, 0.0)
    assert mann_kendall_probability(kendall.s, kendall.variance).tolist() == [1.0]
    assert trend_direction(kendall.s, kendall.variance).tolist() == [NO_TREND]
    assert line.slope.tolist() == [0.0]
    assert np.isnan(slope_probability(line.t, line.freedom)).all()


@pytest.mark.parametrize("y", [np.zeros((1, 0)), np.full((1, 3), NAN), np.array([[4.0]]), np.array([[4.0, 6.0]])])
def test_series_that_are_too_short(y: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    line = log_line(y)
    assert np.isnan(slope_probability(line.t, line.freedom)).all()
    known = int((~np.isnan(y)).sum())
    assert bool(np.isnan(theil_sen_slope(y))[0]) is bool(np.isnan(line.slope)[0]) is (known < 2)
    assert bool(np.isnan(mann_kendall(y).s)[0]) is (known == 0)


def test_decay_is_acted_on_only_where_it_is_sure() -> None:
    assert effective_decay(-0.05, 0.1) == decay_coefficient(-0.05) == math.exp(-0.05)
    assert effective_decay(-0.05, 0.11) == 1.0
    assert half_life(0.5) == 1.0
    assert half_life(math.exp(-0.05)) == pytest.approx(13.8629436)
    assert math.isnan(half_life(1.0))
    assert math.isnan(half_life(1.2))
    assert daily_decay(0.5) ** 7 == pytest.approx(0.5)


@pytest.mark.parametrize("decay", [0.0, 0.3, 0.9, 1.0 - 1e-12, 1.0, 1.0 + 1e-8, 1.3])
def test_decayed_demand_is_the_sum_of_its_periods(decay: float) -> None:
    assert decayed_demand(10.0, decay, 8.0) == pytest.approx(10.0 * sum(decay**i for i in range(1, 9)), rel=1e-12)
    assert decayed_periods(decay, 0.0) == 0.0


def test_a_negative_decay_is_none() -> None:
    assert math.isnan(decayed_periods(-0.5, 3.0))


def test_the_season_is_taken_out_before_a_trend_is_looked_for() -> None:
    season = np.array([0.5, 1.0, 1.5])
    y = np.tile(season, 5)[None, 2:] * 8.0
    indices = seasonal_indices(y, 3)
    np.testing.assert_allclose(indices, [np.roll(season, 1)])
    np.testing.assert_allclose(deseasonalised(y, indices), np.full((1, 13), 8.0))


def test_without_two_seasons_there_is_none() -> None:
    y = np.array([[1.0, 2.0, 3.0, 4.0, 5.0], [0.0] * 5])
    assert np.isnan(seasonal_indices(y, 3)).all()
    assert np.isnan(seasonal_indices(y[1:], 2)).all()
    np.testing.assert_array_equal(deseasonalised(y, np.full((2, 3), NAN)), y)
    with pytest.raises(InvalidParameterError):
        seasonal_indices(y, 0)
