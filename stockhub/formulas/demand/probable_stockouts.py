"""Stock-outs that nobody recorded: days without a sale in the middle of a flow that hardly ever pauses (F3; science.md 1.2).

A SKU that sells on nine days in ten and then on none for two weeks, and after that again on nine in ten, was not without demand. How
improbable such a run of zeros is follows from the series' own share of days with a sale; a series that sells now and then has runs as long
by chance, and is never doubted.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.demand.censoring import BoolArray
from stockhub.formulas.elementwise import FloatArray

#: Days before a run that tell the series' own rate, and how many of them have to be known.
DAYS_BEFORE: Final = 56
FEWEST_DAYS_BEFORE: Final = 28
#: The share of these days with a sale from which a flow is steady: that of demand that is not intermittent (ADI < 1.32, science.md 1.6).
LEAST_STEADY_SHARE: Final = 1.0 / 1.32
#: Days after a run on which the flow has to be back, how many have to be known, and the least share of them with a sale.
DAYS_AFTER: Final = 7
FEWEST_DAYS_AFTER: Final = 3
LEAST_SHARE_AFTER: Final = 0.5
#: Runs as long that a series may be expected to have by chance in its whole history.
MOST_EXPECTED_RUNS: Final = 0.01
#: And this many times as long as any run of zeros in the days before, for days that keep company: their runs are longer than chance's.
TIMES_AS_LONG: Final = 2
#: After so many days a SKU was not out of stock but not offered, or out of season.
LONGEST_RUN: Final = 56
_SHORTEST_RUN: Final = 3
#: A run that is found makes the days before the next one whole again.
_PASSES: Final = 6


def chance_of_silence(sold_days: FloatArray, silent_days: FloatArray, run: FloatArray) -> FloatArray:
    """The probability that a series with so many days with and without a sale has none on the `run` days that follow; arrays alike.

    Days are independent with a share that is not known but has Jeffreys' prior: B(s + ½, z + ½ + k) / B(s + ½, z + ½), the predictive
    probability of the beta-binomial, so that few days before make no run improbable. 1 for no days.
    """
    from scipy.special import betaln

    before = betaln(sold_days + 0.5, silent_days + 0.5)
    return np.asarray(np.exp(betaln(sold_days + 0.5, silent_days + 0.5 + run) - before))


def probable_stockouts(sales: FloatArray, telling: BoolArray, in_doubt: BoolArray) -> BoolArray:
    """The days (n, t) without a sale that are probably stock-outs.

    `sales` (n, t) units, NaN where unknown; `telling` (n, t), ordinary days whose sales say something of demand; `in_doubt` (n, t), those
    among them on which nobody knows the stock: only they are ever found. Other days without a sale, such as closures, are passed over.
    A run is found once the flow is back, so none at the end of a series is: that one may be its end.
    """
    found = np.zeros(sales.shape, np.bool_)
    rows = np.flatnonzero(in_doubt.any(axis=1) & ((telling & (sales > 0)).sum(axis=1) >= FEWEST_DAYS_BEFORE * LEAST_STEADY_SHARE))
    if len(rows):
        found[rows] = _found(np.nan_to_num(sales[rows]) > 0, telling[rows], (telling & in_doubt)[rows])
    return found


def _found(sold: BoolArray, telling: BoolArray, in_doubt: BoolArray) -> BoolArray:
    n, t = sold.shape
    # Whatever sells, or could have been sold from known stock, ends a run.
    row, place = np.nonzero(sold | (telling & ~in_doubt))
    same = row[1:] == row[:-1]
    row, begin, end = row[:-1][same], place[:-1][same], place[1:][same]
    long = end - begin > _SHORTEST_RUN
    row, begin, end = row[long], begin[long], end[long]
    silent = in_doubt & ~sold
    chances = (telling & sold).sum(axis=1)
    found = np.zeros((n, t), np.bool_)
    for _pass in range(_PASSES):
        if not len(row):
            break
        new = _improbable(sold & telling, telling & ~found, silent & ~found, chances, (row, begin, end))
        if not new.any():
            break
        for at in np.flatnonzero(new).tolist():
            stretch = slice(begin[at] + 1, end[at])
            found[row[at], stretch] = silent[row[at], stretch]
        row, begin, end = row[~new], begin[~new], end[~new]
    return found


def _improbable(
    sold: BoolArray, telling: BoolArray, silent: BoolArray, chances: NDArray[np.int64], runs: tuple[NDArray[np.int64], ...]
) -> BoolArray:
    """Which runs (m,), each a row and the days that it lies between, are stock-outs rather than chance."""
    row, begin, end = runs
    t = sold.shape[1]
    sold_before, told_before, silent_before = _running(sold), _running(telling), _running(silent)
    length = silent_before[row, end] - silent_before[row, begin + 1]
    since = np.maximum(begin + 1 - DAYS_BEFORE, 0)
    known = told_before[row, begin + 1] - told_before[row, since]
    with_sale = sold_before[row, begin + 1] - sold_before[row, since]
    until = np.minimum(end + DAYS_AFTER, t)
    known_after = told_before[row, until] - told_before[row, end]
    sold_after = sold_before[row, until] - sold_before[row, end]
    expected = (
        chance_of_silence(with_sale.astype(np.float64), (known - with_sale).astype(np.float64), length.astype(np.float64)) * chances[row]
    )
    improbable = (
        (length >= _SHORTEST_RUN)
        & (end - begin - 1 <= LONGEST_RUN)
        & (known >= FEWEST_DAYS_BEFORE)
        & (with_sale >= LEAST_STEADY_SHARE * known)
        & (known_after >= FEWEST_DAYS_AFTER)
        & (sold_after >= LEAST_SHARE_AFTER * known_after)
        & (expected <= MOST_EXPECTED_RUNS)
    )
    for at in np.flatnonzero(improbable).tolist():
        improbable[at] = length[at] >= TIMES_AS_LONG * _longest(silent[row[at], since[at] : begin[at] + 1])
    return np.asarray(improbable)


def _running(flags: BoolArray) -> NDArray[np.int32]:
    """How many of the days before each of the t + 1 bounds are true (n, t + 1)."""
    n, t = flags.shape
    sums = np.zeros((n, t + 1), np.int32)
    np.cumsum(flags, axis=1, dtype=np.int32, out=sums[:, 1:])
    return sums


def _longest(silent: BoolArray) -> int:
    """The longest run of true in (t,)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], silent.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))
