"""New SKUs: analogues, launch curves, and the rate that sales correct."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stockhub.formulas.demand.analogues import (
    analogue_moments,
    analogue_weights,
    attribute_distances,
    expected_curve,
    expected_plateau,
    first_week_shares,
    launch_curves,
    weighted_quantile,
)
from stockhub.formulas.demand.cold_start import (
    is_established,
    new_sku_demand_quantile,
    new_sku_rate,
    posterior_rate,
    posterior_shape,
    prior_rate,
    prior_shape,
)
from stockhub.formulas.errors import InvalidParameterError

NAN = math.nan


def test_d13_the_first_week_of_like_skus_tells_the_plateau_within_a_band() -> None:
    ramp = np.array([[0.2], [0.25], [0.3], [0.5]])
    weekly = 100.0 * np.hstack([ramp, np.full((4, 7), 0.8), np.ones((4, 4))])
    shares = first_week_shares(weekly)
    np.testing.assert_allclose(shares, [0.2, 0.25, 0.3, 0.5])
    weights = np.array([1.0, 1.0, 1.0, 0.0])
    low, middle, high = (weighted_quantile(shares, weights, p) for p in (0.1, 0.5, 0.9))
    band = [expected_plateau(50.0, share) for share in (high, middle, low)]
    assert band == pytest.approx([50 / 0.3, 200.0, 250.0])
    assert band[0] <= 200.0 <= band[2]


def test_a_plateau_needs_twelve_weeks_and_sales() -> None:
    assert np.isnan(first_week_shares(np.ones((2, 11)))).all()
    assert np.isnan(first_week_shares(np.zeros((1, 12)))).all()
    assert math.isnan(expected_plateau(5.0, 0.0))


def test_the_nearest_weigh_by_their_distance() -> None:
    distances = attribute_distances(np.array([[1, 2, -1]]), np.array([[1, 2, 3], [1, 9, 3], [8, 9, 3]]), np.array([1.0, 0.5, 0.25]))
    assert distances.tolist() == [[0.25, 0.75, 1.75]]
    weights = analogue_weights(distances, 2)
    assert weights[0].tolist() == pytest.approx([1 / (1 + math.exp(-0.5)), 1 / (1 + math.exp(0.5)), 0.0])


def test_skus_that_may_not_be_taken_and_skus_that_are_far_away() -> None:
    weights = analogue_weights(np.array([[NAN, 2.0, 2.0], [NAN, NAN, NAN], [5000.0, 5001.0, NAN]]), 1)
    np.testing.assert_array_equal(weights, [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    assert analogue_weights(np.zeros((2, 0))).shape == (2, 0)
    with pytest.raises(InvalidParameterError):
        analogue_weights(np.zeros((1, 1)), 0)


def test_a_launch_curve_has_a_mean_of_one() -> None:
    weekly = np.array([[2.0, 4.0, 6.0, 8.0] * 4, [0.0] * 16])
    curves = launch_curves(weekly)
    assert curves[0, :12].mean() == pytest.approx(1.0)
    assert np.isnan(curves[1]).all()
    mixed = expected_curve(np.vstack([curves[:1], [[3.0] * 6 + [NAN] * 10]]), np.array([[0.5, 0.5], [0.0, 0.0]]))
    assert np.nanmean(mixed[0, :12]) == pytest.approx(1.0)
    assert np.isnan(mixed[1]).all()


def test_analogues_give_the_prior_and_sales_correct_it() -> None:
    mean, variance = analogue_moments(np.array([2.0, 6.0, NAN]), np.array([[0.25, 0.25, 0.5], [0.0, 0.0, 1.0]]))
    np.testing.assert_array_equal(mean, [4.0, NAN])
    np.testing.assert_array_equal(variance, [4.0, NAN])
    a, b = prior_shape(4.0, 4.0), prior_rate(4.0, 4.0)
    assert (a, b) == (4.0, 1.0)
    assert (posterior_shape(a, 10.0), posterior_rate(b, 4.0)) == (14.0, 5.0)
    assert new_sku_rate(a, b, 0.0, 0.0) == 4.0
    assert new_sku_rate(a, b, 10.0, 4.0) == 2.8
    assert math.isnan(prior_shape(4.0, 0.0))


def test_a_quantile_at_the_edges_of_its_domain() -> None:
    assert new_sku_demand_quantile(2.0, 1.0, 0.0, 0.0, 0.0, 0.9) == 0.0
    assert new_sku_demand_quantile(2.0, 1.0, 0.0, 0.0, 5.0, 0.0) == 0.0
    assert math.isnan(new_sku_demand_quantile(2.0, 1.0, 0.0, 0.0, 5.0, 1.0))
    assert math.isnan(new_sku_demand_quantile(0.0, 1.0, 0.0, 0.0, 5.0, 0.9))


@settings(max_examples=60, deadline=None)
@given(
    shape=st.floats(0.1, 20),
    rate=st.floats(0.1, 10),
    exposure=st.floats(0.1, 30),
    levels=st.lists(st.floats(0.01, 0.99), min_size=2, max_size=6).map(sorted),
)
def test_quantiles_do_not_cross_and_are_the_least_that_suffice(shape: float, rate: float, exposure: float, levels: list[float]) -> None:
    quantiles = [new_sku_demand_quantile(shape, rate, 0.0, 0.0, exposure, level) for level in levels]
    assert quantiles == sorted(quantiles)
    law = stats.nbinom(shape, rate / (rate + exposure))
    for level, quantile in zip(levels, quantiles, strict=True):
        assert law.cdf(quantile) >= level - 1e-9
        assert law.cdf(quantile - 1) < level + 1e-9


def test_a_sku_is_established_by_weeks_or_by_units() -> None:
    assert (is_established(7.9, 29.0), is_established(8.0, 0.0), is_established(0.0, 30.0)) == (0.0, 1.0, 1.0)


def test_weighted_quantiles_of_nothing_and_outside_of_their_domain() -> None:
    assert math.isnan(weighted_quantile(np.array([NAN, 1.0]), np.array([1.0, 0.0]), 0.5))
    assert [weighted_quantile(np.array([3.0, 1.0]), np.ones(2), p) for p in (0.0, 0.5, 0.51, 1.0)] == [1.0, 1.0, 3.0, 3.0]
    with pytest.raises(InvalidParameterError):
        weighted_quantile(np.ones(1), np.ones(1), 1.1)
