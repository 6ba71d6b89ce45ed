"""Averages over the last days."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stockhub.values import Label
from stockhub_forecasters.matrix_forecaster import LevelForecaster


class Naive(LevelForecaster):
    """The newest observed day, again."""

    slug: ClassVar[str] = "naive"
    name: ClassVar[Label] = Label("Naive", "朴素预测")

    def levels(
        self, days: NDArray[np.float32], counts: NDArray[np.int64], tail: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        from stockhub_forecasters.kernels.averages import period_means

        return period_means(days, counts, np.ones(1), 1, tail)


class MovingAverage(LevelForecaster):
    """The mean of the last `window` observed days, or of those that there are."""

    slug: ClassVar[str] = "moving-average"
    name: ClassVar[Label] = Label("Moving average", "移动平均")

    def __init__(self, window: int = 56) -> None:
        if window < 1:
            raise ValueError("A moving average needs a window of at least one day.")
        self.window = window

    def levels(
        self, days: NDArray[np.float32], counts: NDArray[np.int64], tail: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        from stockhub_forecasters.kernels.averages import period_means

        return period_means(days, counts, np.ones(1), self.window, tail)


class WeightedMovingAverage(LevelForecaster):
    """A weighted mean of the last periods of `period` observed days, the newest first: half last month, less before.

    `weights` need not sum to 1; where history is shorter they are scaled to the days that there are. With a period of one day and the
    weights .5, .3, .2, sales of 80, 100 and then 120 give 106.
    """

    slug: ClassVar[str] = "weighted-moving-average"
    name: ClassVar[Label] = Label("Weighted moving average", "加权移动平均")

    def __init__(self, weights: tuple[float, ...] = (0.5, 0.3, 0.2), period: int = 28) -> None:
        if period < 1 or not weights or min(weights) < 0 or weights[0] <= 0:
            raise ValueError("A weighted moving average needs a period of at least one day and weights, the newest of them above 0.")
        self.weights = weights
        self.period = period

    def levels(
        self, days: NDArray[np.float32], counts: NDArray[np.int64], tail: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        from stockhub_forecasters.kernels.averages import period_means

        return period_means(days, counts, np.asarray(self.weights, np.float64), self.period, tail)
