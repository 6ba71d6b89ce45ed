"""A streak of falling turnover with too much stock: clearance is evaluated (H30, E7; science.md 3.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.depth import (
    DEPTH_COLUMNS,
    DEPTH_INPUTS,
    DEPTH_REQUIRES,
    KEPT_PRECISION,
    depth_inputs,
    holds_nothing,
    is_deep,
    value_beyond_safe,
)
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.turnover_rules import MODE_CUMULATIVE, STREAK_DROP, SUPPLY_OVER_SAFE, falling_streak
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class TurnoverStreakParameters(RuleParameters):
    """What an operator may change. Three months are the requirement, and the columns, themselves."""

    mode: float = parameter(
        MODE_CUMULATIVE, "1", "Falls count together (0) or each by itself (1)", "降幅按累计（0）或逐月（1）计", at_most=1.0
    )
    drop: float = parameter(STREAK_DROP, "share", "Fall of turnover", "周转率降幅", at_most=1.0)
    large_drop: float = parameter(0.5, "share", "Fall of turnover of level 2", "二级预警周转率降幅", at_most=1.0)
    safe_times: float = parameter(SUPPLY_OVER_SAFE, "1", "Stock, in times what is safe", "库存超过安全线的倍数")
    safe_days: float = parameter(
        0.0, "day", "Safe days of supply (0: lead time, review, safety stock)", "安全可售天数（0 表示按交期、盘点与安全库存）"
    )
    hold_share: float = parameter(0.1, "1", "Share of a line that an open alert waits for", "预警解除需回落的比例", at_most=1.0)


class TurnoverStreakRule(FormulaRule):
    """Level 1: turnover fell for three months, by 20 % altogether, and stock is above 1.3 times what is safe. 2: it fell by half.

    With `mode` 1 each month has to fall by 20 % (E7).
    """

    slug: ClassVar[str] = "turnover-streak"
    label: ClassVar[Label] = Label("Turnover falls month after month", "周转率连续下降")
    description: ClassVar[Label] = Label(
        "Turnover has fallen in each of the last three months while more is held than is safe: evaluate whether to clear it before it is "
        "unsold stock.",
        "周转率连续三个月下降，且库存明显高于安全线：在沦为呆滞前评估是否清仓。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = TurnoverStreakParameters
    unit: ClassVar[str] = "share"
    uses: ClassVar[tuple[str, ...]] = (*DEPTH_COLUMNS, "turnover_least_drop", "turnover_drop_of_3", "turnover_months")
    derives: ClassVar[Mapping[str, Column]] = DEPTH_INPUTS
    requires: ClassVar[Mapping[str, str]] = {
        **DEPTH_REQUIRES,
        "turnover_months": "NO_STOCK_HISTORY",
        "turnover_least_drop": "HOLES_IN_HISTORY",
        "turnover_drop_of_3": "HOLES_IN_HISTORY",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:  # noqa: ARG002
        """What is safe to hold."""
        return depth_inputs(x)

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The fall over the three months, and the cost of what is more than safe."""
        return Measures(value=x["turnover_drop_of_3"], money=value_beyond_safe(x))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """Levels as in the class; an open alert waits for a tenth of the lines."""
        near = 1.0 - slack * x["hold_share"]
        falls, least, mode = x["turnover_drop_of_3"], x["turnover_least_drop"], x["mode"]
        deep = is_deep(x, x["safe_times"] * near)
        streak = deep & (falling_streak(least, falls, mode=mode, drop=x["drop"] * near - KEPT_PRECISION) == 1)
        return highest(streak, streak & (falls >= x["large_drop"] * near - KEPT_PRECISION))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing that could be cleared."""
        return holds_nothing(x)

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """The value tied up is unknown without a cost."""
        return {"NO_COST": np.isnan(x["unit_cost"])}
