"""The money of stock that lies too long: storage, surcharges for age, capital and write-down (H9, H54, N7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, otherwise, parameter
from stockhub.alerts.rules.shortage_money import MONEY_CAUSES, CapitalParameters, unknown_money
from stockhub.formulas.clearance.write_down import write_down, write_down_each
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.evaluation.excess_cost import (
    DAYS_A_YEAR,
    capital_cost,
    clearing_value,
    cost_of_holding,
    excess_loss,
    holding_days,
    storage_of_excess,
)
from stockhub.pluginapi import Column, Snapshot
from stockhub.values import Label

#: All that the money of an excess is made of.
EXCESS_MONEY: Final = ("unit_cost", "unit_price", "selling_fee", "aged_surcharge_180", *MONEY_CAUSES)
#: What `derive` adds.
EXCESS_MONEY_BASIS: Final[Mapping[str, Column]] = {
    "at_platform": Column("flag", "warehouse", Label("Stock lies with the platform", "存放于平台仓")),
    "storage_each": Column("base currency/unit", "fees", Label("Storage of a unit for as long as the excess lies", "积压期间单件仓储费")),
}
#: The days of storage that the snapshot has, the first being none.
_STORAGE_DAYS: Final = (30, 90, 180, 365)


class ExcessParameters(CapitalParameters):
    """What no fact gives."""

    clearing_share: float = parameter(0.5, "1", "Share of the price that clearance brings", "清仓可得价格比例", at_most=1.0)


def storage_within(snapshot: Snapshot, days: FloatArray) -> FloatArray:
    """A unit's storage (n,) for so many days from now, up to a year: exact on the days that the snapshot has, and even between them."""
    marks = np.array([0.0, *_STORAGE_DAYS])
    fees = np.column_stack([np.zeros(len(snapshot)), *[snapshot[f"storage_{mark}"] for mark in _STORAGE_DAYS]])
    at = np.clip(np.searchsorted(marks, np.nan_to_num(days), side="right"), 1, len(marks) - 1)
    row, low, high = np.arange(len(snapshot)), marks[at - 1], marks[at]
    part = (np.minimum(days, marks[-1]) - low) / (high - low)
    charged: FloatArray = fees[row, at - 1] + part * (fees[row, at] - fees[row, at - 1])
    return charged


def excess_money_basis(snapshot: Snapshot, days: FloatArray) -> dict[str, FloatArray]:
    """The inputs of `EXCESS_MONEY_BASIS`, given how long (n,) a unit of the excess lies."""
    return {"at_platform": otherwise(snapshot["is_platform_stock"], 0.0), "storage_each": storage_within(snapshot, days)}


def loss_of_excess(x: Mapping[str, N], units: N, daily_demand: N, days_until_excess: N | float) -> N:
    """What units that lie there too long cost until they are sold or cleared. What is saved of it, a remedy has to bring (ADR 0057)."""
    days: N = holding_days(units, daily_demand, days_until_excess, DAYS_A_YEAR)
    holding: N = cost_of_holding(
        storage_of_excess(units, x["storage_each"]),
        x["aged_surcharge_180"],
        capital_cost(units, x["unit_cost"], days, x["capital_rate"]),
    )
    cleared = clearing_value(x["unit_price"], x["clearing_share"], x["selling_fee"])
    lost: N = write_down(units, write_down_each(x["unit_cost"], cleared))
    return excess_loss(holding, lost)


def unknown_excess_money(x: Mapping[str, FloatArray], money: FloatArray) -> dict[str, BoolArray]:
    """Why the money of rows (n,) is unknown."""
    causes = unknown_money(x, money)
    lacking_age = np.isnan(money) & np.isnan(x["aged_surcharge_180"]) & ~causes["NO_SIZE"] & ~causes["NO_FEES"]
    return {code: rows for code, rows in causes.items() if code != "NO_FEE_RATE"} | {
        "NO_LOTS": lacking_age,
        "NO_FEE_RATE": causes["NO_FEE_RATE"],
    }
