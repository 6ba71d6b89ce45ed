"""How far forecasts have leaned over the last weeks."""

from __future__ import annotations

import numpy as np

from stockhub.core.columns import FLOAT, INT, read
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.demand.track_models import ForecastTrack
from stockhub.snapshot.positions import Columns

_STORED = {"tracked_error": "error_sum", "tracked_mean_error": "mean_error", "tracked_forecast": "forecast_sum"}


def track_columns(rows: Rows) -> Columns:
    """Actual less forecast, the mean error a week, the forecast of these weeks, and how many weeks could be compared: 0 for none."""
    found = read(
        ForecastTrack.objects.filter(**id_filter("sku_id", rows.skus)),
        {"sku_id": INT, "pool_id": INT, **dict.fromkeys(_STORED.values(), FLOAT), "weeks": INT},
    )
    at = rows.find(found["sku_id"], found["pool_id"])
    columns = {"tracked_weeks": np.zeros(len(rows)), **{name: np.full(len(rows), np.nan) for name in _STORED}}
    for name, stored in {**_STORED, "tracked_weeks": "weeks"}.items():
        columns[name][at[at >= 0]] = found[stored][at >= 0]
    return columns
