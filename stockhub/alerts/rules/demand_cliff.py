"""A cliff: demand fell at once and stays down; a plan is due within 24 hours (H34; science.md 3.14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.depth import holds_nothing
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, otherwise, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.cliff import CLIFF_DAYS_AFTER, CLIFF_DROP, CLIFF_P_VALUE, CLIFF_RECENT_DAYS, is_cliff
from stockhub.formulas.health.generation_change import GENERATION_CHANGE_DAYS, generation_change_due
from stockhub.formulas.stock.overstock import excess_stock, tied_up_value
from stockhub.formulas.stock.position import on_hand
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

#: Without a successor, its launch lies further ahead than any window.
_NEVER_DAYS = 100_000.0


class DemandCliffParameters(RuleParameters):
    """What an operator may change."""

    drop: float = parameter(CLIFF_DROP, "share", "Fall of demand", "需求降幅", at_most=1.0)
    recent_days: float = parameter(CLIFF_RECENT_DAYS, "day", "Days for which it is news", "断崖有效天数", at_most=42.0)
    days_known: float = parameter(CLIFF_DAYS_AFTER, "day", "Days that have to follow it", "断崖后最少天数")
    p_value: float = parameter(CLIFF_P_VALUE, "probability", "Chance from which it may be chance", "偶然概率上限", at_most=0.05)
    successor_days: float = parameter(GENERATION_CHANGE_DAYS, "day", "Days before a successor's launch", "新款上市前天数")
    floor_units: float = parameter(5.0, "unit", "Units beyond the need that are not worth a plan", "无需制定计划的多余数量")
    hold_share: float = parameter(0.2, "1", "Share of the fall that an open alert waits for", "预警解除需回落的比例", at_most=1.0)


class DemandCliffRule(FormulaRule):
    """Level 2: the mean of demand fell by 40 % or more within four weeks, and not by chance, and more is held than a cycle needs.

    3: and a successor is about to come, or here.

    Days of events and days out of stock take no part, and a burst that is over is no cliff. The plan is due 24 hours after the cliff was
    first seen, and stays due then.
    """

    slug: ClassVar[str] = "demand-cliff"
    #: A plan is due a day after the cliff was seen (H34).
    resolve_within_hours: ClassVar[float | None] = 24.0
    label: ClassVar[Label] = Label("Demand fell off a cliff", "需求断崖")
    description: ClassVar[Label] = Label(
        "Demand has fallen at once and stays down, while stock was bought for what it was. Make a clearance plan within 24 hours; a "
        "successor that is about to come makes it urgent.",
        "需求骤降且未恢复，而库存仍按原需求采购。请在24小时内制定清仓计划；若新款即将上市，则更为紧急。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = DemandCliffParameters
    unit: ClassVar[str] = "share"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "reserved", "unit_cost", "review_period", "lead_time", "cliff_drop", "cliff_days", "cliff_days_known",
        "cliff_p_value", "cliff_plan_due", "days_to_successor",
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        "demand_in_cycle": Column("unit", "forecast", Label("Forecast of lead time and review period", "交期加盘点周期内预测")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "reserved": "NO_STOCK_DATA",
        "cliff_days": "NO_DEMAND_HISTORY",
        "cliff_days_known": "NO_DEMAND_HISTORY",
        "cliff_p_value": "NO_DEMAND_HISTORY",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """What is expected until an order of today would arrive: less would not be worth a plan."""
        return {"demand_in_cycle": snapshot.demand_within(x["lead_time"] + x["review_period"])}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The fall, the cost of what is not needed any more, and the days to the plan."""
        excess = excess_stock(on_hand(x["available"], x["reserved"]), x["demand_in_cycle"])
        return Measures(value=x["cliff_drop"], money=tied_up_value(excess, x["unit_cost"]), due_in_days=x["cliff_plan_due"])

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """Levels as in the class; an open alert waits until a fifth of the fall is made good."""
        cliff = is_cliff(
            x["cliff_drop"],
            x["cliff_days"],
            x["cliff_days_known"],
            x["cliff_p_value"],
            limit=x["drop"] * (1.0 - slack * x["hold_share"]),
            recent_days=x["recent_days"],
            least_days=x["days_known"],
            # Of a cliff that is known the evidence only grows; what is kept of it at all is the limit then.
            p_limit=np.where(slack > 0, 0.05, x["p_value"]),
        )
        to_launch = otherwise(x["days_to_successor"], _NEVER_DAYS)
        changes = generation_change_due(cliff, to_launch, x["successor_days"])
        excess = on_hand(x["available"], x["reserved"]) - x["demand_in_cycle"]
        # Without a forecast nobody can say that it will still be sold.
        left_over = ~(excess <= x["floor_units"] * (1.0 - slack * x["hold_share"]))
        return highest(np.zeros(len(cliff), np.bool_), (cliff == 1) & left_over, (changes == 1) & left_over)

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing that could be left over, or no cliff at all."""
        return holds_nothing(x) | np.isnan(x["cliff_drop"])

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """The value of what is left over is unknown without a cost or a forecast."""
        return {"NO_COST": np.isnan(x["unit_cost"]), "NO_FORECAST": np.isnan(x["demand_in_cycle"])}
