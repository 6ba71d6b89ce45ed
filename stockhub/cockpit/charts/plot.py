"""The frame of a chart over days: where a day and a number are drawn, the axes, and the shapes in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10

import numpy as np
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
#: Lines across a chart, about.
_STEPS = 4
#: Months that are named below it: more would touch each other.
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of `days` days from `first_on` on and of numbers from 0 to `top`, in units of the picture."""

    first_on: date
    days: int
    top: float
    width: int = 960
    height: int = 260
    left: int = 52
    right: int = 14
    above: int = 22
    below: int = 26

    def x(self, day: float) -> float:
        """The left edge of a day, counted from the first."""
        return self.left + (self.width - self.left - self.right) * day / max(self.days, 1)

    def y(self, value: float) -> float:
        inside = self.height - self.above - self.below
        return self.above + inside * (1.0 - min(max(value, 0.0), self.top) / self.top)

    def points(self, start: int, values: Numbers) -> str:
        """The middles of days from `start` on, as SVG wants them."""
        return " ".join(f"{self.x(start + n + 0.5):.1f},{self.y(value):.1f}" for n, value in enumerate(values.tolist()))

    def line(self, start: int, values: Numbers, kind: str) -> SafeString:
        """A line through numbers; where one is not known it breaks."""
        return format_html_join(
            "", '<polyline class="{}" points="{}"/>', ((kind, self.points(start + at, part)) for at, part in _runs(values))
        )

    def band(self, start: int, lower: Numbers, upper: Numbers, kind: str, opacity: float) -> SafeString:
        """The area between two lines."""
        back = " ".join(reversed(self.points(start, lower).split()))
        return format_html('<polygon class="{}" opacity="{}" points="{} {}"/>', kind, f"{opacity:.2f}", self.points(start, upper), back)

    def column(self, start: int, days: int, kind: str, title: str) -> SafeString:
        """Days from top to bottom, with a word for who points at them."""
        begin, end, height = self.x(start), self.x(start + days), self.height - self.above - self.below
        return format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
            kind, f"{begin:.1f}", self.above, f"{end - begin:.1f}", height, title,
        )  # fmt: skip

    def mark(self, day: float, text: str, kind: str, *, row: int = 0) -> SafeString:
        """An upright line with a word on top, or in a row further down, on the side where there is room."""
        x = self.x(day)
        end = x > self.width * 0.85
        return format_html(
            '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="sh-mark" x="{}" y="{}" text-anchor="{}">{}</text>',
            kind, f"{x:.1f}", f"{x:.1f}", self.above - 6, self.height - self.below,
            f"{x + (-4 if end else 4):.1f}", self.above - 8 + 14 * row + 4 * (row > 0), "end" if end else "start", text,
        )  # fmt: skip

    def above_top(self, day: int, text: str) -> SafeString:
        """A number that is too large for the picture, at its upper end."""
        return format_html(
            '<text class="sh-mark" x="{}" y="{}" text-anchor="end">{}</text>', f"{self.x(day + 0.5) - 3:.1f}", self.above + 10, text
        )

    def axes(self) -> SafeString:
        """Lines across with their numbers, and the months below."""
        across = format_html_join(
            "",
            '<line class="sh-grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="sh-axis" x="{}" y="{}" text-anchor="end">{}</text>',
            (
                (
                    self.left,
                    self.width - self.right,
                    f"{self.y(v):.1f}",
                    f"{self.y(v):.1f}",
                    self.left - 6,
                    f"{self.y(v) + 4:.1f}",
                    _shown(v),
                )
                for v in ticks(self.top)
            ),
        )
        along = format_html_join(
            "",
            '<line class="sh-tick" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="sh-axis" x="{}" y="{}">{}</text>',
            (
                (
                    f"{self.x(n):.1f}",
                    f"{self.x(n):.1f}",
                    self.height - self.below,
                    self.height - self.below + 4,
                    f"{self.x(n):.1f}",
                    self.height - 8,
                    text,
                )
                for n, text in self._dates()
            ),
        )
        return across + along

    def _dates(self) -> Iterator[tuple[int, str]]:
        """Mondays of a short chart, first days of the month of a long one, as many as fit."""
        by_week = self.days <= 7 * _MOST_LABELS
        found = [n for n in range(self.days) if self._begins(self.first_on + timedelta(days=n), by_week=by_week)]
        step = -(-len(found) // _MOST_LABELS) or 1
        for n in found[::step]:
            # The last one needs room for its text.
            if self.x(n) < self.width - 60:
                yield n, formats.date_format(self.first_on + timedelta(days=n), "SHORT_DATE_FORMAT")

    @staticmethod
    def _begins(day: date, *, by_week: bool) -> bool:
        return day.weekday() == 0 if by_week else day.day == 1

    def drawn(self, parts: Sequence[SafeString], about: str) -> SafeString:
        """The picture; `about` says in a sentence what it shows, for those who cannot see it."""
        return format_html(
            '<svg class="sh-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
            self.width, self.height, about, self.axes(), format_html_join("", "{}", ((part,) for part in parts)),
        )  # fmt: skip


def top_for(*series: Numbers) -> float:
    """A round number at least as large as all that is known, and never 0."""
    most = max((float(np.nanmax(values)) for values in series if values.size and not np.isnan(values).all()), default=0.0)
    if most <= 0:
        return 1.0
    step = _round_step(most)
    return step * -(-most // step)


def ticks(top: float) -> list[float]:
    """The numbers at which lines go across, 0 among them."""
    step = _round_step(top)
    return [step * n for n in range(round(top / step) + 1)]


def _round_step(most: float) -> float:
    rough = most / _STEPS
    power = 10.0 ** floor(log10(rough))
    return next(power * unit for unit in (1, 2, 2.5, 5, 10) if power * unit >= rough - 1e-12)


def _shown(value: float) -> str:
    digits = 0 if float(value).is_integer() else 2 if value < 1 else 1
    return str(formats.number_format(round(value, digits), decimal_pos=digits, use_l10n=True, force_grouping=True))


def _runs(values: Numbers) -> Iterator[tuple[int, Numbers]]:
    """Stretches of known numbers, each with the place where it begins."""
    known = np.concatenate([[False], ~np.isnan(values), [False]])
    edges = np.flatnonzero(known[1:] != known[:-1])
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield begin, values[begin:end]
