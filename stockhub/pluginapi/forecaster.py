"""Forecasters: many series in, mean and quantiles out, as arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from stockhub.values import Label

#: What `fit` learned over all series together: named arrays, so that it can travel between processes and be stored.
State = Mapping[str, NDArray[Any]]


class ForecasterCapability(StrEnum):
    DAILY_QUANTILES = "daily_quantiles"
    LEAD_TIME_SUMS = "lead_time_sums"


@dataclass(frozen=True, slots=True)
class Panel:
    """Daily demand of n series over t days, ending the day before the first forecast day.

    `series_ids` (n,) int64, stable over runs: random seeds derive from them. `values` (n, t) float32 in units a day, NaN before a
    series' first day. `observed` (n, t) bool: false on days on which the sales say nothing about demand (stock-out, closed shop).
    `start_on` is the date of column 0. The arrays are read-only.

    What is known of the days ahead, too, has t + a columns, the same a for all of it: `open_days` (n, t + a) bool is false on days on
    which nothing can be sold, whatever the demand (None where nobody keeps such a calendar); `drivers` (n, t + a) float32 by name, such
    as `promo`, `mailer`, `display` and `holiday`, as shares or counts that are 0 on an ordinary day, and `price` in any currency. NaN in
    a driver is not known, as a price commonly is not after yesterday, and so is what lies beyond t + a.

    `categories` (n, c) int64: what each series is part of, the broadest first, each with all above it, and −1 beyond its own;
    a code stands for one category on every level. None where series are of no category.
    """

    series_ids: NDArray[np.int64]
    start_on: date
    values: NDArray[np.float32]
    observed: NDArray[np.bool_]
    open_days: NDArray[np.bool_] | None = None
    drivers: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    categories: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        n, t = self.values.shape
        if self.series_ids.shape != (n,) or self.observed.shape != (n, t):
            raise ValueError(f"A panel of {n} series and {t} days needs series_ids ({n},) and observed ({n}, {t}).")
        if self.categories is not None and (self.categories.ndim != 2 or len(self.categories) != n):
            raise ValueError(f"The categories of {n} series need the shape ({n}, levels), not {self.categories.shape}.")
        shapes = {array.shape for array in self._known_ahead()}
        if len(shapes) > 1 or any(len(shape) != 2 or shape[0] != n or shape[1] < t for shape in shapes):
            raise ValueError(f"Open days and drivers of {n} series and {t} days need one shape ({n}, {t} or more), not {sorted(shapes)}.")

    @property
    def days_ahead(self) -> int:
        """For how many days after the last column `open_days` and `drivers` say something; 0 without any."""
        days: int = self.values.shape[1]
        return max((int(array.shape[1]) for array in self._known_ahead()), default=days) - days

    def rows(self, rows: NDArray[np.intp]) -> Panel:
        """Some series of the panel, in the given order."""
        return Panel(
            self.series_ids[rows],
            self.start_on,
            self.values[rows],
            self.observed[rows],
            None if self.open_days is None else self.open_days[rows],
            {name: array[rows] for name, array in self.drivers.items()},
            None if self.categories is None else self.categories[rows],
        )

    def _known_ahead(self) -> list[NDArray[Any]]:
        return [*self.drivers.values(), *([] if self.open_days is None else [self.open_days])]


@dataclass(frozen=True, slots=True)
class ForecastBatch:
    """What is asked: `horizon` days ahead, the quantile levels in ascending order, and lead times in days for sums."""

    panel: Panel
    horizon: int
    quantile_levels: tuple[float, ...]
    lead_time_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ForecastResult:
    """What is answered for n series, h days and q levels.

    `mean` (n, h) and `quantiles` (n, q, h) float32 in units a day, finite, at least 0, quantiles ascending over q. `error_sd` (n,): the
    deviation of the one-day-ahead error, NaN where history is too short. `unfit` maps the position of a series that this model cannot
    forecast to the reason; its rows are ignored, and the next forecaster in the chain is asked. `lead_time_quantiles` (n, q, l) float32 for
    the sums over each lead time, where the forecaster declares `LEAD_TIME_SUMS`.
    """

    mean: NDArray[np.float32]
    quantiles: NDArray[np.float32]
    error_sd: NDArray[np.float32]
    unfit: Mapping[int, str] = field(default_factory=dict)
    lead_time_quantiles: NDArray[np.float32] | None = None


class Forecaster(ABC):
    """A model for many series at once. Deterministic: the same panel gives the same answer, in any order and in any batch."""

    slug: ClassVar[str]
    name: ClassVar[Label]
    capabilities: ClassVar[frozenset[ForecasterCapability]] = frozenset({ForecasterCapability.DAILY_QUANTILES})
    #: Costly forecasters are run for class A series only.
    costly: ClassVar[bool] = False
    #: Series with fewer days are not given to this forecaster.
    min_history_days: ClassVar[int] = 1
    #: Learns from all series together. Where it is not costly, it is shown every series of a run, whichever of them it is asked for.
    learns_across_series: ClassVar[bool] = False

    @abstractmethod
    def fit(self, panel: Panel) -> State:
        """Learns what all series share; an empty mapping for a model that looks at one series at a time."""

    def fit_for(self, panel: Panel, lead_time_days: tuple[int, ...]) -> State:  # noqa: ARG002  for those that declare LEAD_TIME_SUMS
        """What the host calls: `fit`, knowing which lead times `forecast` is going to be asked for.

        A forecaster of lead-time sums may learn for each of them. Any lead time may be asked for all the same.
        """
        return self.fit(panel)

    @abstractmethod
    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        """Forecasts the batch. Given a state, a batch equals its members one by one. Must not change its arguments."""
