"""The panel that forecasters are shown, the same for a run's sample and for each of its chunks."""

from __future__ import annotations

from datetime import date

from stockhub.demand.forecasting import panel_of, series_ids
from stockhub.demand.frames import DemandFrame, Rows, demand_of, in_stock_of
from stockhub.demand.stockouts import OBSERVED_FROM_PERCENT
from stockhub.pluginapi import Panel


def demand_panel(rows: Rows, *, last_on: date, days: int) -> tuple[DemandFrame, Panel]:
    """Demand of the rows over `days` days up to and including `last_on`, and the panel that it makes."""
    frame = demand_of(rows, last_on=last_on, days=days)
    in_stock = in_stock_of(rows, first_on=frame.first_on, days=days)
    ids = series_ids(rows.sku_ids, rows.pool_ids)
    return frame, panel_of(ids, frame.values, in_stock, frame.first_on, observed_from=OBSERVED_FROM_PERCENT)
