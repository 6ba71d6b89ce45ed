"""Unsold stock: old, and sales do not clear it, and what to do about it (H14, H40, H77, E13; science.md 3.11)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.excess_money import (
    EXCESS_MONEY,
    EXCESS_MONEY_BASIS,
    ExcessParameters,
    excess_money_basis,
    loss_of_excess,
    unknown_excess_money,
)
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, otherwise, parameter
from stockhub.alerts.rules.hold_or_leave import HOLD_OR_LEAVE, HoldingParameters, hold_or_leave, letting_go_saves
from stockhub.formulas.elementwise import FloatArray, N, both, either
from stockhub.formulas.evaluation.excess_cost import holding_days
from stockhub.formulas.health.slow_movers import slow_mover_action
from stockhub.formulas.health.staleness import (
    CANDIDATE_AGE_DAYS,
    HEALTHY_SUPPLY_DAYS,
    POOR_SALES_SHARE,
    SLOW_SUPPLY_DAYS,
    STANDSTILL_AGE_DAYS,
    lasts_longer_than,
    slow_and_old,
    stale_candidate,
    stale_units,
    standing_still,
)
from stockhub.formulas.stock.cover import daily_rate, days_of_supply
from stockhub.formulas.stock.position import on_hand
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

#: Where what a rule proposes stands among its proposals.
DISCOUNT, BUNDLE, OUTLET = 2.0, 3.0, 4.0


class UnsoldStockParameters(ExcessParameters, HoldingParameters):
    """What an operator may change. That unsold stock is marked above 90 days is the requirement, and the column, itself."""

    standstill_age_days: float = parameter(STANDSTILL_AGE_DAYS, "day", "Age from which a stand-still counts", "停滞判定起始库龄")
    poor_sales_share: float = parameter(POOR_SALES_SHARE, "1", "Poor 90-day sales, as a share of stock", "90天滞销比例线", at_most=1.0)
    healthy_supply_days: float = parameter(HEALTHY_SUPPLY_DAYS, "day", "Days of supply that are never stale", "不视为呆滞的可售天数")
    slow_supply_days: float = parameter(SLOW_SUPPLY_DAYS, "day", "Days of supply that make old stock slow", "老库存视为滞销的可售天数")
    low_weeks: float = parameter(4.0, "week", "Weeks of low sales that make a candidate", "低销周数（列为滞销候选）")
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
    proposals: ClassVar[tuple[Label, ...]] = (
        Label("Nothing yet", "暂不处理"),
        Label("Watch it: it is old or sells little, and its stock may still clear", "观察：库龄偏长或销量偏低，但库存仍可能消化"),
        Label("Discount it: it sells, but far too slowly for its stock", "降价：仍有动销，但相对库存过慢"),
        Label("Bundle it: it stands still whatever its price, and a bundle carries it", "组合销售：已停滞，单靠降价无效，且属于组合商品"),
        Label("Outlet: it stands still whatever its price, and no bundle carries it", "走清仓渠道：已停滞，单靠降价无效，且无组合可带动"),
    )
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "reserved", "oldest_age", "oldest_unsold", "aged_over_90", "aged_over_180", "sold_30", "sold_90", "days_since_sale",
        "low_sales_weeks", "daily_mean", "in_bundle", *EXCESS_MONEY,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **EXCESS_MONEY_BASIS,
        "clearing_rate": Column("unit/day", "formula", Label("Pace at which stock clears", "去化速度")),
        "days_of_supply_30": Column("day", "formula", Label("Days of supply at 30-day sales", "按近30天销量可售天数")),
        **HOLD_OR_LEAVE,
        "proposal": Column("code", "formula", Label("Proposed", "建议")),
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
        proposed = _proposal({**x, "clearing_rate": rate})
        return {
            **excess_money_basis(snapshot, holding_days(units, rate, 0.0)),
            **hold_or_leave(snapshot, x, proposed == OUTLET),
            "clearing_rate": rate,
            "days_of_supply_30": days_of_supply(on_hand(x["available"], x["reserved"]), x["sold_30"], 30.0),
            "proposal": proposed,
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The units in question, what keeping them costs, and what an outlet saves of that where one is proposed."""
        units = stale_units(x["oldest_age"], x["aged_over_90"], on_hand(x["available"], x["reserved"]))
        loss = loss_of_excess(x, units, x["clearing_rate"], 0.0)
        return Measures(value=units, money=loss, saving=letting_go_saves(x, loss))

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


def _proposal(x: Mapping[str, FloatArray]) -> FloatArray:
    """What to do about each row (H77): candidate by age or by weeks, confirmed by the cross-check; NaN where something is not known."""
    stock, age = on_hand(x["available"], x["reserved"]), x["oldest_age"]
    still = standing_still(age, stock, x["sold_30"], x["sold_90"], age=x["standstill_age_days"], poor_share=x["poor_sales_share"])
    slow = either(still, slow_and_old(age, stock, x["clearing_rate"], supply=x["slow_supply_days"]))
    confirmed = both(slow, lasts_longer_than(stock, x["clearing_rate"], x["healthy_supply_days"]))
    weeks = otherwise(x["low_sales_weeks"], 0.0)
    return slow_mover_action(stale_candidate(age, weeks, x["low_weeks"]), confirmed, still, otherwise(x["in_bundle"], 0.0))
