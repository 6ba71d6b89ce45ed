"""Shortage: the stock will not last until an order can help (H26, E1, E2, H25; science.md 3.7, 10.1)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.endings import STAGE, is_ending
from stockhub.alerts.rules.formula_rule import (
    ORDER_CONSTRAINTS,
    BoolArray,
    FormulaRule,
    LevelArray,
    Measures,
    Numbers,
    highest,
    not_in_business,
    order_constraints,
    parameter,
)
from stockhub.alerts.rules.safety import SAFETY_STOCK, SAFETY_STOCK_BASIS, explained_safety_stock, safety_stock_basis
from stockhub.alerts.rules.shortage_money import (
    MONEY_CAUSES,
    SHORTAGE_MONEY,
    SHORTAGE_MONEY_BASIS,
    CapitalParameters,
    shortage_money_basis,
    stakes_of,
    unknown_money,
)
from stockhub.alerts.rules.shortfall import fastest_lead_time, largest_gap_within
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.policies.ordering import order_quantity, order_up_to_level
from stockhub.formulas.stock.cover import daily_rate, latest_order_day
from stockhub.formulas.stock.position import on_hand, position_within
from stockhub.formulas.stock.shortage import FOUR_WEEKS_DAYS, literal_shortage_index, shortage_horizon, shortage_index
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class ShortageParameters(CapitalParameters):
    """What an operator may change."""

    horizon_days: float = parameter(FOUR_WEEKS_DAYS, "day", "Days ahead, at least", "最短预测天数")
    notice_days: float = parameter(3.0, "day", "Days before the latest order day", "最晚下单日前提醒天数")
    outage_min_rate: float = parameter(0.1, "unit/day", "Demand from which being out is level 3", "断货升为三级的最低日销")
    hold_share: float = parameter(0.05, "1", "Share of the need that an open alert waits for", "预警解除需恢复的比例", at_most=1.0)
    hold_days: float = parameter(2.0, "day", "Days that an open alert waits for", "预警解除需恢复的天数")


class ShortageRule(FormulaRule):
    """Level 1: S > 0, or the latest order day is near. 2: it has passed. 3: out before the fastest supplier can deliver, or out now.

    All of it by what is expected; how likely it is that stock runs out all the same, “Stock-out risk” says.
    """

    slug: ClassVar[str] = "shortage"
    label: ClassVar[Label] = Label("Shortage", "缺货风险")
    description: ClassVar[Label] = Label(
        "Sales are at risk: forecast plus safety stock exceed what can be sold within four weeks, or within lead time plus review period "
        "where that is longer. Speaks of units short and of what they cost (lost margin, compensation, penalties, fees), whatever the "
        "remedy. The suggested quantity is the least that closes the gap; “Order due” plans the regular order.",
        "销售有风险：未来四周（或更长的交期加盘点周期）内，预测需求加安全库存超过可售量。说明缺多少、损失多少（毛利、赔付、"
        "处罚与费用），不限补救方式。建议数量为补足缺口的最低量；常规下单由“应下单”提醒。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    foretells_stockout: ClassVar[bool] = True
    parameters_model: ClassVar[type[RuleParameters]] = ShortageParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "reserved", "on_order", "in_transit", "receiving", "sold_90", "is_replenished", STAGE,
        "lead_time", "review_period", *SAFETY_STOCK, "p_stockout", *SHORTAGE_MONEY, *MONEY_CAUSES,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **ORDER_CONSTRAINTS,
        **SAFETY_STOCK_BASIS,
        **SHORTAGE_MONEY_BASIS,
        "demand_in_horizon": Column("unit", "forecast", Label("Forecast within the horizon", "预测期内需求")),
        "inbound_in_horizon": Column("unit", "ledger", Label("Inbound landing within the horizon", "预测期内到货")),
        "demand_4_weeks": Column("unit", "forecast", Label("Forecast of four weeks", "未来四周预测")),
        "literal_shortage": Column("unit", "formula", Label("Shortage by stock on hand and four weeks", "字面口径缺货量（四周、在库）")),
        "gap_before_arrival": Column("unit", "forecast", Label("Largest gap within the lead time", "交期内最大缺口")),
        "gap_before_fastest": Column("unit", "forecast", Label("Largest gap before the fastest delivery", "最快到货前最大缺口")),
        "gap_before_next": Column("unit", "forecast", Label("Largest gap until the next review's order", "下次盘点补货到货前最大缺口")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "demand_in_horizon": "NO_FORECAST",
        "lead_time": "NO_LEAD_TIME",
        "review_period": "NO_REVIEW_PERIOD",
        "safety_stock": "NO_SAFETY_STOCK",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Sums over the row's own horizon, and the document's literal reading beside them (E2)."""
        horizon = shortage_horizon(x["lead_time"], x["review_period"], x["horizon_days"])
        four_weeks = snapshot.demand_within(np.full(len(snapshot), FOUR_WEEKS_DAYS))
        return {
            **order_constraints(snapshot),
            **safety_stock_basis(snapshot),
            **shortage_money_basis(snapshot, x),
            "demand_in_horizon": snapshot.demand_within(horizon),
            "inbound_in_horizon": snapshot.inbound_within(horizon),
            "demand_4_weeks": four_weeks,
            "literal_shortage": literal_shortage_index(four_weeks, x["safety_stock"], on_hand(x["available"], x["reserved"])),
            "gap_before_arrival": largest_gap_within(snapshot, x["lead_time"]),
            "gap_before_fastest": largest_gap_within(snapshot, fastest_lead_time(snapshot)),
            "gap_before_next": largest_gap_within(snapshot, x["lead_time"] + x["review_period"]),
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units short, what that costs and an order of today still saves of it, the latest order day and the least order."""
        horizon = shortage_horizon(x["lead_time"], x["review_period"], x["horizon_days"])
        position = position_within(x["available"], x["inbound_in_horizon"])
        demand, safety_stock = x["demand_in_horizon"], explained_safety_stock(x)
        stakes = stakes_of(x, x["gap_before_next"], x["gap_before_arrival"])
        return Measures(
            value=shortage_index(demand, safety_stock, position),
            money=stakes.loss,
            saving=stakes.saving,
            due_in_days=latest_order_day(position, daily_rate(demand, horizon), safety_stock, x["lead_time"]),
            suggested_qty=order_quantity(
                order_up_to_level(demand, safety_stock), position, x["order_minimum"], x["order_multiple"]
            ),
        )  # fmt: skip

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Levels as in the class; an open alert waits until stock is a share of the need, or days, on the safe side of each line."""
        need = x["demand_in_horizon"] + x["safety_stock"]
        margin, days = slack * x["hold_share"] * need, slack * x["hold_days"]
        horizon = shortage_horizon(x["lead_time"], x["review_period"], x["horizon_days"])
        is_asked_for = x["demand_in_horizon"] >= x["outage_min_rate"] * horizon
        return highest(
            (found.value > -margin) | (found.due_in_days <= x["notice_days"] + days),
            found.due_in_days < days,
            (x["gap_before_fastest"] >= 1.0 - margin) | ((x["available"] <= margin) & is_asked_for),
        )

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Not in business (neither stock nor forecast nor a sale in a quarter), never bought again, or the end-of-life line's to say."""
        never: BoolArray = (x["is_replenished"] == 0) | is_ending(x[STAGE])
        return never | not_in_business(x, x["demand_in_horizon"])

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The loss is unknown where a part of it is: a price, a cost, a fee."""
        return unknown_money(x, found.money)
