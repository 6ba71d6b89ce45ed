"""What a forecast says of days on which its SKU was probably out of stock, though nobody recorded it (F3, docs/adr/0054)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.plans.reasons import Reason, ReasonKind
from stockhub.values import Label

LEFT_OUT: Final = "PROBABLE_STOCKOUT"
COUNTED: Final = "PROBABLE_STOCKOUT_COUNTED"
_LABELS: Final = {
    LEFT_OUT: Label(
        "Probably out of stock, so left out: it sells on most days, and sold nothing",
        "疑似断货，已剔除：平日多有销售，期间无销量",
    ),
    COUNTED: Label(
        "Probably out of stock, and counted all the same: it sells on most days, and sold nothing",
        "疑似断货，仍计入：平日多有销售，期间无销量",
    ),
}


def silences(days: NDArray[np.bool_], first_on: date, *, left_out: bool) -> Iterator[tuple[int, Reason]]:
    """A row's number and a reason for each run of such days (n, t) from `first_on` on; `left_out` says whether cleaning leaves them out."""
    code = LEFT_OUT if left_out else COUNTED
    for row in np.flatnonzero(days.any(axis=1)).tolist():
        edges = np.flatnonzero(np.diff(np.concatenate([[0], days[row].astype(np.int8), [0]])))
        for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            first, last = first_on + timedelta(days=begin), first_on + timedelta(days=end - 1)
            yield row, Reason(ReasonKind.DATA, code, _LABELS[code], first, last, values={"days": end - begin})
