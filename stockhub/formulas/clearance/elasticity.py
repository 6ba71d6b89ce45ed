"""How demand answers to price: constant elasticity b in q = exp(a)·pᵇ (science.md 7.1).

An estimate is used only where prices have moved enough to tell, is drawn towards the category's, and is kept within what retail has seen.
Shapes: prices and units are (..., n), observations in order of time along the last axis; other regressors (season, promotion, age) (..., n,
c).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from stockhub.formulas.clearance.log_linear_regression import Regression, least_squares, poisson_regression
from stockhub.formulas.elementwise import (
    ROUNDING_TOLERANCE,
    FloatArray,
    N,
    at_least,
    both,
    explained,
    maximum,
    minimum,
    power,
    ratio,
    where,
)
from stockhub.values import Explanation, Metric

#: Positions of the coefficients of a fit; further regressors follow.
INTERCEPT: Final = 0
ELASTICITY: Final = 1
#: What is assumed of a category without an estimate of its own, and how far its SKUs spread around it.
CATEGORY_ELASTICITY: Final = -2.0
CATEGORY_SPREAD: Final = 0.7
#: The bounds of an elasticity that a plan may use.
MOST_ELASTIC: Final = -6.0
LEAST_ELASTIC: Final = -0.3
#: What prices must have done before their effect can be told.
LEAST_PRICE_LEVELS: Final = 3.0
LEAST_PRICE_SPREAD: Final = 0.08


def _price_design(price: FloatArray, others: FloatArray | None) -> FloatArray:
    """(..., n, 2 + c): the constant, the log of the price and the other regressors."""
    positive = np.where(price > 0, price, np.nan)
    columns = np.stack([np.ones_like(positive), np.log(positive)], axis=-1)
    return columns if others is None else np.concatenate([columns, others], axis=-1)


def log_log_fit(price: FloatArray, units: FloatArray, others: FloatArray | None = None) -> Regression:
    """Least squares of ln q on ln p over the observations with sales. Biased towards 0 where there are observations without: see
    `poisson_fit`.
    """
    return least_squares(_price_design(price, others), np.log(np.where(units > 0, units, np.nan)))


def poisson_fit(price: FloatArray, units: FloatArray, others: FloatArray | None = None) -> Regression:
    """Poisson regression of q on ln p, which keeps the observations without sales."""
    return poisson_regression(_price_design(price, others), np.where(units >= 0, units, np.nan))


def price_levels(price: FloatArray) -> FloatArray:
    """How many different prices there were (...); a difference below rounding dust is none."""
    ordered = np.sort(np.where(price > 0, price, np.nan), axis=-1)
    steps = np.diff(ordered, axis=-1) > ROUNDING_TOLERANCE * ordered[..., 1:]
    return np.where(np.isfinite(ordered).any(axis=-1), 1.0 + steps.sum(axis=-1), 0.0)


def price_spread(price: FloatArray) -> FloatArray:
    """The highest price over the lowest, less 1 (...); NaN without a price."""
    known = np.isfinite(price) & (price > 0)
    there = known.any(axis=-1)
    highest = np.max(np.where(known, price, -np.inf), axis=-1, initial=-np.inf)
    lowest = np.min(np.where(known, price, np.inf), axis=-1, initial=np.inf)
    return np.where(there, highest, np.nan) / np.where(there, lowest, np.nan) - 1.0


@explained(unit="flag")
def price_effect_identifiable(levels: N, spread: N) -> N:
    """Whether prices moved enough: at least 3 levels, the highest at least 8 % above the lowest."""
    return both(at_least(levels, LEAST_PRICE_LEVELS), at_least(spread + ROUNDING_TOLERANCE, LEAST_PRICE_SPREAD))


@explained(unit="1")
def estimate_trust(standard_error: N, category_spread: N | float = CATEGORY_SPREAD) -> N:
    """The weight w = τ²/(τ²+se²) of a SKU's own estimate against its category's."""
    return ratio(category_spread * category_spread, standard_error * standard_error + category_spread * category_spread)


@explained(unit="1")
def shrunk_elasticity(
    estimate: N, standard_error: N, category: N | float = CATEGORY_ELASTICITY, category_spread: N | float = CATEGORY_SPREAD
) -> N:
    """The estimate drawn towards the category's, b = w·b_sku + (1−w)·b_cat, within [−6, −0.3]."""
    trust: N = estimate_trust(standard_error, category_spread)
    return _plausible(trust * estimate + (1.0 - trust) * category)


def _plausible(elasticity: N) -> N:
    return minimum(maximum(elasticity, MOST_ELASTIC), LEAST_ELASTIC)


@explained(unit="1")
def planning_elasticity(
    identified: N, estimate: N, standard_error: N, category: N | float = CATEGORY_ELASTICITY, category_spread: N | float = CATEGORY_SPREAD
) -> N:
    """What a plan uses: the shrunk estimate where the SKU's own price effect is identified, the category's where not."""
    of_category: N = _plausible(category + 0.0 * identified)
    return where(identified, shrunk_elasticity(estimate, standard_error, category, category_spread), of_category)


@explained(unit="1")
def demand_multiplier(pay_ratio: N, elasticity: N) -> N:
    """What demand is multiplied by when the pay ratio is paid in place of the full price: pay_ratioᵇ."""
    return power(pay_ratio, elasticity)


def endogeneity_probability(price: FloatArray, units: FloatArray) -> FloatArray:
    """The p-value (...) of "prices do not follow demand", against prices that are cut after demand fell.

    Granger's test (1969) with one lag: ln p_t on ln p_{t−1} and ln(q_{t−1} + ½); one-sided Student's t of the coefficient of past demand.
    NaN where there is too little to test, or where prices are told by their own past without rest.
    """
    from scipy.special import stdtr

    log_price = np.log(np.where(price > 0, price, np.nan))
    log_units = np.log(np.where(units >= 0, units, np.nan) + 0.5)
    before = np.stack([np.ones_like(log_price), log_price, log_units], axis=-1)[..., :-1, :]
    fit = least_squares(before, log_price[..., 1:])
    freedom = (np.isfinite(log_price[..., 1:]) & np.isfinite(before).all(axis=-1)).sum(axis=-1) - 3.0
    error = fit.standard_errors[..., 2]
    told = error > ROUNDING_TOLERANCE
    p_value = stdtr(np.where(told, freedom, np.nan), -fit.coefficients[..., 2] / np.where(told, error, np.nan))
    return np.asarray(p_value, dtype=np.float64)


@explained(unit="flag")
def prices_follow_demand(p_value: N, significance: N | float = 0.05) -> N:
    """The flag of endogeneity: prices were cut because demand fell, so that the elasticity is understated and to be used with care."""
    return at_least(significance, p_value)


@dataclass(frozen=True, slots=True)
class ElasticityEstimate:
    """Elasticities of SKUs (...): the estimate, its standard error widened for overdispersion, and what speaks for and against using it."""

    elasticity: FloatArray
    standard_error: FloatArray
    identified: FloatArray
    endogenous: FloatArray


def estimate_elasticity(price: FloatArray, units: FloatArray, others: FloatArray | None = None) -> ElasticityEstimate:
    """Poisson estimates of many SKUs at once; `identified` is 0 where prices moved too little or the likelihood has no maximum.

    Blocks of a few thousand SKUs stay in the processor's cache and take half the time of 100,000 in one call.
    """
    fit = poisson_fit(price, units, others)
    seen = np.where(np.isfinite(units) & (units >= 0), price, np.nan)
    moved = price_effect_identifiable(price_levels(seen), np.nan_to_num(price_spread(seen)))
    estimate = fit.coefficients[..., ELASTICITY]
    widened = fit.standard_errors[..., ELASTICITY] * np.sqrt(np.fmax(fit.dispersion, 1.0))
    identified = np.where(np.isfinite(estimate) & np.isfinite(widened), moved, 0.0)
    return ElasticityEstimate(estimate, widened, identified, prices_follow_demand(endogeneity_probability(price, units)))


def elasticity_metric(
    price: FloatArray,
    units: FloatArray,
    *,
    others: FloatArray | None = None,
    category: float = CATEGORY_ELASTICITY,
    as_of: datetime | None = None,
) -> Metric:
    """One SKU's own elasticity (n observations), shrunk and explained; no number and the reason where there is none to be had.

    NO_DATA: no observation; NO_SALES: nothing was sold; PRICE_UNCHANGED: fewer than 3 prices or less than 8 % between them; NOT_IDENTIFIED:
    the likelihood has no maximum.
    """
    estimate = estimate_elasticity(price, units, others)
    reason = _why_not(price, units, estimate)
    if reason:
        return Metric(None, "1", as_of, reason=reason)
    told = shrunk_elasticity(
        Explanation.input("estimate", float(estimate.elasticity), unit="1", source="sales"),
        Explanation.input("standard_error", float(estimate.standard_error), unit="1", source="sales"),
        Explanation.input("category_elasticity", category, unit="1", source="parameter:category_elasticity"),
    )
    return Metric(told.value, "1", as_of, explanation=told)


def _why_not(price: FloatArray, units: FloatArray, estimate: ElasticityEstimate) -> str | None:
    seen = np.isfinite(units) & (units >= 0) & (price > 0)
    if not seen.any():
        return "NO_DATA"
    if not units[seen].sum():
        return "NO_SALES"
    if not price_effect_identifiable(float(price_levels(price[seen])), float(price_spread(price[seen]))):
        return "PRICE_UNCHANGED"
    return None if estimate.identified else "NOT_IDENTIFIED"
