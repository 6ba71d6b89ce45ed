"""Expiring stock: what will not be sold before its day, the first to expire leaving first (science.md 3.11)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.ageing_lots import waste_ahead
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.stock.lots_ahead import units_expiring
from stockhub.formulas.stock.overstock import tied_up_value
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class ExpiringStockParameters(RuleParameters):
    """What an operator may change."""

    days_ahead: float = parameter(180.0, "day", "Days ahead that are looked at", "展望天数")
    near_days: float = parameter(60.0, "day", "Days before the expiry of level 2", "二级预警提前天数")
    last_days: float = parameter(14.0, "day", "Days before the expiry of level 3", "三级预警提前天数")
    unsold_margin: float = parameter(0.0, "day", "Last days of a life on which nobody buys", "临期不可售天数")
    floor_units: float = parameter(1.0, "unit", "Units from which it is an alarm", "起报数量")
    hold_share: float = parameter(0.1, "1", "Share of the units that an open alert waits for", "预警解除需减少的比例", at_most=1.0)


class ExpiringStockRule(FormulaRule):
    """Level 1: units will expire unsold within 180 days. 2: the first of them within 60. 3: within 14, or they have expired."""

    slug: ClassVar[str] = "expiring-stock"
    label: ClassVar[Label] = Label("Expires before it is sold", "售罄前将过期")
    description: ClassVar[Label] = Label(
        "By the forecast some lots will not be sold before they expire, the first to expire leaving first. Says how many units will be "
        "left, what they have cost, and the day on which the first of them are worth nothing. Sell them at a lower price, or as near "
        "expiry, before.",
        "按先到期先出和销量预测，部分批次在到期前无法售完。给出剩余数量、成本及最早到期日。请提前降价或走临期渠道。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = ExpiringStockParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = ("daily_mean", "unit_cost")
    derives: ClassVar[Mapping[str, Column]] = {
        "units_dated": Column("unit", "lots", Label("Units with a day of expiry", "有到期日的库存")),
        "units_wasted": Column("unit", "forecast", Label("Units that will be left", "届时剩余数量")),
        "wasted_in": Column("day", "lots", Label("Days until the first of them expire", "距最早到期天数")),
    }
    requires: ClassVar[Mapping[str, str]] = {"daily_mean": "NO_FORECAST", "units_wasted": "NO_FORECAST"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """The lots along the forecast."""
        found = waste_ahead(snapshot, within=x["days_ahead"], margin=x["unsold_margin"])
        dated = ~np.isnan(snapshot.lots.expires_in)
        return {
            "units_dated": np.bincount(snapshot.lots.row[dated], snapshot.lots.qty[dated], len(snapshot)).astype(np.float64),
            "units_wasted": found.units,
            "wasted_in": found.first_in,
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units that expire, their cost, and the days until the first of them do."""
        units = units_expiring(x["units_wasted"])
        return Measures(value=units, money=tied_up_value(units, x["unit_cost"]), due_in_days=x["wasted_in"])

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """By the first day; an open alert waits until a tenth less will be left."""
        some = (found.value > 0) & (found.value >= x["floor_units"] * (1.0 - slack * x["hold_share"]))
        return highest(some, some & (found.due_in_days <= x["near_days"]), some & (found.due_in_days <= x["last_days"]))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing expires."""
        return np.asarray(x["units_dated"] == 0)

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """What they have cost is unknown without a cost."""
        return {"NO_COST": np.isnan(x["unit_cost"])}
