"""The first week and the first month against what had been forecast (H102): what a mini-review at D+7 and D+30 looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from stockhub.demand.actuals import actuals_of
from stockhub.demand.cycles import forecast_settings
from stockhub.demand.frames import Rows, demand_of, in_stock_of
from stockhub.demand.track_models import BUCKETS, ForecastTrack

#: The days after which a mini-review is due.
REVIEW_DAYS = (7, 30)


@dataclass(frozen=True, slots=True)
class MiniReview:
    """Forecast and actual of `days` days from `first_on`, the day of the forecast that was in force.

    `actual_qty` is None, with a `reason`, until the days are over; what was sold while stock was out for `stockout_days` of them proves
    less than it says. `share` is actual less forecast over forecast, None where nothing was forecast.
    """

    days: int
    first_on: date
    due_on: date
    forecast_qty: float | None
    actual_qty: float | None
    stockout_days: int
    reason: str

    @property
    def difference(self) -> float | None:
        return None if self.actual_qty is None or self.forecast_qty is None else self.actual_qty - self.forecast_qty

    @property
    def share(self) -> float | None:
        return None if self.difference is None or not self.forecast_qty else self.difference / self.forecast_qty


def mini_reviews(*, sku_id: int, pool_id: int, since: date, today: date) -> list[MiniReview]:
    """The reviews of the forecast in force on `since`, such as a launch, a change of price or of a plan; none where none was kept.

    That is the newest one of that day or before, or else the first one after it: a new SKU has none before it is on sale.
    """
    track = ForecastTrack.objects.filter(sku_id=sku_id, pool_id=pool_id).first()
    days = track.days if track else []
    if track is None or not days:
        return []
    place = max((place for place, day in enumerate(days) if day <= since), default=0)
    return [_review(sku_id, pool_id, days[place], length, float(track.sums[place, BUCKETS.index(length)]), today) for length in REVIEW_DAYS]


def _review(sku_id: int, pool_id: int, first_on: date, days: int, forecast: float, today: date) -> MiniReview:
    due_on = first_on + timedelta(days=days)
    promised = None if np.isnan(forecast) else forecast
    if due_on > today:
        return MiniReview(days, first_on, due_on, promised, None, 0, "NO_DATA_YET")
    rows = Rows(np.array([sku_id], np.int64), np.array([pool_id], np.int64))
    frame = demand_of(rows, last_on=due_on - timedelta(days=1), days=days)
    in_stock = in_stock_of(rows, first_on=first_on, days=days)
    hidden = int(
        (~actuals_of(rows, frame, in_stock, forecast_settings().least_in_stock_percent / 100.0).observed & ~np.isnan(frame.values)).sum()
    )
    return MiniReview(
        days, first_on, due_on, promised, float(np.nansum(frame.values)), hidden, "" if promised is not None else "NO_FORECAST"
    )
