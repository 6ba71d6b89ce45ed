"""The cover that costs least: too little on one side, too much on the other, by one curve (N6, E15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isnan, nan
from typing import Final

import numpy as np

from stockhub.channels.fee_tables import ShopFees, aged_tiers, shop_fees
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.evaluation.cover_cost import AgeCharge, best_cover, cover_cost
from stockhub.formulas.evaluation.shortage_cost import unit_margin
from stockhub.formulas.fees.compensation import compensation_for_order
from stockhub.formulas.fees.rates import UnknownRateError
from stockhub.pluginapi import COLUMNS, Snapshot
from stockhub.snapshot.builder import build
from stockhub.snapshot.fees import first_served
from stockhub.snapshot.worth import Rates
from stockhub.values import Explanation, Label, Metric

#: The cost of capital a year, as the rules assume it.
CAPITAL_RATE: Final = 0.12
_INPUTS: Final[Mapping[str, tuple[str, str]]] = {
    "daily_demand": ("unit/day", "forecast"), "demand_sd": ("unit/day", "forecast"), "shortage_each": ("base currency/unit", "fees"),
    "capital_rate": ("1", "parameter:capital_rate"), "cover_days": ("day", "formula"),
} | {
    name: (COLUMNS[name].unit, COLUMNS[name].source)
    for name in (
        "lead_time", "lead_time_sd", "review_period", "low_fee_under_14", "low_fee_14_to_21", "low_fee_21_to_28", "storage_30", "unit_cost",
    )
}  # fmt: skip
#: What the inputs that are no snapshot columns are called.
LABELS: Final[Mapping[str, Label]] = {
    "daily_demand": Label("Demand a day", "日均需求"),
    "demand_sd": Label("Deviation of demand a day", "日需求波动"),
    "shortage_each": Label("Margin and compensation of a unit", "单件毛利与赔付"),
    "capital_rate": Label("Cost of capital a year", "年资金成本率"),
    "cover_days": Label("Days of cover", "覆盖天数"),
    "best_cover": Label("Cheapest cover", "成本最低的覆盖天数"),
}


@dataclass(frozen=True, slots=True)
class CoverTarget:
    """The cheapest cover, what it costs a month, what the present one does, and the curve over 1, 2, … days (480,), empty where unknown."""

    best: Metric
    cost_at_best: Metric
    cost_at_present: Metric
    curve: FloatArray | None


def cover_target(*, sku_id: int, pool_id: int, as_of: datetime) -> CoverTarget | None:
    """Of one SKU in one pool; None where it is not in the pool at all."""
    snapshot = build([sku_id], as_of)
    rows = np.flatnonzero(snapshot.pool_ids == pool_id)
    return CoverCosts.on(snapshot.day).target(snapshot, int(rows[0]), as_of) if len(rows) else None


@dataclass(frozen=True, slots=True)
class CoverCosts:
    """What the fees of the pools say of age, for any number of rows."""

    fees: Mapping[int, ShopFees]
    account: Mapping[int, int]
    day: date
    rates: Rates

    @classmethod
    def on(cls, day: date) -> CoverCosts:
        return cls(shop_fees(), first_served(day), day, Rates(day))

    def target(self, snapshot: Snapshot, row: int, as_of: datetime) -> CoverTarget:
        """The target of one row of a snapshot."""
        inputs, charges, reason = self._inputs(snapshot, row)
        if reason:
            unknown = Metric(None, self.rates.base, as_of, reason=reason)
            return CoverTarget(Metric(None, "day", as_of, reason=reason), unknown, unknown, None)
        days, curve = best_cover(inputs, charges)
        if isnan(days):
            unknown = Metric(None, self.rates.base, as_of, reason="NO_FEE_RATE")
            return CoverTarget(Metric(None, "day", as_of, reason="NO_FEE_RATE"), unknown, unknown, None)
        chosen = Explanation.input("best_cover", days, unit="day", source="formula")
        present = _present(snapshot, row) / inputs["daily_demand"]
        return CoverTarget(
            Metric(days, "day", as_of, explanation=chosen),
            self._cost(inputs, days, charges, as_of),
            self._cost(inputs, present, charges, as_of),
            curve,
        )

    def _cost(self, inputs: Mapping[str, float], days: float, charges: Sequence[AgeCharge], as_of: datetime) -> Metric:
        if isnan(days):
            return Metric(None, self.rates.base, as_of, reason="NO_STOCK_DATA")
        given = {name: Explanation.input(name, inputs[name], unit=of[0], source=of[1]) for name, of in _INPUTS.items() if name in inputs}
        tree = cover_cost(given, Explanation.input("cover_days", days, unit="day", source="formula"), charges)
        return Metric(tree.value, self.rates.base, as_of, explanation=tree, reason="NO_FEE_RATE" if tree.value is None else None)

    def _inputs(self, snapshot: Snapshot, row: int) -> tuple[dict[str, float], list[AgeCharge], str]:
        """The formula's inputs and charges, and why there are none."""
        x = {name: float(snapshot[name][row]) for name in COLUMNS}
        lacking = _lacking(x)
        charges = [] if lacking or x["is_platform_stock"] == 0 else self._charges(int(snapshot.pool_ids[row]), x["unit_volume"])
        if lacking or charges is None:
            return {}, [], lacking or "NO_FEE_RATE"
        margin = unit_margin(x["unit_price"], x["selling_fee"], x["unit_cost"])
        most = float("inf") if isnan(x["compensation_most"]) else x["compensation_most"]
        penalty = compensation_for_order(x["unit_price"], x["compensation_rate"], x["compensation_least"], most)
        free = x["sold_7"] < x["low_fee_least_sales"]
        own = {
            "daily_demand": x["daily_mean"],
            "demand_sd": x["daily_sd"],
            "shortage_each": max(margin, 0.0) + penalty,
            "capital_rate": CAPITAL_RATE,
        }
        out = {name: 0.0 if free and name.startswith("low_fee") else x[name] for name in _INPUTS if name in x} | own
        return out, charges, ""

    def _charges(self, pool: int, volume: float) -> list[AgeCharge] | None:
        fees = self.fees.get(self.account.get(pool, 0))
        try:
            tiers = aged_tiers(fees, self.day) if fees else ()
        except UnknownRateError:
            return None
        return [
            AgeCharge(
                float(tier.first_day),
                None if tier.last_day is None else tier.last_day + 1.0,
                max(volume * tier.factor * tier.rate, tier.least) * self.rates.to_base(tier.currency),
            )
            for tier in tiers
        ]


def _lacking(x: Mapping[str, float]) -> str:
    """Why a row has no curve; empty where it has one."""
    at_platform = x["is_platform_stock"] == 1
    causes = (
        ("NO_FORECAST", isnan(x["daily_mean"])), ("NO_DEMAND", x["daily_mean"] <= 0), ("NO_PRICE", isnan(x["unit_price"])),
        ("NO_COST", isnan(x["unit_cost"])), ("NO_FEES", isnan(x["fees_known"])),
        ("NO_SIZE", at_platform and isnan(x["unit_volume"] + x["unit_weight"])),
        ("NO_SALES_DATA", at_platform and isnan(x["sold_7"])), ("NO_FEE_RATE", isnan(x["selling_fee"] + x["compensation_rate"])),
    )  # fmt: skip
    return next((code for code, holds in causes if holds), "")


def _present(snapshot: Snapshot, row: int) -> float:
    """Units that can be sold or are on their way."""
    parts = [float(snapshot[name][row]) for name in ("available", "on_order", "in_transit", "receiving")]
    return nan if any(map(isnan, parts)) else max(sum(parts), 0.0)
