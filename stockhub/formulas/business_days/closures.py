"""Days on which nothing is done, such as a factory's at Chinese New Year, and the lead times that they stretch (science.md 3.7).

Arrays of days are `datetime64[D]`; lead times are whole days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.business_days.sites import Days
from stockhub.formulas.errors import InvalidParameterError

#: First and last day, both closed.
Closure = tuple[date, date]


def closed_days_within(starts: Days, lead_times: NDArray[np.int64], closures: Iterable[Closure]) -> NDArray[np.int64]:
    """How many closed days (n,) lie in the first `lead_times` (n,) days from `starts` (n,).

    A day that lies in two closures counts once. A lead time of L days from day D are the days D to D + L − 1.
    """
    first = starts.astype("datetime64[D]").astype(np.int64)
    closed = merged(closures)
    return _closed_before(first + lead_times, closed) - _closed_before(first, closed)


def arrivals_with_closures(starts: Days, lead_times: NDArray[np.int64], closures: Iterable[Closure]) -> Days:
    """The days (n,) of arrival of orders placed on `starts` (n,) whose lead times (n,) pause while a supplier is closed.

    The first day from the start by which `lead_times` days have been open: without closures, start + lead time; with a lead time of 0, the
    start itself, for nothing is left to be done.
    """
    closed = merged(closures)
    first = starts.astype("datetime64[D]").astype(np.int64)
    # Open days before D never fall, so that the first D with enough of them is found on the axis of open days.
    opened = first - _closed_before(first, closed) + lead_times
    if not closed:
        return opened.astype("datetime64[D]")
    bounds = np.array([(begin.toordinal(), end.toordinal()) for begin, end in closed], np.int64) - date(1970, 1, 1).toordinal()
    lengths = bounds[:, 1] - bounds[:, 0] + 1
    open_at_begin = bounds[:, 0] - (np.cumsum(lengths) - lengths)
    passed = np.searchsorted(open_at_begin, opened, side="left")
    arrived = opened + np.concatenate([[0], np.cumsum(lengths)])[passed]
    return np.where(lead_times > 0, arrived, first).astype("datetime64[D]")


def merged(closures: Iterable[Closure]) -> Sequence[Closure]:
    """Closures in order, with those that overlap or touch as one; InvalidParameterError where one ends before it begins."""
    joined: list[Closure] = []
    for begin, end in sorted(closures):
        if end < begin:
            raise InvalidParameterError("closure", f"{begin} to {end}", "a last day that is not before the first")
        if joined and begin <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _closed_before(days: NDArray[np.int64], closed: Sequence[Closure]) -> NDArray[np.int64]:
    """Closed days (n,) before days (n,), counted from 1970."""
    epoch = date(1970, 1, 1).toordinal()
    total = np.zeros(days.shape, np.int64)
    for begin, end in closed:
        first, length = begin.toordinal() - epoch, (end - begin).days + 1
        total += np.clip(days - first, 0, length)
    return total
