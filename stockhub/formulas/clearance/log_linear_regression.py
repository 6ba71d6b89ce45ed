"""Least squares and Poisson regression with a log link, for one SKU or for many at once (science.md 7.1).

Shapes: a design is (..., n, k), a response (..., n); the leading axes are SKUs, n observations, k coefficients. An observation that misses
its response or one of its regressors does not count. A SKU whose coefficients the data do not determine has NaN in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray

#: Regressors whose scaled determinant is smaller than this are dependent: float64 cannot tell them apart.
_DEPENDENT: Final = 1e-11
#: Newton's method on a concave likelihood doubles its digits each time; one that needs more is running away to infinity (separated data).
_ITERATIONS: Final = 30
_CONVERGED: Final = 1e-9
#: Beyond this linear predictor a count is beyond every stock there is; the bound keeps a diverging fit from overflowing.
_LARGEST_PREDICTOR: Final = 50.0


@dataclass(frozen=True, slots=True)
class Regression:
    """Coefficients and their standard errors (..., k), and the dispersion (...): Pearson's for counts, otherwise residual variance."""

    coefficients: FloatArray
    standard_errors: FloatArray
    dispersion: FloatArray


def _known(design: FloatArray, response: FloatArray) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = np.isfinite(response) & np.isfinite(design).all(axis=-1)
    return known


def _weighted_fit(design: FloatArray, response: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coefficients (..., k) and the inverse (..., k, k) of XᵀWX; NaN where a column is a combination of the others.

    Columns are scaled to length 1, so that the determinant of XᵀWX is 1 for columns at right angles and 0 for dependent ones.
    """
    root = np.sqrt(weights)
    columns = design * root[..., None]
    length = np.linalg.norm(columns, axis=-2)
    columns = columns / np.where(length > 0, length, 1.0)[..., None, :]
    across = np.swapaxes(columns, -1, -2)
    gram = across @ columns
    dependent = ~(np.linalg.det(gram) > _DEPENDENT)[..., None]
    inverse = np.linalg.inv(np.where(dependent[..., None], np.eye(design.shape[-1]), gram))
    scaled = inverse @ (across @ (response * root)[..., None])
    lengths = np.where(dependent, np.nan, length)
    return scaled[..., 0] / lengths, inverse / (lengths[..., None] * lengths[..., None, :])


def _undetermined(design: FloatArray) -> Regression:
    missing = np.full((*design.shape[:-2], design.shape[-1]), np.nan)
    return Regression(missing, missing.copy(), np.full(design.shape[:-2], np.nan))


def least_squares(design: FloatArray, response: FloatArray) -> Regression:
    """Ordinary least squares. Standard errors are the classical ones; NaN where no observation is left over to tell the noise."""
    n, k = design.shape[-2:]
    if n < k:
        return _undetermined(design)
    known = _known(design, response)
    x, y = np.where(known[..., None], design, 0.0), np.where(known, response, 0.0)
    coefficients, covariance = _weighted_fit(x, y, known.astype(np.float64))
    residuals = y - np.einsum("...nk,...k->...n", x, coefficients)
    freedom = known.sum(axis=-1) - float(k)
    variance = np.sum(residuals**2, axis=-1) / np.where(freedom > 0, freedom, np.nan)
    errors = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1) * variance[..., None])
    return Regression(coefficients, errors, variance)


def poisson_regression(design: FloatArray, counts: FloatArray) -> Regression:
    """Maximum likelihood of counts with mean exp(Xb), by iteratively reweighted least squares (McCullagh and Nelder 1989, 2.5).

    Standard errors are those of the Poisson model; multiply by sqrt(max(1, dispersion)) where counts vary more. NaN without a single sale,
    and where the likelihood has no maximum (nothing sold at all but one price, for example).
    """
    n, k = design.shape[-2:]
    if n < k:
        return _undetermined(design)
    known = _known(design, counts)
    x, y = np.where(known[..., None], design, 0.0), np.where(known, counts, 0.0)
    observed = known.astype(np.float64)
    found = _maximum_likelihood(x.reshape(-1, n, k), y.reshape(-1, n), observed.reshape(-1, n))
    return _poisson_fit(x, y, observed, found.reshape(*design.shape[:-2], k))


def _maximum_likelihood(x: FloatArray, y: FloatArray, observed: FloatArray) -> FloatArray:
    """The coefficients (s, k) of s SKUs; each iteration goes on with those that have not converged."""
    coefficients = np.full((len(x), x.shape[-1]), np.nan)
    running = np.flatnonzero(y.sum(axis=-1) > 0)
    mean = y.sum(axis=-1, keepdims=True)[running] / observed.sum(axis=-1, keepdims=True)[running]
    predictor = np.log((y[running] + mean) / 2.0)
    last = np.full((len(running), x.shape[-1]), np.inf)
    for _ in range(_ITERATIONS):
        expected = np.exp(predictor)
        new, _ = _weighted_fit(x[running], predictor + (y[running] - expected) / expected, observed[running] * expected)
        converged = (np.abs(new - last) <= _CONVERGED * (1.0 + np.abs(new))).all(axis=-1)
        coefficients[running[converged]] = new[converged]
        on = ~converged & np.isfinite(new).all(axis=-1)
        running, last = running[on], new[on]
        if not len(running):
            break
        predictor = _predictor(x[running], last)
    return coefficients


def _predictor(x: FloatArray, coefficients: FloatArray) -> FloatArray:
    return np.asarray(np.clip((x @ coefficients[..., None])[..., 0], -_LARGEST_PREDICTOR, _LARGEST_PREDICTOR))


def _poisson_fit(x: FloatArray, y: FloatArray, observed: FloatArray, coefficients: FloatArray) -> Regression:
    """The fit at its maximum: standard errors from the information there, dispersion from Pearson's residuals."""
    expected = np.exp(_predictor(x, np.nan_to_num(coefficients)))
    _, covariance = _weighted_fit(x, y, observed * expected)
    missing = np.isnan(coefficients)
    errors = np.where(missing, np.nan, np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1)))
    freedom = observed.sum(axis=-1) - float(x.shape[-1])
    pearson = np.sum(observed * (y - expected) ** 2 / expected, axis=-1)
    dispersion = np.where(missing.any(axis=-1), np.nan, pearson / np.where(freedom > 0, freedom, np.nan))
    return Regression(coefficients, errors, dispersion)
