"""Sourcing: one supplier only, or nearly (D5; science.md 5.1). Two kinds of alert, because each has its own remedy."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.sourcing.risk import CONCENTRATED, CONCENTRATION_LIMIT, SINGLE_SOURCE, sourcing_risk, units_on_one_supplier
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

#: Sales of a quarter below which a second supplier is hardly worth the search, in the base currency.
LEAST_SALES = 100_000.0


class SingleSourceParameters(RuleParameters):
    """What an operator may change."""

    least_sales: float = parameter(LEAST_SALES, "base currency", "Sales of 90 days from which it matters", "近90天销售额下限")
    hold_share: float = parameter(0.2, "1", "Share of these sales that an open alert waits for", "预警解除的销售额回落比例", at_most=1.0)


class ConcentratedSupplyParameters(SingleSourceParameters):
    """What an operator may change."""

    share_limit: float = parameter(CONCENTRATION_LIMIT, "1", "Share of one supplier that is too much", "单一供应商占比上限", at_most=1.0)


class SourcingRule(FormulaRule):
    """Base of both: which SKUs matter, and the units that rest on the largest supplier."""

    side: ClassVar[Side] = Side.SHORTAGE
    unit: ClassVar[str] = "unit"
    risk: ClassVar[float]
    uses: ClassVar[tuple[str, ...]] = ("active_suppliers", "sold_90", "unit_price", "is_replenished")
    derives: ClassVar[Mapping[str, Column]] = {
        "share_of_largest": Column("share", "purchase orders", Label("Share of the largest supplier", "最大供应商占比")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "active_suppliers": "NO_OFFER_DATA",
        "sold_90": "NO_SALES_DATA",
        "unit_price": "NO_PRICE",
        "share_of_largest": "NO_PURCHASES",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """All of it where there is one supplier only."""
        return {"share_of_largest": np.where(x["active_suppliers"] <= 1, 1.0, snapshot["largest_supplier_share"])}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units of the last quarter that rest on the largest supplier."""
        return Measures(value=units_on_one_supplier(x["sold_90"], x["share_of_largest"]))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """Level 1: a risk to plan for, and no alarm."""
        matters = x["sold_90"] * x["unit_price"] >= x["least_sales"] * (1.0 - slack * x["hold_share"])
        return highest(matters & (self._risk(x) == self.risk))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Never bought again, nobody sells it (that is another rule's), nothing sold, or sourced otherwise."""
        settled: BoolArray = (x["is_replenished"] == 0) | (x["active_suppliers"] == 0) | (x["sold_90"] == 0)
        return settled | ~self._concerns(x)

    @abstractmethod
    def _concerns(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Rows (n,) whose sourcing the rule speaks of."""

    def _risk(self, x: Mapping[str, FloatArray]) -> FloatArray:
        limit = x.get("share_limit", CONCENTRATION_LIMIT)
        return sourcing_risk(x["active_suppliers"], x["share_of_largest"], limit)


class SingleSourceRule(SourcingRule):
    """Level 1: one active supplier of a SKU that matters."""

    slug: ClassVar[str] = "single-source"
    label: ClassVar[Label] = Label("One supplier only", "单一供应商")
    description: ClassVar[Label] = Label(
        "Only one supplier offers a SKU that sells well: if he fails, sales do. Says how many units of the last quarter rest on him. Find "
        "a second source, or agree on a reserve. Set for which sales it matters by class, category or SKU.",
        "畅销商品只有一家有效供应商，一旦断供即影响销售。给出近90天依赖该供应商的销量。请开发第二货源或约定备货。可按等级、类目或商品设置关注的销售额。",
    )
    parameters_model: ClassVar[type[RuleParameters]] = SingleSourceParameters
    risk: ClassVar[float] = SINGLE_SOURCE

    def _concerns(self, x: Mapping[str, FloatArray]) -> BoolArray:
        alone: BoolArray = ~(x["active_suppliers"] > 1)
        return alone


class ConcentratedSupplyRule(SourcingRule):
    """Level 1: of several suppliers, one has nearly everything."""

    slug: ClassVar[str] = "concentrated-supply"
    label: ClassVar[Label] = Label("Concentrated on one supplier", "采购集中于一家供应商")
    description: ClassVar[Label] = Label(
        "A SKU that sells well has several suppliers, and nearly all of a year's orders went to one of them: the others are suppliers on "
        "paper. Says how many units of the last quarter rest on him.",
        "畅销商品虽有多家供应商，但近一年采购几乎集中于一家，其余名存实亡。给出近90天依赖该供应商的销量。",
    )
    parameters_model: ClassVar[type[RuleParameters]] = ConcentratedSupplyParameters
    risk: ClassVar[float] = CONCENTRATED

    def _concerns(self, x: Mapping[str, FloatArray]) -> BoolArray:
        several: BoolArray = ~(x["active_suppliers"] <= 1) & ~np.isnan(x["share_of_largest"])
        return several
