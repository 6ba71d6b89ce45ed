"""Past lead times of all series, each with what was known when it began and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.lead_time.history import Floats, History
from stockhub_forecasters.lead_time.predictors import Learner, Origins
from stockhub_forecasters.lead_time.season import year_before

#: Weeks of origins; with few series more of them, until there are so many lead times.
WEEKS: Final = 40
MOST_WEEKS: Final = 104
ENOUGH_LEAD_TIMES: Final = 4000
#: Below so many days of history every day is an origin, above it every seventh.
DAILY_BELOW_DAYS: Final = 200
#: Days from a series' first to its first origin; fewer where the whole history is short.
LEAST_AGE, LEAST_AGE_OF_SHORT, SHORT_DAYS = 28, 14, 120
#: From so many days on, an origin has to have a year behind it.
YEAR_BEHIND_FROM: Final = 560
YEAR: Final = 365
#: Of a window's days, so many have to count: the sum over a stock-out says little.
LEAST_COUNTED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Calibration:
    """Lead times that began at `origins` (m,), `step` days apart. `valid` (n, m); `sums` (n, m) what was asked for; `known` at the time."""

    lead_time: int
    step: int
    origins: NDArray[np.int64]
    valid: NDArray[np.bool_]
    sums: Floats
    known: Origins

    @property
    def blocks(self) -> float:
        """How many lead times that do not overlap the origins span."""
        begun = self.origins[self.valid.any(axis=0)]
        return float((begun[-1] - begun[0] + self.lead_time) / self.lead_time) if begun.size else 0.0

    @property
    def series(self) -> int:
        return int(self.valid.any(axis=1).sum())


def step_of(history: History) -> int:
    """The distance of origins in days."""
    return 1 if history.days < DAILY_BELOW_DAYS else 7


def origins_of(history: History, lead_time: int, weeks: int) -> NDArray[np.int64]:
    """The origins (m,) of so many weeks, ascending, whose windows have ended."""
    last = history.days - lead_time
    first = max(last - 7 * weeks + 1, LEAST_AGE_OF_SHORT, YEAR if history.days >= YEAR_BEHIND_FROM else 0)
    return np.arange(last, first - 1, -step_of(history), dtype=np.int64)[::-1].copy()


def windows_of(history: History, lead_time: int, origins: NDArray[np.int64]) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Which windows (n, m) can be learned from, their days that count, and the units sold on those."""
    days = history.window_days.between(origins, origins + lead_time)
    possible = history.open_days(origins, origins + lead_time)
    age = LEAST_AGE_OF_SHORT if history.days < SHORT_DAYS else LEAST_AGE
    old_enough = origins[None, :] >= history.first[:, None] + age
    valid = old_enough & (days >= LEAST_COUNTED * possible) & (days > 0) & (history.selling.running[:, origins] > 0)
    return valid, days, history.window_sold.between(origins, origins + lead_time)


def calibration_of(learner: Learner, lead_time: int) -> Calibration | None:
    """The lead times to learn from; None where history has room for none."""
    history = learner.history
    few = ENOUGH_LEAD_TIMES * lead_time / (7.0 * max(len(history), 1))
    origins = origins_of(history, lead_time, int(min(max(few, WEEKS), MOST_WEEKS)))
    if not origins.size:
        return None
    valid, days, sums = windows_of(history, lead_time, origins)
    if not valid.any():
        return None
    year = year_before(history, origins, lead_time) if learner.looks_back_a_year else None
    known = learner.at(origins, lead_time, days, tuple(history.drivers), year)
    return Calibration(lead_time, step_of(history), origins, valid, sums, known)
