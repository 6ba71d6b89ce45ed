"""Bars that compare forecasters by one figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: In medians of all bars.
_LONGEST = 2.5
_ROW, _NAME, _NUMBER, _WIDTH = 24, 218, 60, 500


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: a name, its number (None is drawn as a dash) and how that is written; `strong` ones stand out."""

    name: str
    value: float | None
    text: str
    strong: bool = False


def bar_chart(bars: Sequence[Bar], *, about: str, reference: float | None = None) -> SafeString:
    """Bars from 0, to the left for numbers below it; with an upright line at `reference`, such as what the textbook does.

    A bar much longer than the others ends at the edge: its number says how long it is, and theirs can be told apart.
    """
    known = [bar.value for bar in bars if bar.value is not None]
    longest = _LONGEST * median(abs(value) for value in known) if any(known) else 1.0
    least = max(min([0.0, *known]), -longest)
    most = min(max([0.0, *known, *([] if reference is None else [reference])]), longest)
    span = (most - least) or 1.0

    def x(value: float) -> float:
        return _NAME + (_WIDTH - _NAME - _NUMBER) * (min(max(value, least), most) - least) / span

    height = _ROW * len(bars) + 8
    upright = format_html_join(
        "",
        '<line class="{}" x1="{}" x2="{}" y1="2" y2="{}"/>',
        ((kind, f"{x(value):.1f}", f"{x(value):.1f}", height - 2) for kind, value in _lines(reference)),
    )
    parts = format_html_join("", "{}", ((_row(bar, at * _ROW, x(0.0), x(bar.value or 0.0)),) for at, bar in enumerate(bars)))
    return format_html(
        '<svg class="sh-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>', _WIDTH, height, about, parts, upright
    )


def _lines(reference: float | None) -> list[tuple[str, float]]:
    return [("sh-grid", 0.0), *([] if reference is None else [("sh-now", reference)])]


def _row(bar: Bar, top: int, zero: float, end: float) -> SafeString:
    text = "sh-axis sh-strong" if bar.strong else "sh-axis"
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="end">{}</text><rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="{}" x="{}" y="{}" text-anchor="end">{}</text>',
        text, _NAME - 8, top + 18, bar.name,
        "sh-bar-strong" if bar.strong else "sh-bar", f"{min(end, zero):.1f}", top + 6, f"{abs(end - zero):.1f}", _ROW - 8,
        text, _WIDTH - 4, top + 18, bar.text,
    )  # fmt: skip
