"""Late inbound: what is overdue and needed, and what will only arrive when stock has been gone for days (U7, F1)."""

from collections.abc import Mapping
from typing import ClassVar, Final

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.alerts.rules.shortage_money import (
    OUTAGE_CAUSES,
    OUTAGE_MONEY,
    OUTAGE_MONEY_BASIS,
    CapitalParameters,
    outage_money_basis,
    outage_stakes,
    unknown_money,
)
from stockhub.formulas.elementwise import FloatArray, N, round_down
from stockhub.formulas.sourcing.emergency import units_to_bridge
from stockhub.formulas.stock.late_inbound import days_without_stock, units_late
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

LATE_INBOUND: Final = "late-inbound"


class LateInboundParameters(CapitalParameters):
    """What an operator may change."""

    late_days: float = parameter(3.0, "day", "Days overdue of level 1", "一级预警逾期天数")
    least_units: float = parameter(1.0, "unit", "Units missing of level 2", "二级预警缺货数量")
    outage_min_rate: float = parameter(0.1, "unit/day", "Demand from which being out is level 3", "断货升为三级的最低日销")
    hurry_days: float = parameter(3.0, "day", "Days in which a hurried delivery is there", "加急后最快到货天数")
    hold_days: float = parameter(1.0, "day", "Days that an open alert waits for", "预警解除需恢复的天数")


class LateInboundRule(FormulaRule):
    """Level 1: overdue by days, and without it stock does not last the lead time. 2: it comes when stock has sold out. 3: out by now."""

    slug: ClassVar[str] = LATE_INBOUND
    label: ClassVar[Label] = Label("Inbound comes too late", "到货过晚")
    description: ClassVar[Label] = Label(
        "A purchase order, shipment or transfer is overdue and needed, or will arrive only after stock has sold out, too soon for a new "
        "order to help. Says how many days it comes late and how many units are missing until then: chase it, or speed it up.",
        "采购单、货件或调拨逾期且急需，或将在售罄之后才到（新下单已来不及）。给出迟到天数与到货前缺少的件数：请催货或加急。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    foretells_stockout: ClassVar[bool] = True
    parameters_model: ClassVar[type[RuleParameters]] = LateInboundParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "lead_time", "safety_stock", "sells_out_first", "overdue_inbound", "overdue_days", "is_replenished", *OUTAGE_MONEY,
        *OUTAGE_CAUSES,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **OUTAGE_MONEY_BASIS,
        "days_before_arrival": Column("day", "ledger", Label("Whole days before the arrival that ends it", "到货前整天数")),
        "there_before_arrival": Column("unit", "ledger", Label("Available, and what lands before it", "到货前可售量")),
        "demand_before_arrival": Column("unit", "forecast", Label("Forecast until then", "到货前预测需求")),
        "there_before_hurried": Column("unit", "ledger", Label("Available, and what lands before a hurried delivery", "加急到货前可售量")),
        "demand_before_hurried": Column("unit", "forecast", Label("Forecast until a hurried delivery", "加急到货前预测需求")),
        "punctual_inbound": Column("unit", "ledger", Label("Other inbound within the lead time", "交期内其他到货")),
        "demand_in_lead_time": Column("unit", "forecast", Label("Forecast of the lead time", "交期内预测需求")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "demand_in_lead_time": "NO_FORECAST",
        "safety_stock": "NO_SAFETY_STOCK",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """The first arrival after stock has sold out, and what happens until it comes; without one, nothing is missing before it."""
        whole, landed = _first_after(snapshot, x["sells_out_first"])
        # The builder expects what is overdue within these days: it is not what one can count on.
        inbound = snapshot.inbound_within(x["lead_time"])
        expected = np.where(x["lead_time"] >= _OVERDUE_DAYS, np.nan_to_num(x["overdue_inbound"]), 0.0)
        hurried = np.minimum(np.nan_to_num(whole), x["hurry_days"])
        return {
            **outage_money_basis(snapshot, x),
            "days_before_arrival": whole,
            "there_before_arrival": x["available"] + landed,
            "demand_before_arrival": np.where(whole > 0, snapshot.demand_within(np.nan_to_num(whole)), 0.0),
            "there_before_hurried": x["available"] + snapshot.inbound_within(hurried),
            "demand_before_hurried": snapshot.demand_within(hurried),
            "punctual_inbound": np.maximum(inbound - expected, 0.0),
            "demand_in_lead_time": snapshot.demand_within(x["lead_time"]),
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units missing until the arrival (or overdue, where none are), what they cost, what hurrying saves, and the days until stock is
        gone.
        """
        missing = units_to_bridge(x["demand_before_arrival"], x["there_before_arrival"])
        stakes = outage_stakes(x, missing, units_to_bridge(x["demand_before_hurried"], x["there_before_hurried"]))
        return Measures(
            value=units_late(missing, x["overdue_inbound"]),
            money=stakes.loss,
            saving=stakes.saving,
            due_in_days=round_down(x["sells_out_first"]),
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """Levels as in the class. Where stock outlasts the lead time, an order helps and nothing is late yet."""
        days = slack * x["hold_days"]
        stock = x["available"] + x["punctual_inbound"]
        is_needed = stock < x["demand_in_lead_time"] + x["safety_stock"]
        overdue = (x["overdue_inbound"] > 0) & (x["overdue_days"] >= x["late_days"] - days) & is_needed
        missing = units_to_bridge(x["demand_before_arrival"], x["there_before_arrival"])
        gap = days_without_stock(x["days_before_arrival"], x["sells_out_first"])
        too_late = (x["sells_out_first"] <= x["lead_time"] + days) & (missing >= x["least_units"]) & (gap > 0)
        is_asked_for = x["demand_in_lead_time"] >= x["outage_min_rate"] * np.maximum(x["lead_time"], 1.0)
        return highest(overdue | too_late, too_late, (overdue | too_late) & (x["available"] <= 0) & is_asked_for)

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing is on its way that could be late, or the SKU is never bought again."""
        nothing = np.isnan(x["days_before_arrival"]) & ~(x["overdue_inbound"] > 0)
        silent: BoolArray = nothing | (x["is_replenished"] == 0)
        return silent

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The loss is unknown where a part of it is."""
        return unknown_money(x, found.money)


#: `snapshot.defaults.OVERDUE_ARRIVAL_DAYS`, which a rule cannot import: it needs no Django.
_OVERDUE_DAYS: Final = 7.0


def _first_after(snapshot: Snapshot, sells_out: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Whole days (n,) before the first arrival after a row has sold out, NaN where none comes; and units (n,) that land before it."""
    n = len(snapshot)
    whole, landed = np.full(n, np.nan), np.zeros(n)
    row, before = snapshot.inbound_row, np.maximum(np.ceil(snapshot.inbound_day) - 1.0, 0.0)
    after = np.flatnonzero(np.isfinite(before) & (before >= sells_out[row]) & (before > 0))
    np.fmin.at(whole, row[after], before[after])
    counted = before < whole[row]
    np.add.at(landed, row[counted], snapshot.inbound_qty[counted])
    return whole, landed
