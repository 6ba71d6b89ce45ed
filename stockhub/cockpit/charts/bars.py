"""Bars that compare forecasters by one figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ROW, _NAME, _NUMBER, _WIDTH = 24, 190, 62, 460


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: a name, its number (None is drawn as a dash) and how that is written; `strong` ones stand out."""

    name: str
    value: float | None
    text: str
    strong: bool = False


def bar_chart(bars: Sequence[Bar], *, about: str, reference: float | None = None) -> SafeString:
    """Bars from 0, to the left for numbers below it; with an upright line at `reference`, such as what the textbook does."""
    known = [bar.value for bar in bars if bar.value is not None]
    least, most = min([0.0, *known]), max([0.0, *known, *([] if reference is None else [reference])])
    span = (most - least) or 1.0
    height = _ROW * len(bars) + 8

    def x(value: float) -> float:
        return _NAME + (_WIDTH - _NAME - _NUMBER) * (value - least) / span

    def rows() -> list[SafeString]:
        return [
            format_html(
                '<text class="sh-axis{}" x="{}" y="{}" text-anchor="end">{}</text>'
                '<rect class="sh-bar{}" x="{}" y="{}" width="{}" height="{}"/><text class="sh-axis{}" x="{}" y="{}">{}</text>',
                " sh-strong" if bar.strong else "", _NAME - 8, at * _ROW + 18, bar.name,
                " sh-bar-strong" if bar.strong else "", f"{min(x(bar.value or 0.0), x(0.0)):.1f}", at * _ROW + 6,
                f"{abs(x(bar.value or 0.0) - x(0.0)):.1f}", _ROW - 8,
                " sh-strong" if bar.strong else "", f"{max(x(bar.value or 0.0), x(0.0)) + 6:.1f}", at * _ROW + 18, bar.text,
            )
            for at, bar in enumerate(bars)
        ]  # fmt: skip

    lines = [0.0] if reference is None else [0.0, reference]
    upright = format_html_join(
        "",
        '<line class="sh-{}" x1="{}" x2="{}" y1="2" y2="{}"/>',
        (("grid" if v == 0 else "now", f"{x(v):.1f}", f"{x(v):.1f}", height - 2) for v in lines),
    )
    parts = format_html_join("", "{}", ((row,) for row in rows()))
    return format_html(
        '<svg class="sh-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>', _WIDTH, height, about, parts, upright
    )
