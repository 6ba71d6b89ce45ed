"""Spikes of demand: days in a row that sold far more than a SKU's ordinary ones, which is a regime and no outlier (science.md 1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.cleaning.cleaned import CleanedDemand

#: A spike goes on while nothing is known of so many days at most: it may have emptied the shelf.
MOST_SILENT_DAYS: Final = 3
#: Days before a spike that tell the pace which it broke.
BEFORE_DAYS: Final = 28


@dataclass(frozen=True, slots=True)
class Spikes:
    """Of each row (n,): the days in a row, up to the last that is known, of a spike; its units a day, and those of the weeks before it.

    0 throughout where no spike goes on.
    """

    days: NDArray[np.int64]
    rate: NDArray[np.float64]
    before: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.days)


def spikes_of(demand: CleanedDemand) -> Spikes:
    """The spikes that go on. Days of events and days out of stock are none: they have a reason already."""
    n, t = demand.spikes.shape
    found = Spikes(np.zeros(n, np.int64), np.zeros(n), np.zeros(n))
    for row in np.flatnonzero(demand.spikes[:, max(t - 1 - MOST_SILENT_DAYS, 0) :].any(axis=1)).tolist():
        known = np.flatnonzero(demand.observed[row])
        last = int(known[-1])
        if not demand.spikes[row, last]:
            continue
        calm = np.flatnonzero(~demand.spikes[row, : last + 1])
        first = int(calm[-1]) + 1 if len(calm) else 0
        before = demand.baseline[row, max(first - BEFORE_DAYS, 0) : first]
        found.days[row] = last + 1 - first
        found.rate[row] = demand.demand[row, first : last + 1].mean()
        found.before[row] = np.nanmean(before) if np.isfinite(before).any() else 0.0
    return found
