"""Sources of market signals: what the market showed of a listing, turned into a factor on its SKU's forecast for some days."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stockhub.values import Label


class MarketFact(StrEnum):
    """What is stored of listings: their traffic, and what the market shows of them and of their rivals."""

    VISITORS = "visitors"
    VIEWS = "views"
    CARTS = "carts"
    SALES_RANK = "sales_rank"
    FEATURED_PRICE = "featured_price"
    LOWEST_PRICE = "lowest_price"
    REVIEWS = "reviews"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class MarketSeries:
    """One fact of m SKUs on their accounts over the last five weeks, the week that has just ended last.

    `weekly` (m, 5) float64: the mean of each week, NaN where nothing was seen. `stale` (m,) is true where the last week's figure is older
    than three days. `of_rival` says that it is a rival's and not the SKU's own; of several rivals the mean.
    """

    fact: MarketFact
    of_rival: bool
    weekly: NDArray[np.float64]
    stale: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SignalFindings:
    """Arrays (m,): the factor on demand, NaN where there is nothing to say; and the figures before and after that a person reads."""

    factor: NDArray[np.float64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


class MarketSignalSource(ABC):
    """Judges one fact of all SKUs at once. Deterministic, does no I/O, and must not change its argument.

    A factor below 1 lowers the forecast of the SKU on that account, one above 1 raises it, for `lasts_days` days. With `must_be_followed`
    it ends after a week if sales have not moved at least half as far. The host keeps factors between 0.5 and 2 and takes no finding on a
    stale figure.
    """

    slug: ClassVar[str]
    name: ClassVar[Label]
    fact: ClassVar[MarketFact]
    of_rival: ClassVar[bool] = False
    lasts_days: ClassVar[int] = 14
    must_be_followed: ClassVar[bool] = True

    @abstractmethod
    def judge(self, series: MarketSeries) -> SignalFindings:
        """What it makes of the fact, for each SKU and account of the series."""
