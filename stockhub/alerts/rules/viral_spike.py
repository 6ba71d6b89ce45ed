"""Viral spike: days in a row that sell far above a SKU's ordinary ones, and how soon stock is gone at that pace (science.md 1.4)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import (
    ORDER_CONSTRAINTS,
    BoolArray,
    FormulaRule,
    LevelArray,
    Measures,
    Numbers,
    highest,
    order_constraints,
    parameter,
)
from stockhub.alerts.rules.shortage_money import (
    OUTAGE_CAUSES,
    OUTAGE_MONEY,
    OUTAGE_MONEY_BASIS,
    CapitalParameters,
    outage_money_basis,
    outage_stakes,
    unknown_money,
)
from stockhub.formulas.demand.outliers import SPIKE_DAYS, is_spike
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.policies.ordering import order_quantity, order_up_to_level
from stockhub.formulas.stock.cover import days_of_cover
from stockhub.formulas.stock.position import inventory_position, position_within, units_below_line
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class ViralSpikeParameters(CapitalParameters):
    """What an operator may change."""

    spike_days: float = parameter(float(SPIKE_DAYS), "day", "Days in a row of level 1", "一级预警连续天数")
    least_rate: float = parameter(5.0, "unit/day", "Units a day below which it is none", "低于该日销不预警")
    times_before: float = parameter(2.0, "1", "Times the pace before it", "达到此前日销的倍数")
    lasting_days: float = parameter(7.0, "day", "Days that its pace is taken to go on", "假设热度持续天数")
    urgent_days: float = parameter(3.0, "day", "Days of stock at its pace, of level 3", "三级预警可售天数")
    hold_share: float = parameter(0.25, "1", "Share by which an open alert waits", "解除预警的回落比例", at_most=1.0)


class ViralSpikeRule(FormulaRule):
    """Level 1: a spike. 2: at its pace stock is gone before an order of today arrives. 3: it is gone within three days, or by now.

    “Selling out within the hour” sees a burst of minutes, and the forecast follows a new level; this one says in between that demand is
    another one. It does not foretell a stock-out: its lowest level only says that demand has changed.
    """

    slug: ClassVar[str] = "viral-spike"
    label: ClassVar[Label] = Label("Viral spike", "持续爆单")
    description: ClassVar[Label] = Label(
        "The SKU has sold far above its ordinary days for two days in a row or more, with no event that explains it. Says for how long "
        "stock lasts at that pace, and what is lost if it goes on for a week: order more, or slow the sale down.",
        "该SKU已连续两天或以上远超平日销量，且无活动可解释。给出按此速度的可售天数，以及热度再持续一周的损失：请追加采购或限流。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    parameters_model: ClassVar[type[RuleParameters]] = ViralSpikeParameters
    unit: ClassVar[str] = "day"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "on_order", "in_transit", "receiving", "is_replenished", "lead_time", "review_period", "safety_stock",
        "spike_rate", "spike_before", *OUTAGE_MONEY, *OUTAGE_CAUSES,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **ORDER_CONSTRAINTS,
        **OUTAGE_MONEY_BASIS,
        "days_in_a_row": Column("day", "forecast", Label("Days in a row so far", "已连续天数")),
        "spike_until_arrival": Column("unit", "formula", Label("Asked for until an order of today arrives", "今日下单到货前需求量")),
        "spike_until_next": Column("unit", "formula", Label("Asked for until the next review's order", "下次盘点补货到货前需求量")),
        "landing_until_arrival": Column("unit", "ledger", Label("Inbound within the lead time", "交期内到货")),
        "landing_until_next": Column("unit", "ledger", Label("Inbound until the next review's order", "下次盘点补货到货前的到货")),
    }
    requires: ClassVar[Mapping[str, str]] = {"available": "NO_STOCK_DATA", "lead_time": "NO_LEAD_TIME"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Demand at the pace of the spike for as long as it is taken to go on, then as forecast; and what there is to meet it."""
        first, then = x["lead_time"], x["lead_time"] + x["review_period"]
        return {
            **order_constraints(snapshot),
            **outage_money_basis(snapshot, x),
            "days_in_a_row": snapshot["spike_days"],
            "spike_until_arrival": _asked_for(snapshot, x, first),
            "spike_until_next": _asked_for(snapshot, x, then),
            "landing_until_arrival": snapshot.inbound_within(first),
            "landing_until_next": snapshot.inbound_within(then),
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Days that stock lasts at its pace, what it costs and an order of today saves, the latest order day, and the order for it."""
        lasts = days_of_cover(x["available"], x["spike_rate"])
        stakes = outage_stakes(
            x, units_below_line(position_within(x["available"], x["landing_until_next"]), x["spike_until_next"]),
            units_below_line(position_within(x["available"], x["landing_until_arrival"]), x["spike_until_arrival"]),
        )  # fmt: skip
        position = inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"])
        target = order_up_to_level(x["spike_until_next"], x["safety_stock"])
        return Measures(
            value=lasts,
            money=stakes.loss,
            saving=stakes.saving,
            due_in_days=lasts - x["lead_time"],
            suggested_qty=order_quantity(target, position, x["order_minimum"], x["order_multiple"]),
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Levels as in the class; an open alert waits until the spike has fallen by a quarter, or stock lasts a quarter longer."""
        less, more = 1.0 - slack * x["hold_share"], 1.0 + slack * x["hold_share"]
        high = (x["spike_rate"] >= x["least_rate"] * less) & (x["spike_rate"] >= x["times_before"] * x["spike_before"] * less)
        spike = (is_spike(x["days_in_a_row"], x["spike_days"]) == 1) & high
        out = x["spike_until_arrival"] * more > position_within(x["available"], x["landing_until_arrival"])
        return highest(spike, spike & out, spike & (found.value <= x["urgent_days"] * more))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """No spike goes on, or the SKU is never bought again."""
        never: BoolArray = ~(x["days_in_a_row"] > 0) | (x["is_replenished"] == 0)
        return never

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The loss is unknown where a part of it is."""
        return unknown_money(x, found.money)


def _asked_for(snapshot: Snapshot, x: Mapping[str, FloatArray], days: FloatArray) -> FloatArray:
    """Units (n,) asked for within days (n,): at the pace of the spike while it is taken to go on, then as forecast."""
    at_its_pace = np.minimum(days, x["lasting_days"])
    asked: FloatArray = x["spike_rate"] * at_its_pace + snapshot.demand_within(days) - snapshot.demand_within(at_its_pace)
    return asked
