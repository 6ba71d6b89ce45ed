"""The fits agree with statsmodels, one by one and at once, and say nothing where the data do not."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from stockhub.formulas.clearance.log_linear_regression import least_squares, poisson_regression


def _samples(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    price = rng.choice([10.0, 12.0, 14.0, 16.0, 18.0, 20.0], (count, 40))
    level = np.linspace(2.0, 8.0, count)[:, None]
    units = rng.poisson(np.exp(level - 1.4 * np.log(price)))
    return np.stack([np.ones_like(price), np.log(price)], axis=-1), units.astype(np.float64)


def test_counts_are_fitted_as_statsmodels_fits_them_zeros_included() -> None:
    design, units = _samples(12)
    assert (units == 0).any()
    fit = poisson_regression(design, units)
    for i in range(12):
        other = sm.GLM(units[i], design[i], family=sm.families.Poisson()).fit(tol=1e-12, maxiter=100)
        np.testing.assert_allclose(fit.coefficients[i], other.params, rtol=1e-7)
        np.testing.assert_allclose(fit.standard_errors[i], other.bse, rtol=1e-5)
        np.testing.assert_allclose(fit.dispersion[i], other.pearson_chi2 / other.df_resid, rtol=1e-5)


def test_least_squares_are_those_of_statsmodels_without_the_missing_rows() -> None:
    design, units = _samples(6)
    response = np.log(np.where(units > 0, units, np.nan))
    fit = least_squares(design, response)
    for i in range(1, 6):
        known = np.isfinite(response[i])
        other = sm.OLS(response[i][known], design[i][known]).fit()
        np.testing.assert_allclose(fit.coefficients[i], other.params, rtol=1e-9)
        np.testing.assert_allclose(fit.standard_errors[i], other.bse, rtol=1e-9)


def test_many_are_fitted_as_each_alone() -> None:
    design, units = _samples(8)
    at_once = poisson_regression(design, units)
    for i in range(8):
        alone = poisson_regression(design[i], units[i])
        np.testing.assert_allclose(at_once.coefficients[i], alone.coefficients, rtol=1e-10)
        np.testing.assert_allclose(at_once.standard_errors[i], alone.standard_errors, rtol=1e-10)


@pytest.mark.parametrize(
    ("price", "units"),
    [
        ([10.0, 12.0, 14.0, 16.0], [0.0, 0.0, 0.0, 0.0]),  # nothing sold
        ([10.0, 12.0, 14.0, 16.0], [5.0, 0.0, 0.0, 0.0]),  # sold at one price alone: the likelihood has no maximum
        ([10.0, 10.0, 10.0, 10.0], [3.0, 4.0, 5.0, 6.0]),  # one price: its column is a multiple of the constant
        ([10.0], [3.0]),  # fewer observations than coefficients
        ([], []),
    ],
)
def test_what_the_data_do_not_determine_is_missing(price: list[float], units: list[float]) -> None:
    design = np.stack([np.ones(len(price)), np.log(price)], axis=-1)
    fit = poisson_regression(design, np.array(units))
    assert np.isnan(fit.coefficients).all()
    assert np.isnan(fit.standard_errors).all()
    assert np.isnan(fit.dispersion)


def test_two_observations_give_a_line_and_no_error() -> None:
    design = np.array([[1.0, 0.0], [1.0, 1.0]])
    fit = least_squares(design, np.array([2.0, 5.0]))
    np.testing.assert_allclose(fit.coefficients, [2.0, 3.0])
    assert np.isnan(fit.standard_errors).all()
    assert np.isnan(least_squares(design[:, [0, 0]], np.array([2.0, 5.0])).coefficients).all()
