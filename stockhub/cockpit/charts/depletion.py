"""The depletion chart: how stock runs down along the forecast, and what arrives meanwhile (H11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stockhub.cockpit.charts.plot import Numbers, Plot, top_for

#: Days that are shown of a stock that runs out at once.
_LEAST_DAYS = 28


def depletion_chart(
    first_on: date, stock: Numbers, *, safety_stock: float | None, runs_out_on: date | None, arrivals: Sequence[tuple[date, float]]
) -> SafeString:
    """`stock` (h,) is today's and then the end of each day's, `first_on` today."""
    if runs_out_on is not None:
        # What comes long after the last unit is of no interest.
        stock = stock[: max(2 * (runs_out_on - first_on).days, _LEAST_DAYS) + 1]
    plot = Plot(first_on, len(stock), top_for(stock, np.array([safety_stock or 0.0])), height=220)
    parts: list[SafeString] = []
    if safety_stock:
        parts.append(plot.line(0, stock * 0 + safety_stock, "sh-safety"))
    for day, qty in arrivals:
        place = (day - first_on).days
        if 0 <= place < len(stock):
            parts.append(plot.mark(place + 0.5, f"+{qty:,.0f}", "sh-event-line"))
    parts.append(plot.line(0, stock, "sh-stock"))
    if runs_out_on is not None and (place := (runs_out_on - first_on).days) < len(stock):
        parts.append(plot.mark(place + 0.5, formats.date_format(runs_out_on, "SHORT_DATE_FORMAT"), "sh-out-line"))
    return plot.drawn(parts, _("Stock by day along the forecast, %(days)d days ahead.") % {"days": len(stock) - 1})
