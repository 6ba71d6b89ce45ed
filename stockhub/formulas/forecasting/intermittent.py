"""Demand that is mostly zero (science.md 2.4; Croston 1972; Syntetos and Boylan 2005; Teunter, Syntetos and Babai 2011).

Series are (n, t), all at once, one step a period; a period that is missing (NaN) is skipped, so that known periods follow each other. A
rate (n,) is the forecast of every later period. Without a single unit of demand the rate is 0; without a known period it is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, greater, ratio, where
from stockhub.formulas.forecasting.smoothing import check_constant

#: The smoothing constant of sizes and intervals.
ALPHA = 0.1


@dataclass(frozen=True, slots=True)
class SizeAndInterval:
    """Smoothed size (n,) of demand and interval (n,) between demands, both 0 where there was none, missing without a known period."""

    size: FloatArray
    interval: FloatArray


@explained(unit="unit/period")
def croston_rate(size: N, interval: N) -> N:
    """Size over interval; 0 where there was no demand."""
    return where(greater(interval, 0.0), ratio(size, interval), 0.0)


@explained(unit="unit/period")
def sba_rate(size: N, interval: N, alpha: N | float = ALPHA) -> N:
    """Croston's rate without its upward bias, times 1 − α/2."""
    return croston_rate(size, interval) * (1.0 - alpha * 0.5)


def size_and_interval(demand: FloatArray, alpha: float = ALPHA) -> SizeAndInterval:
    """Size and interval, each smoothed with α when demand happens, from the first demand and its distance from the start."""
    check_constant("alpha", alpha)
    size, interval = np.zeros(len(demand)), np.zeros(len(demand))
    waited, periods = np.zeros(len(demand)), np.zeros(len(demand))
    for observed in np.ascontiguousarray(demand.T):
        known, happened = ~np.isnan(observed), observed > 0
        waited, periods = waited + known, periods + known
        first = interval == 0
        size = np.where(happened, np.where(first, observed, alpha * observed + (1.0 - alpha) * size), size)
        interval = np.where(happened, np.where(first, waited, alpha * waited + (1.0 - alpha) * interval), interval)
        waited = np.where(happened, 0.0, waited)
    return SizeAndInterval(*(np.where(periods > 0, smoothed, np.nan) for smoothed in (size, interval)))


def croston(demand: FloatArray, alpha: float = ALPHA) -> FloatArray:
    """Croston's rate (n,): it does not fall while nothing is sold."""
    smoothed = size_and_interval(demand, alpha)
    return croston_rate(smoothed.size, smoothed.interval)


def sba(demand: FloatArray, alpha: float = ALPHA) -> FloatArray:
    """The Syntetos–Boylan rate (n,)."""
    smoothed = size_and_interval(demand, alpha)
    return sba_rate(smoothed.size, smoothed.interval, alpha)


def tsb(demand: FloatArray, alpha_size: float, alpha_probability: float) -> FloatArray:
    """Probability times size (n,): the probability is smoothed every period, so that the rate of a dying product falls.

    It starts at 0 or 1, as the first period; the size at the first demand.
    """
    check_constant("alpha_size", alpha_size)
    check_constant("alpha_probability", alpha_probability)
    size, probability = np.zeros(len(demand)), np.full(len(demand), np.nan)
    for observed in np.ascontiguousarray(demand.T):
        happened = observed > 0
        stepped = np.where(np.isnan(probability), happened, alpha_probability * happened + (1.0 - alpha_probability) * probability)
        probability = np.where(np.isnan(observed), probability, stepped)
        size = np.where(happened, np.where(size == 0, observed, alpha_size * observed + (1.0 - alpha_size) * size), size)
    return probability * size
