"""Doubtful data: stock that does not sell although it should, a jump by the size of a case, inbound that is there twice, a
platform that shows another number (N17).
"""

from collections.abc import Mapping
from typing import ClassVar, Final

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, otherwise, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.data_trust import (
    HIGH_FROM,
    HOLD_BELOW,
    LEAST_EXPECTED,
    LEAST_SILENT_DAYS,
    expected_while_silent,
    phantom_stock,
    steady_month,
    trust_in_stock,
)
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

DOUBTFUL: Final = "doubtful-data"
_UNKNOWN_DAYS = 1.0e6


class DoubtfulDataParameters(RuleParameters):
    """What an operator may change. What holds automatic decisions is the trust itself, in `formulas.health.data_trust`."""

    least_expected: float = parameter(LEAST_EXPECTED, "unit", "Units that should have sold", "应售未售数量下限")
    least_days: float = parameter(LEAST_SILENT_DAYS, "day", "Days without a sale", "无动销天数下限")
    hold_share: float = parameter(0.2, "1", "Share by which an open alert waits", "预警解除需回落的比例", at_most=1.0)


class DoubtfulDataRule(FormulaRule):
    """Level 1: trust is below 0.8. 2: below 0.5, so that nothing acts on it by itself. Old feeds have an alert of their account's own."""

    slug: ClassVar[str] = DOUBTFUL
    label: ClassVar[Label] = Label("Doubtful data", "数据存疑")
    description: ClassVar[Label] = Label(
        "The facts of this SKU contradict each other: it lies there all month and has stopped selling at once (phantom stock, or a listing "
        "that is down), its stock became a case's multiple overnight (cases taken for units), an order and a shipment of as many units "
        "are both on their way (one delivery told twice), or the platform shows other stock than the ledger for no known reason. Look "
        "before anything is bought or moved on them.",
        "该商品的数据相互矛盾：库存整月在册却突然停止动销（虚库存或链接失效）、库存一夜之间按箱规倍增或倍减（箱与件混淆）、"
        "同等数量的采购单与货件同时在途（同一到货重复登记），或平台显示的库存与台账不符且原因不明。请核实后再采购或调拨。",
    )
    side: ClassVar[Side] = Side.DATA
    parameters_model: ClassVar[type[RuleParameters]] = DoubtfulDataParameters
    unit: ClassVar[str] = "probability"
    uses: ClassVar[tuple[str, ...]] = ("available", "sold_30", "sold_60", "sold_90", "pack_jump", "doubled_inbound", "platform_gap")
    derives: ClassVar[Mapping[str, Column]] = {
        "silent_days": Column("day", "sales", Label("Days since last sale (a million: never)", "距上次动销天数（百万表示从未）")),
        "days_out_of_stock": Column("day", "stock history", Label("Stock-out days in 30 (30: unknown)", "近30天断货天数（30 表示未知）")),
    }
    requires: ClassVar[Mapping[str, str]] = {"available": "NO_STOCK_DATA", "sold_90": "NO_SALES_DATA"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:  # noqa: ARG002
        """Where nobody knows whether it could be sold, its silence is no sign."""
        return {
            "silent_days": otherwise(snapshot["days_since_sale"], _UNKNOWN_DAYS),
            "days_out_of_stock": otherwise(snapshot["stockout_days_30"], 30.0),
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The trust that is left."""
        return Measures(value=self._trust(x, x["least_expected"], x["least_days"]))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """An open alert about phantom stock waits until a fifth fewer units are missed."""
        less = 1.0 - slack * x["hold_share"]
        trust = self._trust(x, x["least_expected"] * less, x["least_days"] * less) if slack else found.value
        return highest(trust < HIGH_FROM, trust < HOLD_BELOW)

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing there and nothing on its way is no contradiction."""
        nothing: BoolArray = (x["available"] == 0) & (x["doubled_inbound"] == 0) & (x["pack_jump"] == 0) & (x["platform_gap"] == 0)
        return nothing

    @staticmethod
    def _trust(x: Mapping[str, N], least_expected: N, least_days: N) -> N:
        expected = expected_while_silent(steady_month(x["sold_30"], x["sold_60"], x["sold_90"]), x["silent_days"])
        phantom = phantom_stock(x["available"], expected, x["silent_days"], x["days_out_of_stock"], least_expected, least_days)
        return trust_in_stock(phantom, x["pack_jump"], x["doubled_inbound"], x["platform_gap"])
