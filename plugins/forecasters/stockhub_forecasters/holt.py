"""Exponential smoothing with a trend, and with weekdays."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stockhub.values import Label
from stockhub_forecasters.matrix_forecaster import History, MatrixForecaster
from stockhub_forecasters.outcome import Outcome, UnfitReason, unfit_rows


class _TrendForecaster(MatrixForecaster):
    """What Holt's and Holt-Winters' method share: the constants and first states of each series are those with the least squared errors."""

    def __init__(self, *, season: int, damped: bool) -> None:
        self.season = season
        self.damped = damped

    @property
    def fewest_days(self) -> int:
        """Twice as many known days as numbers that are fitted to them."""
        fitted: int = self.starts().shape[1] + (2 if self.season == 1 else 1 + self.season)
        return 2 * fitted

    def starts(self) -> NDArray[np.float64]:
        """Where the searches begin: hardly moving, slow and quick levels. The squares are alpha and the shares of beta and gamma."""
        levels_and_trends = ([0.08, 0.3], [0.3, 0.2], [0.7, 0.3])
        return np.array([start + [0.2] * (self.season > 1) + [0.7] * self.damped for start in levels_and_trends])

    def smooth(self, values: NDArray[np.float32], observed: NDArray[np.bool_], ends: NDArray[np.int64], horizon: int, tail: int) -> Outcome:
        """The outcome of `kernels.exponential.smoothed_trends`."""
        from stockhub_forecasters.kernels.exponential import smoothed_trends

        mean, errors, error_counts, growth, days = smoothed_trends(
            values, observed, ends, self.starts(), self.season, self.damped, self.fewest_days, horizon, tail
        )
        return Outcome(mean, errors, error_counts, unfit_rows(mean[:, 0], days, UnfitReason.SHORT_HISTORY), growth)


class HoltDamped(_TrendForecaster):
    """A level and a trend that fades; the observed days simply follow each other.

    Additive errors, as statsforecast's AutoETS(model="AAN") with the same `damped`. The spread grows over the horizon as
    the model's variance does.
    """

    slug: ClassVar[str] = "holt-damped"
    name: ClassVar[Label] = Label("Holt, damped trend", "Holt 阻尼趋势")
    min_history_days: ClassVar[int] = 10

    def __init__(self, *, damped: bool = True) -> None:
        super().__init__(season=1, damped=damped)

    def outcome(self, history: History, horizon: int, tail: int) -> Outcome:
        return self.smooth(history.days, np.ones(history.days.shape, np.bool_), history.counts, horizon, tail)


class HoltWinters(_TrendForecaster):
    """A level, a trend that fades and a weekly season, all additive, on the calendar: on a day that is not observed nothing is learned.

    As statsforecast's AutoETS(model="AAA") with the same `damped`. A weekday that was never observed is taken for
    an average one. The spread grows over the horizon as the model's variance does.
    """

    slug: ClassVar[str] = "holt-winters"
    name: ClassVar[Label] = Label("Holt-Winters, weekly season", "Holt-Winters 周季节")
    min_history_days: ClassVar[int] = 24

    def __init__(self, season: int = 7, *, damped: bool = True) -> None:
        if season < 2:
            raise ValueError("A season of Holt-Winters has at least two days; HoltDamped has none.")
        super().__init__(season=season, damped=damped)

    def outcome(self, history: History, horizon: int, tail: int) -> Outcome:
        n, t = history.values.shape
        return self.smooth(history.values, history.observed, np.full(n, t), horizon, tail)
