"""Units a week as columns; weeks that say nothing are shaded, with what an ordinary week would have sold."""

from __future__ import annotations

from datetime import date

import numpy as np
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stockhub.cockpit.charts.plot import Numbers, Plot, top_for


def weeks_chart(first_on: date, weekly: Numbers, filled: Numbers) -> SafeString:
    """`weekly` (t,) is NaN where a week was masked; `filled` (t,) is the same without gaps."""
    plot = Plot(first_on, 7 * len(weekly), top_for(np.nan_to_num(weekly), filled), height=200)
    masked = np.isnan(weekly)
    shades = [
        plot.column(7 * week, 7, "sh-out", _("left out: no stock, an event, or figures that cannot be"))
        for week in np.flatnonzero(masked).tolist()
    ]
    bars = format_html_join(
        "",
        '<rect class="sh-bar" x="{}" y="{}" width="{}" height="{}"/>',
        (
            (
                f"{plot.x(7 * week + 1):.1f}",
                f"{plot.y(value):.1f}",
                f"{max(plot.x(7 * week + 6) - plot.x(7 * week + 1), 1.0):.1f}",
                f"{plot.y(0.0) - plot.y(value):.1f}",
            )
            for week, value in enumerate(weekly.tolist())
            if value > 0
        ),
    )
    about = _("Units a week over %(weeks)d weeks, of which %(masked)d are left out.") % {"weeks": len(weekly), "masked": int(masked.sum())}
    return plot.drawn([*shades, bars], about)
