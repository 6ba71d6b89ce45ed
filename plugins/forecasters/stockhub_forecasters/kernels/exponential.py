"""Additive exponential smoothing with a damped trend and seasons (Holt 1957; Winters 1960; Gardner & McKenzie 1985).

Level l, trend b and m seasonal states s follow, with the day's error e (Hyndman, Koehler, Ord & Snyder 2008, A,Ad,N and A,Ad,A):

    forecast = l + phi·b + s      l ← l + phi·b + alpha·e      b ← phi·b + beta·e      s ← s + gamma·e

On a day that is not known e is 0. Errors are linear in the first states, so that for given constants the best first states are a
least-squares solution; only the constants are searched for. A vector `u` is a point of the unit cube; `_constants` gives what it means.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.kernels.jit import compiled

#: The usual bounds: 1e-4 ≤ beta ≤ alpha ≤ .9999, 1e-4 ≤ gamma ≤ 1 - alpha, .8 ≤ phi ≤ .98.
_LEAST: Final = 1e-4
_PHI_LOW: Final = 0.8
_PHI_WIDTH: Final = 0.18
#: Keeps first states that no known day depends on, as of a weekday on which the shop is closed, at the average. Too small to move others.
_RIDGE: Final = 1e-6
_MOST_STEPS: Final = 120
_NARROW: Final = 1e-9


@compiled
def _constants(u: NDArray[np.float64], season: int, damped: bool) -> tuple[float, float, float, float]:  # noqa: FBT001  numba takes positions
    """alpha, beta, gamma and phi at a point of the cube: alpha, beta, gamma where there is a season, phi where damped."""
    alpha = _LEAST + (1.0 - 2.0 * _LEAST) * u[0] * u[0]
    beta = _LEAST + (alpha - _LEAST) * u[1] * u[1]
    gamma = _LEAST + max(1.0 - alpha - _LEAST, 0.0) * u[2] * u[2] if season > 1 else 0.0
    phi = _PHI_LOW + _PHI_WIDTH * u[u.size - 1] if damped else 1.0
    return alpha, beta, gamma, phi


@compiled
def _systems(size: int, season: int, first_level: float) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """First states of `size` systems side by side: 0 has the data, the others respond to one first state each and have no data."""
    level = np.zeros(size)
    trend = np.zeros(size)
    seasonal = np.zeros((season, size))
    level[0] = first_level
    level[1] = 1.0
    trend[2] = 1.0
    for k in range(3, size):
        seasonal[k - 3, k] = 1.0
        seasonal[season - 1, k] = -1.0
    return level, trend, seasonal


@compiled
def _normal_equations(
    y: NDArray[np.float64],
    u: NDArray[np.float64],
    season: int,
    damped: bool,  # noqa: FBT001  numba takes positions
    first_level: float,
) -> NDArray[np.float64]:
    """Products of the errors of all systems with each other (size, size): squared errors of the data, responses, and between them."""
    alpha, beta, gamma, phi = _constants(u, season, damped)
    size = 3 if season == 1 else 2 + season
    level, trend, seasonal = _systems(size, season, first_level)
    error = np.empty(size)
    products = np.zeros((size, size))
    for t in range(y.size):
        phase = t % season
        known = not np.isnan(y[t])
        for k in range(size):
            ahead = level[k] + phi * trend[k]
            error[k] = -(ahead + seasonal[phase, k]) if known else 0.0
            if k == 0 and known:
                error[0] += y[t]
            level[k] = ahead + alpha * error[k]
            trend[k] = phi * trend[k] + beta * error[k]
            seasonal[phase, k] += gamma * error[k]
        if known:
            for a in range(size):
                for b in range(a + 1):
                    products[a, b] += error[a] * error[b]
    return products


@compiled
def _first_states(products: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The best amounts (size - 1,) of the responses, and the sum of squared errors with them. Cholesky, in place of a solver's calls."""
    p = products.shape[0] - 1
    lower = np.zeros((p, p))
    half = np.zeros(p)
    total = products[0, 0]
    for a in range(p):
        for b in range(a + 1):
            # The sum of squares of all seasons, the last of which is minus the sum of the others.
            value = products[a + 1, b + 1] + (_RIDGE if a == b > 0 else 0.0) + (_RIDGE if b > 1 else 0.0)
            for c in range(b):
                value -= lower[a, c] * lower[b, c]
            lower[a, b] = np.sqrt(max(value, 1e-300)) if a == b else value / lower[b, b]
        value = -products[a + 1, 0]
        for c in range(a):
            value -= lower[a, c] * half[c]
        half[a] = value / lower[a, a]
        total -= half[a] * half[a]
    amounts = np.zeros(p)
    for a in range(p - 1, -1, -1):
        value = half[a]
        for c in range(a + 1, p):
            value -= lower[c, a] * amounts[c]
        amounts[a] = value / lower[a, a]
    return amounts, max(total, 0.0)


@compiled
def _squared_errors(
    y: NDArray[np.float64],
    u: NDArray[np.float64],
    season: int,
    damped: bool,  # noqa: FBT001  numba takes positions
    first_level: float,
) -> float:
    return _first_states(_normal_equations(y, u, season, damped, first_level))[1]


@compiled
def _shrink(
    points: NDArray[np.float64],
    sums: NDArray[np.float64],
    y: NDArray[np.float64],
    season: int,
    damped: bool,  # noqa: FBT001  numba takes positions
    first_level: float,
) -> None:
    """Moves every point of the simplex half-way to the best, which is the first."""
    for k in range(1, sums.size):
        points[k] = 0.5 * (points[0] + points[k])
        sums[k] = _squared_errors(y, points[k], season, damped, first_level)


@compiled
def _sort(points: NDArray[np.float64], sums: NDArray[np.float64]) -> None:
    """Brings the points (d + 1, d) into the order of their sums, in place. Few points: by insertion."""
    for k in range(1, sums.size):
        place = k
        while place > 0 and sums[place - 1] > sums[place]:
            sums[place - 1], sums[place] = sums[place], sums[place - 1]
            for c in range(points.shape[1]):
                points[place - 1, c], points[place, c] = points[place, c], points[place - 1, c]
            place -= 1


@compiled
def _blend(trial: NDArray[np.float64], points: NDArray[np.float64], share: float) -> None:
    """Writes centre + share · (centre - worst) into `trial` (d,), moved to the wall of the cube where it is outside.

    The centre is that of all points but the worst, which is the last.
    """
    d = trial.size
    for c in range(d):
        centre = 0.0
        for k in range(d):
            centre += points[k, c]
        centre /= d
        trial[c] = min(max(centre + share * (centre - points[d, c]), 0.0), 1.0)


@compiled
def _take(points: NDArray[np.float64], sums: NDArray[np.float64], trial: NDArray[np.float64], value: float) -> None:
    """Puts a trial in the place of the worst point."""
    last = sums.size - 1
    sums[last] = value
    for c in range(trial.size):
        points[last, c] = trial[c]


@compiled
def _simplex(start: NDArray[np.float64]) -> NDArray[np.float64]:
    """A start and a quarter of the cube beside it in each direction (d + 1, d)."""
    d = start.size
    points = np.empty((d + 1, d))
    for k in range(d + 1):
        for c in range(d):
            points[k, c] = start[c]
        if k > 0:
            points[k, k - 1] += 0.25 if start[k - 1] < 0.5 else -0.25
    return points


@compiled
def _halve(points: NDArray[np.float64], k: int) -> None:
    """Moves a point half-way to the best, which is the first."""
    for c in range(points.shape[1]):
        points[k, c] = 0.5 * (points[0, c] + points[k, c])


@compiled
def _search(
    y: NDArray[np.float64],
    start: NDArray[np.float64],
    season: int,
    damped: bool,  # noqa: FBT001  numba takes positions
    first_level: float,
) -> tuple[NDArray[np.float64], float]:
    """Nelder and Mead's simplex search in the unit cube from one start. Loops instead of array expressions: those compile for seconds."""
    d = start.size
    points, sums, trial, other = _simplex(start), np.empty(d + 1), np.empty(d), np.empty(d)
    for k in range(d + 1):
        sums[k] = _squared_errors(y, points[k], season, damped, first_level)
    for _ in range(_MOST_STEPS):
        _sort(points, sums)
        if sums[d] - sums[0] <= _NARROW * sums[0]:
            break
        _blend(trial, points, 1.0)
        value = _squared_errors(y, trial, season, damped, first_level)
        if value < sums[0]:
            _blend(other, points, 2.0)
            further = _squared_errors(y, other, season, damped, first_level)
            if further < value:
                _take(points, sums, other, further)
                continue
        if value < sums[d]:
            better_than_second = value < sums[d - 1]
            _take(points, sums, trial, value)
            if better_than_second:
                continue
        _blend(other, points, -0.5)
        nearer = _squared_errors(y, other, season, damped, first_level)
        if nearer < sums[d]:
            _take(points, sums, other, nearer)
            continue
        for k in range(1, d + 1):
            _halve(points, k)
            sums[k] = _squared_errors(y, points[k], season, damped, first_level)
    _sort(points, sums)
    return points[0].copy(), sums[0]


@compiled
def fit_states(
    y: NDArray[np.float64],
    starts: NDArray[np.float64],
    season: int,
    damped: bool,  # noqa: FBT001  numba takes positions
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Constants (alpha, beta, gamma, phi) and first states (level, trend, season of `season` phases) with the least squared errors found.

    `y` (t,) has NaN on days that are not known and begins with a known one; `starts` (s, d) are the points that searches begin at.
    """
    first_level = np.float64(np.nanmean(y))
    best, least = _search(y, starts[0], season, damped, first_level)
    for k in range(1, starts.shape[0]):
        other, value = _search(y, starts[k], season, damped, first_level)
        if value < least:
            best, least = other, value
    amounts, _total = _first_states(_normal_equations(y, best, season, damped, first_level))
    states = np.zeros(2 + season)
    states[0] = first_level + amounts[0]
    states[1] = amounts[1]
    for k in range(2, amounts.size):
        states[k] = amounts[k]
        states[1 + season] -= amounts[k]
    alpha, beta, gamma, phi = _constants(best, season, damped)
    return np.array([alpha, beta, gamma, phi]), states


@compiled
def follow_states(
    y: NDArray[np.float64],
    constants: NDArray[np.float64],
    states: NDArray[np.float64],
    horizon: int,
    errors: NDArray[np.float64],
    mean: NDArray[np.float64],
) -> int:
    """Runs a model over `y` (t,): `mean` (horizon,) and the last `errors` (tail,) are written; says how many errors there are.

    `states` as `fit_states` gives them, of the day before the first; the first phase is the first day's.
    """
    alpha, beta, gamma, phi = constants
    season = states.size - 2
    level, trend, seasonal = states[0], states[1], states[2:].copy()
    seen = 0
    for t in range(y.size):
        ahead = level + phi * trend
        trend *= phi
        level = ahead
        if not np.isnan(y[t]):
            error = y[t] - ahead - seasonal[t % season]
            level += alpha * error
            trend += beta * error
            seasonal[t % season] += gamma * error
            if errors.size:
                errors[seen % errors.size] = error
            seen += 1
    for step in range(horizon):
        trend *= phi
        level += trend
        mean[step] = level + seasonal[(y.size + step) % season]
    return min(seen, errors.size)


@compiled
def error_growth(constants: NDArray[np.float64], season: int, horizon: int) -> NDArray[np.float64]:
    """How many times wider the error of each future day (horizon,) is than that of the first: the square root of the model's variance."""
    alpha, beta, gamma, phi = constants
    growth = np.empty(horizon)
    variance = 1.0
    damping = 0.0
    power = 1.0
    for step in range(horizon):
        growth[step] = np.sqrt(variance)
        power *= phi
        damping += power
        weight = alpha + beta * damping + (gamma if (step + 1) % season == 0 and season > 1 else 0.0)
        variance += weight * weight
    return growth


@compiled
def smoothed_trends(
    values: NDArray[np.float32],
    observed: NDArray[np.bool_],
    ends: NDArray[np.int64],
    starts: NDArray[np.float64],
    season: int,
    damped: bool,  # noqa: FBT001  numba takes positions
    fewest: int,
    horizon: int,
    tail: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Means (n, horizon), errors, error counts, error growth (n, horizon) and known days (n,) of every series.

    `values` and `observed` (n, t); `ends` (n,) is the column after each series' newest day, from where the forecast begins. NaN where fewer
    than `fewest` days are known. Errors are those of a fit to the same days; they are widened by √(k / (k - p)) for k known days and p
    fitted numbers.
    """
    n, t = values.shape
    mean = np.full((n, horizon), np.nan)
    errors = np.empty((n, tail))
    error_counts = np.zeros(n, np.int64)
    growth = np.ones((n, horizon))
    days = np.zeros(n, np.int64)
    y = np.empty(t)
    for i in range(n):
        first = t
        for j in range(ends[i]):
            is_known = observed[i, j] and np.isfinite(values[i, j])
            y[j] = values[i, j] if is_known else np.nan
            days[i] += is_known
            if is_known and first == t:
                first = j
        if days[i] < fewest:
            continue
        constants, states = fit_states(y[first : ends[i]], starts, season, damped)
        error_counts[i] = follow_states(y[first : ends[i]], constants, states, horizon, errors[i], mean[i])
        growth[i] = error_growth(constants, season, horizon)
        fitted = starts.shape[1] + (2 if season == 1 else 1 + season)
        errors[i, : error_counts[i]] *= np.sqrt(days[i] / (days[i] - fitted))
    return mean, errors, error_counts, growth, days
