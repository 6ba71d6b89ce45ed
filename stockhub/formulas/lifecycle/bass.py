"""Bass's model of how a new product spreads (Bass 1969, Management Science 15:215-227; science.md 4).

p is innovation, q imitation, m the market in units; time in periods since the launch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, exponential, greater, logarithm, maximum, ratio, where

#: Periods that a fit needs at the least, the peak among them.
MIN_PERIODS = 20
#: The part of the variance of sales that a fit explains at the least.
LEAST_EXPLAINED = 0.5


@explained(unit="1")
def bass_adopted_share(p: N, q: N, time: N) -> N:
    """The share of the market that has bought by a time, F(t) = (1 − e^(−(p+q)t)) / (1 + (q/p)·e^(−(p+q)t)); missing where p is 0."""
    left = exponential((p + q) * time * -1.0)
    return ratio(1.0 - left, 1.0 + ratio(q, p) * left)


@explained(unit="unit")
def bass_sales(p: N, q: N, m: N, period: N) -> N:
    """Units of a period, 1 being the first: m·(F(t) − F(t − 1))."""
    return m * (bass_adopted_share(p, q, period) - bass_adopted_share(p, q, period - 1.0))


@explained(unit="period")
def bass_peak_time(p: N, q: N) -> N:
    """When sales are highest, ln(q/p) / (p + q); at the launch, 0, where imitation is no stronger than innovation."""
    inner = ratio(logarithm(ratio(q, p)), p + q)
    return where(greater(q, p), inner, 0.0)


@explained(unit="unit/period")
def bass_peak_rate(p: N, q: N, m: N) -> N:
    """The rate of sales at its highest, m·(p + q)² / 4q; m·p, that of the launch, where imitation is no stronger than innovation."""
    inner = m * ratio((p + q) * (p + q), q * 4.0)
    return where(greater(q, p), inner, m * p)


@explained(unit="unit")
def bass_remaining_units(p: N, q: N, m: N, time: N) -> N:
    """Units that the market will still take after a time; never below 0."""
    return maximum(m * (1.0 - bass_adopted_share(p, q, time)), 0.0)


@dataclass(frozen=True, slots=True)
class BassParameters:
    """A fit that can be relied on."""

    p: float
    q: float
    m: float


@dataclass(frozen=True, slots=True)
class BassFit:
    """The parameters, or None with the reason why there are none that can be relied on: TOO_SHORT, NO_SALES, PEAK_AHEAD or NO_FIT."""

    parameters: BassParameters | None
    reason: str | None = None


def fit_bass(sales: FloatArray) -> BassFit:
    """Parameters from sales by period (t,) since the launch, by nonlinear least squares (Srinivasan & Mason 1986); missing ones left out.

    Unreliable with fewer than 20 known periods, before the peak, where p, q and m cannot be told apart, and where the curve explains less
    than half of the variance: then no parameters and a reason.
    """
    known = np.isfinite(sales)
    period, units = np.flatnonzero(known).astype(np.float64) + 1.0, sales[known]
    if len(units) < MIN_PERIODS:
        return BassFit(None, "TOO_SHORT")
    if units.sum() <= 0:
        return BassFit(None, "NO_SALES")
    if units.argmax() == len(units) - 1:
        return BassFit(None, "PEAK_AHEAD")
    found = _least_squares(period, units)
    if found is None:
        return BassFit(None, "NO_FIT")
    if bass_peak_time(found.p, found.q) >= period[-1]:
        return BassFit(None, "PEAK_AHEAD")
    return BassFit(found)


def _least_squares(period: FloatArray, units: FloatArray) -> BassParameters | None:
    """The best of searches from several starts, in logarithms so that all three stay above 0; None where none explains half."""
    from scipy.optimize import least_squares

    sold, scale = float(units.sum()), float(np.abs(units).max())
    # An extinct or an explosive market is no life cycle: the bounds are far outside of what has been measured (Sultan et al. 1990).
    lower, upper = np.log([1e-7, 1e-4, sold * 0.5]), np.log([1.0, 5.0, sold * 100.0])

    def misfit(logs: FloatArray) -> FloatArray:
        p, q, m = np.exp(logs)
        residual: FloatArray = (bass_sales(p, q, m, period) - units) / scale
        return residual

    # The time of the highest sales and a few strengths of imitation: p follows from ln(q/p) / (p + q).
    peak = period[units.argmax()]
    starts = [np.log([q * np.exp(-min(q * peak, 12.0)), q, sold * 1.1]) for q in (0.05, 0.15, 0.4, 1.0)]
    fits = [least_squares(misfit, np.clip(start, lower + 1e-6, upper - 1e-6), bounds=(lower, upper)) for start in starts]
    best = min(fits, key=lambda fit: float(fit.cost))
    spread = float(((units - units.mean()) ** 2).sum()) / (2.0 * scale * scale)
    p, q, m = (float(value) for value in np.exp(best.x))
    return BassParameters(p, q, m) if best.success and best.cost < spread * (1.0 - LEAST_EXPLAINED) else None
