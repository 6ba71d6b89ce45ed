"""How demand is spread over the week: each series' own profile, leaning on that of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.lead_time.history import Floats, History

RECENT_DAYS: Final = 112
#: Variance of a weekday's share among shops: what a series' own days have to outweigh.
_PRIOR_VARIANCE: Final = 0.07


@dataclass(frozen=True, slots=True)
class Weeks:
    """Units sold and expected (n, 7) by phase, where each day had been the same; `prior` (n,) units that the pooled profile is worth."""

    sold: Floats
    expected: Floats
    prior: Floats

    def pooled(self) -> Floats:
        """The profile (7,) of all series, mean 1; 1 on a phase on which nobody sells."""
        # A series counts by the precision of its own profile, not by its size.
        weight = 1.0 / np.maximum(self.prior, 1e-9)[:, None]
        expected = (weight * self.expected).sum(axis=0)
        return np.where(expected > 0, (weight * self.sold).sum(axis=0) / np.where(expected > 0, expected, 1.0), 1.0)

    def profiles(self, pooled: Floats) -> Floats:
        """The profile (n, 7) of each series."""
        prior = np.maximum(self.prior, 1e-9)[:, None]
        return (self.sold + prior * pooled) / (self.expected + prior)


def phases(start: int, days: int) -> NDArray[np.int64]:
    """The weekday (days,) of each day from the ordinal `start` on."""
    return (start + np.arange(days)) % 7


def weeks_of(history: History, start: int) -> Weeks:
    """The last 16 weeks; `start` is the ordinal of the first day."""
    first = max(history.days - RECENT_DAYS, 0)
    demand, counts = history.demand[:, first:], history.counts[:, first:]
    phase = phases(start + first, history.days - first)
    days = np.maximum(counts.sum(axis=1), 1.0)
    mean = demand.sum(axis=1) / days
    variance = np.maximum((demand**2).sum(axis=1) / days - mean**2, 0.0)
    in_phase = phase[:, None] == np.arange(7)
    sold = np.stack([demand[:, in_phase[:, d]].sum(axis=1) for d in range(7)], axis=1)
    known = np.stack([counts[:, in_phase[:, d]].sum(axis=1) for d in range(7)], axis=1)
    ratio = np.where(mean > 0, variance / np.where(mean > 0, mean, 1.0), 1.0)
    return Weeks(sold, known * mean[:, None], np.maximum(ratio, 1.0) / _PRIOR_VARIANCE)
