"""Models that smooth sums of several days instead of days."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.values import Label
from stockhub_forecasters.matrix_forecaster import LevelForecaster

#: Bounds of alpha on sums of days, narrower than on days: a bucket is already an average. The same as statsforecast's.
ALPHA_BOUNDS: Final = (0.1, 0.3)


class AggregatedForecaster(LevelForecaster):
    """The mean over some bucket lengths of optimised smoothing of sums over such buckets, a day."""

    def levels(
        self, days: NDArray[np.float32], counts: NDArray[np.int64], tail: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        from stockhub_forecasters.kernels.aggregation import add_smoothed, bucket_sums, mean_intervals, path_errors
        from stockhub_forecasters.kernels.smoothing import best_alphas

        intervals = mean_intervals(days, counts)
        levels, paths = np.zeros(days.shape[0]), np.zeros((days.shape[0], tail))
        used = np.zeros(days.shape[0])
        for bucket in range(1, int(intervals.max(initial=0)) + 1):
            rows = np.flatnonzero(self.uses(bucket, intervals) & (counts > 0))
            if not rows.size:
                continue
            sums, bucket_counts = bucket_sums(days, counts, rows, bucket)
            alphas = best_alphas(sums, bucket_counts, np.argsort(bucket_counts, kind="stable"), *ALPHA_BOUNDS)
            add_smoothed(sums, bucket_counts, alphas, rows, counts, bucket, levels, paths)
            used[rows] += 1.0
        # A series without a day has used no bucket: 0 / 0 is the NaN that says so.
        with np.errstate(invalid="ignore"):
            levels /= used
            paths /= used[:, None]
        return levels, *path_errors(days, counts, paths)

    @abstractmethod
    def uses(self, bucket: int, intervals: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which series (n,), with these mean intervals between demands, are looked at in buckets of `bucket` days."""


class Adida(AggregatedForecaster):
    """Aggregate-disaggregate: buckets as long as the mean interval between days with demand."""

    slug: ClassVar[str] = "adida"
    name: ClassVar[Label] = Label("ADIDA, aggregated days", "ADIDA 聚合预测")

    def uses(self, bucket: int, intervals: NDArray[np.int64]) -> NDArray[np.bool_]:
        same: NDArray[np.bool_] = intervals == bucket
        return same


class Imapa(AggregatedForecaster):
    """Multiple aggregation: every bucket length from one day to the mean interval between days with demand, averaged."""

    slug: ClassVar[str] = "imapa"
    name: ClassVar[Label] = Label("IMAPA, aggregated at several lengths", "IMAPA 多层聚合预测")

    def uses(self, bucket: int, intervals: NDArray[np.int64]) -> NDArray[np.bool_]:
        return intervals >= bucket
