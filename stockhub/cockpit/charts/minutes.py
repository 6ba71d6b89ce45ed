"""A small picture of what was sold by minute: a column each, or a column for several where there are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH: Final = 240
_HEIGHT: Final = 36
#: Narrower ones cannot be told apart.
_MOST_COLUMNS: Final = 80


def minute_chart(units: Sequence[int], *, about: str) -> SafeString:
    """Columns from the oldest minute on the left to this one; the highest says how many units it stands for when one points at it."""
    each = max(-(-len(units) // _MOST_COLUMNS), 1)
    sums = [sum(units[start : start + each]) for start in range(0, len(units), each)]
    most, wide = max([1, *sums]), _WIDTH / max(len(sums), 1)
    drawn = [(place * wide, (_HEIGHT - 2) * sold / most, sold) for place, sold in enumerate(sums) if sold]
    columns = format_html_join(
        "",
        '<rect class="sh-bar" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        ((f"{left:.1f}", f"{_HEIGHT - 1 - tall:.1f}", f"{max(wide - 1, 0.5):.1f}", f"{tall:.1f}", sold) for left, tall, sold in drawn),
    )
    return format_html(
        '<svg class="sh-chart sh-minutes" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line class="sh-grid" x1="0" x2="{}" y1="{}" y2="{}"/>{}</svg>',
        _WIDTH, _HEIGHT, about, _WIDTH, f"{_HEIGHT - 0.5}", f"{_HEIGHT - 0.5}", columns,
    )  # fmt: skip
