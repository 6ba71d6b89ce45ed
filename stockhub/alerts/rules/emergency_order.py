"""Emergency order: stock is far below its safety stock and a supplier is near who delivers within a day (D8; science.md 5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Generic

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, otherwise, parameter
from stockhub.alerts.rules.shortage_money import (
    OUTAGE_CAUSES,
    OUTAGE_MONEY,
    OUTAGE_MONEY_BASIS,
    CapitalParameters,
    Stakes,
    outage_loss,
    outage_money_basis,
    outage_stakes,
    unknown_money,
)
from stockhub.formulas.elementwise import FloatArray, N, maximum, ratio, where
from stockhub.formulas.sourcing.emergency import (
    EMERGENCY_HOURS,
    TRIGGER_PROBABILITY,
    TRIGGER_SHARE,
    emergency_pays,
    emergency_premium,
    emergency_prevents_stockout,
    emergency_quantity,
    emergency_saving,
    emergency_shortens_stockout,
    emergency_triggered,
    expected_missing,
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
    fixed_cost: float = parameter(0.0, "base currency", "Fixed cost of an emergency order", "应急补货固定成本")
    most_units: float = parameter(
        0.0, "unit", "Units that a local supplier gives at once (0: no limit)", "本地供应商单次可供数量（0 表示不限）"
    )
    hold_share: float = parameter(0.1, "1", "Share by which an open alert waits", "预警解除需恢复的比例", at_most=1.0)


class EmergencyOrderRule(FormulaRule):
    """Level 2: below the share of safety stock, or likely to run out, a delivery within the day helps, and pays. 3: nothing is left.

    It pays where its premium over the regular offer is less than what it saves. Where either is unknown, nobody can say that it does not.
    """

    slug: ClassVar[str] = "emergency-order"
    label: ClassVar[Label] = Label("Emergency order", "应急补货")
    description: ClassVar[Label] = Label(
        "Stock (with what lands in time) is below half of its safety stock, or will likely run out before an order helps, and a local "
        "supplier can deliver within 24 hours for less than what would be lost. The quantity bridges until the next arrival, and fills up "
        "the safety stock where that is worth the premium. Due 24 hours after it was first seen.",
        "可售库存（含及时到货）低于安全库存的一半，或很可能在补货到达前断货，有本地供应商可在24小时内送达，且加价低于可避免的损失。"
        "建议数量可撑到下次到货；若加价划算，则补足安全库存。自首次发现起24小时内完成。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    foretells_stockout: ClassVar[bool] = True
    resolve_within_hours: ClassVar[float | None] = float(EMERGENCY_HOURS)
    due_counts_from_detection: ClassVar[bool] = True
    parameters_model: ClassVar[type[RuleParameters]] = EmergencyOrderParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "safety_stock", "p_stockout", "has_local_supplier", "is_replenished", "local_unit_cost", *OUTAGE_MONEY, *OUTAGE_CAUSES,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **OUTAGE_MONEY_BASIS,
        "regular_unit_cost": Column(
            "base currency/unit", "offer", Label("Regular price (the cost, without an offer)", "常规采购价（无报价时为成本）")
        ),
        "chance": Column("probability", "forecast", Label("Chance of a stock-out (0: unknown)", "断货概率（0 表示未知）")),
        "fills_safety_stock": Column(
            "flag", "formula", Label("The safety stock is worth the premium, or nobody knows", "补足安全库存划算（或无法判断）")
        ),
        "supplier_limit": Column(
            "unit", "formula", Label("Units at once, at most (what is needed, where not limited)", "单次可供上限（不限时为所需数量）")
        ),
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
        demand = np.where(np.isinf(until), 0.0, snapshot.demand_within(np.where(np.isinf(until), 0.0, until)))
        offered = snapshot["offer_unit_cost"]
        terms = {
            **outage_money_basis(snapshot, x),
            "regular_unit_cost": np.where(np.isnan(offered), x["unit_cost"], offered),
            "chance": otherwise(x["p_stockout"], 0.0),
        }
        wanted = units_to_bridge(np.fmax(demand, x["safety_stock"]), x["available"] + landing)
        return {
            **terms,
            "fills_safety_stock": _fills_safety_stock({**x, **terms}),
            "supplier_limit": np.where(x["most_units"] > 0, x["most_units"], wanted),
            "demand_until_delivery": snapshot.demand_within(days),
            "landing_in_time": landing,
            "days_to_inbound": np.where(np.isinf(next_inbound), np.nan, next_inbound),
            "days_to_stockout": lasts,
            "demand_until_inbound": demand,
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units below the safety stock, what is lost until the next arrival, what a delivery saves of it beyond its premium, and what to
        order within how long.
        """
        order = _order_of(x)
        return Measures(
            value=maximum(units_below_line(x["available"] + x["landing_in_time"], x["safety_stock"]), 0.0),
            money=order.stakes.loss,
            saving=emergency_saving(order.stakes.saving, order.premium),
            due_in_days=ratio(x["emergency_hours"], HOURS_A_DAY),
            suggested_qty=order.quantity,
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Strictly below the share. An open alert waits until stock is a tenth above it, or the premium is as much above what it saves."""
        more, days = 1.0 + slack * x["hold_share"], x["emergency_hours"] / HOURS_A_DAY
        stock = x["available"] + x["landing_in_time"]
        chance = x["chance"] + slack * x["hold_share"]
        triggered = emergency_triggered(stock, x["safety_stock"] * more, chance, x["trigger_share"], x["trigger_chance"]) == 1
        waits = np.where(np.isnan(x["days_to_inbound"]), np.inf, x["days_to_inbound"])
        helps = (emergency_prevents_stockout(days, x["days_to_stockout"]) == 1) | (emergency_shortens_stockout(days, waits) == 1)
        order: _Order[FloatArray] = _order_of(x)
        pays = emergency_pays(order.quantity, order.premium, order.stakes.saving * more, 0.0)
        # What costs no more than the regular order needs nothing to pay for it.
        loses = (order.premium > 0) & (pays == 0)
        needed = (found.suggested_qty > 0) | (slack > 0)
        due = triggered & helps & needed & ~loses & (x["daily_mean"] >= x["least_rate"])
        return highest(due, due, due & (stock <= 0))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """No supplier is near, or the SKU is never bought again."""
        never: BoolArray = ~(x["has_local_supplier"] == 1) | (x["is_replenished"] == 0)
        return never

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The loss is unknown where a part of it is; what is saved of it, without the local supplier's price."""
        lacks_price = np.isnan(x["local_unit_cost"]) & ~np.isnan(found.money)
        return unknown_money(x, found.money) | {"NO_LOCAL_PRICE": lacks_price}


@dataclass(frozen=True, slots=True)
class _Order(Generic[N]):
    """What is ordered, what it costs above the regular route, and what is lost without it and saved by it."""

    quantity: N
    premium: N
    stakes: Stakes[N]


def _order_of(x: Mapping[str, N]) -> _Order[N]:
    """The order that bridges until the next arrival. What the supplier cannot give stays missing."""
    stock = x["available"] + x["landing_in_time"]
    target = where(x["fills_safety_stock"], maximum(x["demand_until_inbound"], x["safety_stock"]), x["demand_until_inbound"])
    quantity = emergency_quantity(target, stock, x["supplier_limit"])
    premium = emergency_premium(quantity, x["local_unit_cost"], x["regular_unit_cost"], x["fixed_cost"])
    missing = expected_missing(units_to_bridge(x["demand_until_inbound"], stock), x["chance"], units_below_line(stock, x["safety_stock"]))
    lost_anyway = maximum(units_to_bridge(x["demand_until_delivery"], stock), missing - quantity)
    return _Order(quantity, premium, outage_stakes(x, missing, lost_anyway))


def _fills_safety_stock(x: Mapping[str, FloatArray]) -> FloatArray:
    """1 where a unit of safety stock saves as much as it costs above the regular route, as likely as it is needed; 1 where nobody knows."""
    one = np.ones(len(x["chance"]))
    unit_loss = outage_loss({**x, "daily_mean": np.zeros_like(one)}, one)
    costs = x["local_unit_cost"] - x["regular_unit_cost"]
    return (~((costs > 0) & (x["chance"] * unit_loss < costs))).astype(np.float64)


def _next_after(snapshot: Snapshot, days: FloatArray) -> FloatArray:
    """Days (n,) to the first arrival that comes later than `days` (n,) from now; infinite where none does."""
    soonest = np.full(len(snapshot), np.inf)
    later = snapshot.inbound_day > days[snapshot.inbound_row]
    np.minimum.at(soonest, snapshot.inbound_row[later], snapshot.inbound_day[later])
    return soonest
