"""Models for demand that is mostly zero."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stockhub.values import Label
from stockhub_forecasters.matrix_forecaster import LevelForecaster
from stockhub_forecasters.outcome import UnfitReason


def _check_alpha(*alphas: float) -> None:
    if not all(0.0 < alpha <= 1.0 for alpha in alphas):
        raise ValueError("A smoothing constant is above 0 and at most 1.")


class CrostonSba(LevelForecaster):
    """Size over interval, each smoothed with `alpha` when demand happens, times 1 - alpha/2. Does not fall while nothing is sold."""

    slug: ClassVar[str] = "croston-sba"
    name: ClassVar[Label] = Label("Croston, Syntetos-Boylan", "Croston-SBA 间歇需求")
    undefined_because = UnfitReason.NO_DEMAND

    def __init__(self, alpha: float = 0.1) -> None:
        _check_alpha(alpha)
        self.alpha = alpha

    def levels(
        self, days: NDArray[np.float32], counts: NDArray[np.int64], tail: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        from stockhub_forecasters.kernels.intermittent import croston_sba

        return croston_sba(days, counts, self.alpha, tail)


class Tsb(LevelForecaster):
    """Probability times size; the probability is smoothed every day, so that the forecast of a dying product falls."""

    slug: ClassVar[str] = "tsb"
    name: ClassVar[Label] = Label("Teunter-Syntetos-Babai", "TSB 间歇需求")

    def __init__(self, alpha_size: float = 0.1, alpha_probability: float = 0.1) -> None:
        _check_alpha(alpha_size, alpha_probability)
        self.alpha_size = alpha_size
        self.alpha_probability = alpha_probability

    def levels(
        self, days: NDArray[np.float32], counts: NDArray[np.int64], tail: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        from stockhub_forecasters.kernels.intermittent import tsb

        return tsb(days, counts, self.alpha_size, self.alpha_probability, tail)
