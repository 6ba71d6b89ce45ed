"""The standard normal: quantile, loss function and the loss function's inverse, over arrays (science.md 3.3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.elementwise import FloatArray, N, explained, operation

_ROOT_TWO_PI = np.sqrt(2.0 * np.pi)
#: The loss of a factor of 0, φ(0).
_LOSS_AT_ZERO = 1.0 / _ROOT_TWO_PI
#: Newton's steps on the logarithm of the loss, of which some five are usual.
_STEPS = 30


def _density(z: FloatArray) -> FloatArray:
    # At 40 deviations the density is 0 to a float, and its square is none.
    near = np.clip(z, -40.0, 40.0)
    return np.asarray(np.exp(-0.5 * near * near) / _ROOT_TWO_PI)


def loss_of_factors(z: FloatArray) -> FloatArray:
    """G(z) = φ(z) − z·(1−Φ(z)) of an array, never below 0."""
    from scipy.special import ndtr

    return np.maximum(_density(z) - z * ndtr(-z), 0.0)


@operation
def _standard_normal_quantile(probability: ArrayLike) -> FloatArray:
    from scipy.special import ndtri

    quantile: FloatArray = ndtri(np.asarray(probability, dtype=np.float64))
    return quantile


@operation
def _standard_normal_loss(factor: ArrayLike) -> FloatArray:
    return loss_of_factors(np.asarray(factor, dtype=np.float64))


@operation
def _inverse_standard_normal_loss(loss: ArrayLike) -> FloatArray:
    """The logarithm of the loss is concave and falls, so that Newton's method on it comes to the root from one side and never leaves it."""
    from scipy.special import ndtr

    asked = np.asarray(loss, dtype=np.float64)
    possible = np.where(asked > 0, asked, np.nan)
    # G(k) − G(−k) = −k: a large loss is one of a negative factor, and nearly the factor itself.
    guess = np.where(possible > _LOSS_AT_ZERO, -possible, np.sqrt(np.maximum(-2.0 * np.log(possible / _LOSS_AT_ZERO), 0.0)))
    factor = np.where(guess > 0, guess * (guess / (np.abs(guess) + 1.0)), guess)
    # Losses near the smallest float have no tail to divide by, and come out as missing.
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(_STEPS):
            at = loss_of_factors(factor)
            step = np.log(at / possible) * at / ndtr(-factor)
            factor = factor + step
            if not (np.abs(step) > 1e-13 * (1.0 + np.abs(factor))).any():
                break
    return factor


@explained(unit="1")
def standard_normal_quantile(probability: N) -> N:
    """The z with P(Z ≤ z) = probability; missing at 0 and 1 and outside."""
    return _standard_normal_quantile(probability)


@explained(unit="1")
def standard_normal_loss(factor: N) -> N:
    """G(k), the expected shortage in standard deviations beyond a stock of k standard deviations over the mean."""
    return _standard_normal_loss(factor)


@explained(unit="1")
def inverse_standard_normal_loss(loss: N) -> N:
    """The k with G(k) = loss; negative for losses above φ(0) = 0.3989, missing for a loss of 0 or less, which no stock attains."""
    return _inverse_standard_normal_loss(loss)
