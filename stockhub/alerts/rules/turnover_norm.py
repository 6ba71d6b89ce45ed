"""Turnover below its norm for three months: the trade's benchmark or the SKU's own year (H29; science.md 3.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

import numpy as np

from stockhub.alerts.rules.depth import (
    DEPTH_COLUMNS,
    DEPTH_INPUTS,
    DEPTH_REQUIRES,
    KEPT_PRECISION,
    depth_inputs,
    holds_nothing,
    is_deep,
)
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.turnover_rules import below_norm_share, persistently_below_norm, turnover_norm
from stockhub.formulas.stock.overstock import tied_up_value
from stockhub.formulas.stock.position import on_hand
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

OUT_OF_DATE: Final = "BENCHMARK_OUT_OF_DATE"
#: A benchmark of a trade is published once a year; a quarter more until the next one is read.
BENCHMARK_MAX_AGE: Final = 455.0


def benchmark_in_use(x: Mapping[str, FloatArray]) -> FloatArray:
    """The benchmark (n,) where it is recent enough, else NaN."""
    return np.where(x["benchmark_age"] <= x["benchmark_max_age"], x["benchmark_turnover"], np.nan)


def benchmark_is_late(x: Mapping[str, FloatArray]) -> BoolArray:
    """There is a benchmark, and it is too old to be used."""
    return np.asarray(x["benchmark_age"] > x["benchmark_max_age"])


class TurnoverNormParameters(RuleParameters):
    """What an operator may change."""

    benchmark_max_age: float = parameter(BENCHMARK_MAX_AGE, "day", "Age up to which a benchmark is used", "行业基准有效天数")
    least_months: float = parameter(12.0, "month", "Months that an own mean needs", "自身均值所需月数", at_most=12.0)
    far_share: float = parameter(0.5, "1", "Share of the norm of level 2", "二级预警占基准比例", at_most=1.0)
    safe_times: float = parameter(1.0, "1", "Stock worth clearing, in times what is safe", "值得清仓的库存（安全线倍数）")
    safe_days: float = parameter(
        0.0, "day", "Safe days of supply (0: lead time, review, safety stock)", "安全可售天数（0 表示按交期、盘点与安全库存）"
    )
    hold_share: float = parameter(0.1, "1", "Share of safe stock below it that closes an alert", "解除预警需低于安全线的比例", at_most=1.0)


class TurnoverNormRule(FormulaRule):
    """Level 1: each of the last three months was below the norm, and more is held than is safe. 2: below half of the norm.

    The norm is the higher of the benchmark of the category and the mean of the SKU's own twelve months; either is enough. A benchmark that
    is too old is named and not used, and a year with gaps is no year.
    """

    slug: ClassVar[str] = "turnover-below-norm"
    label: ClassVar[Label] = Label("Turnover below the norm", "周转率低于基准")
    description: ClassVar[Label] = Label(
        "For three months stock has turned more slowly than in the trade, or than in the SKU's own last year, and more of it is held than "
        "is safe. Puts clearance on the agenda.",
        "连续三个月周转率低于行业基准或自身近12个月均值，且库存高于安全线。建议将清仓列入议程。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = TurnoverNormParameters
    unit: ClassVar[str] = "share"
    uses: ClassVar[tuple[str, ...]] = (
        *DEPTH_COLUMNS, "turnover_best_of_3", "turnover_year", "turnover_months", "benchmark_turnover", "benchmark_age",
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **DEPTH_INPUTS,
        "norm": Column("1/year", "formula", Label("Norm: the benchmark, or the own year", "周转率基准（行业或自身）")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        **DEPTH_REQUIRES,
        "turnover_months": "NO_STOCK_HISTORY",
        "turnover_best_of_3": "HOLES_IN_HISTORY",
        "norm": "NO_NORM",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:  # noqa: ARG002
        """What is safe to hold, and the norm."""
        own = np.where(x["turnover_months"] >= x["least_months"], x["turnover_year"], np.nan)
        return {**depth_inputs(x), "norm": turnover_norm(own, benchmark_in_use(x))}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """How far the best of the months is below the norm, and the cost of the stock that the norm would not need."""
        below = below_norm_share(x["turnover_best_of_3"], x["norm"])
        return Measures(value=below, money=tied_up_value(on_hand(x["available"], x["reserved"]) * below, x["unit_cost"]))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """Levels as in the class; an open alert waits until stock is a tenth below what is safe.

        Turnover itself needs no such margin: it is told once a month, and a steady seller lies on his own norm for ever.
        """
        best, norm = x["turnover_best_of_3"], x["norm"] * (1.0 - KEPT_PRECISION)
        deep = is_deep(x, x["safe_times"] * (1.0 - slack * x["hold_share"]))
        below = deep & (persistently_below_norm(best, norm) == 1)
        return highest(below, below & (persistently_below_norm(best, norm * x["far_share"]) == 1))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing that could be cleared."""
        return holds_nothing(x)

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """A benchmark that was not used; the value tied up without a cost."""
        return {OUT_OF_DATE: benchmark_is_late(x), "NO_COST": np.isnan(x["unit_cost"])}

    def _missing(self, x: Mapping[str, FloatArray], idle: BoolArray) -> dict[str, BoolArray]:
        """Where the benchmark would have been the norm, its age is why there is none."""
        return {**super()._missing(x, idle), OUT_OF_DATE: benchmark_is_late(x) & np.isnan(x["norm"]) & ~idle}
