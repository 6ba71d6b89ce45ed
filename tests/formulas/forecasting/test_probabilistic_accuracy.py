"""Measures of what a forecast says about its own uncertainty."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.forecasting.probabilistic_accuracy import (
    coverage,
    ensemble_crps,
    interval_score,
    pinball,
    pinball_loss,
    uncrossed,
)

NAN = math.nan


def test_a_quantile_that_is_too_low_costs_its_probability() -> None:
    assert pinball(10.0, 8.0, 0.9) == pytest.approx(1.8)
    assert pinball(8.0, 10.0, 0.9) == pytest.approx(0.2)
    assert float(pinball_loss(np.array([10.0, NAN, 8.0]), np.array([8.0, 99.0, 10.0]), 0.9)) == pytest.approx(1.0)
    assert float(pinball_loss(np.array([3.0]), np.array([5.0]), 1.0)) == 0.0
    with pytest.raises(InvalidParameterError):
        pinball_loss(np.ones(1), np.ones(1), 1.5)


def test_both_ends_of_an_interval_belong_to_it() -> None:
    assert float(coverage(np.array([1.0, 2.0, 3.0, 9.0]), np.full(4, 1.0), np.full(4, 3.0))) == 0.75
    assert np.isnan(coverage(np.array([1.0]), np.array([NAN]), np.array([3.0])))
    assert np.isnan(coverage(np.zeros(0), np.zeros(0), np.zeros(0)))


def test_what_lies_outside_costs_two_over_alpha() -> None:
    scores = interval_score(np.array([[5.0], [0.0], [12.0]]), np.full((3, 1), 2.0), np.full((3, 1), 10.0), 0.1)
    np.testing.assert_allclose(scores, [8.0, 48.0, 48.0])
    for alpha in (0.0, 1.0):
        with pytest.raises(InvalidParameterError):
            interval_score(np.ones(1), np.ones(1), np.ones(1), alpha)


@settings(max_examples=60, deadline=None)
@given(
    samples=arrays(np.float64, (3, 7), elements=st.integers(0, 40).map(float)),
    actual=arrays(np.float64, 3, elements=st.integers(0, 40).map(float)),
)
def test_crps_equals_its_definition_by_pairs(samples: FloatArray, actual: FloatArray) -> None:
    pairs = np.abs(samples[:, :, None] - samples[:, None, :]).mean(axis=(1, 2)) / 2
    by_day = np.abs(samples - actual[:, None]).mean(axis=1) - pairs
    assert float(ensemble_crps(actual, samples)) == pytest.approx(by_day.mean())


def test_crps_of_one_sample_is_the_error_and_of_none_is_missing() -> None:
    assert float(ensemble_crps(np.array([4.0]), np.array([[7.0]]))) == 3.0
    assert np.isnan(ensemble_crps(np.array([4.0]), np.zeros((1, 0))))


@settings(max_examples=60, deadline=None)
@given(quantiles=arrays(np.float64, (4, 5), elements=st.floats(0, 1e6)))
def test_quantiles_do_not_cross_and_those_in_order_stay(quantiles: FloatArray) -> None:
    ascending = uncrossed(quantiles)
    assert (np.diff(ascending, axis=-1) >= 0).all()
    assert (ascending >= quantiles).all()
    np.testing.assert_array_equal(uncrossed(np.sort(quantiles, axis=-1)), np.sort(quantiles, axis=-1))
    np.testing.assert_array_equal(uncrossed(quantiles, axis=0), np.maximum.accumulate(quantiles, axis=0))
