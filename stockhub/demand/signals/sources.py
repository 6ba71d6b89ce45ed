"""The built-in sources: traffic, sales rank, and a rival's price.

A week is compared with the four before it. How far demand moves with a figure is damped, because the level of the forecast sees the same
week already: by the square root for traffic and rank (sales fall with the rank to the power of some 0.6 to 0.9: Chevalier & Goolsbee
2003), and straight for a rival's price. These powers and thresholds are choices, no findings: sales have to follow, or the signal ends.
"""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import MarketFact, MarketSeries, MarketSignalSource, SignalFindings
from stockhub.values import Label

Floats = NDArray[np.float64]
#: Weeks of the past in which a figure has to have been seen.
FEWEST_WEEKS: Final = 2


def compared(series: MarketSeries) -> tuple[Floats, Floats]:
    """The mean of the weeks before (m,) and the last week (m,); NaN where either says nothing or is not above 0."""
    past = series.weekly[:, :-1]
    known = ~np.isnan(past)
    count = known.sum(axis=1)
    before = np.where(count >= FEWEST_WEEKS, np.where(known, past, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
    after = np.where(series.stale, np.nan, series.weekly[:, -1])
    return np.where(before > 0, before, np.nan), np.where(after > 0, after, np.nan)


def findings(ratio: Floats, least: float, power: float, before: Floats, after: Floats) -> SignalFindings:
    """The ratio (m,) to a power where it or its inverse is at least so much; NaN elsewhere."""
    moved = (ratio >= least) | (ratio <= 1.0 / least)
    return SignalFindings(np.where(moved, ratio**power, np.nan), before, after)


class TrafficSignal(MarketSignalSource):
    """More visitors, more demand: from half as many more on, once the listing has forty a day."""

    slug: ClassVar[str] = "traffic"
    name: ClassVar[Label] = Label("Visitors", "访客数")
    fact: ClassVar[MarketFact] = MarketFact.VISITORS
    #: Visitors a day that either week has to have: of a handful, twice as many is chance.
    fewest: ClassVar[float] = 40.0

    def judge(self, series: MarketSeries) -> SignalFindings:
        before, after = compared(series)
        enough = np.fmax(before, after) >= self.fewest
        return findings(np.where(enough, after / before, np.nan), 1.5, 0.5, before, after)


class SalesRankSignal(MarketSignalSource):
    """A better rank, more demand: from half the rank or twice it on."""

    slug: ClassVar[str] = "sales-rank"
    name: ClassVar[Label] = Label("Sales rank", "销售排名")
    fact: ClassVar[MarketFact] = MarketFact.SALES_RANK

    def judge(self, series: MarketSeries) -> SignalFindings:
        before, after = compared(series)
        return findings(before / after, 2.0, 0.5, before, after)


class RivalPriceSignal(MarketSignalSource):
    """A rival that sells cheaper takes demand away: from a tenth on."""

    slug: ClassVar[str] = "rival-price"
    name: ClassVar[Label] = Label("A rival's price", "竞品价格")
    fact: ClassVar[MarketFact] = MarketFact.LOWEST_PRICE
    of_rival: ClassVar[bool] = True

    def judge(self, series: MarketSeries) -> SignalFindings:
        before, after = compared(series)
        return findings(after / before, 1.1, 1.0, before, after)
