"""Low-inventory fee: too little stock with the platform for what is sold, on both views of the past (E15, H16; science.md 3.10, 8)."""

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
from stockhub.alerts.rules.shortage_money import LOW_INVENTORY, SHIPPED, days_of_supply, fee_on_shipped, shipped
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.fees.low_inventory import LOW_COVER_DAYS
from stockhub.formulas.policies.ordering import order_quantity
from stockhub.formulas.stock.position import position_within
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class LowInventoryFeeParameters(RuleParameters):
    """What an operator may change. The fees, and the sales below which none is charged, are the marketplace's own."""

    new_days: float = parameter(180.0, "day", "Days since its first sale that a SKU is new and exempt", "新品免收天数（自首次动销）")
    is_exempt: float = parameter(
        0.0, "flag", "Exempt: new seller, or replenished from AWD (1: yes)", "豁免：新卖家或AWD自动补货（1 为是）", at_most=1.0
    )
    hold_days: float = parameter(2.0, "day", "Days of supply above a line that an open alert waits for", "预警解除需恢复的可售天数")


class LowInventoryFeeRule(FormulaRule):
    """Level 1, 2, 3: less than 28, 21, 14 days of supply by both views, which is each of the fee's tiers."""

    slug: ClassVar[str] = "low-inventory-fee"
    label: ClassVar[Label] = Label("Low-inventory fee", "低库存费")
    description: ClassVar[Label] = Label(
        "Stock in the platform's warehouse has been low for its sales over the last 30 and over the last 90 days, so that each unit "
        "shipped is charged a fee. Says the days of supply, the fee until an order helps, and the units that are missing to 28 days.",
        "平台仓库存相对销量偏低：近30天与近90天的历史可售天数均不足，每件发货都会被收取低库存费。给出可售天数、补货到货前的费用及补足28天所需数量。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    parameters_model: ClassVar[type[RuleParameters]] = LowInventoryFeeParameters
    unit: ClassVar[str] = "day"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "lead_time", "review_period", "history_days", "is_replenished", "low_fee_exempt", *LOW_INVENTORY,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **ORDER_CONSTRAINTS,
        **SHIPPED,
        "demand_of_28_days": Column("unit", "forecast", Label("Forecast of 28 days", "未来28天预测")),
        "inbound_in_28_days": Column("unit", "ledger", Label("Inbound landing within 28 days", "28天内到货")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "sold_30": "NO_SALES_DATA",
        "sold_90": "NO_SALES_DATA",
        "supply_is_told": "NO_STOCK_HISTORY",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """What is shipped meanwhile, and what is asked for and lands in the days that are to be covered."""
        days = np.full(len(snapshot), LOW_COVER_DAYS)
        return {
            **order_constraints(snapshot),
            **shipped(snapshot, x),
            "demand_of_28_days": snapshot.demand_within(days),
            "inbound_in_28_days": snapshot.inbound_within(days),
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Days of supply by the better view, the fee until the next review's order arrives, and what one of today still saves of it."""
        return Measures(
            value=days_of_supply(x),
            money=fee_on_shipped(x, x["shipped_until_next"]),
            saving=fee_on_shipped(x, x["shipped_until_next"] - x["shipped_until_arrival"]),
            suggested_qty=order_quantity(
                x["demand_of_28_days"],
                position_within(x["available"], x["inbound_in_28_days"]),
                x["order_minimum"],
                x["order_multiple"],
            ),
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """By the fee's tiers; an open alert waits some days of supply above each."""
        days = found.value - slack * x["hold_days"]
        return highest(days < LOW_COVER_DAYS, days < 21.0, days < 14.0)

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Not with the platform, nothing shipped, too few sales for the fee, new, exempt by us or by the platform, not bought again, or
        of goods that are free.
        """
        few = (x["sold_30"] == 0) | (x["sold_7"] < x["low_fee_least_sales"])
        # Whether a SKU is new enough is our guess; what the platform says of it is not.
        new = np.where(np.isnan(x["low_fee_exempt"]), x["history_days"] < x["new_days"], x["low_fee_exempt"] > 0)
        new = new | (x["is_exempt"] > 0) | (x["is_replenished"] == 0)
        nothing: BoolArray = (x["at_platform"] == 0) | few | new | (x["low_fee_21_to_28"] == 0)
        return nothing

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The fee is unknown for sizes that the tariff does not have, and where the size is not known."""
        return {"NO_FORECAST": np.isnan(x["demand_of_28_days"]), "NO_FEE_RATE": np.isnan(found.money)}
