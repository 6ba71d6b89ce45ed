"""What to do about a SKU that sells too little (H77; science.md 3.11). Who is one is `staleness`'s to say."""

from __future__ import annotations

from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, both, explained, negation, where

#: Nothing yet; watch a candidate that is not confirmed; and for a confirmed one a lower price, a best-seller beside it, or an outlet.
SLOW_MOVER_ACTIONS: Final = ("none", "watch", "discount", "bundle", "outlet")
ACTION_NONE, ACTION_WATCH, ACTION_DISCOUNT, ACTION_BUNDLE, ACTION_OUTLET = 0.0, 1.0, 2.0, 3.0, 4.0


def weeks_below(weekly_units: FloatArray, threshold: FloatArray | float) -> FloatArray:
    """How many of the latest weeks in a row sold less than a threshold: (…) of weekly units (…, t), oldest first.

    A week that is not known ends the run, as it does not show poor sales; the newest week counts first.
    """
    poor = (weekly_units < np.asarray(threshold, dtype=np.float64)[..., None])[..., ::-1]
    return np.minimum.accumulate(poor, axis=-1).sum(axis=-1).astype(np.float64) if poor.shape[-1] else np.zeros(poor.shape[:-1])


@explained(unit="slow mover action")
def slow_mover_action(candidate: N, confirmed: N, standing_still: N, has_partner: N) -> N:
    """What to propose, as a position in `SLOW_MOVER_ACTIONS`.

    Confirmed by the cross-check, what still sells a little is discounted. What stands still does not answer to its price alone: it goes
    beside a best-seller of its category where there is one to bundle it with, to the outlet where there is none. `candidate`, `confirmed`
    and `standing_still` are flags of `staleness`; `has_partner` whether a feasible bundle exists.
    """
    unconfirmed = where(both(candidate, negation(confirmed)), ACTION_WATCH, ACTION_NONE)
    unmoved: N = where(has_partner, ACTION_BUNDLE, ACTION_OUTLET)
    return where(confirmed, where(standing_still, unmoved, ACTION_DISCOUNT), unconfirmed)
