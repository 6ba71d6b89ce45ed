"""The chance that stock hits 0 at any time within a horizon when goods arrive in between (science.md 2.6).

Stock can only hit 0 for the first time just before goods arrive, or by the end of the horizon: at *checkpoints*. Each checkpoint's own
chance is exact, and all of a SKU's bound the chance of any. Where those bounds leave the answer in doubt it is computed for one arrival,
and paths of demand are drawn for two and more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.distributions.families import GAMMA, NEGATIVE_BINOMIAL, NORMAL, POISSON
from stockhub.formulas.distributions.one_inbound import p_any_of_two
from stockhub.formulas.distributions.stockout import p_any_at_least, p_any_at_most, p_zero
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError

IntArray = NDArray[np.int64]

#: Paths of demand for each SKU in doubt, which is also the least that there may be.
PATHS = 2000
#: The distance of the bounds from which on they leave the answer in doubt: their middle is then off by no more than a standard error.
DOUBT = 0.02
#: The families whose demand over several days is a sum of independent days of the same family.
_DIVISIBLE = (POISSON, NEGATIVE_BINOMIAL, NORMAL, GAMMA)


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Times at which stock may have hit 0: the SKU of each (`row`, ascending), days from now, and units to sell until then."""

    row: IntArray
    elapsed: FloatArray
    available: FloatArray


@dataclass(frozen=True, slots=True)
class DailyDemand:
    """Independent days of demand, one entry for each SKU: family, mean and variance of a day."""

    family: FloatArray
    mean: FloatArray
    variance: FloatArray


@dataclass(frozen=True, slots=True)
class AnyStockout:
    """The chance of any stock-out of each SKU, its bounds, and the standard error where it was simulated, 0 where it is computed.

    A computed one is that of `p_any_of_two` where its bounds are in doubt, and else the middle of bounds that differ by less than that.
    """

    probability: FloatArray
    standard_error: FloatArray
    at_least: FloatArray
    at_most: FloatArray


def checkpoints(available: FloatArray, horizon: FloatArray, row: IntArray, day: FloatArray, units: FloatArray) -> Checkpoints:
    """The checkpoints of SKUs with units `available` now, over a `horizon` of days each, from inbounds in any order (SKU, day, units).

    What arrives on day 0 or before, or is overdue, is there now; what arrives at the horizon's end or later does not help. Goods that
    arrive on a day are sold on it (science.md 3.7), so that days before it have passed when they come.
    """
    inside = (day > 0) & (day < horizon[row])
    opening = available + np.bincount(row[day <= 0], units[day <= 0], minlength=len(available))
    rows = np.concatenate([row[inside], np.arange(len(available))])
    elapsed = np.concatenate([day[inside], horizon])
    landing = np.concatenate([units[inside], np.zeros(len(available))])
    order = np.lexsort((elapsed, rows))
    rows, elapsed, landing = rows[order], elapsed[order], landing[order]
    # What has landed before each checkpoint: everything of the SKU up to it, without what lands on its own day.
    first_of_row = np.searchsorted(rows, rows)
    first_of_day = np.flatnonzero((np.diff(rows, prepend=-1) != 0) | (np.diff(elapsed, prepend=np.nan) != 0))
    landed_before = np.concatenate([[0.0], np.cumsum(landing)])
    before = opening[rows] + landed_before[np.arange(len(rows))] - landed_before[first_of_row]
    return Checkpoints(rows[first_of_day], elapsed[first_of_day], before[first_of_day])


def p_any_stockout(
    points: Checkpoints, demand: DailyDemand, keys: IntArray, *, seed: int, paths: int = PATHS, doubt: float = DOUBT
) -> AnyStockout:
    """The chance that each SKU's stock hits 0 by any of its checkpoints; missing for families whose days do not add up within the family.

    `keys` name the SKUs, whole and not negative: a SKU's paths depend on its key and the seed alone, so that its answer never changes
    because of another's. InvalidParameterError for fewer than 2,000 paths.
    """
    if paths < PATHS:
        raise InvalidParameterError("paths", paths, f"at least {PATHS}")
    rows, count = points.row, len(demand.mean)
    family = np.where(np.isin(demand.family, _DIVISIBLE), demand.family, np.nan)[rows]
    chance = p_zero(points.available, family, demand.mean[rows] * points.elapsed, demand.variance[rows] * points.elapsed)
    size = np.bincount(rows, minlength=count)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    at_least, at_most = _bounds(chance, rows, size, start)
    probability, error = (at_least + at_most) / 2.0, np.where(np.isnan(at_least), np.nan, 0.0)
    in_doubt = at_most - at_least > doubt
    one = np.flatnonzero(in_doubt & (size == 2))
    pair = start[one] + np.array([[0], [1]])
    computed = p_any_of_two(demand.family[one], demand.mean[one], demand.variance[one], points.elapsed[pair], points.available[pair])
    probability[one] = np.clip(computed, at_least[one], at_most[one])
    # Drawing dominates, and is one call for all paths; a generator for each SKU costs little and keeps SKUs apart.
    for sku in np.flatnonzero(in_doubt & (size > 2)):
        part = slice(start[sku], start[sku] + size[sku])
        rng = np.random.default_rng([seed, int(keys[sku])])
        share = _simulated(points.elapsed[part], points.available[part], demand, int(sku), rng, paths)
        probability[sku] = min(max(share, at_least[sku]), at_most[sku])
        error[sku] = np.sqrt(share * (1.0 - share) / paths)
    return AnyStockout(probability, error, at_least, at_most)


def _bounds(chance: FloatArray, rows: IntArray, size: IntArray, start: IntArray) -> tuple[FloatArray, FloatArray]:
    """Both bounds of each SKU, from a column for its first checkpoint, one for its second and so on; no checkpoint, no chance."""
    columns = [np.zeros(len(size)) for _ in range(max(int(size.max(initial=0)), 1))]
    place = np.arange(len(rows)) - start[rows]
    for number, column in enumerate(columns):
        column[rows[place == number]] = chance[place == number]
    return p_any_at_least(columns), p_any_at_most(columns)


def _simulated(elapsed: FloatArray, available: FloatArray, demand: DailyDemand, sku: int, rng: np.random.Generator, paths: int) -> float:
    """The share of drawn paths on which demand has reached what is available at one of the checkpoints."""
    days = np.diff(elapsed, prepend=0.0)
    drawn = _draw(demand.family[sku], demand.mean[sku] * days, demand.variance[sku] * days, (paths, len(days)), rng)
    return float((np.cumsum(drawn, axis=1) >= available).any(axis=1).mean())


def _draw(family: float, mean: FloatArray, variance: FloatArray, shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Demands of stretches of days with these moments; a negative binomial as a Poisson whose mean is gamma.

    Demand that does not vary comes to no doubt, and so not here.
    """
    if family == NORMAL:
        return rng.normal(mean, np.sqrt(variance), shape)
    if family == GAMMA:
        return rng.gamma(mean * mean / variance, variance / mean, shape)
    if family == NEGATIVE_BINOMIAL and (variance > mean).all():
        surplus = variance - mean
        mean = rng.gamma(mean * mean / surplus, surplus / mean, shape)
    return rng.poisson(mean, shape).astype(np.float64)
