"""Sales fall: is it the market, or our own listing and price? What the rivals do says which (H41)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray, N
from stockhub.formulas.health.market import LISTING_OR_PRICE, MARKET_FALL, MARKET_SHRINK, OWN_FALL, fall, market_verdict
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label


class MarketFallParameters(RuleParameters):
    """What an operator may change."""

    own_fall: float = parameter(OWN_FALL, "share", "Fall of our own sales in a month", "自身月销量降幅", at_most=1.0)
    market_fall: float = parameter(MARKET_FALL, "share", "Change of the rivals that counts", "竞品变化判定线", at_most=1.0)
    least_units: float = parameter(20.0, "unit", "Units of the month before from which a fall counts", "上月最低销量")
    stockout_days: float = parameter(3.0, "day", "Days out of stock that explain a fall", "可解释下滑的断货天数")
    max_age: float = parameter(21.0, "day", "Age up to which facts about rivals are used", "竞品数据有效天数")
    hold_share: float = parameter(0.25, "1", "Share of the fall that an open alert waits for", "预警解除需回落的比例", at_most=1.0)


class MarketFallRule(FormulaRule):
    """Level 1: our sales fall, and so do the ranks, the sales and the new reviews of the rivals. 2: ours alone fall.

    Where the rivals' figures disagree there is no verdict. A fall by stock-out is nobody's fault but the shelf's, and facts about rivals
    that are too old are named and not used.
    """

    slug: ClassVar[str] = "market-fall"
    label: ClassVar[Label] = Label("Market shrinks, or listing and price", "市场萎缩或自身原因")
    description: ClassVar[Label] = Label(
        "Sales fell within a month. If the rivals fall with us the market shrinks: buy less. If they do not, look at the listing and the "
        "price.",
        "月销量下滑。若竞品同步下滑，则为市场萎缩，应减少采购；若竞品稳定，请检查详情页与价格。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = MarketFallParameters
    unit: ClassVar[str] = "verdict"
    uses: ClassVar[tuple[str, ...]] = (
        "sold_30", "sold_60", "stockout_days_30", "rival_rank_change", "rival_sales_change", "rival_review_change", "market_age",
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        "own_drop": Column("share", "sales", Label("Fall of our own sales", "自身销量降幅")),
        "market_in_date": Column("flag", "market", Label("What is known of rivals is recent", "竞品数据在有效期内")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "market_age": "NO_MARKET_DATA",
        "rival_rank_change": "NO_MARKET_DATA",
        "rival_sales_change": "NO_MARKET_DATA",
        "rival_review_change": "NO_MARKET_DATA",
        "market_in_date": "MARKET_DATA_OUT_OF_DATE",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:  # noqa: ARG002
        """Our own fall, and whether the market is known well enough; an unknown age is no old one."""
        old = x["market_age"] > x["max_age"]
        return {"own_drop": fall(x["sold_60"] - x["sold_30"], x["sold_30"]), "market_in_date": np.where(old, np.nan, 1.0)}

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The verdict."""
        verdict = market_verdict(x["rival_rank_change"], x["rival_sales_change"], x["rival_review_change"], x["market_fall"])
        return Measures(value=verdict * x["market_in_date"])

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Levels as in the class."""
        falls = x["own_drop"] >= x["own_fall"] * (1.0 - slack * x["hold_share"]) - ROUNDING_TOLERANCE
        return highest(falls & (found.value == MARKET_SHRINK), falls & (found.value == LISTING_OR_PRICE))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing fell that an open alert would not have waited for, too little was sold to tell, or the shelf was empty."""
        falls = x["own_drop"] >= x["own_fall"] * (1.0 - x["hold_share"]) - ROUNDING_TOLERANCE
        sold = x["sold_60"] - x["sold_30"] >= x["least_units"]
        return ~(falls & sold) | (x["stockout_days_30"] > x["stockout_days"])
