"""The season before, again."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from stockhub.values import Label
from stockhub_forecasters.matrix_forecaster import History, MatrixForecaster
from stockhub_forecasters.outcome import Outcome, UnfitReason, unfit_rows


class SeasonalNaive(MatrixForecaster):
    """Each future day as the newest observed day of the same phase: with a season of 7, the same weekday.

    Fewer than a season of observed days is a short history. A weekday that was never observed, as in a shop that closes on it, takes the
    mean of the others.
    """

    slug: ClassVar[str] = "seasonal-naive"
    name: ClassVar[Label] = Label("Seasonal naive", "季节性朴素")
    min_history_days: ClassVar[int] = 7

    def __init__(self, season: int = 7) -> None:
        if season < 1:
            raise ValueError("A season has at least one day.")
        self.season = season

    def outcome(self, history: History, horizon: int, tail: int) -> Outcome:
        from stockhub_forecasters.kernels.seasonal import last_season, seasonal_errors

        latest, known_days = last_season(history.values, history.observed, self.season)
        latest[known_days < self.season] = np.nan
        if tail:
            errors, error_counts = seasonal_errors(history.values, history.observed, self.season, tail)
        else:
            errors, error_counts = np.empty((latest.shape[0], 0)), np.zeros(latest.shape[0], np.int64)
        mean = latest[:, np.arange(horizon) % self.season]
        return Outcome(mean, errors, error_counts, unfit_rows(latest[:, 0], known_days, UnfitReason.SHORT_HISTORY))
