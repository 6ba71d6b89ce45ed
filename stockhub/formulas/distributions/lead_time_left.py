"""How long an order that has not come may still take, given how long orders took (science.md 3.2, N13).

Lead times are taken as gamma, the usual shape of durations that cannot be negative (Snyder & Shen 2019, ch. 6); an order that is so many
days old has the rest of the distribution ahead of it, so that one that is late is expected soon but never for certain.
"""

from __future__ import annotations

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError

#: The spread of lead times over their mean where too few are known to tell (science.md 3.2).
DEFAULT_VARIATION = 0.25
#: Fewer lead times than this say nothing about their spread.
FEWEST = 5
#: A distribution whose lead times hardly differ is no distribution: days are counted whole.
_LEAST_VARIATION = 0.02


def mean_and_sd(taken: FloatArray, promised: float) -> tuple[float, float]:
    """Mean and deviation of lead times, from those that were `taken` (k,), or from the promise where there are fewer than FEWEST."""
    if promised <= 0:
        raise InvalidParameterError("promised", promised, "more than 0 days")
    if len(taken) < FEWEST:
        return promised, DEFAULT_VARIATION * promised
    mean = float(np.mean(taken))
    return mean, max(float(np.std(taken, ddof=1)), _LEAST_VARIATION * mean)


def days_left(age: FloatArray, probability: FloatArray, mean: float, sd: float, *, fastest: float = 0.0) -> FloatArray:
    """Days (m, s) from today on which orders of an age (m,) in days come, by quantiles at `probability` (m, s) of what is left; at least 1.

    No order takes less than `fastest` days in all. InvalidParameterError unless mean and deviation are above 0.
    """
    from scipy.special import gammaincc, gammainccinv

    if mean <= 0 or sd <= 0:
        raise InvalidParameterError("mean and sd", (mean, sd), "above 0")
    shape, scale = (mean / sd) ** 2, sd * sd / mean
    # Days are whole: an order that has not come on its 14th day takes more than 14½.
    so_far = np.maximum(age + 0.5, 0.0)[:, None]
    left = gammaincc(shape, so_far / scale) * (1.0 - probability)
    # So late that no order ever was: the distribution's tail is that of an exponential.
    tail = so_far - scale * np.log1p(-probability)
    takes = np.where(left > 1e-12, gammainccinv(shape, np.maximum(left, 1e-12)) * scale, tail)
    whole: FloatArray = np.maximum(np.rint(takes), fastest) - age[:, None]
    return np.maximum(whole, 1.0)
