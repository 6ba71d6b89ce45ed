"""End of life by residual value: order what is still needed and promote, sell down, or clear and stop (H63, E16; science.md 12)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.endings import STAGE, is_cleared, is_ending
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, otherwise, parameter
from stockhub.alerts.rules.hold_or_leave import HOLD_OR_LEAVE, HoldingParameters, hold_or_leave, letting_go_saves
from stockhub.alerts.rules.realisable_value import net_value
from stockhub.formulas.demand.decay import daily_decay
from stockhub.formulas.elementwise import FloatArray, N, positive_part, round_up
from stockhub.formulas.lifecycle.end_of_life import (
    CLEAR_AND_STOP,
    HIGH_RESIDUAL,
    LOW_RESIDUAL,
    decayed_days,
    left_at_end,
    residual_policy,
    residual_replenishment,
    residual_share,
)
from stockhub.formulas.stock.overstock import tied_up_value
from stockhub.formulas.stock.position import inventory_position
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class ResidualValueParameters(HoldingParameters):
    """What an operator may change."""

    high_residual: float = parameter(HIGH_RESIDUAL, "1", "Residual value, over cost, from which it is high", "高残值线（可变现净值/成本）")
    low_residual: float = parameter(LOW_RESIDUAL, "1", "Residual value, over cost, below which it is low", "低残值线（可变现净值/成本）")
    life_days: float = parameter(180.0, "day", "Days that the life still has, at most", "剩余生命周期天数上限")
    floor_units: float = parameter(10.0, "unit", "Units left at the end that are never an alarm", "不预警的期末剩余数量")
    hold_share: float = parameter(0.05, "1", "Share of a line that an open alert waits for", "预警解除需回落的比例", at_most=1.0)


class ResidualValueRule(FormulaRule):
    """Level 1: units will be left at the end of the life, or high residual value asks for a last order. 2: it is low: clear, and stop.

    Only in the stages decline, end of life and liquidation. Low residual value with nothing left over is level 0: it sells out by itself.
    """

    slug: ClassVar[str] = "residual-value"
    label: ClassVar[Label] = Label("End of life, by residual value", "生命末期残值策略")
    description: ClassVar[Label] = Label(
        "A SKU near its end, judged by what a unit will still bring over what it has cost. High: order first what is still needed, never "
        "more than is left to be sold in this life, and promote it. Middle: sell it down. Low: clear it, and stop production. Money is the "
        "cost of the units that will be left.",
        "处于生命末期的SKU，按单件可变现净值与成本之比判断。高残值：优先补足剩余需求（不超过剩余生命周期内可售数量）并促销；"
        "中等：逐步售完；低残值：清仓并停产。金额为期末剩余数量的成本。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = ResidualValueParameters
    proposals: ClassVar[tuple[Label, ...]] = (
        Label("Order what is still needed, and promote: its residual value is high", "优先补货并促销：残值高"),
        Label("Sell it down: its residual value covers part of its cost", "逐步售完：残值可覆盖部分成本"),
        Label("Clear it and stop production: its residual value is low", "清仓并停产：残值低"),
    )
    unit: ClassVar[str] = "share"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "on_order", "in_transit", "receiving", STAGE, "is_replenished", "order_up_to", "daily_mean", "unit_cost", "unit_price",
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        "weekly_factor": Column("1", "sales", Label("Decay a week (1: none is sure)", "周衰减系数（1 表示无明显衰减）")),
        "life_demand_days": Column("day", "formula", Label("Days of today's demand that the life still has", "剩余生命周期折合天数")),
        "units_wanted": Column("unit", "policy", Label("Units up to the target (0: not bought again)", "补货目标缺口（0 表示不再采购）")),
        **HOLD_OR_LEAVE,
        "proposal": Column("code", "formula", Label("Proposed", "建议")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "on_order": "NO_STOCK_DATA",
        "in_transit": "NO_STOCK_DATA",
        "receiving": "NO_STOCK_DATA",
        "unit_cost": "NO_COST",
        "unit_price": "NO_PRICE",
        "daily_mean": "NO_FORECAST",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """What an ordinary order would fill up, and the policy of the band."""
        position = inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"])
        buys = (x["is_replenished"] == 1) & ~is_cleared(x[STAGE])
        wanted = np.where(buys, round_up(positive_part(otherwise(x["order_up_to"], 0.0) - position)), 0.0)
        residual = residual_share(net_value(x), x["unit_cost"])
        weekly = np.where(np.isnan(snapshot["weekly_decay"]), 1.0, np.minimum(snapshot["weekly_decay"], 1.0))
        proposed = np.where(np.isnan(residual), np.nan, residual_policy(residual, high=x["high_residual"], low=x["low_residual"]))
        return {
            **hold_or_leave(snapshot, x, proposed == CLEAR_AND_STOP),
            "weekly_factor": weekly,
            "life_demand_days": decayed_days(daily_decay(weekly), x["life_days"]),
            "units_wanted": np.where(np.isnan(position), np.nan, wanted),
            "proposal": proposed,
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Residual value over cost, the cost of what will be left, what clearing saves of it, and the last order of high residual value."""
        residual = residual_share(net_value(x), x["unit_cost"])
        position = inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"])
        remaining = x["daily_mean"] * x["life_demand_days"]
        left = tied_up_value(left_at_end(position, remaining), x["unit_cost"])
        return Measures(
            value=residual,
            money=left,
            saving=letting_go_saves(x, left),
            suggested_qty=residual_replenishment(
                residual, x["units_wanted"], position=position, remaining_demand=remaining, high=x["high_residual"], low=x["low_residual"]
            ),
        )  # fmt: skip

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """By what will be left and the band; an open alert is judged by lines that are a little nearer."""
        near = 1.0 - slack * x["hold_share"]
        left = (found.money > 0) & (found.money > x["floor_units"] * x["unit_cost"] * near)
        low = (x["proposal"] == CLEAR_AND_STOP) | (found.value < x["low_residual"] * (1.0 + slack * x["hold_share"]))
        return highest(left | (found.suggested_qty > 0), left & low)

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Not at the end of its life, or nothing lies there or is on its way."""
        empty = np.logical_and.reduce([np.nan_to_num(x[name]) <= 0 for name in ("available", "on_order", "in_transit", "receiving")])
        return np.asarray(~is_ending(x[STAGE]) | empty)
