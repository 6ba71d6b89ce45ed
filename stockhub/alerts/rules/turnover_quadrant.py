"""Turnover against depth of stock: which of four cells a SKU lies in, and what that asks for (H32, E6; science.md 3.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.depth import (
    DEPTH_COLUMNS,
    DEPTH_INPUTS,
    DEPTH_REQUIRES,
    depth_inputs,
    holds_nothing,
    is_deep,
    value_beyond_safe,
)
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.quadrants import ACTION_CLEAR, ACTION_PROMOTE, quadrant_action
from stockhub.formulas.health.turnover_rules import SUPPLY_OVER_SAFE
from stockhub.formulas.stock.position import on_hand, position_within
from stockhub.formulas.stock.shortage import shortage_horizon, shortage_index
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class TurnoverQuadrantParameters(RuleParameters):
    """What an operator may change. The cells themselves have no parameters: a SKU lies in one of them."""

    clear_times: float = parameter(SUPPLY_OVER_SAFE, "1", "Stock to clear, in times what is safe", "需清仓的库存（安全线倍数）")
    promote_times: float = parameter(2.0, "1", "Stock to promote, in times what is safe", "需加推的库存（安全线倍数）")
    slow_share: float = parameter(0.8, "1", "Share of the median below which turnover is slow", "低周转判定线（占中位数比例）", at_most=1.0)
    safe_days: float = parameter(
        0.0, "day", "Safe days of supply (0: lead time, review, safety stock)", "安全可售天数（0 表示按交期、盘点与安全库存）"
    )
    hold_share: float = parameter(0.1, "1", "Share of a line that an open alert waits for", "预警解除需回落的比例", at_most=1.0)


class TurnoverQuadrantRule(FormulaRule):
    """Level 2: slow and deep, clear it now. Level 1: fast and far too deep, promote it and order nothing. The other cells are no alarm.

    Fast with little stock is where stock-outs begin: the cell says so while the shortage index is above 0, and the shortage rule and
    replenishment take it from there (E6). A cell begins at the median and at the safe line; an alarm asks for more, or half of all SKUs
    would be one.
    """

    slug: ClassVar[str] = "turnover-quadrant"
    label: ClassVar[Label] = Label("Turnover against stock", "周转与库存深度")
    description: ClassVar[Label] = Label(
        "Slow and deep stock is to be cleared now, fast and deep stock to be promoted before more is ordered. Fast and shallow stock is "
        "left alone while it is not short; slow and shallow stock is bought with care.",
        "低周转高库存应立即清仓；高周转高库存应加大推广、暂停采购；高周转低库存在不缺货时保持；低周转低库存谨慎采购。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = TurnoverQuadrantParameters
    unit: ClassVar[str] = "action"
    uses: ClassVar[tuple[str, ...]] = (*DEPTH_COLUMNS, "turnover_quarter", "turnover_months", "category_median")
    derives: ClassVar[Mapping[str, Column]] = {
        **DEPTH_INPUTS,
        "demand_in_horizon": Column("unit", "forecast", Label("Forecast over the horizon", "预警期内预测")),
        "inbound_in_horizon": Column("unit", "ledger", Label("Inbound within the horizon", "预警期内到货")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        **DEPTH_REQUIRES,
        "turnover_months": "NO_STOCK_HISTORY",
        "turnover_quarter": "HOLES_IN_HISTORY",
        "category_median": "NO_CATEGORY_TURNOVER",
        "safety_stock": "NO_SAFETY_STOCK",
        "demand_in_horizon": "NO_FORECAST",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """What is safe to hold, and what the shortage index is made of."""
        horizon = shortage_horizon(x["lead_time"], x["review_period"])
        inbound = snapshot.inbound_within(horizon)
        return {**depth_inputs(x), "demand_in_horizon": snapshot.demand_within(horizon), "inbound_in_horizon": inbound}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """What the cell asks for, and the cost of what is more than safe."""
        return Measures(value=_action(x, x["turnover_quarter"]), money=value_beyond_safe(x))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Levels as in the class; an open alert waits for a tenth of the lines."""
        margin = slack * x["hold_share"]
        # A little less stock than is safe changes the cell, and a little less than the line does not close an alert.
        deep = {**x, "available": x["available"] + margin * x["safe_units"]}
        action = found.value if not slack else _action(deep, x["turnover_quarter"] * (1.0 - margin))
        slow = x["turnover_quarter"] < x["category_median"] * x["slow_share"] * (1.0 + margin)
        promote = (found.value == ACTION_PROMOTE) | ((slack > 0) & (_action(deep, x["turnover_quarter"]) == ACTION_PROMOTE))
        return highest(
            promote & is_deep(x, x["promote_times"] * (1.0 - margin)),
            (action == ACTION_CLEAR) & slow & is_deep(x, x["clear_times"] * (1.0 - margin)),
        )

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing that could be cleared."""
        return holds_nothing(x)

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """The value tied up is unknown without a cost."""
        return {"NO_COST": np.isnan(x["unit_cost"])}


def _action(x: Mapping[str, N], turnover: N) -> N:
    """Depth is told in units: days of supply against safe days is the same, and has no number where nothing is sold."""
    shortage = shortage_index(x["demand_in_horizon"], x["safety_stock"], position_within(x["available"], x["inbound_in_horizon"]))
    return quadrant_action(turnover, x["category_median"], on_hand(x["available"], x["reserved"]), x["safe_units"], shortage)
