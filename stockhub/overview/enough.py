"""Safety stock and the order-up-to level of one row, with the formula that they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from math import isnan
from typing import Final

from stockhub.formulas.distributions.kept_quantiles import calibrated_safety_stock
from stockhub.formulas.distributions.own_deviation import excess_demand
from stockhub.formulas.policies.ordering import order_up_to_level
from stockhub.pluginapi import COLUMNS
from stockhub.values import Explanation, Metric

#: The snapshot columns that are needed.
SAFETY_COLUMNS: Final = (
    "safety_stock", "safety_stock_is_calibrated", "protection_quantile", "protection_demand", "lead_time_risk", "order_up_to",
    "own_sd", "usual_deviations",
)  # fmt: skip
#: Those of the formula, in its order.
_PARTS: Final = ("protection_quantile", "protection_demand", "lead_time_risk", "own_sd", "usual_deviations")


def safety_stock_metric(numbers: Mapping[str, float], as_of: datetime) -> Metric:
    """The safety stock: by lead-time demand with its formula, or what the policy or the textbook gives, as it is."""
    value = numbers["safety_stock"]
    if isnan(value):
        return Metric(None, "unit", as_of, reason="NO_SAFETY_STOCK")
    return Metric(value, "unit", as_of, explanation=_safety_stock(numbers))


def order_up_to_metric(numbers: Mapping[str, float], safety_stock: Metric, as_of: datetime) -> Metric:
    """The level that an order restores: the forecast of lead time and review period, and the safety stock."""
    value = numbers["order_up_to"]
    if isnan(value):
        return Metric(None, "unit", as_of, reason=safety_stock.reason or "NO_FORECAST")
    tree = order_up_to_level(_input(numbers, "protection_demand"), _safety_stock(numbers))
    return Metric(value, "unit", as_of, explanation=replace(tree, value=value))


def _safety_stock(numbers: Mapping[str, float]) -> Explanation:
    if not numbers["safety_stock_is_calibrated"] > 0:
        return _input(numbers, "safety_stock")
    quantile, expected, risk, sd, usual = (_input(numbers, name) for name in _PARTS)
    return calibrated_safety_stock(excess_demand(quantile, expected, _own_counts(numbers), sd, usual), risk)


def _own_counts(numbers: Mapping[str, float]) -> Explanation:
    """Whether the SKU's own deviation counts; where it does not, its source says why."""
    sd, usual = numbers["own_sd"], numbers["usual_deviations"]
    if sd > 0 and usual > 0:
        return Explanation.input("rests_on_own_deviation", 1.0, unit="flag", source="forecast")
    reason = "short history" if isnan(sd) else "no deviation" if not sd > 0 else "nothing learned"
    return Explanation.input("rests_on_own_deviation", 0.0, unit="flag", source=reason)


def _input(numbers: Mapping[str, float], name: str) -> Explanation:
    column, value = COLUMNS[name], numbers[name]
    return Explanation.input(name, None if isnan(value) else value, unit=column.unit, source=column.source)
