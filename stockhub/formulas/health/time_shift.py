"""Whole hours by which a feed's times are off, told from the ages that its records have when they come in (N17).

A record is never older on arrival than the wait for the next reading, nor younger than nothing. Times that were taken for another zone's
break one of the two: orders come from the future, or the newest of them is always hours old.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray

#: Zones lie 12 hours behind to 14 ahead of UTC: what is further off is another mistake, or an old file.
MOST_HOURS: Final = 14.0
#: Fewer ages than these say nothing about the youngest that a feed can bring.
LEAST_RECORDS: Final = 50
#: How far from a whole number of hours a shift may lie: clocks are off by minutes, and a reading waits for some.
NEAR_HOURS: Final = 0.25
#: Records from the future that are one in ten or more are no single clock that runs ahead.
FUTURE_SHARE: Final = 0.1


def shifted_hours(ages: FloatArray) -> float:
    """Whole hours that times lie ahead (above 0) or behind (below 0); 0 where nothing says so.

    `ages` (n,) is in hours: when a record was taken in, less when it says that it happened, newest records of one source that is read
    often. Ahead: a tenth of them come from the future, and the furthest of them by a whole number of hours less its own short wait.
    Behind: not one of 50 is younger than a whole number of hours, and the youngest is hardly older than that. No zone's offset of half
    an hour is looked for, since a slow reading looks the same. Errors: none; NaN ages are left out.
    """
    known = ages[~np.isnan(ages)]
    if len(known) < LEAST_RECORDS:
        return 0.0
    youngest = float(known.min())
    if youngest <= -1.0 + NEAR_HOURS:
        hours = float(np.ceil(-youngest - NEAR_HOURS))
        is_shift = np.mean(known < 0.0) >= FUTURE_SHARE and -youngest <= hours + NEAR_HOURS
        return hours if is_shift and hours <= MOST_HOURS else 0.0
    hours = float(np.floor(youngest + 1e-9))
    return -hours if 1.0 <= hours <= MOST_HOURS and youngest - hours <= NEAR_HOURS else 0.0
