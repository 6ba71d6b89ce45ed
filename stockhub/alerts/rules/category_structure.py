"""One category that turns too slowly while the whole is well: only that one is cleared (H31; science.md 3.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.depth import (
    DEPTH_COLUMNS,
    DEPTH_INPUTS,
    DEPTH_REQUIRES,
    depth_inputs,
    holds_nothing,
    is_deep,
    value_beyond_safe,
)
from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.alerts.rules.turnover_norm import BENCHMARK_MAX_AGE, OUT_OF_DATE, benchmark_in_use, benchmark_is_late
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.turnover_rules import (
    CATEGORY_SHARE,
    NORMAL_SHARE,
    below_norm_share,
    category_clearance_due,
    turnover_norm,
)
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class CategoryStructureParameters(RuleParameters):
    """What an operator may change."""

    share: float = parameter(
        CATEGORY_SHARE, "1", "Share of its norm below which a category is cleared", "类目清仓线（占基准比例）", at_most=1.0
    )
    normal_share: float = parameter(NORMAL_SHARE, "1", "Share of its norm from which the whole is well", "整体正常线（占基准比例）")
    benchmark_max_age: float = parameter(BENCHMARK_MAX_AGE, "day", "Age up to which a benchmark is used", "行业基准有效天数")
    safe_times: float = parameter(1.0, "1", "Stock worth clearing, in times what is safe", "值得清仓的库存（安全线倍数）")
    safe_days: float = parameter(
        0.0, "day", "Safe days of supply (0: lead time, review, safety stock)", "安全可售天数（0 表示按交期、盘点与安全库存）"
    )
    hold_share: float = parameter(0.1, "1", "Share of a line that an open alert waits for", "预警解除需回落的比例", at_most=1.0)


class CategoryStructureRule(FormulaRule):
    """Level 1: the pool turns as it should, this SKU's category at less than half of its norm, and more of the SKU is held than is safe.

    The category is judged as a whole, at cost, over three months, so that its SKUs agree; what they hold decides which of them is cleared.
    Where the whole is not well either, no category stands out.
    """

    slug: ClassVar[str] = "category-structure"
    label: ClassVar[Label] = Label("Category out of balance", "类目结构失衡")
    description: ClassVar[Label] = Label(
        "The whole turns as it should, but this category does not: clear what it holds too much of, and leave the others alone.",
        "整体周转正常，但该类目周转明显偏低：只清仓该类目的多余库存，不影响其他类目。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = CategoryStructureParameters
    unit: ClassVar[str] = "share"
    uses: ClassVar[tuple[str, ...]] = (
        *DEPTH_COLUMNS, "category_turnover", "category_turnover_year", "pool_turnover", "pool_turnover_year", "benchmark_turnover",
        "benchmark_age",
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        **DEPTH_INPUTS,
        "norm": Column("1/year", "formula", Label("Norm of the category: benchmark, or own year", "类目周转率基准（行业或自身）")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        **DEPTH_REQUIRES,
        "category_turnover": "NO_CATEGORY_TURNOVER",
        "pool_turnover": "NO_CATEGORY_TURNOVER",
        "pool_turnover_year": "NO_CATEGORY_TURNOVER",
        "norm": "NO_NORM",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:  # noqa: ARG002
        """What is safe to hold, and the norm of the category."""
        return {**depth_inputs(x), "norm": turnover_norm(x["category_turnover_year"], benchmark_in_use(x))}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """How far the category is below its norm, and the cost of what the SKU holds beyond what is safe."""
        return Measures(value=below_norm_share(x["category_turnover"], x["norm"]), money=value_beyond_safe(x))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """The level as in the class; an open alert waits for a tenth of the lines."""
        margin = slack * x["hold_share"]
        due = category_clearance_due(
            x["category_turnover"],
            x["norm"],
            total_turnover=x["pool_turnover"],
            total_norm=x["pool_turnover_year"],
            share=x["share"] * (1.0 + margin),
            normal_share=x["normal_share"] * (1.0 - margin),
        )
        return highest((due == 1) & is_deep(x, x["safe_times"] * (1.0 - margin)))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing that could be cleared."""
        return holds_nothing(x)

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """A benchmark that was not used; the value tied up without a cost."""
        return {OUT_OF_DATE: benchmark_is_late(x), "NO_COST": np.isnan(x["unit_cost"])}
