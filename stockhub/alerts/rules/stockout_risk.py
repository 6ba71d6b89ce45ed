"""Stock-out risk: how likely stock is gone before the order of the next review can arrive (F1, N5, U7; science.md 2.6, 10.1)."""

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
    not_in_business,
    order_constraints,
    parameter,
)
from stockhub.alerts.rules.shortage_money import (
    OUTAGE_CAUSES,
    OUTAGE_MONEY,
    OUTAGE_MONEY_BASIS,
    CapitalParameters,
    outage_loss,
    outage_money_basis,
    unknown_money,
)
from stockhub.formulas.distributions.running_out import expected_outage_loss, units_without_stock
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.policies.ordering import order_quantity
from stockhub.formulas.stock.position import inventory_position
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class StockoutRiskParameters(CapitalParameters):
    """What an operator may change."""

    possible_chance: float = parameter(0.2, "1", "Chance of a stock-out of level 1", "一级预警断货概率", at_most=1.0)
    likely_chance: float = parameter(0.5, "1", "Chance of a stock-out of level 2", "二级预警断货概率", at_most=1.0)
    certain_chance: float = parameter(0.8, "1", "Chance of a stock-out of level 3", "三级预警断货概率", at_most=1.0)
    hold_chance: float = parameter(0.05, "1", "Chance below a line that an open alert waits for", "预警解除需降低的断货概率", at_most=1.0)
    least_rate: float = parameter(0.1, "unit/day", "Demand below which nobody misses it", "低于该日销不预警")


class StockoutRiskRule(FormulaRule):
    """Level 1 from a chance of 0.2, 2 from 0.5, 3 from 0.8, so where stock is gone already (science.md 10.1)."""

    slug: ClassVar[str] = "stockout-risk"
    label: ClassVar[Label] = Label("Stock-out risk", "断货风险")
    description: ClassVar[Label] = Label(
        "How likely stock is gone before the order of the next review could arrive, arrivals counted on their days and the lead time as "
        "uncertain as it is: what waiting another review risks. “Shortage” counts units against forecast plus safety stock and opens "
        "earlier; this one is calibrated, so that a chance of 30 % comes true three times in ten.",
        "若等到下次盘点再下单，货到之前售罄的概率：在途按预计到货日计入，并考虑交期的不确定性。“缺货风险”按预测加安全库存计算缺口，"
        "提醒更早；本预警的概率经过校准：30% 即十次中约有三次发生。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    foretells_stockout: ClassVar[bool] = True
    parameters_model: ClassVar[type[RuleParameters]] = StockoutRiskParameters
    unit: ClassVar[str] = "probability"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "reserved", "on_order", "in_transit", "receiving", "sold_90", "is_replenished", "lead_time", "review_period",
        "p_stockout", "sells_out_first", "order_up_to", *OUTAGE_MONEY, *OUTAGE_CAUSES,
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {**ORDER_CONSTRAINTS, **OUTAGE_MONEY_BASIS}
    requires: ClassVar[Mapping[str, str]] = {"available": "NO_STOCK_DATA", "daily_mean": "NO_FORECAST", "p_stockout": "NO_FORECAST"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """What the supplier sells at least, and by how many, and the most that an order is compensated with."""
        return order_constraints(snapshot) | outage_money_basis(snapshot, x)

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The chance, what it is expected to cost, days until an order is too late by the mean, and the regular order."""
        position = inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"])
        lost = expected_outage_loss(x["p_stockout"], outage_loss(x, units_without_stock(x["daily_mean"], x["review_period"])))
        return Measures(
            value=x["p_stockout"],
            money=lost,
            # It is what waiting another review costs: an order of today saves all of it.
            saving=lost,
            due_in_days=x["sells_out_first"] - x["lead_time"],
            suggested_qty=order_quantity(x["order_up_to"], position, x["order_minimum"], x["order_multiple"]),
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """A chance of missing what hardly anybody asks for is no alarm."""
        chance = np.where(x["daily_mean"] >= x["least_rate"], found.value + slack * x["hold_chance"], 0.0)
        return highest(chance >= x["possible_chance"], chance >= x["likely_chance"], chance >= x["certain_chance"])

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Not in business (neither stock nor forecast nor a sale in a quarter), or never bought again (U5)."""
        never: BoolArray = x["is_replenished"] == 0
        return never | not_in_business(x, x["daily_mean"])

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The loss is unknown where a part of it is; what does not sell is not sold out on any day."""
        return unknown_money(x, found.money) | {"NO_DEMAND": np.isnan(found.due_in_days)}
