"""AutoETS, AutoARIMA and AutoTheta, by statsforecast, with a weekly season."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from stockhub.pluginapi import ForecastBatch
from stockhub.values import Label
from stockhub_forecasters.single_series import (
    MOST_TIMES_LARGEST,
    WEEK,
    SeriesForecast,
    SeriesHistory,
    SingleSeriesForecaster,
    deviation,
    gaps_filled,
)


class _StatsForecaster(SingleSeriesForecaster):
    """Means and quantiles as the library gives them: the quantiles are the model's own distribution of each future day.

    A day that is not known counts as the mean of its weekday; errors on such days do not count for the deviation.
    """

    @abstractmethod
    def model(self) -> Any:  # noqa: ANN401  the library publishes no types
        """An unfitted model of statsforecast."""

    def forecast_series(self, history: SeriesHistory, batch: ForecastBatch) -> SeriesForecast:
        # The library tells quantiles as central intervals in per cent: 80 has the .1 and .9 quantiles as its ends.
        sides = [("hi" if p >= 0.5 else "lo", round(abs(2.0 * p - 1.0) * 100.0, 9)) for p in batch.quantile_levels]
        widths = sorted({width for _side, width in sides if width > 0.0})
        demand = gaps_filled(history)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            answer = self.model().forecast(y=demand, h=batch.horizon, level=widths or None, fitted=True)
        mean = np.asarray(answer["mean"], np.float64)
        quantiles = [np.asarray(answer[f"{side}-{_named(width)}"], np.float64) if width > 0.0 else mean for side, width in sides]
        # Multiplicative seasons make the first fitted days of a few series enormous.
        fitted = np.clip(np.asarray(answer["fitted"], np.float64), 0.0, MOST_TIMES_LARGEST * demand.max())
        errors = np.where(history.known, demand - fitted, np.nan)
        return SeriesForecast(mean, np.reshape(quantiles, (len(sides), batch.horizon)), deviation(errors))


def _named(width: float) -> str:
    """How the library spells a width that it was given as a float."""
    return str(width)


class AutoEts(_StatsForecaster):
    """The exponential smoothing state space model with the least corrected AIC (Hyndman et al. 2002)."""

    slug: ClassVar[str] = "auto-ets"
    name: ClassVar[Label] = Label("AutoETS", "AutoETS 自动指数平滑")

    def model(self) -> Any:  # noqa: ANN401  the library publishes no types
        from statsforecast.models import AutoETS

        return AutoETS(season_length=WEEK)


class AutoArima(_StatsForecaster):
    """The seasonal ARIMA with the least corrected AIC, found stepwise (Hyndman & Khandakar 2008).

    At most three lags of each kind and one seasonal one, likelihoods approximated during the search: daily demand rewards no more, and the
    full search takes seconds a series.
    """

    slug: ClassVar[str] = "auto-arima"
    name: ClassVar[Label] = Label("AutoARIMA", "AutoARIMA 自动差分自回归")

    def model(self) -> Any:  # noqa: ANN401  the library publishes no types
        from statsforecast.models import AutoARIMA

        return AutoARIMA(season_length=WEEK, max_p=3, max_q=3, max_P=1, max_Q=1, max_order=4, nmodels=30, approximation=True)


class AutoTheta(_StatsForecaster):
    """The theta model with the least squared errors (Assimakopoulos & Nikolopoulos 2000; Fiorucci et al. 2016)."""

    slug: ClassVar[str] = "auto-theta"
    name: ClassVar[Label] = Label("AutoTheta", "AutoTheta 自动Theta法")

    def model(self) -> Any:  # noqa: ANN401  the library publishes no types
        from statsforecast.models import AutoTheta as Theta

        return Theta(season_length=WEEK)
