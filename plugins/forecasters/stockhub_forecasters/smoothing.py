"""Simple exponential smoothing with its alpha chosen for each series."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stockhub.values import Label
from stockhub_forecasters.matrix_forecaster import LevelForecaster


class SesOptimised(LevelForecaster):
    """Simple exponential smoothing; alpha minimises the squared one-step-ahead errors within `bounds`.

    The level starts as the first observed day. The search is `kernels.smoothing.best_alphas`: golden section, equal to the last bit to that
    of statsforecast's SimpleExponentialSmoothingOptimized, whose bounds are .01 and .99, too.
    """

    slug: ClassVar[str] = "ses-optimised"
    name: ClassVar[Label] = Label("Exponential smoothing, optimised", "指数平滑(自动寻优)")

    def __init__(self, bounds: tuple[float, float] = (0.01, 0.99)) -> None:
        if not 0.0 < bounds[0] < bounds[1] <= 1.0:
            raise ValueError("The bounds of alpha are 0 < lower < upper <= 1.")
        self.bounds = bounds

    def alphas(self, days: NDArray[np.float32], counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """The alpha (n,) of each series; of no meaning for one without days."""
        from stockhub_forecasters.kernels.smoothing import best_alphas

        return best_alphas(days, counts, np.argsort(counts, kind="stable"), *self.bounds)

    def levels(
        self, days: NDArray[np.float32], counts: NDArray[np.int64], tail: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        from stockhub_forecasters.kernels.smoothing import ses_levels

        return ses_levels(days, counts, self.alphas(days, counts), tail)
