"""How sure a metric of alerts is: percentile intervals by resampling SKUs (science.md 10.3; Efron 1979, Field and Welsh 2007).

Alerts of one SKU resemble each other, so that whole SKUs are drawn, with replacement, never single alerts. The seed is an argument: the
same seed gives the same interval.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError

#: SKUs drawn at once, over all draws: 16 MB of numbers.
_CHUNK: Final = 2_000_000
#: The share of draws that must have a value; a metric that is undefined more often has no interval.
_LEAST_DEFINED: Final = 0.5


class Interval(NamedTuple):
    """Both ends of a confidence interval; NaN where there is none."""

    lower: float
    upper: float


def interval_of_totals(
    totals: FloatArray, metric: Callable[[FloatArray], FloatArray], *, seed: int, draws: int = 1000, confidence: float = 0.9
) -> Interval:
    """The interval of a metric of sums over SKUs, such as precision: `totals` (n, k) are the counts of each SKU.

    `metric` takes sums (b, k) of b draws and returns (b,): `lambda s: precision(s[:, 0], s[:, 1])`. SKUs with a missing count take no part.
    NaN for fewer than two SKUs.
    """
    _checked(draws, confidence)
    known = totals[np.isfinite(totals).all(axis=1)]
    n = len(known)
    if n < 2:
        return Interval(float("nan"), float("nan"))
    generator = np.random.default_rng(seed)
    at_once = max(_CHUNK // n, 1)
    sums = np.concatenate([_times_drawn(generator, n, min(at_once, draws - done)) @ known for done in range(0, draws, at_once)])
    return _percentiles(metric(sums), confidence)


def _times_drawn(generator: np.random.Generator, n: int, draws: int) -> FloatArray:
    """How often each of n SKUs occurs in each draw (draws, n) of n."""
    drawn = generator.integers(n, size=(draws, n)) + np.arange(draws)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float64)


def interval_of_rows(
    sku: NDArray[np.int64], metric: Callable[[NDArray[np.int64]], float], *, seed: int, draws: int = 1000, confidence: float = 0.9
) -> Interval:
    """The interval of a metric that needs the rows themselves, such as average precision; `sku` (r,) says whose each row is.

    `metric` takes the positions of the rows of a draw, each as often as its SKU was drawn. NaN for fewer than two SKUs.
    """
    _checked(draws, confidence)
    skus, of_row = np.unique(sku, return_inverse=True)
    if len(skus) < 2:
        return Interval(float("nan"), float("nan"))
    generator = np.random.default_rng(seed)
    rows = np.arange(len(sku))
    values = np.empty(draws)
    for draw in range(draws):
        times = _times_drawn(generator, len(skus), 1)[0].astype(np.int64)
        values[draw] = metric(np.repeat(rows, times[of_row]))
    return _percentiles(values, confidence)


def _checked(draws: int, confidence: float) -> None:
    if draws < 1:
        raise InvalidParameterError("draws", draws, "at least one draw")
    if not 0.0 < confidence < 1.0:
        raise InvalidParameterError("confidence", confidence, "a level between 0 and 1, without them")


def _percentiles(values: FloatArray, confidence: float) -> Interval:
    """The middle `confidence` of the draws that have a value."""
    defined = values[np.isfinite(values)]
    if len(defined) < _LEAST_DEFINED * len(values):
        return Interval(float("nan"), float("nan"))
    tail = 50.0 * (1.0 - confidence)
    lower, upper = np.percentile(defined, [tail, 100.0 - tail])
    return Interval(float(lower), float(upper))
