"""Days on which there was too little to sell: their sales understate demand (science.md 1.2 a).

The mean over all days is too low, and so is the mean over the days that did not run out, because days of high demand are those that do. So
a day that was partly in stock is scaled up, one that was hardly in stock is missing, and `censored_level` estimates the mean by likelihood.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, either, explained, greater, minimum, ratio, where

BoolArray = NDArray[np.bool_]

#: Below this share of a day in stock its sales say nothing about demand.
LEAST_IN_STOCK_SHARE = 0.25
#: With more than this share of days censored no level can be estimated: take analogues instead.
MOST_CENSORED_SHARE = 0.70


@explained(unit="1")
def in_stock_share(minutes_in_stock: N, selling_minutes: N | float) -> N:
    """The part of a day's selling minutes on which there was stock, at most 1; missing where nothing could be sold on that day at all.

    Where a profile of the hours is known, minutes are replaced by the sales expected in them: `in_stock_share_by_profile`.
    """
    return minimum(ratio(minutes_in_stock, selling_minutes), 1.0)


@explained(unit="1")
def in_stock_share_from_ends(opening: N, closing: N, known_stock_outs: N | float = 0.0) -> N:
    """The same from stock at both ends of a day: 1 with stock at both and no known stock-out between, 0 with none at either.

    In every other case minutes decide, and without them the share is missing.
    """
    full = both(both(greater(opening, 0.0), greater(closing, 0.0)), at_least(0.0, known_stock_outs))
    empty = both(at_least(0.0, opening), at_least(0.0, closing))
    # Of neither kind: 0/0 is the missing number.
    return where(either(full, empty), full, ratio(full, 0.0))


def in_stock_share_by_profile(in_stock: FloatArray, profile: FloatArray) -> FloatArray:
    """The share of a day's expected sales (…,) that fell on hours in stock, from `in_stock` (…, hours), 0 to 1, and `profile` (hours,)."""
    expected = float(profile.sum())
    return in_stock @ profile / expected if expected > 0 else np.full(in_stock.shape[:-1], np.nan)


@explained(unit="unit")
def uncensored_demand(sales: N, share: N, least_share: N | float = LEAST_IN_STOCK_SHARE) -> N:
    """The demand that sales in a part of the day stand for, s / f; missing where the part is below `least_share`. Never below the sales."""
    known = both(at_least(share, least_share), greater(share, 0.0))
    return where(known, ratio(sales, minimum(share, 1.0)), ratio(sales, 0.0))


@explained(unit="flag")
def too_censored(censored_days: N, days: N, most_share: N | float = MOST_CENSORED_SHARE) -> N:
    """Whether so many days were cut off that history cannot tell the level."""
    return greater(censored_days, days * most_share)


def mean_of_all_days(sales: FloatArray) -> FloatArray:
    """The mean (…,) of what was sold over days (…, t), missing days left out. Biased low wherever a day ran out: for comparison."""
    return _mean(sales, ~np.isnan(sales))


def mean_of_uncensored_days(sales: FloatArray, censored: BoolArray) -> FloatArray:
    """The mean (…,) over days (…, t) that did not run out. Biased low too, since it is the high days that run out: for comparison."""
    return _mean(sales, ~np.isnan(sales) & ~censored)


def _mean(values: FloatArray, used: BoolArray) -> FloatArray:
    count = used.sum(axis=-1)
    return np.where(count > 0, np.where(used, values, 0.0).sum(axis=-1) / np.maximum(count, 1), np.nan)
