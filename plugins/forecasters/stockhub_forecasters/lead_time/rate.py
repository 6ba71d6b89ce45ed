"""The level of a series at an origin, in units a day on which one can buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.lead_time.history import Floats, History

#: Three windows and a smoothed level share a vote: which one is right differs by shop and season.
WINDOWS: Final = (28, 56, 112)
ALPHAS: Final = (0.01, 0.02, 0.04, 0.07, 0.12, 0.2)
#: With closed or unobserved days a window may hold few that count; so many days at the series' own mean steady it.
PRIOR_DAYS: Final = 2.0
#: Added to every base: a series that has not sold for a quarter may sell again.
LEAST_BASE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Rates:
    """Units a day (n, m): by window, smoothed, and their mean."""

    by_window: dict[int, Floats]
    smoothed: Floats
    blend: Floats


def levels_of(history: History) -> Floats:
    """The smoothed level (n, t + 1) after each number of days, with the alpha of the least squared one-day-ahead error up to then.

    Each alpha starts as the running mean until that is slower than itself. Days that do not count leave the level as it is; it is 0 before
    the first that does. All series take each day together: a compiled kernel would be half as long at it, and half a second in loading.
    """
    alphas, series = np.array(ALPHAS)[:, None], np.arange(len(history))
    level, squares = np.zeros((2, len(ALPHAS), len(history)))
    seen = np.zeros(len(history))
    levels = np.zeros((history.days + 1, len(history)))
    for day in range(history.days):
        counts = history.counts[:, day]
        error = np.where(counts, history.demand[:, day] - level, 0.0)
        squares += np.where(seen > 0, error * error, 0.0)
        level += np.maximum(alphas, 1.0 / (seen + 1.0)) * error
        seen += counts
        levels[day + 1] = level[squares.argmin(axis=0), series]
    return np.ascontiguousarray(levels.T)


def rates_at(history: History, levels: Floats, origins: NDArray[np.int64]) -> Rates:
    """The rates (n, m) known at each origin (m,)."""
    days = np.maximum(history.selling.running[:, origins], 1.0)
    overall = history.sold.running[:, origins] / days
    prior = np.where(history.known_fully, 0.0, PRIOR_DAYS)[:, None]
    by_window: dict[int, Floats] = {}
    for window in WINDOWS:
        known = history.selling.before(origins, window) + prior
        sold = history.sold.before(origins, window) + prior * overall
        by_window[window] = np.where(known > 0, sold / np.maximum(known, 1e-9), overall)
    smoothed = levels[:, origins]
    return Rates(by_window, smoothed, (sum(by_window.values()) + smoothed) / (len(WINDOWS) + 1))


def base_of(rate: Floats, days: Floats) -> Floats:
    """What a level (n, m) promises for a window with so many days (n, m) to buy on."""
    return rate * days + LEAST_BASE
