"""Is stock worth more held or let go? Net present values, by what is known of every SKU (science.md 7.5, 10.1; E12)."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.alerts.rules.formula_rule import BoolArray, parameter
from stockhub.alerts.rules.realisable_value import SellingParameters, net_value
from stockhub.formulas.clearance.exits import expected_monthly_sales, hold_value, liquidation_value
from stockhub.formulas.clearance.present_value import DEFAULT_MONTHLY_RATE
from stockhub.formulas.elementwise import FloatArray, N, minimum, positive_part
from stockhub.formulas.evaluation.excess_remedies import letting_go_effect
from stockhub.formulas.fees.removal import liquidation_net
from stockhub.pluginapi import Column, Snapshot
from stockhub.values import Label

#: Months for which stock is held at most; what is left then takes the same way out as today.
MONTHS: Final = 12
_DAYS_A_MONTH: Final = 365.0 / 12.0
_INPUTS: Final = (
    "available", "unit_cost", "unit_price", "selling_share", "selling_cost", "monthly_rate", "storage_share", "recovery_share",
    "liquidation_share",
)  # fmt: skip
IntArray = NDArray[np.int64]


class HoldingParameters(SellingParameters):
    """What holding takes and what a liquidator gives, where nobody says otherwise. What stock has cost is spent and in neither."""

    monthly_rate: float = parameter(DEFAULT_MONTHLY_RATE, "1", "Cost of capital a month", "月资金成本率", at_most=1.0)
    storage_share: float = parameter(0.02, "1", "Storage a month, as a share of unit cost", "月仓储费占单位成本比例", at_most=1.0)
    recovery_share: float = parameter(0.05, "1", "What a liquidator pays, as a share of the price", "清算回收占售价比例", at_most=1.0)
    liquidation_share: float = parameter(0.15, "1", "Share of that which liquidation costs", "清算费用占回收比例", at_most=1.0)


HOLD_OR_LEAVE: Final[Mapping[str, Column]] = {
    "hold_value": Column("base currency", "formula", Label("Worth of holding it", "继续持有的现值")),
    "exit_value": Column("base currency", "formula", Label("Worth of letting it go today", "立即清算的现值")),
}


def hold_or_leave(snapshot: Snapshot, x: Mapping[str, FloatArray], asked: BoolArray) -> dict[str, FloatArray]:
    """The inputs of `HOLD_OR_LEAVE`, of all that is available, in the rows (n,) that are asked for; NaN without price, cost or forecast.

    Held, it sells as forecast for a year, each month stores what lay there at its start, and what is left is liquidated then.
    Surcharges for age come on top: “Aged-stock surcharge ahead” tells them.
    """
    rows = np.flatnonzero(asked)
    its = {name: x[name][rows] for name in _INPUTS}
    stock, rate, nothing = np.maximum(its["available"], 0.0), its["monthly_rate"], np.zeros(len(rows))
    upto = [snapshot.demand_of(rows, np.full(len(rows), month * _DAYS_A_MONTH)) for month in range(MONTHS + 1)]
    sold = expected_monthly_sales(stock, [later - earlier for earlier, later in pairwise(upto)])
    at_start = stock - np.cumsum([nothing, *sold], axis=0)
    each = liquidation_net(np.ones(len(rows)), its["unit_price"], its["recovery_share"], its["liquidation_share"], nothing)
    storage = [np.maximum(lying, 0.0) * its["unit_cost"] * its["storage_share"] for lying in at_start[:-1]]
    held = hold_value(
        sold, net_value(its), storage, [nothing] * MONTHS, rate=rate, exit_value=liquidation_value(at_start[-1], each, rate)
    )  # fmt: skip
    return {"hold_value": _placed(held, rows, len(asked)), "exit_value": _placed(liquidation_value(stock, each, rate), rows, len(asked))}


def letting_go_saves(x: Mapping[str, N], loss: N) -> N:
    """What letting the stock go today saves of a loss, given `HOLD_OR_LEAVE`; missing where the two worths are."""
    return minimum(letting_go_effect(x["exit_value"], x["hold_value"]), positive_part(loss))


def _placed(values: FloatArray, rows: IntArray, n: int) -> FloatArray:
    placed = np.full(n, np.nan)
    placed[rows] = values
    return placed
