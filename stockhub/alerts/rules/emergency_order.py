"""Emergency order: stock is far below its safety stock and a supplier is near who delivers within a day (D8; science.md 5.3)."""

from collections.abc import Mapping
from typing import ClassVar

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
from stockhub.formulas.elementwise import FloatArray, N, maximum, ratio, round_up
from stockhub.formulas.sourcing.emergency import (
    EMERGENCY_HOURS,
    TRIGGER_PROBABILITY,
    TRIGGER_SHARE,
    emergency_prevents_stockout,
    emergency_shortens_stockout,
    emergency_triggered,
    units_to_bridge,
)
from stockhub.formulas.stock.position import units_below_line
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

HOURS_A_DAY = 24.0


class EmergencyOrderParameters(CapitalParameters):
    """What an operator may change."""

    trigger_share: float = parameter(
        TRIGGER_SHARE, "1", "Share of safety stock below which it is due", "触发应急补货的安全库存占比", at_most=1.0
    )
    trigger_chance: float = parameter(
        TRIGGER_PROBABILITY, "1", "Chance of a stock-out above which it is due", "触发应急补货的断货概率", at_most=1.0
    )
    emergency_hours: float = parameter(float(EMERGENCY_HOURS), "hour", "Hours in which a local supplier delivers", "本地供应商送达小时数")
    least_rate: float = parameter(0.1, "unit/day", "Demand from which it is worth it", "值得应急补货的最低日销")
    hold_share: float = parameter(0.1, "1", "Share by which an open alert waits", "预警解除需恢复的比例", at_most=1.0)


class EmergencyOrderRule(FormulaRule):
    """Level 2: below the share of safety stock, or likely to run out, and a delivery within the day helps. 3: nothing is left."""

    slug: ClassVar[str] = "emergency-order"
    label: ClassVar[Label] = Label("Emergency order", "应急补货")
    description: ClassVar[Label] = Label(
        "Stock (with what lands in time) is below half of its safety stock, or will likely run out before an order helps, and a local "
        "supplier can deliver within 24 hours. The quantity brings stock back to the safety stock, or bridges until the next arrival.",
        "可售库存（含及时到货）低于安全库存的一半，或很可能在补货到达前断货，且有本地供应商可在24小时内送达。建议数量补足安全库存或撑到下次到货。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    foretells_stockout: ClassVar[bool] = True
    parameters_model: ClassVar[type[RuleParameters]] = EmergencyOrderParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "safety_stock", "p_stockout", "has_local_supplier", "is_replenished", *OUTAGE_MONEY, *OUTAGE_CAUSES,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **OUTAGE_MONEY_BASIS,
        "demand_until_delivery": Column("unit", "forecast", Label("Forecast until it delivers", "应急到货前预测需求")),
        "landing_in_time": Column("unit", "ledger", Label("Inbound landing sooner than that", "更早到货数量")),
        "days_to_inbound": Column("day", "ledger", Label("Days to the next inbound after it", "距其后到货天数")),
        "days_to_stockout": Column("day", "forecast", Label("Days until stock is gone", "距售罄天数")),
        "demand_until_inbound": Column("unit", "forecast", Label("Forecast until the next inbound", "下次到货前预测需求")),
    }
    requires: ClassVar[Mapping[str, str]] = {"available": "NO_STOCK_DATA", "safety_stock": "NO_SAFETY_STOCK", "daily_mean": "NO_FORECAST"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """What comes by itself, and when; without any inbound, the demand of the lead time is what an order bridges."""
        days = x["emergency_hours"] / HOURS_A_DAY
        landing = snapshot.inbound_within(days)
        next_inbound = _next_after(snapshot, days)
        rate = np.maximum(x["daily_mean"], 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            lasts = np.where(rate > 0, np.maximum(x["available"] + landing, 0.0) / rate, np.nan)
        until = np.minimum(next_inbound, np.where(np.isnan(snapshot["lead_time"]), np.inf, snapshot["lead_time"]))
        return {
            **outage_money_basis(snapshot, x),
            "demand_until_delivery": snapshot.demand_within(days),
            "landing_in_time": landing,
            "days_to_inbound": np.where(np.isinf(next_inbound), np.nan, next_inbound),
            "days_to_stockout": lasts,
            "demand_until_inbound": np.where(np.isinf(until), 0.0, snapshot.demand_within(np.where(np.isinf(until), 0.0, until))),
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units below the safety stock, what is lost until the next arrival and what a delivery saves of it, and what to order within how
        long.
        """
        stock = x["available"] + x["landing_in_time"]
        below = maximum(units_below_line(stock, x["safety_stock"]), 0.0)
        missing = units_to_bridge(x["demand_until_inbound"], stock)
        stakes = outage_stakes(x, missing, units_to_bridge(x["demand_until_delivery"], stock))
        return Measures(
            value=below,
            money=stakes.loss,
            saving=stakes.saving,
            due_in_days=ratio(x["emergency_hours"], HOURS_A_DAY),
            suggested_qty=maximum(missing, round_up(below)),
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """Strictly below the share. An open alert waits until stock is a tenth above it."""
        more, days = 1.0 + slack * x["hold_share"], x["emergency_hours"] / HOURS_A_DAY
        stock = x["available"] + x["landing_in_time"]
        chance = np.nan_to_num(x["p_stockout"]) + slack * x["hold_share"]
        triggered = emergency_triggered(stock, x["safety_stock"] * more, chance, x["trigger_share"], x["trigger_chance"]) == 1
        waits = np.where(np.isnan(x["days_to_inbound"]), np.inf, x["days_to_inbound"])
        helps = (emergency_prevents_stockout(days, x["days_to_stockout"]) == 1) | (emergency_shortens_stockout(days, waits) == 1)
        due = triggered & helps & (x["daily_mean"] >= x["least_rate"])
        return highest(due, due, due & (stock <= 0))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """No supplier is near, or the SKU is never bought again."""
        never: BoolArray = ~(x["has_local_supplier"] == 1) | (x["is_replenished"] == 0)
        return never

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The loss is unknown where a part of it is."""
        return unknown_money(x, found.money)


def _next_after(snapshot: Snapshot, days: FloatArray) -> FloatArray:
    """Days (n,) to the first arrival that comes later than `days` (n,) from now; infinite where none does."""
    soonest = np.full(len(snapshot), np.inf)
    later = snapshot.inbound_day > days[snapshot.inbound_row]
    np.minimum.at(soonest, snapshot.inbound_row[later], snapshot.inbound_day[later])
    return soonest
