"""Logistic regression with an L2 penalty, for labels that are few or separable (science.md 10.4)."""

from __future__ import annotations

from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError

_ITERATIONS: Final = 100
#: A step that changes no coefficient by more than this share is the last.
_CONVERGED: Final = 1e-12
#: Halvings of a Newton step before it is accepted that none improves the likelihood.
_HALVINGS: Final = 40


def logistic(x: FloatArray) -> FloatArray:
    """1/(1 + exp(−x)), without overflow."""
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small))


def penalised_logistic(design: FloatArray, target: FloatArray, penalty: FloatArray, prior: FloatArray) -> FloatArray:
    """The coefficients (k,) that minimise Σ log loss + ½·Σ penalty·(b − prior)², by Newton's method with step halving.

    `design` is (n, k), with a column of ones where there is to be an intercept; `target` (n,) 0 to 1; `penalty` and `prior` (k,). The
    penalty pulls towards the prior, which the coefficients are without data. With a penalty on each coefficient there is always exactly one
    minimum; without one, the target must not be separable. InvalidParameterError for a negative penalty.
    """
    if not (penalty >= 0.0).all():
        raise InvalidParameterError("penalty", penalty.min(), "penalties of 0 or more")
    b = prior.astype(np.float64)
    loss = _loss(design, target, penalty, prior, b)
    for _ in range(_ITERATIONS):
        p = logistic(design @ b)
        gradient = design.T @ (p - target) + penalty * (b - prior)
        curvature = (design * (p * (1.0 - p))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        for _ in range(_HALVINGS):
            tried = b - step
            new = _loss(design, target, penalty, prior, tried)
            if new <= loss:
                break
            step = step / 2.0
        else:
            return b
        moved = np.abs(tried - b)
        b, loss = tried, new
        if (moved <= _CONVERGED * (1.0 + np.abs(b))).all():
            break
    return b


def _loss(design: FloatArray, target: FloatArray, penalty: FloatArray, prior: FloatArray, b: FloatArray) -> float:
    predictor = design @ b
    return float(np.sum(np.logaddexp(0.0, predictor) - target * predictor) + 0.5 * np.sum(penalty * (b - prior) ** 2))
