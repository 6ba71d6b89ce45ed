"""Overstock: more than will be asked for (H27, E15; science.md 3.7, 7.5, 10.1)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.ageing_lots import next_charge
from stockhub.alerts.rules.excess_money import (
    EXCESS_MONEY,
    EXCESS_MONEY_BASIS,
    ExcessParameters,
    excess_money_basis,
    loss_of_excess,
    unknown_excess_money,
)
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.alerts.rules.hold_or_leave import HOLD_OR_LEAVE, HoldingParameters, hold_or_leave, letting_go_saves
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.evaluation.excess_cost import holding_days
from stockhub.formulas.fees.aged_stock import days_to_be_through
from stockhub.formulas.health.staleness import HEALTHY_SUPPLY_DAYS, SLOW_SUPPLY_DAYS, lasts_longer_than
from stockhub.formulas.stock.cover import daily_rate
from stockhub.formulas.stock.overstock import capacity_share_units, excess_stock, overstock_limit, tied_up_value
from stockhub.formulas.stock.position import position_within
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

DAYS_A_WEEK = 7.0


class OverstockParameters(ExcessParameters, HoldingParameters):
    """What an operator may change."""

    weeks: float = parameter(12.0, "week", "Weeks of forecast that stock may cover", "库存可覆盖的预测周数")
    times_safety_stock: float = parameter(
        3.0,
        "1",
        "Excess, in times the safety stock",
        "超储上限（安全库存倍数）",
        about=Label(
            "One of three lines, and the lowest warns. With weeks of 12 and 90 days of supply of level 1, supply of 90 days is an excess "
            "of 6 days of sales: safety stock of more than 2 days of sales times 3 lies above it, and then a change here changes nothing. "
            "Raise “Days of supply of level 1” as well.",
            "三条界线之一，任一达到即预警。可覆盖12周、一级预警可售90天时，可售90天相当于超出6天销量：若安全库存超过2天销量，"
            "其3倍即高于该界线，此时修改本项不起作用，需同时提高“一级预警可售天数”。",
        ),
    )
    capacity_share: float = parameter(0.05, "1", "Excess, as a share of capacity", "超储上限（占仓容比例）", at_most=1.0)
    floor_units: float = parameter(10.0, "unit", "Excess that is never an alarm", "不预警的超储数量")
    long_supply_days: float = parameter(HEALTHY_SUPPLY_DAYS, "day", "Days of supply of level 1", "一级预警可售天数")
    very_long_supply_days: float = parameter(SLOW_SUPPLY_DAYS, "day", "Days of supply of level 2", "二级预警可售天数")
    surcharge_days: float = parameter(30.0, "day", "Days before an aged-stock surcharge of level 2", "超龄附加费前二级预警天数")
    value_limit: float = parameter(5000.0, "base currency", "Value at risk of level 3", "三级预警风险金额")
    promotion_share: float = parameter(0.8, "1", "Price of a promotion, as a share of the price", "促销价占售价比例", at_most=1.0)
    promotion_elasticity: float = parameter(2.0, "1", "Rise of sales, in %, for a price that is 1 % lower", "售价每降1%的销量增幅（%）")
    hold_days: float = parameter(3.0, "day", "Days that an open alert waits for", "预警解除需恢复的天数")
    hold_share: float = parameter(0.05, "1", "Share of a line that an open alert waits for", "预警解除需回落的比例", at_most=1.0)


class OverstockRule(FormulaRule):
    """Level 1: the excess passes either limit and the floor, or supply lasts over 90 days. 2: and over 180, or a surcharge is near.

    3: and letting it go today is worth more than holding it, for over 5,000 at cost.
    """

    slug: ClassVar[str] = "overstock"
    label: ClassVar[Label] = Label("Overstock", "库存积压")
    description: ClassVar[Label] = Label(
        "Stock exceeds the forecast of the coming weeks by more than a multiple of safety stock or more than a share of capacity: either "
        "is enough. Says how many units are too many and what it costs to keep them: storage, surcharges for age, capital, write-down.",
        "库存超出未来数周预测的部分大于安全库存的若干倍，或大于仓容的一定比例（满足其一即预警）。给出多余数量及继续持有的代价（仓储、超龄附加费、资金成本、跌价）。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = OverstockParameters
    proposals: ClassVar[tuple[Label, ...]] = (
        Label("Let it go: liquidated today it is worth more than held for a year", "尽快清算：立即清算的现值高于继续持有一年"),
    )
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = ("available", "safety_stock", "capacity_units", *EXCESS_MONEY)
    derives: ClassVar[Mapping[str, Column]] = {
        **EXCESS_MONEY_BASIS,
        "demand_in_weeks": Column("unit", "forecast", Label("Forecast of the weeks", "各周预测合计")),
        "inbound_in_weeks": Column("unit", "ledger", Label("Inbound landing within the weeks", "各周内到货")),
        "overstock_limit": Column("unit", "formula", Label("Accepted excess", "可接受的超储数量")),
        "surcharge_in": Column("day", "fees", Label("Days until an aged-stock surcharge", "距超龄附加费天数")),
        **HOLD_OR_LEAVE,
        "proposal": Column("code", "formula", Label("Proposed", "建议")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "demand_in_weeks": "NO_FORECAST",
        "safety_stock": "NO_SAFETY_STOCK",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Sums over the weeks, and the limit: a capacity that nobody stated limits nothing."""
        days = x["weeks"] * DAYS_A_WEEK
        safety_stock, times, floor = x["safety_stock"], x["times_safety_stock"], x["floor_units"]
        of_capacity = capacity_share_units(x["capacity_units"], x["capacity_share"])
        demand, inbound = snapshot.demand_within(days), snapshot.inbound_within(days)
        excess = excess_stock(position_within(x["available"], inbound), demand)
        charged = next_charge(snapshot, np.maximum(floor, 1.0))
        at_stake = tied_up_value(excess, x["unit_cost"]) > x["value_limit"] * (1.0 - x["hold_share"])
        # Worth the work where enough is at stake, for alerts that are open as well.
        worth = hold_or_leave(snapshot, x, at_stake)
        return {
            **excess_money_basis(snapshot, holding_days(excess, daily_rate(demand, days), days)),
            "demand_in_weeks": demand,
            "inbound_in_weeks": inbound,
            "surcharge_in": days_to_be_through(charged.age, charged.charged_from, charged.assessed_in),
            **worth,
            "proposal": np.where(worth["exit_value"] > worth["hold_value"], 0.0, np.nan),
            "overstock_limit": np.where(
                np.isnan(of_capacity),
                overstock_limit(safety_stock, times, floor),
                overstock_limit(safety_stock, times, floor, of_capacity),
            ),
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The excess in units, what keeping it costs, and what letting the stock go today saves of that where the values are known."""
        days: N = x["weeks"] * DAYS_A_WEEK
        excess = excess_stock(position_within(x["available"], x["inbound_in_weeks"]), x["demand_in_weeks"])
        loss = loss_of_excess(x, excess, daily_rate(x["demand_in_weeks"], days), days)
        return Measures(value=excess, money=loss, saving=letting_go_saves(x, loss))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Levels as in the class. Stock without any demand lasts for ever."""
        near = 1.0 - slack * x["hold_share"]
        position = position_within(x["available"], x["inbound_in_weeks"])
        rate = x["demand_in_weeks"] / np.maximum(x["weeks"] * DAYS_A_WEEK, 1.0)
        long = (found.value > x["floor_units"] * near) & (lasts_longer_than(position, rate, x["long_supply_days"] * near) == 1)
        level_1 = (found.value > x["overstock_limit"] * near) | long
        very_long = lasts_longer_than(position, rate, x["very_long_supply_days"] * near) == 1
        charged_soon = x["surcharge_in"] <= x["surcharge_days"] + slack * x["hold_days"]
        leaves_better = (x["exit_value"] > x["hold_value"]) & (tied_up_value(found.value, x["unit_cost"]) > x["value_limit"] * near)
        return highest(level_1, level_1 & (very_long | charged_soon), level_1 & leaves_better)

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing in stock and nothing landing cannot be too much."""
        nothing: BoolArray = (np.nan_to_num(x["available"]) <= 0) & (x["inbound_in_weeks"] == 0)
        return nothing

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The cost of keeping is unknown where a part of it is."""
        return unknown_excess_money(x, found.money)
