"""Variance rescaled by what backtests covered."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from stockhub.formulas.distributions.calibration import (
    calibrated_variance,
    conformal_score,
    interval_coverage,
    standardised_errors,
    variance_factor,
)
from stockhub.values import Explanation

NAN = math.nan
Z = float(stats.norm.ppf(0.95))


@pytest.mark.parametrize(("coverage", "factor"), [(0.85, 1.0), (0.95, 1.0), (0.9, 1.0), (0.849, 4.0), (0.951, 4.0), (0.0, 4.0), (1.0, 4.0)])
def test_variance_is_rescaled_only_where_intervals_have_not_held(coverage: float, factor: float) -> None:
    assert variance_factor(coverage, 2 * Z) == pytest.approx(factor, rel=1e-12)
    tree = variance_factor(Explanation.input("coverage", coverage), Explanation.input("score", 2 * Z))
    assert tree.evaluate() == tree.value == pytest.approx(factor, rel=1e-12)
    assert variance_factor(np.array([coverage]), np.array([2 * Z]))[0] == pytest.approx(factor, rel=1e-12)


def test_a_spread_that_is_half_of_what_it_should_be_is_doubled() -> None:
    errors = np.random.default_rng(2).normal(0.0, 20.0, (3, 4000))
    scores = standardised_errors(errors, np.full(errors.shape, 10.0))
    coverage, score = interval_coverage(scores), conformal_score(scores)
    assert coverage == pytest.approx([2 * stats.norm.cdf(Z / 2) - 1] * 3, abs=0.03)
    assert calibrated_variance(np.full(3, 100.0), variance_factor(coverage, score)) == pytest.approx([400.0] * 3, rel=0.1)


def test_the_score_covers_the_next_error_with_few_windows_too() -> None:
    assert float(conformal_score(np.arange(1.0, 10.0))) == 9.0
    assert math.isnan(float(conformal_score(np.arange(1.0, 9.0))))
    assert float(conformal_score(np.r_[NAN, np.arange(1.0, 20.0)])) == 18.0
    assert math.isnan(float(conformal_score(np.empty(0))))


def test_without_deviation_or_windows_there_is_no_coverage() -> None:
    scores = standardised_errors(np.array([1.0, -30.0, 5.0]), np.array([0.0, 10.0, 5.0]))
    np.testing.assert_array_equal(scores, [NAN, 3.0, 1.0])
    assert float(interval_coverage(scores)) == 0.5
    assert math.isnan(float(interval_coverage(np.full(3, NAN))))
    assert math.isnan(variance_factor(NAN, 2.0))
    assert variance_factor(0.9, NAN) == 1.0
