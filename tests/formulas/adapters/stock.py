"""Vector suites of `formulas.stock`."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from stockhub.formulas.stock.cover import days_overdue, latest_order_day, latest_order_on
from stockhub.formulas.stock.overstock import capacity_share_units, excess_stock, overstock_limit
from stockhub.formulas.stock.position import position_within
from stockhub.formulas.stock.projection import projected_balance, projected_lost_units, projected_stock, stockout_day
from stockhub.formulas.stock.shortage import shortage_index
from tests.formulas.vector_case import Adapter, Case, known


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


ADAPTERS: dict[str, Adapter] = {
    "risk_indicators": risk_indicators,
    "replenishment_date": replenishment_date,
    "stock_projection": stock_projection,
}
