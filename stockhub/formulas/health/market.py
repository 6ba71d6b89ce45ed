"""Is it the market or is it us? The rivals' ranks, sales and reviews against our own fall (H41).

Changes are shares of what was before: 0.2 is a fifth more, −0.2 a fifth less; for a rank more is worse, because rank 1 is the best.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray, N, at_least, both, explained, greater, where

#: What the rivals say, as a position: nothing clear, the whole market shrinks, or they are stable and the fault is our listing or price.
MARKET_VERDICTS: Final = ("UNCLEAR", "MARKET_SHRINK", "LISTING_OR_PRICE")
UNCLEAR, MARKET_SHRINK, LISTING_OR_PRICE = 0.0, 1.0, 2.0
#: The change from which a figure of the rivals counts as a fall.
MARKET_FALL = 0.1
#: The fall of our own sales from which anybody asks.
OWN_FALL = 0.2


@explained(unit="share")
def fall(before: N, after: N) -> N:
    """How much less it is than before, as a share: below 0 where it rose; from nothing, nothing falls."""
    fallen: N = 1.0 - after / where(greater(before, 0.0), before, 1.0)
    return where(greater(before, 0.0), fallen, 0.0)


@explained(unit="verdict")
def market_verdict(rank_change: N, sales_change: N, review_change: N, limit: N | float = MARKET_FALL) -> N:
    """What the rivals say, as a position in `MARKET_VERDICTS`: all three figures fall, none does, or some do and some do not.

    A rank falls when its number rises. A change that equals the limit up to rounding lies on it, and counts.
    """
    edge = limit - ROUNDING_TOLERANCE
    rank, sales, reviews = at_least(rank_change, edge), at_least(-sales_change, edge), at_least(-review_change, edge)
    all_fall = both(both(rank, sales), reviews)
    none_falls = at_least(0.0, rank + sales + reviews)
    return where(all_fall, MARKET_SHRINK, where(none_falls, LISTING_OR_PRICE, UNCLEAR))


def change_of_means(before: FloatArray, after: FloatArray) -> float:
    """The median over rivals (n,) of after / before − 1; NaN where no rival has both, or a `before` above 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(before > 0, after / before - 1.0, np.nan)
    known = change[np.isfinite(change)]
    return float(np.median(known)) if len(known) else float("nan")
