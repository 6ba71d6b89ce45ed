"""Season and level apart (science.md 3.8, 4)."""

from __future__ import annotations

import numpy as np
import pytest

from stockhub.formulas.demand.seasonality import deseasonalised, is_seasonal, off_season, seasonal_indices
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.abc_xyz import demand_statistics

RANDOM = np.random.default_rng(7)
WEEKS = np.arange(130)


def seasonal(n: int, swing: float, level: FloatArray | float = 30.0) -> FloatArray:
    phase = RANDOM.uniform(0, 6, (n, 1))
    return RANDOM.poisson(level * (1 + swing * np.sin(2 * np.pi * WEEKS / 52 + phase))).astype(np.float64)


def test_seasons_are_found_and_flat_demand_and_life_cycles_are_none() -> None:
    assert is_seasonal(seasonal(200, 0.6)).mean() == 1.0
    assert is_seasonal(seasonal(200, 0.6, 60 * np.exp(-0.02 * WEEKS))).mean() == 1.0
    assert is_seasonal(seasonal(200, 0.0)).mean() < 0.05
    peak, width = RANDOM.uniform(20, 130, (200, 1)), RANDOM.uniform(10, 60, (200, 1))
    assert is_seasonal(RANDOM.poisson(100 * np.exp(-0.5 * ((WEEKS - peak) / width) ** 2)).astype(np.float64)).mean() < 0.05


def test_months_have_seasons_of_twelve() -> None:
    months = np.array([5.0, 6, 8, 9, 12, 20, 30, 25, 15, 10, 8, 6] * 3)
    assert is_seasonal(months, 12) == 1.0
    indices = seasonal_indices(months, 12)
    assert indices.mean() == pytest.approx(1.0)
    assert indices.tolist() == pytest.approx((months[:12] / months[:12].mean()).tolist())
    mean, variation = demand_statistics(deseasonalised(months, indices))
    assert [float(mean), float(variation)] == pytest.approx([months.mean(), 0.0], abs=1e-12)


def test_an_odd_season_has_a_window_without_halves() -> None:
    week = np.array([1.0, 1, 1, 1, 1, 3, 6] * 4)
    assert seasonal_indices(week, 7).tolist() == pytest.approx([0.5] * 5 + [1.5, 3.0])


def test_indices_start_where_the_series_starts_and_missing_periods_are_left_out() -> None:
    months = np.tile([2.0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0], 4)[3:]
    months[5] = np.nan
    assert seasonal_indices(months, 12).tolist() == pytest.approx([1.0] * 8 + [0.0, 2.0, 1.0, 1.0])


def test_off_season_says_nothing_about_the_level() -> None:
    indices = np.array([2.0, 1.95, 0.05, 0.0])
    assert deseasonalised(np.array([4.0, 3.9, 1.0, 0.0, 2.0]), indices).tolist()[:2] == [2.0, 2.0]
    assert np.isnan(deseasonalised(np.array([4.0, 3.9, 1.0, 0.0]), indices)[2:]).all()
    assert [float(off_season(indices, position)) for position in (0, 1, 2, 3, 6)] == [0.0, 0.0, 1.0, 1.0, 1.0]


def test_below_two_seasons_there_is_no_answer_and_the_series_stays_as_it_is() -> None:
    short = seasonal(3, 0.6)[:, :103]
    assert np.isnan(is_seasonal(short)).all()
    assert np.isnan(seasonal_indices(short)).all()
    np.testing.assert_array_equal(deseasonalised(short, seasonal_indices(short)), short)
    assert off_season(seasonal_indices(short), 5).tolist() == [0.0, 0.0, 0.0]


def test_nothing_sold_and_nothing_known() -> None:
    assert is_seasonal(np.zeros(104)) == 0.0
    assert is_seasonal(np.full(104, 7.0)) == 0.0
    assert np.isnan(is_seasonal(np.full(104, np.nan)))
    assert np.isnan(seasonal_indices(np.zeros(104))).all()
    half_known = seasonal(1, 0.6)[0]
    half_known[:40] = np.nan
    assert np.isnan(is_seasonal(half_known))
