"""Prophet: a trend that changes its slope, and seasons as Fourier series (Taylor & Letham 2018)."""

from __future__ import annotations

import logging
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch
from stockhub.values import Label
from stockhub_forecasters.single_series import SeriesForecast, SeriesHistory, SingleSeriesForecaster, deviation
from stockhub_forecasters.training import seed_of

#: Days at the end that the model is first fitted without, and a quarter of the history at most: the errors on them make the quantiles.
_HELD_OUT_DAYS: Final = 56
_YEARLY_FROM_DAYS: Final = 730


class Prophet(SingleSeriesForecaster):
    """Additive, with weekdays, and with the year where there are two of them.

    Prophet's own quantiles are drawn from the global random generator and describe days that the model has seen. Here they are the errors
    on held-out days, added to the mean; the model of the forecast is fitted to all days.
    """

    slug: ClassVar[str] = "prophet"
    name: ClassVar[Label] = Label("Prophet", "Prophet 预测")

    def forecast_series(self, history: SeriesHistory, batch: ForecastBatch) -> SeriesForecast:
        days = np.arange(history.demand.size)
        held_out = days >= history.demand.size - min(_HELD_OUT_DAYS, history.demand.size // 4)
        errors = history.demand[held_out] - _fit_and_predict(history, ~held_out, days[held_out])
        known = errors[np.isfinite(errors)]
        mean = _fit_and_predict(history, np.ones(days.size, np.bool_), days.size + np.arange(batch.horizon))
        if not known.size:
            raise ValueError("No held-out day is known.")
        offsets = np.quantile(known, np.asarray(batch.quantile_levels, np.float64), method="weibull")
        return SeriesForecast(mean, mean[None, :] + offsets[:, None], deviation(errors))


def _fit_and_predict(history: SeriesHistory, learned: NDArray[np.bool_], days: NDArray[np.int64]) -> NDArray[np.float64]:
    """Means (k,) of the days (k,), counted from the history's first, after learning from the known ones among `learned` (d,)."""
    import pandas as pd
    from cmdstanpy.utils import get_logger

    # Nobody looks at its plots, so that plotly, which it misses, is no error.
    logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)
    from prophet import Prophet as Model

    first_on = np.datetime64(history.first_on)
    rows = np.flatnonzero(learned & history.known)
    yearly = bool(rows.size and rows[-1] - rows[0] >= _YEARLY_FROM_DAYS)
    model: Any = Model(weekly_seasonality=True, yearly_seasonality=yearly, daily_seasonality=False, uncertainty_samples=0)
    # Every fit would be told, on standard error.
    get_logger().setLevel(logging.WARNING)
    model.fit(pd.DataFrame({"ds": first_on + rows, "y": history.demand[rows]}), seed=seed_of(np.array([history.series_id])))
    return np.asarray(model.predict(pd.DataFrame({"ds": first_on + days}))["yhat"], np.float64)
