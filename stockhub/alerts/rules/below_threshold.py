"""Below threshold: the line that a user drew for a SKU (H13)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import (
    ORDER_CONSTRAINTS,
    BoolArray,
    FormulaRule,
    LevelArray,
    Measures,
    Numbers,
    highest,
    order_constraints,
    parameter,
)
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.policies.ordering import order_quantity
from stockhub.formulas.stock.position import inventory_position, units_below_line
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class BelowThresholdParameters(RuleParameters):
    """What an operator may change. The line itself is each SKU's."""

    low_share: float = parameter(0.5, "1", "Share of the line of level 2", "二级预警占预警线比例", at_most=1.0)
    hold_share: float = parameter(0.05, "1", "Share of the line above it that closes an alert", "解除预警需超过预警线的比例", at_most=1.0)


class BelowThresholdRule(FormulaRule):
    """Level 1: stock is strictly below the line. 2: below half of it. 3: nothing is left. With a maximum of the user's own: what is missing
    to it, net of all that is inbound.

    An alert that is open stays until stock is 5 % above the line, so that stock that swings around it makes one alert and not one an order.
    """

    slug: ClassVar[str] = "below-threshold"
    label: ClassVar[Label] = Label("Below your threshold", "低于自定义预警线")
    description: ClassVar[Label] = Label(
        "Stock that is free to sell has fallen below the line that a user set for this SKU. Where a maximum is set too, the quantity up to "
        "it, less what is inbound. SKUs without a line, or never bought again, are not looked at.",
        "可售库存低于用户为该商品设置的预警线。若同时设置了库存上限，则建议补至上限（扣除在途）。未设置预警线或不再采购的商品不参与。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    parameters_model: ClassVar[type[RuleParameters]] = BelowThresholdParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "on_order", "in_transit", "receiving", "alert_threshold", "stock_maximum", "is_replenished",
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = ORDER_CONSTRAINTS
    requires: ClassVar[Mapping[str, str]] = {"available": "NO_STOCK_DATA"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:  # noqa: ARG002 - of the base class
        """What the offer asks of an order."""
        return order_constraints(snapshot)

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units below the line, and what is missing to the maximum; no quantity without one."""
        position = inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"])
        return Measures(
            value=units_below_line(x["available"], x["alert_threshold"]),
            suggested_qty=order_quantity(x["stock_maximum"], position, x["order_minimum"], x["order_multiple"]),
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """Shares of the line, each a little higher for an alert that is open."""
        stock, line, margin = x["available"], x["alert_threshold"], slack * x["hold_share"]
        return highest(stock < line * (1.0 + margin), stock < line * (x["low_share"] + margin), stock <= line * margin)

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """No line, or one at 0, which nothing can fall below; or never bought again, so that nobody could act on it (U5)."""
        return np.asarray(~(x["alert_threshold"] > 0) | (x["is_replenished"] == 0))
