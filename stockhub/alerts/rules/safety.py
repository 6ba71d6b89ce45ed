"""The safety stock of a row as a rule explains it: by lead-time demand where that is what it rests on."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from stockhub.formulas.distributions.kept_quantiles import calibrated_safety_stock, safety_stock_in_use
from stockhub.formulas.distributions.own_deviation import excess_demand, rests_on_own_deviation
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.pluginapi import Column, Snapshot
from stockhub.values import Label

#: Snapshot columns that go into it.
SAFETY_STOCK: Final = ("safety_stock", "protection_quantile", "protection_demand", "own_sd", "usual_deviations", "lead_time_risk")
#: What `derive` adds: a row of which nothing is said rests on its policy.
SAFETY_STOCK_BASIS: Final[Mapping[str, Column]] = {
    "rests_on_lead_time_demand": Column("flag", "policy", Label("Safety stock rests on lead-time demand", "安全库存按交期需求校准")),
    # Where it does not, one of its two inputs says why: the SKU's own deviation is unknown or nothing, or what SKUs usually need is.
    "rests_on_own_deviation": Column(
        "flag", "forecast", Label("Safety stock rests on the SKU's own deviation too", "安全库存兼顾自身波动")
    ),
}


def safety_stock_basis(snapshot: Snapshot) -> dict[str, FloatArray]:
    """The inputs of `SAFETY_STOCK_BASIS`."""
    return {
        "rests_on_lead_time_demand": np.nan_to_num(snapshot["safety_stock_is_calibrated"]),
        "rests_on_own_deviation": rests_on_own_deviation(snapshot["own_sd"], snapshot["usual_deviations"]),
    }


def explained_safety_stock(x: Mapping[str, N]) -> N:
    """Equal to the column `safety_stock`, with the formula that it comes from."""
    excess = excess_demand(
        x["protection_quantile"], x["protection_demand"], x["rests_on_own_deviation"], x["own_sd"], x["usual_deviations"]
    )
    calibrated = calibrated_safety_stock(excess, x["lead_time_risk"])
    return safety_stock_in_use(x["rests_on_lead_time_demand"], calibrated, x["safety_stock"])
