"""Order due: the buyer's calendar (H11, H12, H15, E8; science.md 3.6, 3.7)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.endings import STAGE, is_ending
from stockhub.alerts.rules.formula_rule import (
    MAXIMUM_IS_SET,
    ORDER_CONSTRAINTS,
    BoolArray,
    FormulaRule,
    LevelArray,
    Measures,
    Numbers,
    highest,
    maximum_is_set,
    not_in_business,
    order_constraints,
    parameter,
)
from stockhub.alerts.rules.safety import SAFETY_STOCK, SAFETY_STOCK_BASIS, explained_safety_stock, safety_stock_basis
from stockhub.alerts.rules.shortage_money import MARGIN, margin_reasons
from stockhub.formulas.elementwise import FloatArray, N, positive_part
from stockhub.formulas.evaluation.shortage_cost import unit_margin
from stockhub.formulas.policies.ordering import order_quantity, order_target, order_up_to_level
from stockhub.formulas.stock.cover import cost_of_another_day, cost_of_delay, daily_rate, days_of_cover, latest_order_day
from stockhub.formulas.stock.position import inventory_position
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class OrderDueParameters(RuleParameters):
    """What an operator may change."""

    notice_days: float = parameter(7.0, "day", "Days of notice before the latest order day", "最晚下单日前提醒天数")
    order_cycle_days: float = parameter(30.0, "day", "Days of sales that an order brings", "每次采购覆盖天数")
    hold_days: float = parameter(2.0, "day", "Days that an open alert waits for", "预警解除需恢复的天数")


class OrderDueRule(FormulaRule):
    """Level 1: the latest order day is within the notice. 2: it is today or has passed. Never 3: sales at risk are the shortage's."""

    slug: ClassVar[str] = "order-due"
    label: ClassVar[Label] = Label("Order due", "应下单")
    description: ClassVar[Label] = Label(
        "A buyer's task: the day by which the next regular order has to be placed, how long stock and everything inbound last, and the "
        "quantity, in whole cases, for lead time plus one order cycle, or up to your own maximum. Opens while there is still "
        "time, closes when the order is placed; “Shortage” tells when sales are at risk and what is lost.",
        "采购任务：下一次常规采购的最晚下单日、现有库存与全部在途可支撑的天数，以及覆盖交期加一个采购周期的建议数量（按箱规），或补至自定义库存上限。"
        "仍来得及时即提醒，下单后关闭；销售是否有风险、损失多少由“缺货风险”说明。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    foretells_stockout: ClassVar[bool] = True
    parameters_model: ClassVar[type[RuleParameters]] = OrderDueParameters
    unit: ClassVar[str] = "day"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "reserved", "on_order", "in_transit", "receiving", "sold_90", "is_replenished", STAGE,
        "lead_time", "stock_maximum", *SAFETY_STOCK, *MARGIN,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **ORDER_CONSTRAINTS,
        **SAFETY_STOCK_BASIS,
        "demand_to_cover": Column("unit", "forecast", Label("Forecast of lead time and order cycle", "交期加采购周期内预测")),
        **MAXIMUM_IS_SET,
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "on_order": "NO_STOCK_DATA",
        "in_transit": "NO_STOCK_DATA",
        "receiving": "NO_STOCK_DATA",
        "demand_to_cover": "NO_FORECAST",
        "lead_time": "NO_LEAD_TIME",
        "safety_stock": "NO_SAFETY_STOCK",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Demand until the order after this one arrives."""
        demand = snapshot.demand_within(x["lead_time"] + x["order_cycle_days"])
        return {**order_constraints(snapshot), **safety_stock_basis(snapshot), "demand_to_cover": demand, **maximum_is_set(snapshot)}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Days of cover, what a late order costs and one of today saves, the latest order day and a quantity net of all inbound (H15)."""
        position = inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"])
        rate = daily_rate(x["demand_to_cover"], x["lead_time"] + x["order_cycle_days"])
        safety_stock = explained_safety_stock(x)
        due = latest_order_day(position, rate, safety_stock, x["lead_time"])
        margin = positive_part(unit_margin(x["unit_price"], x["selling_fee"], x["unit_cost"]))
        reckoned = order_up_to_level(x["demand_to_cover"], safety_stock)
        target = order_target(x["has_maximum"], x["stock_maximum"], reckoned)
        return Measures(
            value=days_of_cover(position, rate),
            money=cost_of_delay(rate, margin, due),
            # The days that the order is late already are lost.
            saving=cost_of_another_day(rate, margin),
            due_in_days=due,
            suggested_qty=order_quantity(target, position, x["order_minimum"], x["order_multiple"]),
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Nothing is due where demand is 0, so where there is no latest order day, or where inbound already covers the cycle."""
        needed, due, days = found.suggested_qty > 0, found.due_in_days, slack * x["hold_days"]
        return highest(needed & (due <= x["notice_days"] + days), needed & (due <= days))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Not in business (neither stock nor forecast nor a sale in a quarter), never bought again, or the end-of-life line's to say."""
        never: BoolArray = (x["is_replenished"] == 0) | is_ending(x[STAGE])
        return never | not_in_business(x, x["demand_to_cover"])

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """No days of cover without demand; no cost of delay without a price, a cost or the fees."""
        return margin_reasons(x) | {"NO_DEMAND": np.isnan(found.value)}
