"""Days on which a whole shop sells several times as much as it ever does, such as a festival: they say nothing about the level afterwards.

Such days are left out of levels and trends, and stay in the sums that came of past lead times: another may come.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.lead_time.history import Floats, History

#: An event's day sells so many times as much as the best of the last four weeks.
LEAST_TIMES: Final = 1.75
COMPARED_DAYS: Final = 28
#: More event days than this in a fortnight are no event but a new level.
MOST_DAYS, WITHIN_DAYS = 7, 14
#: Of one series, sales count up to so many times its level and so many units more: a wholesale order is no event.
_MOST_OF_LEVEL, _MOST_UNITS = 3.0, 3.0


def event_days(history: History, levels: Floats) -> NDArray[np.bool_]:
    """Which days (t,) were events, each judged by what was known at its end. `levels` (n, t + 1): `rate.levels_of`."""
    expected = np.where(history.counts, levels[:, :-1], 0.0)
    capped = np.where(expected > 0, np.minimum(history.demand, _MOST_OF_LEVEL * expected + _MOST_UNITS), 0.0)
    total = expected.sum(axis=0)
    times = np.where(total > 0, capped.sum(axis=0) / np.where(total > 0, total, 1.0), 0.0)
    planned = _planned(history)
    found = np.zeros(history.days, np.bool_)
    for day in range(COMPARED_DAYS, history.days):
        before = slice(day - COMPARED_DAYS, day)
        ordinary = times[before][~found[before]]
        best = ordinary.max(initial=0.0)
        lately = int(found[max(day - WITHIN_DAYS, 0) : day].sum())
        found[day] = best > 0 and times[day] > LEAST_TIMES * best and lately < MOST_DAYS and not planned[day]
    return found


def _planned(history: History) -> NDArray[np.bool_]:
    """Days (t,) on which a plan is active for most series: the regression knows those by their plan."""
    planned = np.zeros(history.days, np.bool_)
    each = np.arange(history.days)
    for driver in history.drivers.values():
        planned |= driver.active.between(each, each + 1).mean(axis=0) > 0.5
    return planned
