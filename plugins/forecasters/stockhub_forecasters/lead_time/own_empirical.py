"""What a series' own past says by itself: for shops with too few lead times to pool."""

from __future__ import annotations

from typing import Final

import numpy as np

from stockhub.formulas.distributions.families import NEGATIVE_BINOMIAL, POISSON_DISPERSION
from stockhub.formulas.distributions.mixtures import mixture_quantiles
from stockhub.formulas.distributions.quantiles import demand_quantile
from stockhub_forecasters.lead_time.history import Floats, History
from stockhub_forecasters.lead_time.rate import Rates

RECENT_DAYS: Final = 180
#: Blocks of own history at which it weighs as much as the negative binomial distribution.
HALF_BLOCKS: Final = 8.0
_LARGE_MEAN: Final = 1e4


def own_quantiles(history: History, rates: Rates, days: Floats, lead_time: int, probabilities: Floats) -> Floats:
    """Quantiles (n, q) of the sum over a lead time with `days` (n,) to buy on, from each series alone."""
    t = history.days
    now = np.array([t])
    rate = rates.blend[:, 0]
    expected = rate * days
    counted = np.maximum(history.selling.before(now, 112)[:, 0], 1.0)
    mean = history.sold.before(now, 112)[:, 0] / counted
    variance = np.maximum(history.squares.before(now, 112)[:, 0] / counted - mean**2, 0.0)
    scaled = variance * np.where(mean > 0, rate / np.where(mean > 0, mean, 1.0), 1.0)
    # The mean itself is uncertain by its own standard error, and a lead time repeats that on every day.
    total = days * scaled + days**2 * scaled / counted
    parametric = negative_binomial_quantiles(expected, total, probabilities)
    begins = np.arange(max(t - RECENT_DAYS, 0), t - lead_time + 1)
    if not begins.size:
        return parametric
    sums = history.window_sold.between(begins, begins + lead_time)
    sums = np.where(begins[None, :] >= history.first[:, None], sums, np.nan)
    known = (~np.isnan(sums)).sum(axis=1)
    blocks = np.where(known > 0, np.minimum(known + lead_time - 1, RECENT_DAYS), 0) / lead_time
    weight = np.where(known > 1, blocks / (blocks + HALF_BLOCKS), 0.0)
    centre = np.where(known > 0, np.nansum(sums, axis=1) / np.maximum(known, 1), 0.0)
    empirical = sorted_quantiles(np.sort(sums, axis=1), known, probabilities) * np.sqrt((expected + 1.0) / (centre + 1.0))[:, None]
    return mixture_quantiles(probabilities, empirical, parametric, weight)


def sorted_quantiles(ordered: Floats, known: np.ndarray, probabilities: Floats) -> Floats:
    """Quantiles (n, q) of rows (n, k) in ascending order of which the first `known` (n,) count; 0 without any."""
    place = np.maximum(known - 1, 0)[:, None] * probabilities[None, :]
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(known - 1, 0)[:, None])
    low, high = np.take_along_axis(ordered, below, axis=1), np.take_along_axis(ordered, above, axis=1)
    quantiles: Floats = np.nan_to_num(low + (place - below) * (high - low))
    return quantiles


def negative_binomial_quantiles(mean: Floats, variance: Floats, probabilities: Floats) -> Floats:
    """Quantiles (n, q) of a negative binomial sum of mean (n,) and variance (n,).

    Poisson where the variance is no larger than the mean, and gamma for large means, to which the others tend.
    """
    from scipy.special import gammaincinv

    m, v = mean[:, None], np.maximum(np.maximum(variance, mean * 1.000001), 1e-12)[:, None]
    safe = np.clip(m, 1e-9, _LARGE_MEAN)
    spread = np.maximum(np.minimum(v, safe * v / np.maximum(m, 1e-9)), safe)
    # The negative binomial's limit, where the variance is the mean.
    spread = np.where(spread <= safe * POISSON_DISPERSION, safe, spread)
    counted = np.asarray(demand_quantile(probabilities[None, :], NEGATIVE_BINOMIAL, safe, spread))
    large = gammaincinv(np.maximum(m, 1e-9) ** 2 / v, probabilities[None, :]) * v / np.maximum(m, 1e-9)
    return np.where(m <= 0, 0.0, np.where(m > _LARGE_MEAN, large, counted))
