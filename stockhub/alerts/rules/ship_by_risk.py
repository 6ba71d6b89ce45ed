"""Ship-by risk: paid orders near their promised time without stock (D24, D21)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N, ratio
from stockhub.formulas.fees.compensation import compensation_at_stake
from stockhub.pluginapi import RuleParameters, Side
from stockhub.values import Label

HOURS_A_DAY = 24.0


class ShipByRiskParameters(RuleParameters):
    """What an operator may change. The compensation's rate is the marketplace's and changes with it: there is no built-in tariff."""

    notice_hours: float = parameter(48.0, "hour", "Hours before ship-by of level 1", "一级预警距发货时限小时数")
    urgent_hours: float = parameter(24.0, "hour", "Hours before ship-by of level 2", "二级预警距发货时限小时数")
    critical_hours: float = parameter(8.0, "hour", "Hours before ship-by of level 3", "三级预警距发货时限小时数")
    compensation_rate: float = parameter(0.05, "1", "Compensation, as a share of what was paid", "赔付比例（占实付）", at_most=1.0)
    hold_hours: float = parameter(4.0, "hour", "Hours that an open alert waits for", "预警解除需恢复的小时数")


class ShipByRiskRule(FormulaRule):
    """Levels 1 to 3: orders without stock are due within 48, 24 or 8 hours; what is overdue is level 3."""

    slug: ClassVar[str] = "ship-by-risk"
    label: ClassVar[Label] = Label("Ship-by risk", "发货超时风险")
    description: ClassVar[Label] = Label(
        "Paid orders come near their promised ship-by time and there is no stock for them. Says how many, by when, and what compensation "
        "is at stake.",
        "已付款订单临近承诺发货时限而无货可发。给出订单数、剩余时间与可能的赔付金额。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    parameters_model: ClassVar[type[RuleParameters]] = ShipByRiskParameters
    unit: ClassVar[str] = "order"
    uses: ClassVar[tuple[str, ...]] = (
        "due_orders_at_risk", "due_orders", "due_units", "due_unreserved_units", "due_paid_at_risk", "hours_to_ship_by", "available",
    )  # fmt: skip
    requires: ClassVar[Mapping[str, str]] = {"due_orders_at_risk": "NO_ORDER_DATA", "hours_to_ship_by": "NO_SHIP_BY"}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Orders without stock, the compensation at stake, and the time left."""
        return Measures(
            value=x["due_orders_at_risk"],
            money=compensation_at_stake(x["due_paid_at_risk"], x["compensation_rate"]),
            due_in_days=ratio(x["hours_to_ship_by"], HOURS_A_DAY),
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Time decides; a single order is enough."""
        hours = x["hours_to_ship_by"] - slack * x["hold_hours"]
        at_risk = found.value > 0
        return highest(*(at_risk & (hours <= x[line]) for line in ("notice_hours", "urgent_hours", "critical_hours")))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Every order that is due has its stock."""
        nothing: BoolArray = x["due_orders_at_risk"] == 0
        return nothing

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """The compensation is unknown where the paid amount is."""
        return {"NO_PAID_AMOUNT": np.isnan(x["due_paid_at_risk"])}
