"""Which formula answers which vector suite: from a case's inputs to its expected names.

A missing number is None here, as at every boundary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from math import isnan
from typing import Any

import numpy as np

from stockhub.formulas.ageing import AGE_BUCKETS, age_histogram, fifo_remaining, weighted_age
from stockhub.formulas.compensation import compensation_for_order, out_of_stock_violation
from stockhub.formulas.cover import days_overdue, latest_order_day, latest_order_on
from stockhub.formulas.ordering import capped_order_quantity, order_quantity
from stockhub.formulas.overstock import capacity_share_units, excess_stock, overstock_limit
from stockhub.formulas.position import position_within
from stockhub.formulas.projection import projected_balance, projected_lost_units, projected_stock, stockout_day
from stockhub.formulas.safety_stock import protection_sd, reorder_point, safety_stock, service_factor
from stockhub.formulas.shortage import shortage_index
from stockhub.formulas.turnover import (
    annual_gross_margin_return,
    annual_turnover,
    days_sales_of_inventory,
    gross_margin_return,
    historical_days_of_supply,
    sell_through,
    stock_to_sales,
    storage_utilisation_weeks,
)
from stockhub.values import Money

Case = Mapping[str, Any]


def known(number: float) -> float | None:
    """The number, or None where it is missing."""
    return None if isnan(number) else float(number)


def risk_indicators(x: Case) -> dict[str, Any]:
    position = position_within(float(x["on_hand"] - x["reserved"]), float(x["inbound"]))
    shortage = shortage_index(x["forecast_4w"], x["safety_stock"], position)
    excess = excess_stock(position, x["forecast_n_weeks"])
    capacity = None if x["capacity"] is None or x["capacity_share"] is None else capacity_share_units(x["capacity"], x["capacity_share"])
    limit = overstock_limit(float(x["safety_stock"]), x["k"], x["floor_units"], capacity)
    return {
        "shortage": shortage,
        "shortage_alarm": shortage > 0,
        "overstock": excess,
        "overstock_threshold": limit,
        "overstock_alarm": excess > limit,
    }


def replenishment_date(x: Case) -> dict[str, Any]:
    day = latest_order_day(x["on_hand"] + x["inbound"], x["daily_demand"], x["safety_stock"], float(x["lead_time_days"]))
    when = latest_order_on(date.fromisoformat(x["as_of"]), day)
    return {
        "latest_order_day": known(day),
        "latest_order_date": when.isoformat() if when else None,
        "days_overdue": known(days_overdue(day)),
    }


def order_quantities(x: Case) -> dict[str, Any]:
    wanted = order_quantity(float(x["target"]), float(x["position"]), x["moq"], x["pack"])
    if not x["max_qty"] or wanted <= x["max_qty"]:
        return {"quantity": wanted, "flag": "ok"}
    allowed = capped_order_quantity(wanted, float(x["max_qty"]), x["moq"], x["pack"])
    return {"quantity": allowed, "flag": "shortfall" if allowed else "infeasible"}


def safety_stocks(x: Case) -> dict[str, Any]:
    z = service_factor(x["csl"])
    sigma = protection_sd(float(x["L"]), x["R"], x["mean_d"], x["sd_d"], x["sd_L"])
    stock = safety_stock(z, sigma)
    return {
        "z": z,
        "sigma": sigma,
        "safety_stock": stock,
        "target": reorder_point(x["mean_d"], float(x["L"]), x["R"], stock),
        "book_rounded": round(stock),
    }


def fifo_ageing(x: Case) -> dict[str, Any]:
    lots = sorted(x["lots"], key=lambda lot: lot["date"])
    received = np.array([lot["qty"] for lot in lots], dtype=np.float64)
    age = np.array([(date.fromisoformat(x["as_of"]) - date.fromisoformat(lot["date"])).days for lot in lots], dtype=np.float64)
    left = fifo_remaining(received, x["issued"])
    buckets = age_histogram(np.zeros(len(lots), dtype=np.int64), age, left, 1)[0]
    costs = [Decimal(lot["unit_cost"]) for lot in lots]
    return {
        "buckets": dict(zip(AGE_BUCKETS, buckets.tolist(), strict=True)),
        "cogs": sum((c * int(q) for c, q in zip(costs, received - left, strict=True)), Decimal(0)),
        "remaining_value": sum((c * int(q) for c, q in zip(costs, left, strict=True)), Decimal(0)),
        "weighted_age": known(weighted_age(age, left)),
    }


def stock_projection(x: Case) -> dict[str, Any]:
    stock, demand = np.array(x["on_hand"], dtype=np.float64), np.array(x["demand"], dtype=np.float64)
    inbound = np.zeros_like(demand)
    for day, units in x["inbound"].items():
        if int(day) < len(inbound):
            inbound[int(day)] += units
    curve = projected_stock(stock, demand, inbound)
    return {
        "lost_sales_trace": curve.tolist(),
        "backorder_trace": projected_balance(stock, demand, inbound).tolist(),
        "lost_units": float(projected_lost_units(stock, demand, inbound)),
        "stockout_day": known(float(stockout_day(curve))),
    }


def inventory_kpi(x: Case) -> dict[str, Any]:
    match x["kpi"]:
        case "historical_days_of_supply":
            return {"value": known(historical_days_of_supply(x["avg_daily_inventory"], x["avg_daily_shipped"]))}
        case "storage_utilization_weeks":
            return {"value": known(storage_utilisation_weeks(x["avg_daily_inventory_cuft"], x["avg_daily_shipped_cuft"]))}
        case "sell_through":
            return {"value": known(sell_through(x["units_sold"], x["ending_units"]))}
        case "stock_to_sales":
            return {"value": known(stock_to_sales(x["ending_units"], x["units_sold"]))}
    money, margin, days = x["avg_inventory_cost"], x["gross_margin"], x["days"]
    return {
        "turnover_annual": known(annual_turnover(x["cogs"], money, days)),
        "dsi": known(days_sales_of_inventory(x["cogs"], money, days)),
        "gmroi": known(gross_margin_return(margin, money)),
        "gmroi_annual": known(annual_gross_margin_return(margin, money, days)),
    }


#: Out-of-stock compensation that Douyin is said to charge: share, least and most for an order, by promised hours.
DOUYIN_SHORT_PROMISE, DOUYIN_LONG_PROMISE = (0.05, 5.0, 500.0), (0.10, 5.0, 1000.0)


def douyin_out_of_stock(x: Case) -> dict[str, Any]:
    if x["kind"] == "violation":
        return {"violation": bool(out_of_stock_violation(x["oos_orders"], float(x["orders"])))}
    rate, least, most = DOUYIN_SHORT_PROMISE if x["promise_hours"] <= 48 else DOUYIN_LONG_PROMISE
    return {"amount": Money.from_float(compensation_for_order(float(x["paid"]), rate, least, most), "CNY").rounded().amount}


ADAPTERS: Mapping[str, Callable[[Case], dict[str, Any]]] = {
    "risk_indicators": risk_indicators,
    "replenishment_date": replenishment_date,
    "order_quantity": order_quantities,
    "safety_stock": safety_stocks,
    "fifo_aging": fifo_ageing,
    "stock_projection": stock_projection,
    "inventory_kpi": inventory_kpi,
    "douyin_oos_cost": douyin_out_of_stock,
}
