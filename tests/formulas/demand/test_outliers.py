"""Outliers, and spikes that are none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stockhub.formulas.demand.outliers import (
    hampel_flags,
    high_days_in_a_row,
    is_spike,
    outlier_days,
    outlier_upper_bound,
    range_flags,
    spike_days,
    spread,
    winsorised,
)

NAN = math.nan
BASE = [20.0, 22.0, 19.0, 21.0, 18.0, 20.0, 23.0]


def test_a_single_high_day_is_an_outlier_and_cut_to_its_bound() -> None:
    days = np.array([*BASE, 150.0, *BASE])
    assert np.flatnonzero(outlier_days(days)).tolist() == [7]
    s = spread(days)
    bound = outlier_upper_bound(float(s.median), float(s.scaled_mad), float(s.lower_quartile), float(s.upper_quartile))
    assert winsorised(days)[7] == bound == pytest.approx(20.0 + 3 * 1.4826022185)
    assert days[7] == 150.0


def test_two_high_days_in_a_row_are_a_spike_that_is_kept() -> None:
    days = np.array([[*BASE, 150.0, 140.0, 20.0, 2.0, 1.0, *BASE], [*BASE, 150.0, NAN, 140.0, 21.0, 19.0, *BASE]])
    assert np.flatnonzero(spike_days(days)[0]).tolist() == [7, 8]
    assert np.flatnonzero(outlier_days(days)[0]).tolist() == [10, 11]
    assert winsorised(days)[0, 7:9].tolist() == [150.0, 140.0]
    assert not spike_days(days)[1].any()
    assert high_days_in_a_row(days)[0, 6:10].tolist() == [0.0, 2.0, 2.0, 0.0]
    assert (is_spike(1.0), is_spike(2.0)) == (0.0, 1.0)


def test_tagged_days_enter_nothing() -> None:
    days = np.array([*BASE, NAN, *BASE])
    np.testing.assert_array_equal(spread(days).median, np.median([*BASE, *BASE]))
    assert not hampel_flags(days)[7]
    assert np.isnan(winsorised(days)[7])


def test_without_a_deviation_the_quartiles_decide() -> None:
    days = np.array([5.0] * 6 + [4.0, 3.0, 6.0, 7.0, 30.0])
    assert float(spread(days).scaled_mad) == 0.0
    assert (hampel_flags(days) == range_flags(days)).all()
    assert np.flatnonzero(hampel_flags(days)).tolist() == [6, 7, 9, 10]


def test_sales_of_a_slow_sku_are_flagged_by_the_rule_and_left_alone() -> None:
    days = np.array([0.0] * 20 + [1.0] + [0.0] * 20)
    assert hampel_flags(days).sum() == 1
    np.testing.assert_array_equal(winsorised(days), days)


def test_constant_one_day_and_no_day() -> None:
    assert not hampel_flags(np.full(9, 4.0)).any()
    assert winsorised(np.array([[3.0]])).tolist() == [[3.0]]
    assert np.isnan(spread(np.full((2, 3), NAN)).median).all()
    assert np.isnan(spread(np.zeros((2, 0))).scaled_mad).all()
    assert hampel_flags(np.zeros((2, 0))).shape == (2, 0)


@settings(max_examples=60, deadline=None)
@given(days=st.lists(st.one_of(st.just(NAN), st.integers(0, 80).map(float)), min_size=1, max_size=30))
def test_statistics_equal_numpy_and_scipy(days: list[float]) -> None:
    values = np.array(days)
    known = values[~np.isnan(values)]
    s = spread(values)
    if not known.size:
        assert np.isnan(s.median)
        return
    np.testing.assert_allclose([s.lower_quartile, s.median, s.upper_quartile], np.percentile(known, [25, 50, 75]))
    np.testing.assert_allclose(s.scaled_mad, stats.median_abs_deviation(known, scale="normal"))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), cutoff=st.integers(5, 39))
def test_shuffling_the_days_after_a_cutoff_changes_no_statistic_made_at_it(seed: int, cutoff: int) -> None:
    rng = np.random.default_rng(seed)
    days = rng.poisson(6.0, 40).astype(np.float64)
    order = np.append(np.arange(cutoff), cutoff + rng.permutation(40 - cutoff))
    np.testing.assert_array_equal(winsorised(days[:cutoff]), winsorised(days[order][:cutoff]))
