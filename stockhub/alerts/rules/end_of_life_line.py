"""End-of-life line: the warning line of what declines or ends, with decay (H62, E4, E16; science.md 3.15)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.endings import STAGE, is_cleared, is_ending
from stockhub.alerts.rules.formula_rule import (
    BoolArray,
    FormulaRule,
    LevelArray,
    Measures,
    Numbers,
    highest,
    not_in_business,
    otherwise,
    parameter,
)
from stockhub.alerts.rules.shortage_money import (
    MONEY_CAUSES,
    SHORTAGE_MONEY,
    SHORTAGE_MONEY_BASIS,
    CapitalParameters,
    shortage_money_basis,
    stakes_of,
    unknown_money,
)
from stockhub.alerts.rules.shortfall import fastest_lead_time
from stockhub.formulas.demand.decay import daily_decay
from stockhub.formulas.elementwise import FloatArray, N, positive_part, round_up
from stockhub.formulas.lifecycle.end_of_life import (
    capped_last_replenishment,
    decayed_days,
    decayed_safety_stock,
    fading_line,
    safety_decay,
)
from stockhub.formulas.stock.cover import daily_rate, latest_order_day
from stockhub.formulas.stock.position import inventory_position, position_within, units_below_line
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class EndOfLifeLineParameters(CapitalParameters):
    """What an operator may change."""

    life_days: float = parameter(180.0, "day", "Days that the life still has, at most", "剩余生命周期天数上限")
    notice_days: float = parameter(3.0, "day", "Days before the latest order day", "最晚下单日前提醒天数")
    outage_min_rate: float = parameter(0.1, "unit/day", "Demand from which being out is an alarm", "断货预警的最低日销")
    possible_chance: float = parameter(0.2, "1", "Chance of a stock-out of level 1", "一级预警断货概率", at_most=1.0)
    likely_chance: float = parameter(0.5, "1", "Chance of a stock-out of level 2", "二级预警断货概率", at_most=1.0)
    certain_chance: float = parameter(0.8, "1", "Chance of a stock-out of level 3", "三级预警断货概率", at_most=1.0)
    hold_chance: float = parameter(0.05, "1", "Chance below a line that an open alert waits for", "预警解除需降低的断货概率", at_most=1.0)
    hold_share: float = parameter(0.05, "1", "Share of the line that an open alert waits for", "预警解除需恢复的比例", at_most=1.0)
    hold_days: float = parameter(2.0, "day", "Days that an open alert waits for", "预警解除需恢复的天数")


class EndOfLifeLineRule(FormulaRule):
    """Level 1: the position is below the line, or the latest order day is near. 2: that day has passed. 3: out before the fastest delivery.

    Or what the chance of a stock-out before then says. In the stages decline and end of life it takes the place of “Shortage” and “Order
    due”, whose safety stock knows no end; a SKU in liquidation, or never bought again, has no line.
    """

    slug: ClassVar[str] = "end-of-life-line"
    label: ClassVar[Label] = Label("Below the end-of-life line", "低于生命末期预警线")
    description: ClassVar[Label] = Label(
        "A SKU that declines has less than its line: the part of its safety stock that fading demand still needs, and demand, fading day "
        "by day, until the order after the next review is there. Stands for “Shortage” and “Order due” in the stages decline and end of "
        "life. The suggested order never exceeds what is left to be sold in this life, however well it still sells.",
        "处于衰退期或生命末期的SKU库存低于预警线：随需求衰减后仍需的安全库存，加上到下次盘点补货到货前逐日衰减的需求。"
        "在这两个阶段取代“缺货风险”和“应下单”。建议数量不超过剩余生命周期内的需求。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    foretells_stockout: ClassVar[bool] = True
    parameters_model: ClassVar[type[RuleParameters]] = EndOfLifeLineParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "reserved", "on_order", "in_transit", "receiving", STAGE, "is_replenished", "lead_time", "lead_time_sd",
        "review_period", "safety_stock", "daily_sd", "p_stockout", *SHORTAGE_MONEY, *MONEY_CAUSES,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **SHORTAGE_MONEY_BASIS,
        "weekly_factor": Column("1", "sales", Label("Decay a week (1: none is sure)", "周衰减系数（1 表示无明显衰减）")),
        "safety_part": Column("1", "formula", Label("Part of the safety stock that is still needed", "仍需的安全库存比例")),
        "demand_days": Column("day", "formula", Label("Days of today's demand, fading, until then", "衰减需求折合当前日销天数")),
        "life_demand_days": Column("day", "formula", Label("Days of today's demand that the life still has", "剩余生命周期折合天数")),
        "fastest_demand_days": Column("day", "formula", Label("Days of demand until the fastest delivery", "最快到货前需求折合天数")),
        "inbound_in_days": Column("unit", "ledger", Label("Inbound until the next review's order", "下次盘点补货到货前的到货")),
        "missing_before_arrival": Column("unit", "formula", Label("Missing before an order of today arrives", "今日下单到货前缺少数量")),
        "missing_before_next": Column("unit", "formula", Label("Missing until the next review's order", "下次盘点补货到货前缺少数量")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "on_order": "NO_STOCK_DATA",
        "in_transit": "NO_STOCK_DATA",
        "receiving": "NO_STOCK_DATA",
        "daily_mean": "NO_FORECAST",
        "lead_time": "NO_LEAD_TIME",
        "review_period": "NO_REVIEW_PERIOD",
        "safety_stock": "NO_SAFETY_STOCK",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """How fast demand fades, and what that leaves of the safety stock. Where deviations are unknown, all of it."""
        weekly = np.where(np.isnan(snapshot["weekly_decay"]), 1.0, np.minimum(snapshot["weekly_decay"], 1.0))
        decay = daily_decay(weekly)
        part = safety_decay(
            decay,
            lead_time=x["lead_time"],
            review_period=x["review_period"],
            daily_mean=x["daily_mean"],
            daily_sd=x["daily_sd"],
            lead_time_sd=otherwise(x["lead_time_sd"], 0.0),
        )
        days, faded = x["lead_time"] + x["review_period"], decayed_days(decay, x["lead_time"])
        demand_days, inbound = decayed_days(decay, days), snapshot.inbound_within(days)
        landing = snapshot.inbound_within(x["lead_time"])
        return {
            **shortage_money_basis(snapshot, x),
            "weekly_factor": weekly,
            "safety_part": otherwise(part, 1.0),
            "demand_days": demand_days,
            "life_demand_days": decayed_days(decay, x["life_days"]),
            "fastest_demand_days": decayed_days(decay, fastest_lead_time(snapshot)),
            "inbound_in_days": inbound,
            "missing_before_arrival": x["daily_mean"] * faded - position_within(x["available"], landing),
            "missing_before_next": x["daily_mean"] * demand_days - position_within(x["available"], inbound),
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units below the line, what it costs and an order of today still saves of it, the latest order day, and an order that the life
        still sells.
        """
        days = x["lead_time"] + x["review_period"]
        line = fading_line(x["safety_stock"], x["safety_part"], daily_mean=x["daily_mean"], demand_days=x["demand_days"])
        position = position_within(x["available"], x["inbound_in_days"])
        short = units_below_line(position, line)
        safety = decayed_safety_stock(x["safety_stock"], x["safety_part"])
        everything = inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"])
        remaining = x["daily_mean"] * x["life_demand_days"]
        stakes = stakes_of(x, x["missing_before_next"], x["missing_before_arrival"])
        return Measures(
            value=short,
            money=stakes.loss,
            saving=stakes.saving,
            due_in_days=latest_order_day(position, daily_rate(line - safety, days), safety, x["lead_time"]),
            suggested_qty=capped_last_replenishment(round_up(positive_part(short)), everything, remaining),
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Levels as in the class; an open alert waits until stock is a share of the line, or days, on the safe side of it."""
        days = x["lead_time"] + x["review_period"]
        before_fastest = x["daily_mean"] * x["fastest_demand_days"]
        position = position_within(x["available"], x["inbound_in_days"])
        margin = slack * x["hold_share"] * (position + found.value)
        is_asked_for = x["daily_mean"] * x["demand_days"] >= x["outage_min_rate"] * days
        chance = np.where(is_asked_for, x["p_stockout"], 0.0) + slack * x["hold_chance"]
        late = slack * x["hold_days"]
        out = is_asked_for & ((x["available"] <= margin) | (before_fastest - position >= 1.0 - margin))
        return highest(
            (found.value > -margin) | (found.due_in_days <= x["notice_days"] + late) | (chance >= x["possible_chance"]),
            (found.due_in_days < late) | (chance >= x["likely_chance"]),
            out | (chance >= x["certain_chance"]),
        )

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """In another stage, never bought again, or not in business."""
        never: BoolArray = (x["is_replenished"] == 0) | ~is_ending(x[STAGE]) | is_cleared(x[STAGE])
        return never | not_in_business(x, x["daily_mean"])

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The loss is unknown where a part of it is: a price, a cost, a fee."""
        return unknown_money(x, found.money)
