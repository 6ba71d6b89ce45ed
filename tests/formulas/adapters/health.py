"""Vector suites of `formulas.health`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from stockhub.formulas.health.ageing import AGE_BUCKETS, age_histogram, fifo_remaining, weighted_age
from stockhub.formulas.health.turnover import (
    annual_gross_margin_return,
    annual_turnover,
    days_sales_of_inventory,
    gross_margin_return,
    historical_days_of_supply,
    sell_through,
    stock_to_sales,
    storage_utilisation_weeks,
)
from tests.formulas.vector_case import Adapter, Case, known


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


ADAPTERS: dict[str, Adapter] = {
    "fifo_aging": fifo_ageing,
    "inventory_kpi": inventory_kpi,
}
