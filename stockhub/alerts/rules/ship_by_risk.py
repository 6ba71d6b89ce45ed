"""Ship-by risk: paid orders near their promised time without stock (D24, D21)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N, ratio
from stockhub.formulas.fees.compensation import compensation_at_stake, compensation_due, compensation_still_avoided
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

HOURS_A_DAY = 24.0


class ShipByRiskParameters(RuleParameters):
    """What an operator may change. The compensation's rate holds where no fee schedule gives the marketplace's own."""

    notice_hours: float = parameter(48.0, "hour", "Hours before ship-by of level 1", "一级预警距发货时限小时数")
    urgent_hours: float = parameter(24.0, "hour", "Hours before ship-by of level 2", "二级预警距发货时限小时数")
    critical_hours: float = parameter(8.0, "hour", "Hours before ship-by of level 3", "三级预警距发货时限小时数")
    compensation_rate: float = parameter(
        0.05, "1", "Compensation where no tariff is known, as a share", "无费率表时的赔付比例（占实付）", at_most=1.0
    )
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
        "due_orders_at_risk", "due_orders", "due_units", "due_unreserved_units", "due_paid_at_risk", "due_compensation",
        "hours_to_ship_by", "available",
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        "has_tariff": Column("flag", "fees", Label("A tariff gives the compensation", "有赔付费率表")),
    }
    requires: ClassVar[Mapping[str, str]] = {"due_orders_at_risk": "NO_ORDER_DATA", "hours_to_ship_by": "NO_SHIP_BY"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:  # noqa: ARG002
        """Whether the compensation of every order was told by a schedule."""
        return {"has_tariff": (snapshot["fees_known"] == 1).astype(np.float64)}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Orders without stock, the compensation at stake, which only what is not overdue still avoids, and the time left."""
        stated: N = compensation_at_stake(x["due_paid_at_risk"], x["compensation_rate"])
        money = compensation_due(x["has_tariff"], x["due_compensation"], stated)
        return Measures(
            value=x["due_orders_at_risk"],
            money=money,
            saving=compensation_still_avoided(money, x["hours_to_ship_by"]),
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

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:
        """The compensation is unknown where the paid amount is, or where an order's own tariff is."""
        return {"NO_PAID_AMOUNT": np.isnan(x["due_paid_at_risk"]), "NO_FEE_RATE": np.isnan(found.money)}
