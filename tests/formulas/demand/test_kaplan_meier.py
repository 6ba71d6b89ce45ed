"""Demand's distribution without a model."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from stockhub.formulas.demand.kaplan_meier import survival_curves, survival_quantile, survival_steps
from stockhub.formulas.errors import InvalidParameterError

NAN = math.nan


@pytest.mark.parametrize("seed", range(6))
def test_curves_equal_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sales, censored = rng.poisson(4.0, (3, 30)).astype(np.float64), rng.random((3, 30)) < 0.4
    for row, cut in zip(sales, censored, strict=True):
        oracle = stats.ecdf(stats.CensoredData(uncensored=row[~cut], right=row[cut])).sf
        values, beyond = survival_steps(row, cut)
        np.testing.assert_array_equal(values, oracle.quantiles)
        np.testing.assert_allclose(beyond, oracle.probabilities, rtol=0, atol=1e-15)


def test_many_series_with_missing_days_equal_each_alone() -> None:
    sales = np.array([[3.0, NAN, 1.0, 3.0], [2.0, 2.0, 2.0, 0.0], [NAN] * 4])
    censored = np.array([[True, False, False, False], [False, True, False, False], [False] * 4])
    curves = survival_curves(sales, censored)
    np.testing.assert_array_equal(curves.values, [[1.0, 3.0, 3.0, NAN], [0.0, 2.0, 2.0, 2.0], [NAN] * 4])
    np.testing.assert_allclose(curves.survival, [[2 / 3, 1 / 3, 1 / 3, NAN], [0.75, 0.25, 0.25, 0.25], [NAN] * 4])
    np.testing.assert_array_equal(survival_quantile(curves, 0.5), [3.0, 2.0, NAN])
    np.testing.assert_array_equal(survival_quantile(curves, 0.9), [NAN, NAN, NAN])


def test_without_censored_days_a_quantile_is_that_of_the_sample() -> None:
    curves = survival_curves(np.arange(1.0, 11.0)[None], np.zeros((1, 10), bool))
    assert [float(survival_quantile(curves, p)[0]) for p in (0.1, 0.5, 0.95, 1.0)] == [1.0, 5.0, 10.0, 10.0]
    with pytest.raises(InvalidParameterError):
        survival_quantile(curves, 0.0)


def test_no_series_and_no_days() -> None:
    assert survival_curves(np.zeros((0, 4)), np.zeros((0, 4), bool)).survival.shape == (0, 4)
    empty = survival_curves(np.zeros((2, 0)), np.zeros((2, 0), bool))
    assert np.isnan(survival_quantile(empty, 0.5)).all()
    assert [part.size for part in survival_steps(np.zeros(0), np.zeros(0, bool))] == [0, 0]
