"""What can be done about an excess: promotion, transfer and purchase pause, each with its effect in money (H28, ADR 0041).

Every alert on the side of excess gets the three, whichever rule raised it, a plugin's as well: they are reckoned from the snapshot and the
parameters of “Overstock”, and kept with the alert's inputs, so that its page shows how they come about for as long as it exists.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from django.conf import settings
from django.utils.translation import gettext, gettext_noop
from numpy.typing import NDArray

from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert, Side
from stockhub.alerts.parameters.resolution import Resolution
from stockhub.alerts.rules.excess_money import storage_within
from stockhub.alerts.rules.imbalance import movable_pairs
from stockhub.alerts.rules.overstock import DAYS_A_WEEK, OverstockParameters, OverstockRule
from stockhub.formulas.clearance.write_down import write_down, write_down_each
from stockhub.formulas.elementwise import FloatArray, N, minimum, positive_part
from stockhub.formulas.evaluation.excess_cost import capital_cost, clearing_value, cost_of_holding, holding_days, storage_of_excess
from stockhub.formulas.evaluation.excess_remedies import (
    discount_given,
    extra_sales,
    holding_saved,
    pause_effect,
    promotion_effect,
    transfer_effect,
    units_to_pause,
)
from stockhub.formulas.evaluation.shortage_cost import lost_margin, unit_margin
from stockhub.formulas.stock.cover import daily_rate
from stockhub.formulas.stock.overstock import excess_stock
from stockhub.formulas.stock.position import inventory_position, position_within
from stockhub.formulas.transfers.imbalance import units_saved, units_to_rebalance
from stockhub.pluginapi import COLUMNS, Column, Findings, Snapshot
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.row_parameters import as_arrays
from stockhub.pluginhost.rules import valid_parameters
from stockhub.values import Explanation, Label, Metric

PROMOTION: Final = "promotion"
TRANSFER: Final = "transfer"
PAUSE: Final = "purchase-pause"
#: In the order in which they are shown; the value is what a remedy is called.
REMEDIES: Final[Mapping[str, str]] = {
    PROMOTION: gettext_noop("Promotion"),
    TRANSFER: gettext_noop("Transfer"),
    PAUSE: gettext_noop("Purchase pause"),
}
#: The tree of each remedy among the alert's, by its slug.
TREES: Final[Mapping[str, str]] = {PROMOTION: "remedy_promotion", TRANSFER: "remedy_transfer", PAUSE: "remedy_pause"}
#: The id of the pool that a transfer would go to.
RECEIVING_POOL: Final = "remedy_pool"
_USES: Final = (
    "available", "on_order", "in_transit", "receiving", "safety_stock", "unit_cost", "unit_price", "selling_fee", "aged_surcharge_180",
)  # fmt: skip
_PARAMETERS: Final = (
    "weeks", "times_safety_stock", "floor_units", "capital_rate", "clearing_share", "promotion_share", "promotion_elasticity",
)  # fmt: skip
#: What is kept beside columns of the snapshot and parameters, whose names get `remedy_` before them.
_DERIVED: Final[Mapping[str, Column]] = {
    "remedy_demand": Column("unit", "forecast", Label("Forecast of the weeks", "各周预测合计")),
    "remedy_inbound": Column("unit", "ledger", Label("Inbound landing within the weeks", "各周内到货")),
    "remedy_storage": Column("base currency/unit", "fees", Label("Storage of a unit for as long as the excess lies", "积压期间单件仓储费")),
    "remedy_other_pools": Column("1", "warehouse", Label("Pools that units can be moved to", "可调入的库存池数")),
    RECEIVING_POOL: Column("code", "warehouse", Label("Number of the pool that would get them", "调入库存池编号")),
    "remedy_moved": Column("unit", "formula", Label("Units that the other pool lacks and can get", "可调往缺货库存池的数量")),
    "remedy_margin": Column("base currency", "formula", Label("Margin that they save there", "调入方可挽回毛利")),
}
#: What each remedy's money needs, and why it is unknown where that is missing; the first that is missing speaks.
_NEEDS: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    PROMOTION: (
        ("available", "NO_STOCK_DATA"), ("remedy_demand", "NO_FORECAST"), ("unit_price", "NO_PRICE"), ("unit_cost", "NO_COST"),
        ("selling_fee", "NO_FEE_RATE"), ("remedy_storage", "NO_FEE_RATE"), ("aged_surcharge_180", "NO_LOTS"),
    ),
    TRANSFER: (
        ("available", "NO_STOCK_DATA"), ("remedy_moved", "NO_DONOR_DATA"), ("unit_price", "NO_PRICE"), ("unit_cost", "NO_COST"),
        ("selling_fee", "NO_FEE_RATE"), ("remedy_margin", "NO_FEE_RATE"), ("remedy_demand", "NO_FORECAST"),
        ("remedy_storage", "NO_FEE_RATE"), ("aged_surcharge_180", "NO_LOTS"),
    ),
    PAUSE: (
        ("on_order", "NO_STOCK_DATA"), ("in_transit", "NO_STOCK_DATA"), ("receiving", "NO_STOCK_DATA"), ("available", "NO_STOCK_DATA"),
        ("remedy_demand", "NO_FORECAST"), ("unit_cost", "NO_COST"), ("unit_price", "NO_PRICE"), ("selling_fee", "NO_FEE_RATE"),
        ("remedy_storage", "NO_FEE_RATE"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to do about an excess: `effect` is the money that it brings against leaving it, below 0 where it costs more."""

    slug: str
    effect: Metric

    @property
    def label(self) -> str:
        """What it is called, in the active language."""
        return gettext(REMEDIES[self.slug])


def with_remedies(findings: Findings, basis: Mapping[str, FloatArray]) -> Findings:
    """Findings that keep what the remedies are reckoned from; what the rule itself says of a name stays."""
    return replace(findings, inputs={**basis, **findings.inputs})


def remedy_basis(snapshot: Snapshot, parameters: Resolution) -> dict[str, FloatArray]:
    """The inputs (n,) of the remedies of every row, by name."""
    of_overstock = _parameters(parameters)
    x = {name: snapshot[name] for name in _USES}
    x |= {f"remedy_{name}": np.broadcast_to(np.asarray(of_overstock[name], np.float64), (len(snapshot),)) for name in _PARAMETERS}
    days = x["remedy_weeks"] * DAYS_A_WEEK
    x["remedy_demand"], x["remedy_inbound"] = snapshot.demand_within(days), snapshot.inbound_within(days)
    excess = _excess(x)
    x["remedy_storage"] = storage_within(snapshot, holding_days(excess, daily_rate(x["remedy_demand"], days), days))
    return x | _transfers(snapshot, np.floor(np.maximum(np.minimum(excess, x["available"]), 0.0)))


def remedy_trees() -> dict[str, Explanation]:
    """The formulas of the three effects over named inputs, by the names in `TREES`."""
    x = {name: Explanation.input(name, unit=COLUMNS[name].unit, source=COLUMNS[name].source) for name in _USES}
    x |= {name: Explanation.input(name, unit=column.unit, source=column.source) for name, column in _columns().items()}
    return {TREES[slug]: node for slug, node in _effects(x).items()}


def valued_effects(x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The effect (n,) of each remedy by its slug, given the inputs of `remedy_basis`; NaN where `remedies_of` tells a reason instead."""
    known = {slug: ~np.logical_or.reduce([np.isnan(x[name]) for name, _code in needs]) for slug, needs in _NEEDS.items()}
    known[PROMOTION] &= x["remedy_demand"] != 0
    known[TRANSFER] &= x["remedy_other_pools"] > 0
    return {slug: np.where(known[slug], effect, np.nan) for slug, effect in _effects(x).items()}


def kept_basis(inputs: Sequence[Mapping[str, float | None]]) -> dict[str, FloatArray]:
    """What alerts have kept of `remedy_basis`, (n,) by name; NaN for what one of them has not kept."""
    names = (*_USES, *_columns())
    return {name: np.array([_number(row.get(name)) for row in inputs], np.float64) for name in names}


def paused_units(x: Mapping[str, FloatArray]) -> FloatArray:
    """Ordered units (n,) that a purchase pause holds, given the inputs of `remedy_basis`."""
    position = inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"])
    return np.asarray(units_to_pause(x["on_order"], position, x["remedy_demand"]), np.float64)


def missing_of_all(inputs: Mapping[str, float | None]) -> str:
    """Why not one of the three can be valued; empty where that cannot be told. A pause needs least: no demand and no second pool."""
    return _reason(PAUSE, inputs, None) if "remedy_demand" in inputs else ""


def remedy_labels() -> dict[str, Label]:
    """What the inputs are called that are no columns of the snapshot."""
    return {name: column.label for name, column in _columns().items()}


def remedies_of(alert: Alert, *, pools: Collection[int] | None = None, trees: Mapping[str, Explanation] | None = None) -> list[Remedy]:
    """The three of an alert on the side of excess; none of another, or of one that no rule has judged. Reads `alert.template`.

    `pools`: the ids of those that the reader may see; None for all. A transfer to another tells nothing.
    """
    if alert.side != Side.EXCESS or alert.template is None:
        return []
    its = explanations_of(alert) if trees is None else trees
    return [Remedy(slug, _effect(alert, slug, its.get(name), pools)) for slug, name in TREES.items()]


def _effect(alert: Alert, slug: str, tree: Explanation | None, pools: Collection[int] | None) -> Metric:
    reason = "NOT_VALUED" if tree is None else _reason(slug, alert.inputs, pools)
    unit = settings.STOCKHUB_BASE_CURRENCY
    if reason or tree is None or tree.value is None:
        return Metric(None, unit, as_of=alert.evaluated_at, reason=reason or "NO_DATA")
    return Metric(tree.value, unit, as_of=alert.evaluated_at, explanation=tree)


def _reason(slug: str, inputs: Mapping[str, float | None], pools: Collection[int] | None) -> str:
    """Why an effect is unknown; empty where it is known."""
    if slug == TRANSFER:
        if not inputs.get("remedy_other_pools"):
            return "NO_OTHER_POOL"
        receiver = inputs.get(RECEIVING_POOL)
        if pools is not None and receiver is not None and int(receiver) not in pools:
            return "POOL_NOT_VISIBLE"
    missing = next((code for name, code in _NEEDS[slug] if inputs.get(name) is None), "")
    if not missing and slug == PROMOTION and not inputs["remedy_demand"]:
        return "NO_DEMAND"
    return missing


def _effects(x: Mapping[str, N]) -> dict[str, N]:
    """The three effects, over numbers, arrays or explanations."""
    days: N = x["remedy_weeks"] * DAYS_A_WEEK
    demand, cost, price, fee = x["remedy_demand"], x["unit_cost"], x["unit_price"], x["selling_fee"]
    excess: N = _excess(x)
    lies: N = holding_days(excess, daily_rate(demand, days), days)
    holding: N = cost_of_holding(
        storage_of_excess(excess, x["remedy_storage"]),
        x["aged_surcharge_180"],
        capital_cost(excess, cost, lies, x["remedy_capital_rate"]),
    )
    cleared = clearing_value(price, x["remedy_clearing_share"], fee)
    pay, lost_each = x["remedy_promotion_share"], write_down_each(cost, cleared)
    extra: N = extra_sales(minimum(excess, positive_part(x["available"])), demand, pay, 0.0 - x["remedy_promotion_elasticity"])
    regular: N = minimum(demand, position_within(x["available"], x["remedy_inbound"]))
    paused: N = units_to_pause(x["on_order"], inventory_position(x["available"], x["on_order"], x["in_transit"], x["receiving"]), demand)
    moved = x["remedy_moved"]
    return {
        PROMOTION: promotion_effect(
            extra, clearing_value(price, pay, fee), cleared, holding_saved(extra, excess, holding), discount_given(regular, price, pay)
        ),
        TRANSFER: transfer_effect(moved, lost_each, holding_saved(moved, excess, holding), x["remedy_margin"]),
        PAUSE: pause_effect(
            storage_of_excess(paused, x["remedy_storage"]),
            capital_cost(paused, cost, lies, x["remedy_capital_rate"]),
            write_down(paused, lost_each),
        ),
    }  # fmt: skip


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _excess(x: Mapping[str, N]) -> N:
    excess: N = excess_stock(position_within(x["available"], x["remedy_inbound"]), x["remedy_demand"])
    return excess


def _transfers(snapshot: Snapshot, spare: FloatArray) -> dict[str, FloatArray]:
    """Where whole units of `spare` (n,) would go: to the pool that lacks most of them, among equals the one with the lowest id."""
    others, pool = np.zeros(len(snapshot)), np.full(len(snapshot), np.nan)
    moved, margin = np.zeros(len(snapshot)), np.zeros(len(snapshot))
    to, giver = movable_pairs(snapshot)
    np.add.at(others, giver, 1.0)
    wanted, saved = _wanted(snapshot, to, spare[giver])
    # Nothing to give needs no knowledge of who would take it.
    wanted = np.where(spare[giver] == 0, 0.0, wanted)
    order = np.lexsort((snapshot.pool_ids[to], -np.nan_to_num(wanted), np.isnan(wanted), giver))
    givers, first = np.unique(giver[order], return_index=True)
    best = order[first]
    moved[givers] = wanted[best]
    margin[givers] = np.where(wanted[best] > 0, saved[best], np.where(np.isnan(wanted[best]), np.nan, 0.0))
    pool[givers] = np.where(wanted[best] > 0, snapshot.pool_ids[to[best]], np.nan)
    return {"remedy_other_pools": others, RECEIVING_POOL: pool, "remedy_moved": moved, "remedy_margin": margin}


def _wanted(snapshot: Snapshot, to: NDArray[np.int64], spare: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Units (m,) that each receiving row could be given, and the margin (m,) that they would save there."""
    rate, lead, safety = snapshot["daily_mean"][to], snapshot["lead_time"][to], snapshot["safety_stock"][to]
    position = position_within(snapshot["available"][to], snapshot.inbound_within(snapshot["lead_time"])[to])
    units = units_to_rebalance(spare, rate, lead + snapshot["review_period"][to], position, safety)
    each = unit_margin(snapshot["unit_price"][to], snapshot["selling_fee"][to], snapshot["unit_cost"][to])
    return units, lost_margin(units_saved(units, rate, lead, position), each)


def _parameters(resolution: Resolution) -> dict[str, float | FloatArray]:
    """The parameters of “Overstock”, a number or one a row (n,). A set that its rule refuses fails there; here the defaults stand in."""
    rule, by_row = OverstockRule(), resolution.of_rule(OverstockRule.slug)
    try:
        sets = [valid_parameters(rule, each) for each in by_row.sets]
    except ProviderFailedError:
        return dict(OverstockParameters())
    return dict(sets[0] if by_row.of_row is None else as_arrays(rule, sets, by_row.of_row))


def _columns() -> dict[str, Column]:
    """The inputs that are no columns of the snapshot."""
    fields, out = OverstockParameters.model_fields, dict(_DERIVED)
    for name in _PARAMETERS:
        extra = fields[name].json_schema_extra
        known = extra if isinstance(extra, dict) else {}
        label = Label(fields[name].title or name, str(known["title_zh"]))
        out[f"remedy_{name}"] = Column(str(known["unit"]), f"parameter:{name}", label)
    return out
