"""How much a row holds against what is safe to hold: what the rules of turnover ask before anything is cleared (H30, H32).

Depth is compared in units. Days of supply over safe days is the same question, and has no answer where nothing is sold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.turnover_rules import supply_over_safe
from stockhub.formulas.stock.overstock import excess_stock, tied_up_value
from stockhub.formulas.stock.position import on_hand
from stockhub.pluginapi import Column
from stockhub.values import Label

#: What the inputs below are made of.
DEPTH_COLUMNS: Final = (
    "available", "reserved", "daily_mean", "sold_90", "lead_time", "review_period", "safety_stock", "unit_cost",
)  # fmt: skip
DEPTH_INPUTS: Final[Mapping[str, Column]] = {
    "pace": Column("unit/day", "formula", Label("Pace: the forecast, or past sales", "去化速度（预测或历史销量）")),
    "safe_units": Column("unit", "formula", Label("Units that are safe to hold", "安全线内可持有数量")),
}
DEPTH_REQUIRES: Final[Mapping[str, str]] = {
    "available": "NO_STOCK_DATA",
    "reserved": "NO_STOCK_DATA",
    "pace": "NO_FORECAST",
    "safe_units": "NO_SAFETY_STOCK",
}
#: Months are kept as 32-bit floats: figures that are closer than this, as a share, are the same.
KEPT_PRECISION: Final = 1e-6
_QUARTER_DAYS: Final = 90.0


def depth_inputs(x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The pace, and what it needs over the safe days: those of the parameter `safe_days`, or lead time and review with safety stock."""
    pace = np.where(np.isnan(x["daily_mean"]), x["sold_90"] / _QUARTER_DAYS, x["daily_mean"])
    by_policy = pace * (x["lead_time"] + x["review_period"]) + x["safety_stock"]
    return {"pace": pace, "safe_units": np.where(x["safe_days"] > 0, pace * x["safe_days"], by_policy)}


def is_deep(x: Mapping[str, FloatArray], times: FloatArray | float) -> BoolArray:
    """Whether more is held than `times` what is safe."""
    return np.asarray(supply_over_safe(on_hand(x["available"], x["reserved"]), x["safe_units"], times) == 1)


def holds_nothing(x: Mapping[str, FloatArray]) -> BoolArray:
    """No stock cannot turn too slowly."""
    return (np.nan_to_num(x["available"]) <= 0) & (np.nan_to_num(x["reserved"]) <= 0)


def value_beyond_safe(x: Mapping[str, N]) -> N:
    """What the units have cost that are more than is safe to hold."""
    return tied_up_value(excess_stock(on_hand(x["available"], x["reserved"]), x["safe_units"]), x["unit_cost"])
