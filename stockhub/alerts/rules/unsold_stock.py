"""Unsold stock: old, and sales do not clear it (H14, H40, E13; science.md 3.11)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.excess_money import (
    EXCESS_MONEY,
    EXCESS_MONEY_BASIS,
    ExcessParameters,
    excess_money_basis,
    excess_stakes,
    unknown_excess_money,
)
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.evaluation.excess_cost import holding_days
from stockhub.formulas.health.staleness import (
    CANDIDATE_AGE_DAYS,
    HEALTHY_SUPPLY_DAYS,
    POOR_SALES_SHARE,
    SLOW_SUPPLY_DAYS,
    STANDSTILL_AGE_DAYS,
    lasts_longer_than,
    slow_and_old,
    stale_units,
    standing_still,
)
from stockhub.formulas.stock.cover import daily_rate, days_of_supply
from stockhub.formulas.stock.position import on_hand
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class UnsoldStockParameters(ExcessParameters):
    """What an operator may change. That unsold stock is marked above 90 days is the requirement, and the column, itself."""

    standstill_age_days: float = parameter(STANDSTILL_AGE_DAYS, "day", "Age from which a stand-still counts", "停滞判定起始库龄")
    poor_sales_share: float = parameter(POOR_SALES_SHARE, "1", "Poor 90-day sales, as a share of stock", "90天滞销比例线", at_most=1.0)
    healthy_supply_days: float = parameter(HEALTHY_SUPPLY_DAYS, "day", "Days of supply that are never stale", "不视为呆滞的可售天数")
    slow_supply_days: float = parameter(SLOW_SUPPLY_DAYS, "day", "Days of supply that make old stock slow", "老库存视为滞销的可售天数")
    very_old_age_days: float = parameter(180.0, "day", "Age of level 3", "三级预警库龄")
    hold_share: float = parameter(0.05, "1", "Share of stock that must sell to close an alert", "解除预警需售出的库存比例", at_most=1.0)


class UnsoldStockRule(FormulaRule):
    """Level 1: over 90 days old with over 180 days of supply. 2: over 90 days old and unsold, or sales stopped. 3: that and over 180 days.

    A SKU that has not sold once in 90 days is given those 90 days (H14: age 90, none; 91, marked); one that sold and stopped is at high
    risk from 60 days on (H40).
    """

    slug: ClassVar[str] = "unsold-stock"
    label: ClassVar[Label] = Label("Unsold stock", "滞销库存")
    description: ClassVar[Label] = Label(
        "The oldest lots have passed 90 days unsold, or sales have come to a stand-still: age and sales are checked against each other, so "
        "that old stock of a steady seller is no alarm. Suggests a promotion or removal.",
        "最老批次超过90天未动销，或销售已停滞。库龄与销量交叉核对，稳定动销的老库存不预警。建议促销或移除。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = UnsoldStockParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "reserved", "oldest_age", "oldest_unsold", "aged_over_90", "aged_over_180", "sold_30", "sold_90", "days_since_sale",
        "daily_mean", *EXCESS_MONEY,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **EXCESS_MONEY_BASIS,
        "clearing_rate": Column("unit/day", "formula", Label("Pace at which stock clears", "去化速度")),
        "days_of_supply_30": Column("day", "formula", Label("Days of supply at 30-day sales", "按近30天销量可售天数")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "reserved": "NO_STOCK_DATA",
        "oldest_age": "NO_LOTS",
        "aged_over_90": "NO_LOTS",
        "sold_30": "NO_SALES_DATA",
        "sold_90": "NO_SALES_DATA",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """The forecast's pace, past sales where there is none; what has not sold in a quarter is not expected to."""
        past = daily_rate(x["sold_90"], 90.0)
        expected = np.where(np.isnan(x["daily_mean"]), past, x["daily_mean"])
        rate = np.where(x["sold_90"] == 0, 0.0, expected)
        units = stale_units(x["oldest_age"], x["aged_over_90"], on_hand(x["available"], x["reserved"]))
        return {
            **excess_money_basis(snapshot, holding_days(units, rate, 0.0)),
            "clearing_rate": rate,
            "days_of_supply_30": days_of_supply(on_hand(x["available"], x["reserved"]), x["sold_30"], 30.0),
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The units in question, what keeping them costs and what clearing them now saves of that."""
        units = stale_units(x["oldest_age"], x["aged_over_90"], on_hand(x["available"], x["reserved"]))
        stakes = excess_stakes(x, units, x["clearing_rate"], 0.0)
        return Measures(value=units, money=stakes.loss, saving=stakes.saving)

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """Levels as in the class; an open alert closes when a share of the stock has sold, not at the first unit."""
        age, stock, sold_90, rate = x["oldest_age"], on_hand(x["available"], x["reserved"]), x["sold_90"], x["clearing_rate"]
        few = slack * x["hold_share"] * stock
        recent = np.maximum(x["sold_30"] - few, 0.0)
        old = age > CANDIDATE_AGE_DAYS
        still = standing_still(age, stock, recent, sold_90 - few, age=x["standstill_age_days"], poor_share=x["poor_sales_share"]) == 1
        stopped = still & ((sold_90 > 0) | old)
        unsold = old & ((x["oldest_unsold"] == 1) | ((slack > 0) & (x["sold_30"] <= few)))
        near = 1.0 - slack * x["hold_share"]
        slow = slow_and_old(age, stock, rate, supply=x["slow_supply_days"] * near) == 1
        stale = lasts_longer_than(stock, rate, x["healthy_supply_days"] * near) == 1
        high_risk = stale & (stopped | unsold)
        return highest(stale & slow, high_risk, high_risk & (age > x["very_old_age_days"]))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """No stock cannot be stale."""
        return (np.nan_to_num(x["available"]) <= 0) & (np.nan_to_num(x["reserved"]) <= 0)

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The cost of keeping is unknown where a part of it is; days of supply have no number without sales (E13)."""
        return unknown_excess_money(x, found.money) | {"NO_SALES": x["sold_30"] == 0}
