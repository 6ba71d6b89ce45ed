"""Vector suites of `formulas.health`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from stockhub.formulas.health.abc_xyz import (
    ABC_CLASSES,
    NEW_DAYS,
    XYZ_CLASSES,
    abc_class,
    cumulative_share_before,
    demand_statistics,
    xyz_class,
)
from stockhub.formulas.health.ageing import AGE_BUCKETS, age_histogram, fifo_remaining, weighted_age
from stockhub.formulas.health.cliff import mean_drop, shift_statistics
from stockhub.formulas.health.segmentation import penalised_breaks
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
from stockhub.formulas.health.turnover_rules import (
    MODE_CUMULATIVE,
    MODE_EACH,
    clearance_evaluation_due,
    cumulative_drop,
    least_drop,
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


def abc_xyz(x: Case) -> dict[str, Any]:
    """The suite cuts at 80 and 95 %, and none of its SKUs is new."""
    codes, revenue = np.array(x["skus"]), np.array(x["revenue"], dtype=np.float64)
    before = cumulative_share_before(revenue, codes)
    abc = abc_class(revenue, before, np.full(len(codes), NEW_DAYS), a_share=0.80, b_share=0.95)
    mean, variation = demand_statistics(np.array(x["demand"], dtype=np.float64))
    xyz = xyz_class(mean, variation)
    return {
        "abc": {sku: ABC_CLASSES[int(of)] for sku, of in zip(x["skus"], abc, strict=True)},
        "xyz": {sku: XYZ_CLASSES[int(of)] for sku, of in zip(x["skus"], xyz, strict=True)},
        "cv": [known(cv) for cv in variation],
    }


def change_points(x: Case) -> dict[str, Any]:
    series = np.array(x["y"], dtype=np.float64)
    shift = shift_statistics(series, x["min_size"])
    drop = mean_drop(*(float(part) for part in (shift.units_before, shift.days_before, shift.units_after, shift.days_after)))
    breaks = penalised_breaks(series, np.array(x["pelt_penalty"]), x["min_size"])
    return {"single_break": known(float(shift.break_day)), "pelt_breaks": np.flatnonzero(breaks).tolist(), "drop": known(drop)}


def turnover_streaks(x: Case) -> dict[str, Any]:
    turnover = np.array(x["turnover"], dtype=np.float64)
    least, together = float(least_drop(turnover)), float(cumulative_drop(turnover))
    return {
        name: clearance_evaluation_due(least, together, float(x["days_of_supply"]), float(x["safe_days"]), mode=mode) == 1.0
        for name, mode in (("cumulative", MODE_CUMULATIVE), ("each", MODE_EACH))
    }


ADAPTERS: dict[str, Adapter] = {
    "abc_xyz": abc_xyz,
    "change_point": change_points,
    "turnover_rules": turnover_streaks,
    "fifo_aging": fifo_ageing,
    "inventory_kpi": inventory_kpi,
}
