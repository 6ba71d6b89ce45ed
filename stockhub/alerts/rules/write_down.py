"""Write-down at stake: stock that will bring less than it has cost (H9, 存货跌价)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.alerts.rules.realisable_value import SellingParameters, net_value
from stockhub.formulas.clearance import write_down as formulas
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.stock.position import on_hand
from stockhub.pluginapi import RuleParameters, Side
from stockhub.values import Label


class WriteDownParameters(SellingParameters):
    """What an operator may change."""

    least_amount: float = parameter(100.0, "base currency", "Write-down that is never an alarm", "不预警的跌价金额")
    large_share: float = parameter(0.3, "1", "Write-down of level 2, as a share of cost", "二级预警跌价占成本比例")
    hold_share: float = parameter(0.05, "1", "Share of a line that an open alert waits for", "预警解除需回落的比例", at_most=1.0)


class WriteDownRule(FormulaRule):
    """Level 1: the net realisable value is below cost, for over 100 in all. 2: by 30 % of cost. 3: selling brings nothing at all."""

    slug: ClassVar[str] = "write-down"
    label: ClassVar[Label] = Label("Write-down at stake", "存货跌价风险")
    description: ClassVar[Label] = Label(
        "What a unit will bring, its price less what selling it costs, is below what it has cost: the difference has to be written down on "
        "all that is on hand. Plan the clearance before the price falls further.",
        "单件可变现净值（售价减销售费用）低于成本，在库数量的差额需计提跌价准备。请在价格继续下跌前安排清仓。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = WriteDownParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = ("available", "reserved", "unit_cost", "unit_price")
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "reserved": "NO_STOCK_DATA",
        "unit_cost": "NO_COST",
        "unit_price": "NO_PRICE",
    }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The units on hand, and what is to be written down on them."""
        units = on_hand(x["available"], x["reserved"])
        return Measures(value=units, money=formulas.write_down(units, formulas.write_down_each(x["unit_cost"], net_value(x))))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """By the amount, and by its share of what the stock has cost; each line is a little nearer for an alert that is open."""
        near = 1.0 - slack * x["hold_share"]
        share = formulas.write_down_share(x["unit_cost"], net_value(x))
        some = (found.money > 0) & (found.money >= x["least_amount"] * near)
        return highest(some, some & (share >= x["large_share"] * near), some & (share >= 1.0))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing lies there."""
        return np.asarray((np.nan_to_num(x["available"]) <= 0) & (np.nan_to_num(x["reserved"]) <= 0))
