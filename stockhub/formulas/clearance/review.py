"""What a closed clearance teaches: what to drop, what to price anew, and which channel to use (H59, H60)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, explained, greater, ratio, where
from stockhub.formulas.errors import InvalidParameterError

#: The results of `review_outcome`, in the order of their numbers.
REVIEW_OUTCOMES: Final = ("none", "drop", "reprice")
NOTHING: Final = 0.0
DROP: Final = 1.0
REPRICE: Final = 2.0
#: A discount is deep from 5折 on; unsold is less than half sold; sold out leaves at most 5 %; fast is half the planned time.
DEEP_PAY_RATIO: Final = 0.5
UNSOLD_SELL_THROUGH: Final = 0.5
SOLD_OUT_SELL_THROUGH: Final = 0.95
FAST_SHARE_OF_TIME: Final = 0.5


@explained(unit="flag")
def unsold_at_deep_discount(
    lowest_pay_ratio: N, sell_through: N, *, deep: N | float = DEEP_PAY_RATIO, unsold: N | float = UNSOLD_SELL_THROUGH
) -> N:
    """Nobody wants it even at half price: out of the range."""
    return both(at_least(deep, lowest_pay_ratio), greater(unsold, sell_through))


@explained(unit="flag")
def sold_out_fast(
    sell_through: N, days: N, planned_days: N, *, sold_out: N | float = SOLD_OUT_SELL_THROUGH, share: N | float = FAST_SHARE_OF_TIME
) -> N:
    """Gone in half the time: the price was lower than it had to be."""
    return both(at_least(sell_through, sold_out), at_least(planned_days * share, days))


@explained(unit="code")
def review_outcome(lowest_pay_ratio: N, sell_through: N, days: N, planned_days: N) -> N:
    """A position in `REVIEW_OUTCOMES` for a SKU whose clearance is over (H59): drop it, price it anew by its elasticity, or neither.

    `days` are those until it was sold out, or of the whole clearance.
    """
    fast = where(sold_out_fast(sell_through, days, planned_days), REPRICE, NOTHING)
    return where(unsold_at_deep_discount(lowest_pay_ratio, sell_through), DROP, fast)


@dataclass(frozen=True, slots=True)
class ReviewLists:
    """The two lists that a close produces (H59), and the SKUs about which there is not enough data."""

    drop: tuple[str, ...]
    reprice: tuple[str, ...]
    unknown: tuple[str, ...]


def review_lists(skus: Sequence[str], outcomes: FloatArray) -> ReviewLists:
    """The SKUs by outcome (n,), in their order. InvalidParameterError where there is not one outcome for each."""
    if len(skus) != len(outcomes):
        raise InvalidParameterError("outcomes", f"{len(outcomes)} outcomes", f"one for each of {len(skus)} SKUs")

    def of(chosen: NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(sku for sku, is_chosen in zip(skus, chosen, strict=True) if is_chosen)

    return ReviewLists(of(outcomes == DROP), of(outcomes == REPRICE), of(np.isnan(outcomes)))


@explained(unit="base currency/unit")
def net_cash_per_unit(net_cash: N, units: N) -> N:
    """What a channel's clearance left for each unit sold (H60); missing where none was."""
    return ratio(net_cash, units)


def channel_ranking(net_cash: FloatArray, units: FloatArray) -> NDArray[np.int64]:
    """Positions of the channels (n,), most net cash a unit first, of equals the first given; those without sales last (H60)."""
    per_unit = net_cash_per_unit(net_cash, units)
    return np.argsort(-np.nan_to_num(per_unit, nan=-np.inf), kind="stable").astype(np.int64)
