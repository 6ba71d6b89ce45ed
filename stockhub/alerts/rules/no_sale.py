"""No sale for three months: counted from the last sale alone, for each SKU and each account (H87, 动销)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, otherwise, parameter
from stockhub.alerts.rules.hold_or_leave import HOLD_OR_LEAVE, HoldingParameters, hold_or_leave, letting_go_saves
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.health.last_sale import MONTHS_WITHOUT_SALE, days_of_last_months, longest_wait, unsold_for_months
from stockhub.formulas.stock.overstock import tied_up_value
from stockhub.formulas.stock.position import on_hand
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

CLEAR, TRANSFER, REVIVE = 0.0, 1.0, 2.0


class NoSaleParameters(HoldingParameters):
    """What an operator may change. Months are those of the calendar."""

    months: float = parameter(float(MONTHS_WITHOUT_SALE), "month", "Months without a sale", "未动销月数")
    long_months: float = parameter(6.0, "month", "Months without a sale of level 3", "三级预警未动销月数")
    out_days: float = parameter(30.0, "day", "Days out of stock, of the last 90, that stop the clock", "近90天断货达到该天数则不计")
    hold_days: float = parameter(3.0, "day", "Days by which an open alert may fall short", "预警保持的天数余量")


class NoSaleRule(FormulaRule):
    """Level 1: one account that the pool serves has not sold it for three months. 2: none has. 3: for six months.

    Stock counts, transfers and returns are no sales. Never sold: counted from the day on which the oldest stock came in. What was out
    of stock for a month of the last three could not sell, and is not counted yet.
    """

    slug: ClassVar[str] = "no-sale"
    label: ClassVar[Label] = Label("No sale for three months", "三个月无动销")
    description: ClassVar[Label] = Label(
        "Stock lies there and nobody has bought any for three calendar months: on one account, or on none of those that the pool serves. "
        "Only a sale resets the clock, not a stock count, a transfer or a return. Opens the flow of clearance, or of a transfer to a pool "
        "that sells it.",
        "有库存，但连续三个自然月没有售出（某个店铺，或库存池服务的全部店铺）。只有售出才算动销，盘点、调拨、退货均不重置。"
        "据此启动清仓流程，或调拨到仍在动销的库存池。",
    )
    side: ClassVar[Side] = Side.EXCESS
    parameters_model: ClassVar[type[RuleParameters]] = NoSaleParameters
    proposals: ClassVar[tuple[Label, ...]] = (
        Label("Clear it: no account sells it, and no other pool does either", "清仓：所有店铺均无动销，其他库存池也不动销"),
        Label("Transfer it: another pool sells it", "调拨：其他库存池仍在动销"),
        Label("Promote or delist it on the account that does not sell it: others do", "在未动销的店铺促销或下架：其他店铺仍在动销"),
    )
    unit: ClassVar[str] = "day"
    uses: ClassVar[tuple[str, ...]] = (
        "available", "reserved", "days_since_sale", "quietest_account_days", "quietest_account", "oldest_age", "stockout_days_90",
        "sold_30", "unit_cost", "unit_price",
    )  # fmt: skip
    derives: ClassVar[Mapping[str, Column]] = {
        "idle_days": Column("day", "sales", Label("Days since anybody bought it", "距任一店铺上次售出天数")),
        "quiet_days": Column("day", "sales", Label("Days since the quietest account sold it", "距最久未动销店铺上次售出天数")),
        "limit_days": Column("day", "formula", Label("Days of the months", "对应天数")),
        "long_limit_days": Column("day", "formula", Label("Days of the months of level 3", "三级对应天数")),
        **HOLD_OR_LEAVE,
        "proposal": Column("code", "formula", Label("Proposed", "建议")),
    }
    requires: ClassVar[Mapping[str, str]] = {"available": "NO_STOCK_DATA", "reserved": "NO_STOCK_DATA", "idle_days": "NO_SALES_DATA"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """Days without a sale; of what never sold, of the oldest stock. The months of the calendar are days before the snapshot's."""
        idle = np.where(np.isnan(x["days_since_sale"]), x["oldest_age"], x["days_since_sale"])
        quiet = np.fmax(idle, x["quietest_account_days"])
        limit, long_limit = (_days_of(snapshot, x[name]) for name in ("months", "long_months"))
        nobody = np.where(_sells_elsewhere(snapshot, idle >= limit), TRANSFER, CLEAR)
        proposed = np.where(quiet >= limit, np.where(idle >= limit, nobody, REVIVE), np.nan)
        return {
            **hold_or_leave(snapshot, x, proposed == CLEAR),
            "idle_days": idle,
            "quiet_days": quiet,
            "limit_days": limit,
            "long_limit_days": long_limit,
            "proposal": proposed,
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Days without a sale on the account that has waited longest, what the stock has cost, and what clearing it saves of that."""
        tied_up = tied_up_value(on_hand(x["available"], x["reserved"]), x["unit_cost"])
        return Measures(value=longest_wait(x["idle_days"], x["quiet_days"]), money=tied_up, saving=letting_go_saves(x, tied_up))

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:  # noqa: ARG002
        """Levels as in the class. The clock runs one way, so an open alert closes with the next sale."""
        stock, days = on_hand(x["available"], x["reserved"]), slack * x["hold_days"]
        could_sell = ~(otherwise(x["stockout_days_90"], 0.0) >= x["out_days"])
        account, nobody, long = (
            could_sell & (unsold_for_months(stock, waited, limit - days) == 1)
            for waited, limit in (
                (x["quiet_days"], x["limit_days"]), (x["idle_days"], x["limit_days"]), (x["idle_days"], x["long_limit_days"]),
            )
        )  # fmt: skip
        return highest(account, nobody, nobody & long)

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing lies there that could be sold, or nothing is known of it at all."""
        return np.asarray((np.nan_to_num(x["available"]) <= 0) & (np.nan_to_num(x["reserved"]) <= 0))

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """What it has cost is unknown without a cost."""
        return {"NO_COST": np.isnan(x["unit_cost"])}


def _days_of(snapshot: Snapshot, months: FloatArray) -> FloatArray:
    """Days (n,) of so many calendar months up to the snapshot's day; a part of a month is none, and one is the least."""
    different, which = np.unique(months, return_inverse=True)
    days = [float(days_of_last_months(snapshot.day, max(int(each), 1))) for each in different.tolist()]
    return np.array(days, np.float64)[which]


def _sells_elsewhere(snapshot: Snapshot, asked: BoolArray) -> BoolArray:
    """Whether another row of the SKU, which does not hold the same units, has sold within 30 days, for the rows (n,) that are asked for."""
    rows = np.flatnonzero(np.isin(snapshot.sku_ids, snapshot.sku_ids[asked]))
    found = np.zeros(len(snapshot), np.bool_)
    sells = snapshot["sold_30"][rows] > 0
    # Rows that share units count once, so that a pool is not told to send them to itself; one number a pair, which sorts fast.
    shared = np.where(np.isnan(snapshot["shared_stock"]), -1.0 - np.arange(len(snapshot)), snapshot["shared_stock"])[rows]
    skus, sku = np.unique(snapshot.sku_ids[rows], return_inverse=True)
    groups, group = np.unique(shared, return_inverse=True)
    pairs, first, pair = np.unique(sku * max(len(groups), 1) + group, return_index=True, return_inverse=True)
    of_pair = np.bincount(pair, sells, len(pairs)) > 0
    of_sku = np.bincount(sku[first], of_pair, len(skus))
    found[rows] = of_sku[sku] - of_pair[pair] > 0
    return found
