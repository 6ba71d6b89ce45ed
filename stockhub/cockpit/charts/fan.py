"""The forecast chart: what was sold, days without stock, events, and what is to be expected with its fan of quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from stockhub.cockpit.charts.plot import Numbers, Plot, top_for

#: Characters of an event's label that are written beside its days.
_MARK_LENGTH: Final = 28


@dataclass(frozen=True, slots=True)
class Event:
    """Something that moves demand or stock, from its first day to its last; `stands_in` where it sells in place of another SKU."""

    first_on: date
    last_on: date
    label: str
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Fan:
    """`history` (t,) from `first_on` on and the day after it `mean` (h,) with `quantiles` (q, h) of ascending `levels`.

    `out_of_stock` (t,) is true on days on which nothing could be sold, `perhaps_out` (t,) on those on which that is only probable. Numbers
    that are not known are NaN.
    """

    first_on: date
    history: Numbers
    out_of_stock: Numbers
    mean: Numbers
    levels: tuple[float, ...]
    quantiles: Numbers
    events: Sequence[Event] = ()
    perhaps_out: Numbers | None = None


def fan_chart(fan: Fan) -> SafeString:
    """The chart. Between two levels it is the fainter the farther they are from the median."""
    past, days = len(fan.history), len(fan.history) + len(fan.mean)
    shown = fan.quantiles[-1:] if len(fan.levels) < 3 else fan.quantiles[:-1]
    plot = Plot(fan.first_on, days, top_for(shown, fan.mean, np.minimum(fan.history, _usual(fan.history))))
    parts: list[SafeString] = []
    marks: list[SafeString] = []
    for start, length in _stretches(fan.out_of_stock):
        parts.append(plot.column(start, length, "sh-out", _out_text(fan, start, length)))
    for start, length in [] if fan.perhaps_out is None else _stretches(fan.perhaps_out):
        parts.append(plot.column(start, length, "sh-perhaps-out", _perhaps_text(fan, start, length)))
    for number, event in enumerate(fan.events):
        begin, end = (event.first_on - fan.first_on).days, (event.last_on - fan.first_on).days + 1
        if begin < days and end > 0:
            begin = max(begin, 0)
            kind = "sh-stand-in" if event.stands_in else "sh-event"
            parts.append(plot.column(begin, min(end, days) - begin, kind, event.label))
            # Neighbours do not write over each other; the whole label is told to who points at the days.
            marks.append(plot.mark(begin, Truncator(event.label).chars(_MARK_LENGTH), f"{kind}-line", row=1 + number % 3))
    for lower, upper in zip(range(len(fan.levels) - 1), range(1, len(fan.levels)), strict=True):
        parts.append(plot.band(past, fan.quantiles[lower], fan.quantiles[upper], "sh-fan", _opacity(fan.levels[lower], fan.levels[upper])))
    parts += [plot.line(0, fan.history, "sh-sold"), plot.line(past, fan.mean, "sh-mean")]
    for start, length in _stretches(np.nan_to_num(fan.history) > plot.top):
        highest = start + int(np.argmax(fan.history[start : start + length]))
        parts.append(plot.above_top(highest, f"↑ {fan.history[highest]:,.0f}"))
    parts += marks
    if past:
        parts.append(plot.mark(past, _("Forecast"), "sh-now"))
    about = _("Units a day: %(past)d days sold and %(ahead)d days forecast.") % {"past": past, "ahead": len(fan.mean)}
    return plot.drawn(parts, about)


def _usual(history: Numbers) -> float:
    """What the chart has room for: a few days far above all others are cut off and told as numbers."""
    sold = history[history > 0]
    return float(np.quantile(sold, 0.95) * 1.6) if sold.size else 0.0


def _opacity(lower: float, upper: float) -> float:
    return 0.12 + 0.38 * (1.0 - min(abs(lower - 0.5), abs(upper - 0.5)) * 2)


def _stretches(flags: NDArray[Any]) -> list[tuple[int, int]]:
    """First place and length of each run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(begin), int(end - begin)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def _out_text(fan: Fan, start: int, length: int) -> str:
    return _("Out of stock from %(day)s on, %(days)d days") % {"day": _shown_day(fan, start), "days": length}


def _perhaps_text(fan: Fan, start: int, length: int) -> str:
    return _("Probably out of stock from %(day)s on, %(days)d days") % {"day": _shown_day(fan, start), "days": length}


def _shown_day(fan: Fan, place: int) -> str:
    return formats.date_format(date.fromordinal(fan.first_on.toordinal() + place), "SHORT_DATE_FORMAT")
