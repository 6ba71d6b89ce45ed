"""The level of demand by likelihood, with normal days of which some ran out (science.md 1.2 c).

In Olsen's terms θ = 1/σ and γ = μ/σ the likelihood Σ_uncensored (log θ − (θs − γ)²/2) + Σ_censored log Φ(γ − θs) is concave, so that
Newton's steps, halved where they overshoot, find its one peak (Olsen 1978, Econometrica 46).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockhub.formulas.demand.censoring import BoolArray
from stockhub.formulas.elementwise import FloatArray

_STEPS = 100
_HALVINGS = 40
_CONVERGED = 1e-11


@dataclass(frozen=True, slots=True)
class NormalLevel:
    """Mean (n,) and standard deviation (n,) a day."""

    mean: FloatArray
    sd: FloatArray


def censored_normal(sales: FloatArray, censored: BoolArray) -> NormalLevel:
    """Mean and deviation of normal demand over days (n, t); NaN for days that say nothing.

    Missing where no day is uncensored. Where the uncensored days are all alike and no censored one lies above them, the likelihood rises as
    the deviation falls: the deviation is 0.
    """
    known, exact = ~np.isnan(sales), ~np.isnan(sales) & ~censored
    count = exact.sum(axis=1)
    mean = np.where(count > 0, np.where(exact, sales, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
    highest = np.where(known & censored, np.nan_to_num(sales), -np.inf).max(axis=1, initial=-np.inf)
    spread = np.sqrt(np.where(exact, (sales - mean[:, None]) ** 2, 0.0).sum(axis=1) / np.maximum(count, 1))
    sd = np.where(count > 0, spread, np.nan)
    # Anything smaller than this is the rounding of equal numbers.
    regular = np.flatnonzero((count > 0) & ((spread > 1e-12 * np.maximum(np.abs(mean), 1.0)) | (highest > mean)))
    sd[np.setdiff1d(np.flatnonzero(count > 0), regular)] = 0.0
    if regular.size:
        mean[regular], sd[regular] = _peak(sales[regular], exact[regular], (known & censored)[regular])
    return NormalLevel(mean, sd)


def _peak(sales: FloatArray, exact: BoolArray, cut: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Mean and deviation (n,) by damped Newton steps, from those of all days, on sales scaled to a deviation of about 1."""
    sold = np.where(exact | cut, sales, 0.0)
    days = (exact | cut).sum(axis=1)
    centre = sold.sum(axis=1) / days
    scale = np.sqrt(np.where(exact | cut, (sold - centre[:, None]) ** 2, 0.0).sum(axis=1) / days)
    standard = (sold - centre[:, None]) / scale[:, None]
    theta, gamma = np.ones(len(sold)), np.zeros(len(sold))
    value = _log_likelihood(theta, gamma, standard, exact, cut)
    for _ in range(_STEPS):
        d_theta, d_gamma = _newton_step(theta, gamma, standard, exact, cut)
        size = np.ones(len(sold))
        for _ in range(_HALVINGS):
            trial = _log_likelihood(theta + size * d_theta, gamma + size * d_gamma, standard, exact, cut)
            worse = ~(trial >= value - 1e-12 * np.abs(value))
            if not worse.any():
                break
            size = np.where(worse, size / 2.0, size)
        size = np.where(worse, 0.0, size)
        theta, gamma, value = theta + size * d_theta, gamma + size * d_gamma, np.where(worse, value, trial)
        if (np.maximum(np.abs(size * d_theta) / theta, np.abs(size * d_gamma)) < _CONVERGED).all():
            break
    return centre + scale * gamma / theta, scale / theta


def _log_likelihood(theta: FloatArray, gamma: FloatArray, sold: FloatArray, exact: BoolArray, cut: BoolArray) -> FloatArray:
    from scipy.special import log_ndtr

    distance = theta[:, None] * sold - gamma[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(theta)
    terms = np.where(exact, -(distance**2) / 2.0, np.where(cut, log_ndtr(-distance), 0.0))
    return np.asarray(exact.sum(axis=1) * logs + terms.sum(axis=1))


def _newton_step(theta: FloatArray, gamma: FloatArray, sold: FloatArray, exact: BoolArray, cut: BoolArray) -> tuple[FloatArray, FloatArray]:
    """The step (n,), (n,) that solves the 2 × 2 system of the gradient and the negative Hessian of the likelihood."""
    from scipy.special import log_ndtr

    distance = theta[:, None] * sold - gamma[:, None]
    mills = np.where(cut, np.exp(-(distance**2) / 2.0 - log_ndtr(-distance)) / np.sqrt(2.0 * np.pi), 0.0)
    curvature = np.where(exact, 1.0, mills * (mills - distance))
    slope = np.where(exact, distance, mills)
    to_theta = exact.sum(axis=1) / theta - np.where(exact, slope * sold, mills * sold).sum(axis=1)
    to_gamma = slope.sum(axis=1)
    h_tt = exact.sum(axis=1) / theta**2 + np.where(exact | cut, curvature * sold**2, 0.0).sum(axis=1)
    h_tg = -np.where(exact | cut, curvature * sold, 0.0).sum(axis=1)
    h_gg = np.where(exact | cut, curvature, 0.0).sum(axis=1)
    determinant = h_tt * h_gg - h_tg**2
    return (h_gg * to_theta - h_tg * to_gamma) / determinant, (h_tt * to_gamma - h_tg * to_theta) / determinant
