"""Imbalance: too much in one pool and too little in another of the same SKU (H4).

The pool is where stock meets demand, so cover is a pool's and not a warehouse's. Two pools are compared where stock can go from one to the
other: their warehouses lie in the same country (or none says where it lies), and they have none in common, because what a pool shares with
another is not to be moved to it. Across borders a transfer is an import; that is a purchase's decision, not an imbalance.
"""

from collections.abc import Mapping
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, parameter
from stockhub.alerts.rules.shortage_money import MARGIN, margin_reasons
from stockhub.formulas.elementwise import FloatArray, N, maximum, round_down
from stockhub.formulas.evaluation.shortage_cost import lost_margin, unit_margin
from stockhub.formulas.health.staleness import HEALTHY_SUPPLY_DAYS
from stockhub.formulas.stock.cover import daily_rate, days_of_cover
from stockhub.formulas.stock.position import position_within
from stockhub.formulas.transfers.imbalance import has_glut, nearly_out, runs_short, spare_units, units_saved, units_to_rebalance
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

#: The slug of the rule, and the input that holds the id of the pool that can give.
IMBALANCE: Final = "imbalance"
DONOR_POOL: Final = "donor_pool"
_SALES_DAYS = 90.0
_DONOR = ("available", "inbound", "daily_demand", "keep_days", "safety_stock", "spare", "cover_days")


class ImbalanceParameters(RuleParameters):
    """What an operator may change."""

    glut_days: float = parameter(HEALTHY_SUPPLY_DAYS, "day", "Days of cover that are too many", "视为过剩的可售天数")
    short_days: float = parameter(7.0, "day", "Days of cover of level 2", "二级预警可售天数")
    least_units: float = parameter(5.0, "unit", "Units that are worth a transfer", "值得调拨的最低数量")
    outage_min_rate: float = parameter(0.1, "unit/day", "Demand from which being out is level 3", "断货升为三级的最低日销")
    hold_share: float = parameter(0.05, "1", "Share of a line that an open alert waits for", "预警解除需恢复的比例", at_most=1.0)


class ImbalanceRule(FormulaRule):
    """Level 1: one pool has 90 days, the other less than lead time and safety stock. 2: and at most 7 days. 3: and nothing is left."""

    slug: ClassVar[str] = IMBALANCE
    label: ClassVar[Label] = Label("Imbalance", "库存失衡")
    description: ClassVar[Label] = Label(
        "The same SKU lies too long in one pool and will run out in another that it can be moved to: of the same country, without a common "
        "warehouse. Says how many units the fuller pool can spare above its own target and what they save. Each pair is judged by itself: "
        "where two pools run short, one surplus may be named twice.",
        "同一商品在一个库存池积压，而在另一个可调入的库存池即将断货（同一国家且无共用仓库）。给出富余方在保留自身目标后可调出的数量及可挽回的"
        "毛利。各组独立判断：若两个池同时缺货，同一富余可能被提及两次。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    foretells_stockout: ClassVar[bool] = True
    parameters_model: ClassVar[type[RuleParameters]] = ImbalanceParameters
    unit: ClassVar[str] = "unit"
    uses: ClassVar[tuple[str, ...]] = ("available", "lead_time", "review_period", "safety_stock", *MARGIN)
    derives: ClassVar[Mapping[str, Column]] = {
        "daily_demand": Column(
            "unit/day", "forecast", Label("Demand a day (forecast, else 90 days of sales)", "日均需求（预测，缺则近90天销量）")
        ),
        "inbound_in_lead_time": Column("unit", "ledger", Label("Inbound landing within the lead time", "交期内到货")),
        "inbound_in_short_days": Column("unit", "ledger", Label("Inbound landing within the days of level 2", "二级预警天数内到货")),
        DONOR_POOL: Column("code", "warehouse", Label("Number of the pool that can give", "可调出库存池编号")),
        "donor_available": Column("unit", "ledger", Label("Available in the pool that can give", "调出方可售库存")),
        "donor_inbound": Column("unit", "ledger", Label("Inbound of the pool that can give", "调出方在途")),
        "donor_daily_demand": Column("unit/day", "forecast", Label("Demand a day of the pool that can give", "调出方日均需求")),
        "donor_keep_days": Column("day", "policy", Label("Days that the pool that can give keeps", "调出方需保留的天数")),
        "donor_safety_stock": Column("unit", "policy", Label("Safety stock of the pool that can give", "调出方安全库存")),
        "donor_spare": Column("unit", "formula", Label("Units that the pool can give", "调出方可调出数量")),
        "donor_cover_days": Column("day", "formula", Label("Days of cover of the pool that can give", "调出方可售天数")),
    }
    requires: ClassVar[Mapping[str, str]] = {
        "available": "NO_STOCK_DATA",
        "daily_demand": "NO_FORECAST",
        "lead_time": "NO_LEAD_TIME",
        "review_period": "NO_REVIEW_PERIOD",
        "safety_stock": "NO_SAFETY_STOCK",
        "donor_spare": "NO_DONOR_DATA",
    }

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Each row's own numbers, and those of the pool of the same SKU that can give most."""
        forecast = snapshot["daily_mean"]
        rate = np.where(np.isnan(forecast), daily_rate(snapshot["sold_90"], _SALES_DAYS), forecast)
        keep = x["lead_time"] + x["review_period"]
        inbound = snapshot.inbound_within(keep)
        # Where nothing is asked for there is nothing to be safe against, whether or not a forecast says so.
        safe = np.where(np.isnan(x["safety_stock"]) & (rate == 0), 0.0, x["safety_stock"])
        own = {
            "available": x["available"], "inbound": inbound, "daily_demand": rate, "keep_days": keep, "safety_stock": safe,
            "spare": spare_units(x["available"], inbound, rate, keep, safe), "cover_days": days_of_cover(x["available"], rate),
        }  # fmt: skip
        donor = _donors(snapshot, own, x)
        given = donor >= 0
        return {
            "daily_demand": rate,
            "inbound_in_lead_time": snapshot.inbound_within(x["lead_time"]),
            "inbound_in_short_days": snapshot.inbound_within(x["short_days"]),
            DONOR_POOL: np.where(given, snapshot.pool_ids[donor], np.nan) if len(snapshot) else np.zeros(0),
            **{f"donor_{name}": np.where(given, own[name][donor], np.nan) if len(snapshot) else np.zeros(0) for name in _DONOR},
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Units to move, the margin that they save, and the days until the shorter pool is out."""
        rate, safety_stock = x["daily_demand"], x["safety_stock"]
        position = position_within(x["available"], x["inbound_in_lead_time"])
        spare = spare_units(
            x["donor_available"], x["donor_inbound"], x["donor_daily_demand"], x["donor_keep_days"], x["donor_safety_stock"]
        )
        units = units_to_rebalance(spare, rate, x["lead_time"] + x["review_period"], position, safety_stock)
        left = days_of_cover(position_within(x["available"], x["inbound_in_short_days"]), rate)
        margin = unit_margin(x["unit_price"], x["selling_fee"], x["unit_cost"])
        saved = lost_margin(units_saved(units, rate, x["lead_time"], position), margin)
        return Measures(
            value=units,
            money=saved,
            saving=saved,
            due_in_days=round_down(maximum(left, 0.0)),
            suggested_qty=units,
        )

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Levels as in the class; an open alert waits until both pools are a share of their line on the safe side."""
        less, more = 1.0 - slack * x["hold_share"], 1.0 + slack * x["hold_share"]
        rate = x["daily_demand"]
        glut = has_glut(x["donor_available"], x["donor_daily_demand"], x["glut_days"] * less) == 1
        level_1 = glut & (_short(x, more) == 1) & (found.value >= np.maximum(x["least_units"] * less, 1.0))
        soon = x["available"] + x["inbound_in_short_days"]
        level_2 = level_1 & (nearly_out(soon, rate, x["short_days"] * more) == 1)
        margin = slack * x["hold_share"] * rate * x["short_days"]
        return highest(level_1, level_2, level_2 & (x["available"] <= margin) & (rate >= x["outage_min_rate"]))

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """No other pool to compare with, or no want of stock, whatever the others have."""
        wants_none = (x["daily_demand"] == 0) | (_short(x, 1.0 + x["hold_share"]) == 0)
        settled: BoolArray = np.isnan(x[DONOR_POOL]) | wants_none
        return settled

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """Without a price, a cost or the fees there is no money; and a donor without demand has no number of days (E13)."""
        return margin_reasons(x) | {"NO_DEMAND": x["donor_daily_demand"] == 0}


def _short(x: Mapping[str, FloatArray], more: FloatArray | float) -> FloatArray:
    """Whether a row wants stock; `more` times its line for an alert that is open."""
    return runs_short(x["available"] + x["inbound_in_lead_time"], x["daily_demand"] * more, x["lead_time"], x["safety_stock"] * more)


def _donors(snapshot: Snapshot, own: Mapping[str, FloatArray], x: Mapping[str, FloatArray]) -> NDArray[np.int64]:
    """The row (n,) of the pool that can give to each row; −1 where there is no other pool.

    Of several: one with too much before one that nearly has, then one of which too little is known to say, then the rest; among equals the
    one that can spare most, then the one with the lowest pool id.
    """
    chosen = np.full(len(snapshot), -1, np.int64)
    to, giver = movable_pairs(snapshot)
    if not len(to):
        return chosen
    held, rate = own["available"][giver], own["daily_demand"][giver]
    too_much = has_glut(held, rate, x["glut_days"][giver])
    nearly = has_glut(held, rate, x["glut_days"][giver] * (1.0 - x["hold_share"][giver]))
    unknown = np.isnan(own["spare"][giver])
    rank = np.select([unknown, too_much == 1, nearly == 1], [1, 3, 2], 0)
    order = np.lexsort((snapshot.pool_ids[giver], -np.nan_to_num(own["spare"][giver]), -rank, to))
    receivers, first = np.unique(to[order], return_index=True)
    chosen[receivers] = giver[order][first]
    return chosen


def movable_pairs(snapshot: Snapshot) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows (m,), (m,): who could receive, and from whom, of the same SKU, each pair once."""
    order = np.lexsort((snapshot.pool_ids, snapshot.sku_ids))
    sku = snapshot.sku_ids[order]
    to, giver = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    # Rows of a SKU stand side by side; each step compares those so many places apart, until none is that far.
    for step in range(1, len(order)):
        near = np.flatnonzero(sku[step:] == sku[:-step])
        if not len(near):
            break
        one, other = order[near], order[near + step]
        to += [one, other]
        giver += [other, one]
    a, b = np.concatenate(to), np.concatenate(giver)
    # An unknown region equals none, not even itself.
    can = (snapshot["region"][a] == snapshot["region"][b]) & (snapshot["shared_stock"][a] != snapshot["shared_stock"][b])
    can &= ~np.isnan(snapshot["shared_stock"][a]) & ~np.isnan(snapshot["shared_stock"][b])
    return a[can], b[can]
