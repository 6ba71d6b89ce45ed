"""Does demand rise or fall, and how surely? (science.md 1.7; Theil 1950; Sen 1968; Mann 1945; Kendall 1975)

Series are (n, t), the last 26 weeks as a rule, with the season taken out; NaN for periods that say nothing, which keep their place in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from stockhub.formulas.elementwise import FloatArray, N, explained, greater, minimum, operation, ratio, root, where

#: Weeks that a trend is judged by.
TREND_WEEKS = 26
#: The probability of a mere chance under which a trend is one.
SIGNIFICANT_BELOW = 0.05

#: What `trend_direction` answers, and the slugs in that order.
NO_TREND, INCREASING, DECREASING = 0.0, 1.0, 2.0
TREND_DIRECTIONS: Final = ("no trend", "increasing", "decreasing")

#: Pairs of periods that are held in memory at once.
_PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class MannKendall:
    """Kendall's S (n,) and its variance without a trend (n,), corrected for ties."""

    s: FloatArray
    variance: FloatArray


@dataclass(frozen=True, slots=True)
class LogLine:
    """The least-squares line through ln(y + 1) over time: its slope a period (n,), and t of it (n,) with `freedom` (n,) degrees."""

    slope: FloatArray
    t: FloatArray
    freedom: FloatArray


def theil_sen_slope(series: FloatArray) -> FloatArray:
    """The median slope (n,) a period over all pairs of known periods; missing with fewer than two."""
    slopes = np.full(len(series), np.nan)
    first, second = np.triu_indices(series.shape[1], 1)
    for rows in _chunks(series):
        pairs = (series[rows][:, second] - series[rows][:, first]) / (second - first)
        slopes[rows] = _median(pairs)
    return slopes


def mann_kendall(series: FloatArray) -> MannKendall:
    """S and its variance (n,); missing without any known period."""
    s, variance = np.full(len(series), np.nan), np.full(len(series), np.nan)
    first, second = np.triu_indices(series.shape[1], 1)
    for rows in _chunks(series):
        values = series[rows]
        known = ~np.isnan(values)
        count = known.sum(axis=1).astype(np.float64)
        differences = values[:, second] - values[:, first]
        # How often each value occurs: a group of g equal values has g members, each of which carries a g-th of the correction.
        equal = np.where(known, 1.0, 0.0)
        same = np.where(differences == 0, 1.0, 0.0)
        for period in range(values.shape[1]):
            equal[:, period] += same[:, (first == period) | (second == period)].sum(axis=1)
        ties = np.where(known, (equal - 1.0) * (2.0 * equal + 5.0), 0.0).sum(axis=1)
        s[rows] = np.where(count > 0, np.nan_to_num(np.sign(differences)).sum(axis=1), np.nan)
        variance[rows] = np.where(count > 0, (count * (count - 1.0) * (2.0 * count + 5.0) - ties) / 18.0, np.nan)
    return MannKendall(s, variance)


@operation
def _two_sided_normal_probability(z: ArrayLike) -> FloatArray:
    """The probability of a standard normal number at least as far from 0."""
    from scipy.special import ndtr

    return np.asarray(2.0 * ndtr(-np.abs(z)))


@operation
def _two_sided_t_probability(t: ArrayLike, freedom: ArrayLike) -> FloatArray:
    """The probability of a t-distributed number at least as far from 0."""
    from scipy.special import stdtr

    return np.asarray(2.0 * stdtr(np.where(np.greater(freedom, 0.0), freedom, np.nan), -np.abs(t)))


@explained(unit="1")
def mann_kendall_z(s: N, variance: N) -> N:
    """S in deviations, one step nearer to 0 because S is a whole number (continuity); 0 where S is 0 or every value is the same."""
    nearer = where(greater(s, 0.0), s - 1.0, where(greater(0.0, s), s + 1.0, 0.0))
    return where(greater(variance, 0.0), ratio(nearer, root(variance)), 0.0)


@explained(unit="1")
def mann_kendall_probability(s: N, variance: N) -> N:
    """The p of S: the probability of such an S without any trend, two-sided."""
    return _two_sided_normal_probability(mann_kendall_z(s, variance))


@explained(unit="code")
def trend_direction(s: N, variance: N, below: N | float = SIGNIFICANT_BELOW) -> N:
    """Whether a series rises, falls, or shows no trend that chance could not have made."""
    surely = greater(below, mann_kendall_probability(s, variance))
    return where(surely, where(greater(s, 0.0), INCREASING, DECREASING), NO_TREND)


@explained(unit="1")
def slope_probability(t: N, freedom: N) -> N:
    """The p of the slope of the log line, two-sided; missing for fewer than three periods and for a series that never changes."""
    return _two_sided_t_probability(t, minimum(freedom, 1e9))


def log_line(series: FloatArray) -> LogLine:
    """The line through ln(y + 1); y ≥ 0. The slope is missing with fewer than two known periods, t where it is not defined.

    A line that meets every point has a t as great as rounding allows, and so a p of 0.
    """
    known = ~np.isnan(series)
    count = known.sum(axis=1).astype(np.float64)
    logs = np.where(known, np.log1p(np.where(known, series, 0.0)), 0.0)
    some = np.maximum(count, 1.0)
    x = np.where(known, np.arange(series.shape[1], dtype=np.float64) - (known @ np.arange(series.shape[1]) / some)[:, None], 0.0)
    y = np.where(known, logs - (logs.sum(axis=1) / some)[:, None], 0.0)
    sxx, sxy, syy = (x * x).sum(axis=1), (x * y).sum(axis=1), (y * y).sum(axis=1)
    # Equal numbers differ from their mean by a rounding error.
    highest = np.where(known, logs, -np.inf).max(axis=1, initial=-np.inf)
    constant = highest == np.where(known, logs, np.inf).min(axis=1, initial=np.inf)
    slope = np.asarray(ratio(np.where(constant, 0.0, sxy), sxx))
    freedom = count - 2.0
    r = np.clip(np.asarray(ratio(sxy, np.sqrt(sxx * syy))), -1.0, 1.0)
    tiny = 1e-20
    t = r * np.sqrt(np.maximum(freedom, 0.0) / ((1.0 - r + tiny) * (1.0 + r + tiny)))
    return LogLine(slope, np.where(constant | (freedom <= 0), np.nan, t), freedom)


def _chunks(series: FloatArray) -> Iterator[slice]:
    rows = max(1, _PAIRS_AT_ONCE // max(1, series.shape[1] ** 2))
    return (slice(start, start + rows) for start in range(0, len(series), rows))


def _median(values: FloatArray) -> FloatArray:
    """The median (n,) of the known values (n, k); missing where there are none."""
    ordered = np.sort(values, axis=1)
    count = (~np.isnan(values)).sum(axis=1)
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    lower, upper = (np.take_along_axis(ordered, np.clip(place, 0, None)[:, None], axis=1)[:, 0] for place in ((count - 1) // 2, count // 2))
    return np.where(count > 0, (lower + np.where(count > 0, upper, lower)) / 2.0, np.nan)
