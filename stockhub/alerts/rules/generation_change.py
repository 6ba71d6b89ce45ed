"""A successor is about to come, and the old model will not be sold by then (H34)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.depth import holds_nothing
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.generation_change import GENERATION_CHANGE_DAYS
from stockhub.formulas.stock.overstock import excess_stock, tied_up_value
from stockhub.formulas.stock.position import position_within
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class GenerationChangeParameters(RuleParameters):
    """What an operator may change."""

    window_days: float = parameter(GENERATION_CHANGE_DAYS, "day", "Days before the successor's launch", "新款上市前天数")
    after_days: float = parameter(60.0, "day", "Days after it for which the old model is news", "新款上市后持续天数")
    floor_units: float = parameter(5.0, "unit", "Units that may be left over", "允许剩余数量")
    hold_share: float = parameter(0.2, "1", "Share of the floor below which an alert closes", "解除预警需低于下限的比例", at_most=1.0)


class GenerationChangeRule(FormulaRule):
    """Level 1: a successor comes within two weeks and the old model outlasts its launch. 2: the successor is here and the old one is left.

    What is inbound of the old model counts: it can still be stopped.
    """

    slug: ClassVar[str] = "generation-change"
    #: A plan is due a day after it was seen (H34).
    resolve_within_hours: ClassVar[float | None] = 24.0
    label: ClassVar[Label] = Label("Successor is coming", "新老款更替")
    description: ClassVar[Label] = Label(
        "A successor is about to be launched, and more of the old model is there and on its way than will be sold by then.",
        "新款即将上市，而老款的现有库存与在途在上市前卖不完。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = GenerationChangeParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = ("available", "reserved", "unit_cost", "days_to_successor")
    derives: ClassVar[Mapping[str, Column]] = {
        "demand_until_launch": Column("unit", "forecast", Label("Forecast up to the launch", "至新款上市预测销量")),
        "inbound_until_launch": Column("unit", "ledger", Label("Inbound up to the launch", "至新款上市到货")),
    }
    requires: ClassVar[Mapping[str, str]] = {"available": "NO_STOCK_DATA", "demand_until_launch": "NO_FORECAST"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """What is sold and what comes in before the launch; after it, nothing of either."""
        days = np.maximum(x["days_to_successor"], 0.0)
        return {"demand_until_launch": snapshot.demand_within(days), "inbound_until_launch": snapshot.inbound_within(np.nan_to_num(days))}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The units that are left on the day of the launch, their cost, and the days to it."""
        left = excess_stock(position_within(x["available"], x["inbound_until_launch"]), x["demand_until_launch"])
        return Measures(value=left, money=tied_up_value(left, x["unit_cost"]), due_in_days=x["days_to_successor"])

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Levels as in the class; an open alert waits until a fifth less than the floor is left."""
        left_over = found.value > x["floor_units"] * (1.0 - slack * x["hold_share"])
        return highest(left_over, left_over & (x["days_to_successor"] <= 0))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """No successor, or one that is far away or long there."""
        days = x["days_to_successor"]
        return holds_nothing(x) | ~((days <= x["window_days"]) & (days >= -x["after_days"]))

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """The value of what is left is unknown without a cost."""
        return {"NO_COST": np.isnan(x["unit_cost"])}
