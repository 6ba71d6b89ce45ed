"""A series' own distribution of demand over a lead time: sums of windows of its history (science.md 2.6, 3.4).

For lumpy demand, which no family fits. Willemain, Smart and Schwarz (2004, IJF 20) draw from the history with replacement and jitter what
they draw, so that the answer is not confined to sums that have happened. Drawing window sums for ever has a limit that needs no drawing:
a mixture, in equal parts, of each sum's own jitter. That limit is computed here, so that there are no seeds and no sampling error.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray, N, at_least, both, explained, where
from stockhub.formulas.errors import InvalidParameterError

#: Overlapping windows from which on a series' own quantiles are used (science.md 3.4).
ENOUGH_WINDOWS: Final = 20.0

QuantileMethod = Literal["linear", "higher"]


def window_sums(history: FloatArray, days: int) -> FloatArray:
    """Sums of every `days` days in a row of `history` (…, days of history), as (…, windows); no windows where the history is shorter.

    A window with a missing day is missing. InvalidParameterError for windows of less than a day.
    """
    if days < 1:
        raise InvalidParameterError("days", days, "a whole number of days, at least 1")
    if history.shape[-1] < days:
        return np.empty((*history.shape[:-1], 0))
    return np.asarray(np.lib.stride_tricks.sliding_window_view(history, days, axis=-1).sum(axis=-1))


def window_count(sums: FloatArray) -> FloatArray:
    """How many of the window sums (…, windows) are known."""
    return np.asarray(np.count_nonzero(~np.isnan(sums), axis=-1), dtype=np.float64)


def empirical_quantile(sums: FloatArray, probability: FloatArray | float, method: QuantileMethod = "higher") -> FloatArray:
    """The quantile of window sums (…, windows), one for each series; `probability` broadcasts over the series, 0 to 1 inclusive.

    `higher` takes a sum that has happened, the next at or above, as is right for whole units and on the safe side; `linear` interpolates
    (Hyndman and Fan 1996, type 7). Missing sums do not count; missing where there are none, and for probabilities outside 0 to 1.
    InvalidParameterError for another method.
    """
    if method not in ("linear", "higher"):
        raise InvalidParameterError("method", method, "'linear' or 'higher'")
    if sums.shape[-1] == 0:
        return np.full(np.broadcast_shapes(sums.shape[:-1], np.shape(probability)), np.nan)
    ordered, known = np.sort(sums, axis=-1), window_count(sums)
    asked = np.broadcast_to(np.asarray(probability, dtype=np.float64), known.shape)
    valid = (asked >= 0) & (asked <= 1) & (known > 0)
    place = np.where(valid, asked * (known - 1.0), 0.0)
    upper = np.ceil(place - ROUNDING_TOLERANCE)
    above = _at(ordered, upper)
    if method == "linear":
        lower = np.floor(place)
        least = _at(ordered, lower)
        above = least + (_at(ordered, np.ceil(place)) - least) * (place - lower)
    return np.where(valid, above, np.nan)


def _at(ordered: FloatArray, place: FloatArray) -> FloatArray:
    return np.asarray(np.take_along_axis(ordered, place.astype(np.intp)[..., None], axis=-1)[..., 0])


@explained(unit="flag")
def windows_suffice(windows: N, probability: N, enough: N | float = ENOUGH_WINDOWS) -> N:
    """Whether a series' own quantile may be trusted: at least 20 windows, and a probability of at most 1 − 1/n, beyond which none lies."""
    return both(at_least(windows, enough), at_least(windows * (1.0 - probability) + ROUNDING_TOLERANCE, 1.0))


@explained(unit="unit")
def quantile_by_evidence(own_quantile: N, windows: N, probability: N, family_quantile: N) -> N:
    """The series' own quantile where it has windows enough for the probability, else that of its family."""
    return where(windows_suffice(windows, probability), own_quantile, family_quantile)


def jittered_tail(sums: FloatArray, quantity: FloatArray | float) -> FloatArray:
    """P(D ≥ x) of the jittered bootstrap: `sums` (…, windows), `quantity` one for each series.

    A drawn sum X becomes round(X + Z·√X) with a standard normal Z, and stays X where that is not above 0; a sum of 0 stays 0. So jitter
    keeps the mean. Missing where there are no windows.
    """
    from scipy.special import ndtr

    asked = np.ceil(np.asarray(quantity, dtype=np.float64) - ROUNDING_TOLERANCE)[..., None]
    spread = np.sqrt(np.where(sums > 0, sums, np.nan))
    reached = ndtr((sums - (np.maximum(asked, 1.0) - 0.5)) / spread)
    kept = ndtr((0.5 - sums) / spread) * (sums >= asked)
    chance = np.where(asked <= 0, 1.0, np.where(sums > 0, reached + kept, 0.0))
    known = window_count(sums)
    total = np.where(np.isnan(sums), 0.0, chance).sum(axis=-1)
    return np.where(known > 0, np.minimum(total / np.maximum(known, 1.0), 1.0), np.nan)


def jittered_quantile(sums: FloatArray, probability: FloatArray | float) -> FloatArray:
    """The least whole stock that the jittered bootstrap stays within with a probability, 0 to 1 exclusive; missing outside."""
    asked = np.broadcast_to(np.asarray(probability, dtype=np.float64), sums.shape[:-1])
    valid = (asked > 0) & (asked < 1) & (window_count(sums) > 0)
    largest = np.max(sums, axis=-1, initial=0.0, where=~np.isnan(sums))
    # Nine deviations over the largest sum lie beyond every probability that a float distinguishes from 1.
    below, enough = np.full(asked.shape, -1.0), np.ceil(largest + 9.0 * np.sqrt(largest)) + 1.0
    while (enough - below > 1.0).any():
        middle = np.floor((below + enough) / 2.0)
        suffices = jittered_tail(sums, middle + 1.0) <= 1.0 - asked
        below, enough = np.where(suffices, below, middle), np.where(suffices, middle, enough)
    return np.where(valid, enough, np.nan)
