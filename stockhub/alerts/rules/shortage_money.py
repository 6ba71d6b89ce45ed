"""The money of a shortage as rules share it: lost margin, compensation, frozen payouts and the low-inventory fee (D21, E15, N7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, otherwise, parameter
from stockhub.formulas.elementwise import FloatArray, N, where
from stockhub.formulas.evaluation.shortage_cost import (
    LEAST_VIOLATION_ORDERS,
    expected_freeze_cost,
    freeze_still_saved,
    lost_margin,
    shortage_compensation,
    shortage_loss,
    unit_margin,
    units_still_saved,
)
from stockhub.formulas.fees.low_inventory import deciding_days_of_supply, low_inventory_cost, low_inventory_fee, low_inventory_rate
from stockhub.formulas.health.turnover import historical_days_of_supply
from stockhub.formulas.stock.cover import daily_rate
from stockhub.pluginapi import Column, RuleParameters, Snapshot
from stockhub.values import Label

#: Snapshot columns of the low-inventory fee.
LOW_INVENTORY: Final = (
    "sold_7", "sold_30", "sold_90", "mean_stock_30", "mean_stock_90", "low_fee_under_14", "low_fee_14_to_21", "low_fee_21_to_28",
    "low_fee_least_sales", "platform_supply_30", "platform_supply_90",
)  # fmt: skip
#: Snapshot columns of a unit's margin.
MARGIN: Final = ("unit_price", "unit_cost", "selling_fee")
#: All that the money of days without stock is made of.
OUTAGE_MONEY: Final = (
    *MARGIN, "daily_mean", "compensation_rate", "compensation_least", "payout_freeze_days", "shop_orders", "shop_paid",
)  # fmt: skip
#: All that the money of a shortage is made of.
SHORTAGE_MONEY: Final = (*OUTAGE_MONEY, *LOW_INVENTORY)
#: Snapshot columns that say why money is unknown.
MONEY_CAUSES: Final = ("fees_known", "unit_volume", "unit_weight")
OUTAGE_CAUSES: Final = (*MONEY_CAUSES, "is_platform_stock")
#: What `derive` adds for the low-inventory fee.
SHIPPED: Final[Mapping[str, Column]] = {
    # Not known where neither the platform says nor a history of stock does.
    "supply_is_told": Column("flag", "platform", Label("The platform tells the days of supply", "平台提供可售天数")),
    "told_supply_30": Column("day", "platform", Label("Platform's 30-day days of supply (0: not told)", "平台近30天可售天数（0为无）")),
    "told_supply_90": Column("day", "platform", Label("Platform's 90-day days of supply (0: not told)", "平台近90天可售天数（0为无）")),
    "at_platform": Column("flag", "warehouse", Label("Stock lies with the platform", "存放于平台仓")),
    "shipped_until_arrival": Column("unit", "forecast", Label("Shipped until an order of today arrives", "今日下单到货前可发件数")),
    "shipped_until_next": Column("unit", "forecast", Label("Shipped until the next review's order arrives", "下次补货到货前可发件数")),
}
#: What `derive` adds for days without stock.
OUTAGE_MONEY_BASIS: Final[Mapping[str, Column]] = {
    "compensation_limit": Column(
        "base currency", "fees", Label("Compensation of an order, at most (its own where unlimited)", "单笔赔付上限（无上限时为全额）")
    ),
}  # fmt: skip
#: What `derive` adds for all of it.
SHORTAGE_MONEY_BASIS: Final[Mapping[str, Column]] = {**SHIPPED, **OUTAGE_MONEY_BASIS}


class CapitalParameters(RuleParameters):
    """The cost of capital, which no fact gives."""

    capital_rate: float = parameter(0.12, "1", "Cost of capital a year", "年资金成本率", at_most=1.0)


@dataclass(frozen=True, slots=True)
class Stakes(Generic[N]):
    """What a shortage costs, and the part of it that the rule's action of today saves."""

    loss: N
    saving: N


def shipped(snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The inputs of `SHIPPED`: what is asked for, as far as stock and arrivals go."""
    available = np.maximum(x["available"], 0.0)
    until = {"shipped_until_arrival": x["lead_time"], "shipped_until_next": x["lead_time"] + x["review_period"]}
    told = [snapshot["platform_supply_30"], snapshot["platform_supply_90"]]
    is_told = ~np.isnan(told[0]) & ~np.isnan(told[1])
    unknown = ~is_told & (np.isnan(x["mean_stock_30"]) | np.isnan(x["mean_stock_90"]))
    return {
        "supply_is_told": np.where(unknown, np.nan, is_told.astype(np.float64)),
        "told_supply_30": otherwise(told[0], 0.0),
        "told_supply_90": otherwise(told[1], 0.0),
        "at_platform": otherwise(snapshot["is_platform_stock"], 0.0),
        **{name: np.minimum(available + snapshot.inbound_within(days), snapshot.demand_within(days)) for name, days in until.items()},
    }


def outage_money_basis(snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The inputs of `OUTAGE_MONEY_BASIS`."""
    unlimited = np.maximum(x["unit_price"] * x["compensation_rate"], x["compensation_least"])
    return {"compensation_limit": np.where(np.isnan(snapshot["compensation_most"]), unlimited, snapshot["compensation_most"])}


def shortage_money_basis(snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The inputs of `SHORTAGE_MONEY_BASIS`."""
    return shipped(snapshot, x) | outage_money_basis(snapshot, x)


def days_of_supply(x: Mapping[str, N]) -> N:
    """By the better of the two views of the past, which is what the fee goes by; the platform's own figures go before ours."""
    ours = deciding_days_of_supply(
        historical_days_of_supply(x["mean_stock_30"], daily_rate(x["sold_30"], 30.0)),
        historical_days_of_supply(x["mean_stock_90"], daily_rate(x["sold_90"], 90.0)),
    )
    return where(x["supply_is_told"], deciding_days_of_supply(x["told_supply_30"], x["told_supply_90"]), ours)


def fee_on_shipped(x: Mapping[str, N], units: N) -> N:
    """The fee on units that are shipped meanwhile; 0 elsewhere than at the platform, and where nothing was sold."""
    rate = low_inventory_rate(days_of_supply(x), x["low_fee_under_14"], x["low_fee_14_to_21"], x["low_fee_21_to_28"])
    return low_inventory_cost(x["at_platform"], x["sold_30"], low_inventory_fee(units, rate, x["sold_7"], x["low_fee_least_sales"]))


def stakes_of(x: Mapping[str, N], units_short: N, units_short_before_arrival: N) -> Stakes[N]:
    """Loss and saving of a shortage of units until the next review's order, and of those that are missing before one of today arrives."""
    low = fee_on_shipped(x, x["shipped_until_next"])
    low_saved = fee_on_shipped(x, x["shipped_until_next"] - x["shipped_until_arrival"])
    return Stakes(
        loss=outage_loss(x, units_short, low), saving=_outage_saving(x, units_short, units_short_before_arrival, low_saved)
    )  # fmt: skip


def outage_stakes(x: Mapping[str, N], units_short: N, units_short_before_help: N) -> Stakes[N]:
    """Loss and saving of units that will be asked for and are not there, and of those of them that are missing before help can come.

    Without the low-inventory fee, which is charged on what is shipped, whether or not stock runs out.
    """
    return Stakes(loss=outage_loss(x, units_short), saving=_outage_saving(x, units_short, units_short_before_help, 0.0))


def outage_loss(x: Mapping[str, N], units_short: N, low_inventory: N | float = 0.0) -> N:
    """What it costs that units are asked for and are not there."""
    margin = unit_margin(x["unit_price"], x["selling_fee"], x["unit_cost"])
    return shortage_loss(lost_margin(units_short, margin), _compensation(x, units_short), _freeze(x, units_short), low_inventory)


def _outage_saving(x: Mapping[str, N], units_short: N, before_help: N, low_inventory: N | float) -> N:
    margin, saved = unit_margin(x["unit_price"], x["selling_fee"], x["unit_cost"]), units_still_saved(units_short, before_help)
    freeze = freeze_still_saved(_freeze(x, units_short), before_help)
    return shortage_loss(lost_margin(saved, margin), _compensation(x, saved), freeze, low_inventory)


def _compensation(x: Mapping[str, N], units: N) -> N:
    return shortage_compensation(
        units, x["unit_price"], x["compensation_rate"], x["compensation_least"], x["compensation_limit"]
    )  # fmt: skip


def _freeze(x: Mapping[str, N], units: N) -> N:
    return expected_freeze_cost(
        units, x["daily_mean"], x["shop_orders"], x["shop_paid"], x["payout_freeze_days"], x["capital_rate"]
    )  # fmt: skip


def margin_reasons(x: Mapping[str, FloatArray]) -> dict[str, BoolArray]:
    """Why the margin of rows (n,) is unknown, the first cause first."""
    return {"NO_PRICE": np.isnan(x["unit_price"]), "NO_COST": np.isnan(x["unit_cost"]), "NO_FEES": np.isnan(x["selling_fee"])}


def unknown_money(x: Mapping[str, FloatArray], money: FloatArray) -> dict[str, BoolArray]:
    """Why the money of rows (n,) is unknown, the first cause first, given `MONEY_CAUSES`, or those of an outage, among the inputs."""
    lacking, at_platform = np.isnan(money), x["at_platform" if "at_platform" in x else "is_platform_stock"] > 0

    def nothing(name: str) -> BoolArray:
        return np.isnan(x[name]) if name in x else np.zeros(len(money), np.bool_)

    causes = {
        "NO_PRICE": nothing("unit_price"),
        "NO_COST": nothing("unit_cost"),
        "NO_FEES": np.isnan(x["fees_known"]),
        "NO_SIZE": at_platform & (nothing("unit_volume") | nothing("unit_weight")),
        "NO_STOCK_HISTORY": at_platform & nothing("supply_is_told"),
        # Only who sells so much can come under sanction.
        "NO_SHOP_PACE": (nothing("shop_orders") | nothing("shop_paid")) & (x.get("daily_mean", money) >= LEAST_VIOLATION_ORDERS),
        "NO_FEE_RATE": np.ones(len(money), np.bool_),
    }
    return {code: lacking & rows for code, rows in causes.items()}
