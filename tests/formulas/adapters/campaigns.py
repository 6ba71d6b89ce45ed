"""Vector suites of `formulas.campaigns`."""

from __future__ import annotations

from typing import Any

import numpy as np

from stockhub.formulas.campaigns.need import baseline_units, campaign_units, required_extra
from stockhub.formulas.campaigns.pace import demand_multiplier, pace_ratio, price_multiplier, sale_is_over, target_rate
from stockhub.formulas.campaigns.throttle import throttle_levels
from tests.formulas.vector_case import Adapter, Case, known


def campaign(x: Case) -> dict[str, Any]:
    if x["kind"] == "need":
        units = campaign_units(float(x["views"]), x["conversion"], x["units_per_order"], x["cancel_rate"])
        baseline = baseline_units(float(x["baseline_daily"]), x["days"])
        return {"campaign_units": units, "required_extra": required_extra(units, baseline, x["safety_stock"], float(x["available"]))}
    target = target_rate(float(x["stock"]), float(x["reserve"]), float(x["minutes_left"]))
    demand = demand_multiplier(float(x["rate_per_min"]), target)
    return {
        "target_rate": known(target),
        "ratio": known(pace_ratio(float(x["rate_per_min"]), target)),
        "demand_multiplier": known(demand),
        "price_multiplier": known(price_multiplier(demand, float(x["elasticity"]))),
        "stop": bool(sale_is_over(float(x["stock"]), float(x["reserve"]))),
    }


def throttle(x: Case) -> dict[str, Any]:
    pace, stock = (np.array(x[name], dtype=np.float64) for name in ("rho", "stock"))
    return {"levels": throttle_levels(pace, stock, x["reserve"]).tolist()}


ADAPTERS: dict[str, Adapter] = {
    "campaign": campaign,
    "throttle_levels": throttle,
}
