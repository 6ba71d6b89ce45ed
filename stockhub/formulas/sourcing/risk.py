"""What depending on suppliers risks: their unreliability (science.md 5.1), and having too few of them (D5)."""

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, at_least, explained, greater, maximum, minimum, ratio, where
from stockhub.formulas.errors import InvalidParameterError

#: How a SKU is sourced, in the order of their codes.
SOURCING_RISKS = ("diversified", "concentrated", "single_source", "no_source")
DIVERSIFIED, CONCENTRATED, SINGLE_SOURCE, NO_SOURCE = 0.0, 1.0, 2.0, 3.0
#: A supplier's share of a SKU's purchases above which it is as good as the only one.
CONCENTRATION_LIMIT = 0.8
#: Bounds of the supply-risk coefficient.
LEAST_RISK, MOST_RISK = 1.0, 2.0


@explained(unit="1")
def supply_risk_coefficient(late_rate: N, lead_time_variation: N, reject_rate: N, learned: N | float = 0.0) -> N:
    """κ = 1 + late rate + ½·CV of the lead time + reject rate, from 1 to 2.

    `learned` is what tuning adds after false alarms that late deliveries caused (science.md 10.4).
    """
    raw = late_rate + lead_time_variation * 0.5 + reject_rate + learned + 1.0
    return minimum(maximum(raw, LEAST_RISK), MOST_RISK)


@explained(unit="day")
def risk_adjusted_lead_time_sd(lead_time_sd: N, coefficient: N) -> N:
    """κσ_L: an unreliable supplier's lead time varies more. Not κ·SS, which would count the variance of demand twice."""
    return lead_time_sd * coefficient


@explained(unit="base currency/unit")
def delay_risk_cost(unit_margin: N, expected_units_short: N, quantity: N) -> N:
    """Margin that a supplier's lead time is expected to lose, margin·E[max(0, D(L) − A)], on each of the units ordered."""
    return ratio(unit_margin * expected_units_short, quantity)


def active_suppliers(units: FloatArray) -> FloatArray:
    """Suppliers that delivered or are contracted, of units by supplier (..., suppliers); a missing amount is none."""
    count: FloatArray = np.count_nonzero(np.nan_to_num(units) > 0, axis=-1).astype(np.float64)
    return count


def largest_share(units: FloatArray) -> FloatArray:
    """The largest supplier's share of units by supplier (..., suppliers); NaN where nobody supplies."""
    known = np.maximum(np.nan_to_num(units), 0.0)
    total = known.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share: FloatArray = np.where(total > 0, known.max(axis=-1, initial=0.0) / total, np.nan)
    return share


@explained(unit="code")
def sourcing_risk(suppliers: N, largest_supplier_share: N, limit: N | float = CONCENTRATION_LIMIT) -> N:
    """One of SOURCING_RISKS: one active supplier is a single source, two at 95 to 5 are concentrated (D5)."""
    several = where(greater(largest_supplier_share, limit), CONCENTRATED, DIVERSIFIED)
    sourced = where(at_least(1.0, suppliers), SINGLE_SOURCE, several)
    return where(greater(1.0, suppliers), NO_SOURCE, sourced)


@explained(unit="unit")
def units_on_one_supplier(units: N, largest_supplier_share: N) -> N:
    """Units sold that rest on the largest supplier, if buying goes on as it did."""
    return units * largest_supplier_share


def sourcing_risk_of(units: FloatArray, limit: float = CONCENTRATION_LIMIT) -> FloatArray:
    """`sourcing_risk` of units by supplier (..., suppliers); InvalidParameterError for a limit outside of 0 to 1."""
    if not 0.0 < limit <= 1.0:
        raise InvalidParameterError("limit", limit, "a share above 0 and at most 1")
    risk: FloatArray = sourcing_risk(active_suppliers(units), largest_share(units), limit)
    return risk
