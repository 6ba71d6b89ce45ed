"""Aged-stock surcharge ahead: what will be charged for its age, on which day, and the pace that would prevent it (H44, E14)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.ageing_lots import next_charge
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.fees.aged_stock import daily_sales_to_clear, days_to_be_through, surcharge_to_come
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class SurchargeAheadParameters(RuleParameters):
    """What an operator may change. From which age stock is charged, when and how much is the marketplace's to say."""

    notice_days: float = parameter(60.0, "day", "Days before the surcharge of level 1", "一级预警提前天数")
    near_days: float = parameter(30.0, "day", "Days before the surcharge of level 2", "二级预警提前天数")
    large_charge: float = parameter(1000.0, "base currency", "Surcharge of level 3", "三级预警附加费金额")
    floor_units: float = parameter(5.0, "unit", "Units that are never an alarm", "不预警的数量")
    hold_days: float = parameter(3.0, "day", "Days that an open alert waits for", "预警解除需恢复的天数")


class SurchargeAheadRule(FormulaRule):
    """Level 1: units will be charged for their age, and reach it within 60 days. 2: within 30, or have it. 3: and for over 1,000.

    What the forecast sells before the assessment is not charged. Speaks of the first assessment that finds enough units.
    """

    slug: ClassVar[str] = "surcharge-ahead"
    label: ClassVar[Label] = Label("Aged-stock surcharge ahead", "即将产生超龄库存附加费")
    description: ClassVar[Label] = Label(
        "At the next assessments (the 15th of a month at Amazon) units will be older than the marketplace stores without a surcharge, and "
        "the forecast does not sell them before. Says how many units a day have to leave from now on, how many will be left otherwise, "
        "and what they are charged then, for the first time and every month after it.",
        "在下次库龄评估日（亚马逊为每月15日），部分库存将超过免附加费库龄，且按预测无法在此之前售出。给出从今天起每天需售出的数量、"
        "届时剩余数量，以及届时（及之后每月）产生的附加费。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = SurchargeAheadParameters
    unit: ClassVar[str] = "unit/day"
    uses: ClassVar[tuple[str, ...]] = ("daily_mean",)
    derives: ClassVar[Mapping[str, Column]] = {
        "units_ageing": Column("unit", "lots", Label("Units where age is charged", "计收库龄附加费仓库的库存")),
        "units_to_clear": Column("unit", "lots", Label("Units to sell until then", "届时前需售出数量")),
        "units_charged": Column("unit", "forecast", Label("Units that will be left", "届时剩余数量")),
        "charge_each": Column("base currency/unit", "fees", Label("Surcharge of a unit", "单件附加费")),
        "lot_age": Column("day", "lots", Label("Age of the oldest of them", "其中最老库龄")),
        "charged_from": Column("day", "fees", Label("First day of age that is charged", "起收库龄")),
        "assessed_in": Column("day", "fees", Label("Days until the assessment", "距评估日天数")),
    }
    requires: ClassVar[Mapping[str, str]] = {"daily_mean": "NO_FORECAST"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """The first assessment that finds enough units."""
        found = next_charge(snapshot, np.maximum(x["floor_units"], 1.0))
        ageing = ~np.isnan(snapshot.lots.charged_from)
        return {
            "units_ageing": np.bincount(snapshot.lots.row[ageing], snapshot.lots.qty[ageing], len(snapshot)).astype(np.float64),
            "units_to_clear": found.to_clear,
            "units_charged": found.left,
            "charge_each": found.charge,
            "lot_age": found.age,
            "charged_from": found.charged_from,
            "assessed_in": found.assessed_in,
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units a day to be through in time, what is charged otherwise, and the days that are left."""
        due = days_to_be_through(x["lot_age"], x["charged_from"], x["assessed_in"])
        return Measures(
            value=daily_sales_to_clear(x["units_to_clear"], due),
            money=surcharge_to_come(x["units_charged"], x["charge_each"]),
            due_in_days=due,
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """By the days that are left; an open alert waits for some more."""
        days = slack * x["hold_days"]
        near = found.due_in_days <= x["near_days"] + days
        return highest(found.due_in_days <= x["notice_days"] + days, near, near & (found.money > x["large_charge"]))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing lies where age is charged."""
        return np.asarray(x["units_ageing"] == 0)

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The surcharge is unknown without the volume of a unit, or beyond what the tariff says."""
        return {"NO_SURCHARGE_RATE": ~np.isnan(x["units_charged"]) & np.isnan(found.money)}
