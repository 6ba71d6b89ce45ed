"""The end of a season: turnover falls by more than 40 % in a month while stock is still there (H33; science.md 3.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.depth import holds_nothing
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.market import fall
from stockhub.formulas.health.turnover_rules import SEASON_END_DAYS, SEASON_END_DROP, season_end_clearance_due
from stockhub.formulas.stock.overstock import excess_stock, tied_up_value
from stockhub.formulas.stock.position import on_hand
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class SeasonEndParameters(RuleParameters):
    """What an operator may change."""

    drop: float = parameter(SEASON_END_DROP, "share", "Fall of turnover in a month", "月周转率降幅", at_most=1.0)
    window_days: float = parameter(SEASON_END_DAYS, "day", "Days before the season's end", "距季末天数", at_most=60.0)
    late_days: float = parameter(14.0, "day", "Days before the season's end of level 2", "二级预警距季末天数", at_most=60.0)
    hold_share: float = parameter(0.1, "1", "Share of the fall that an open alert waits for", "预警解除需回落的比例", at_most=1.0)


class SeasonEndRule(FormulaRule):
    """Level 1: in the last 45 days of its season turnover of 30 days is more than 40 % below that of the 30 before. 2: in the last 14.

    Whether stock is at its peak does not matter. Out of season the rule is silent: what is left then is unsold stock.
    """

    slug: ClassVar[str] = "season-end"
    label: ClassVar[Label] = Label("End of season", "季末清仓")
    description: ClassVar[Label] = Label(
        "The season is about to end and turnover has collapsed: clear what the season will not sell any more, while there are buyers.",
        "季末将至且周转率大幅下滑：趁仍有需求，提前清仓本季卖不完的库存。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = SeasonEndParameters
    unit: ClassVar[str] = "share"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "reserved", "unit_cost", "turnover_30", "turnover_before_30", "days_to_season_end",
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        "demand_in_season": Column("unit", "forecast", Label("Forecast up to the season's end", "至季末预测销量")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "reserved": "NO_STOCK_DATA",
        "turnover_30": "HOLES_IN_HISTORY",
        "turnover_before_30": "HOLES_IN_HISTORY",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """What the season is still expected to sell."""
        return {"demand_in_season": snapshot.demand_within(np.maximum(x["days_to_season_end"], 0.0))}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The fall, the cost of what the season will leave, and the days that are left."""
        left = excess_stock(on_hand(x["available"], x["reserved"]), x["demand_in_season"])
        return Measures(
            value=fall(x["turnover_before_30"], x["turnover_30"]),
            money=tied_up_value(left, x["unit_cost"]),
            due_in_days=x["days_to_season_end"],
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Levels as in the class; an open alert waits until the fall is a tenth less."""
        limit, ends = x["drop"] * (1.0 - slack * x["hold_share"]), x["days_to_season_end"]
        due = season_end_clearance_due(found.value, ends, limit=limit, window_days=x["window_days"]) == 1
        return highest(due, due & (ends <= x["late_days"]))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing in stock, or not near the end of any season."""
        return holds_nothing(x) | ~((x["days_to_season_end"] >= 0) & (x["days_to_season_end"] <= x["window_days"]))

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """The value of what is left is unknown without a cost or a forecast."""
        return {"NO_COST": np.isnan(x["unit_cost"]), "NO_FORECAST": np.isnan(x["demand_in_season"])}
