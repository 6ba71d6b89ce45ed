"""The chance that stock is gone at any of several times, where only the demand up to each of them is known (science.md 2.6, N5).

Stock can only be gone for the first time just before goods arrive, or at the end: at checkpoints (`several_inbounds`). What is known of
each is the chance that demand up to it reaches what there is to sell until then. The largest of them is the least that the chance of any
can be; how much more it is depends on how demand up to one time and up to a later one belong together. They share the days of the earlier
one, and they share a level that may be wrong on every day. As normal scores, demand up to day t is κ·t·U + W_t, with a level error U and
independent days W; of the scores at t₁ < t₂ … each is taken to depend on the one before alone, so that the chance of passing all is a
product of chances of passing two neighbours.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained

#: The deviation of the level's error over that of a day's: after 25 days each is half of the variance. Measured on two shops' lead times,
#: where anything from 0.1 to 0.3 was as good.
LEVEL_ERROR: Final = 0.2
#: No score lies further out: the chance beyond is below 1e-15.
_FURTHEST: Final = 8.0


def chance_of_running_out(row: NDArray[np.int64], elapsed: FloatArray, reached: FloatArray, count: int) -> FloatArray:
    """The chance (count,) that demand reaches what there is at one of a row's checkpoints at least.

    Each checkpoint (m,), sorted by `row` and within it by days `elapsed`, has the chance `reached` that demand up to it does. Missing where
    one of a row's is; 0 for a row without any. Checkpoints of a row on the same day count as one, the more likely of them.
    """
    from scipy.special import ndtr, ndtri

    # The score that demand up to a checkpoint has to stay below.
    score = np.clip(ndtri(1.0 - reached), -_FURTHEST, _FURTHEST)
    stays = np.ones(count)
    first = np.diff(row, prepend=-1) != 0
    stays[row[first]] = ndtr(score[first])
    follows = np.flatnonzero(~first)
    if len(follows):
        before = follows - 1
        pair = _both_below(score[before], score[follows], _correlation(elapsed[before], elapsed[follows]))
        alone = ndtr(score[before])
        given = np.where(alone > 0, np.minimum(pair / np.where(alone > 0, alone, 1.0), 1.0), 0.0)
        np.multiply.at(stays, row[follows], given)
    # The product is close, not exact; no chance of any is less than that of one.
    least = np.zeros(count)
    with np.errstate(invalid="ignore"):  # what is missing stays missing
        np.maximum.at(least, row, reached)
    return np.where(np.isnan(stays) | np.isnan(least), np.nan, np.clip(np.maximum(1.0 - stays, least), 0.0, 1.0))


def _correlation(earlier: FloatArray, later: FloatArray) -> FloatArray:
    """Of the scores of demand up to two times, of which the earlier is part of the later; 1 where they are the same."""
    level = LEVEL_ERROR**2
    early, late = np.maximum(earlier, 1e-9), np.maximum(later, 1e-9)
    correlation: FloatArray = np.sqrt(early / late) * (level * late + 1.0) / np.sqrt((level * early + 1.0) * (level * late + 1.0))
    return np.minimum(correlation, 1.0)


def _both_below(first: FloatArray, second: FloatArray, correlation: FloatArray) -> FloatArray:
    """P(Z₁ ≤ h, Z₂ ≤ k), by Owen's T function (Owen 1956, Ann. Math. Statist. 27, 1075–1090)."""
    from scipy.special import ndtr, owens_t

    # At a score of exactly 0 the formula's ratio is 0/0; its limit is that of a score next to it.
    h, k = (np.where(score == 0.0, 1e-12, score) for score in (first, second))
    root = np.sqrt(np.maximum(1.0 - correlation**2, 1e-15))
    opposite = np.where(h * k > 0, 0.0, 0.5)
    corners = owens_t(h, (k - correlation * h) / (h * root)) + owens_t(k, (h - correlation * k) / (k * root))
    both = 0.5 * (ndtr(h) + ndtr(k)) - corners - opposite
    held: FloatArray = np.clip(both, 0.0, np.minimum(ndtr(h), ndtr(k)))
    return held


@explained(unit="unit")
def units_without_stock(daily_mean: N, days_without: N) -> N:
    """Units asked for while there is no stock.

    What is gone before help can come stays so until the next order arrives, which is a review period later.
    """
    return daily_mean * days_without


@explained(unit="base currency")
def expected_outage_loss(chance: N, loss: N) -> N:
    """What a chance of running out is expected to cost: the loss, as likely as it comes to that."""
    return loss * chance
