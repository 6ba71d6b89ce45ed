"""What was sold, events and all: what forecasts are compared with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.forecasting import series_ids
from stockhub.demand.frames import DemandFrame, Rows
from stockhub.formulas.demand.censoring import LEAST_IN_STOCK_SHARE
from stockhub.pluginapi import Panel


def actuals_of(rows: Rows, frame: DemandFrame, in_stock: NDArray[np.float32], least_share: float = LEAST_IN_STOCK_SHARE) -> Panel:
    """Sales as they were. A day on which there was hardly anything to sell, and nothing was sold, is not observed.

    `in_stock` (n, t) per cent of each day; unknown stock counts as in stock, and so does a day with sales, which prove that there was some.
    """
    sold = frame.values
    observed = ~np.isnan(sold) & ~((in_stock < 100.0 * least_share) & (sold <= 0))
    return Panel(series_ids(rows.sku_ids, rows.pool_ids), frame.first_on, sold, observed)
