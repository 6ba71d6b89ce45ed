"""The distribution of demand without a model, where some days ran out (science.md 1.2 c; Kaplan and Meier 1958, JASA 53)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockhub.formulas.demand.censoring import BoolArray
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError


@dataclass(frozen=True, slots=True)
class SurvivalCurves:
    """P(D > x) of n series. `values` (n, t) ascend, missing days last; `survival` (n, t) is the probability of more than each."""

    values: FloatArray
    survival: FloatArray


def survival_curves(sales: FloatArray, censored: BoolArray) -> SurvivalCurves:
    """Kaplan–Meier curves from days (n, t), NaN for those that say nothing; a censored day counts among those at risk up to its sales.

    At a value, demand that was met comes before demand that was cut off. The curve does not reach 0 where the highest day was censored.
    """
    n, days = sales.shape
    # Two stable sorts order by value, and within it the uncensored days first; NaN sorts last.
    order = np.argsort(censored, axis=1, kind="stable")
    order = np.take_along_axis(order, np.argsort(np.take_along_axis(sales, order, axis=1), axis=1, kind="stable"), axis=1)
    values, cut = np.take_along_axis(sales, order, axis=1), np.take_along_axis(censored, order, axis=1)
    known = ~np.isnan(values)
    at_risk = np.maximum(known.sum(axis=1)[:, None] - np.arange(days), 1)
    steps = np.cumprod(np.where(known & ~cut, 1.0 - 1.0 / at_risk, 1.0), axis=1)
    # Equal values share what is left after the last of them.
    last = np.ones((n, days), bool)
    last[:, :-1] = values[:, 1:] != values[:, :-1]
    place = np.where(last, np.arange(days), days)
    place = np.minimum.accumulate(place[:, ::-1], axis=1)[:, ::-1]
    return SurvivalCurves(values, np.where(known, np.take_along_axis(steps, place, axis=1), np.nan))


def survival_steps(sales: FloatArray, censored: BoolArray) -> tuple[FloatArray, FloatArray]:
    """One series (t,): the distinct values that were sold, ascending, and P(D > x) at each."""
    curve = survival_curves(sales[None, :], censored[None, :])
    values, first = np.unique(curve.values[0][~np.isnan(curve.values[0])], return_index=True)
    return values, curve.survival[0][first]


def survival_quantile(curves: SurvivalCurves, probability: float) -> FloatArray:
    """The least value (n,) that demand stays at or below with a probability; missing where censoring ends the curve above."""
    if not 0.0 < probability <= 1.0:
        raise InvalidParameterError("probability", probability, "a probability above 0 and at most 1")
    # The product of many steps may end a rounding error above the level asked for.
    reached = curves.survival <= 1.0 - probability + 1e-12
    first = np.argmax(reached, axis=1)[:, None] if curves.values.shape[1] else np.zeros((len(curves.values), 0), np.int64)
    found = np.take_along_axis(np.where(reached, curves.values, np.nan), first, axis=1)
    return found[:, 0] if found.shape[1] else np.full(len(found), np.nan)
