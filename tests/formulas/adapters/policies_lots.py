"""Vector suites of lot sizing and order policies in `formulas.policies`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stockhub.formulas.policies.dynamic_lot_sizing import dynamic_lot_plan
from stockhub.formulas.policies.economic_order_quantity import (
    backorder_order_cost,
    backorder_order_quantity,
    backordered_share,
    economic_order_cost,
    economic_order_quantity,
    economic_production_cost,
    economic_production_quantity,
)
from stockhub.formulas.policies.min_max_levels import (
    min_max_cost,
    optimal_min_max_levels,
    power_approximation_maximum,
    power_approximation_minimum,
)
from stockhub.formulas.policies.quantity_discounts import DiscountedLot, all_units_discount_lot, incremental_discount_lot
from stockhub.formulas.policies.reorder_quantity import (
    balanced_reorder_point,
    expected_inventory_cost,
    expected_inventory_policy,
    loss_function_policy,
    reorder_quantity_cost,
    safety_stock_reorder_point,
)
from stockhub.formulas.policies.reorder_quantity_poisson import optimal_reorder_quantity, poisson_reorder_quantity_cost
from tests.formulas.vector_case import Adapter, Case, known


def _numbers(x: Case, *names: str) -> list[float]:
    return [float(x[name]) for name in names]


def _economic(x: Case) -> dict[str, Any]:
    fixed, demand, holding = _numbers(x, "fixed_cost", "demand_rate", "holding_cost")
    return {
        "order_quantity": known(economic_order_quantity(fixed, demand, holding)),
        "cost": known(economic_order_cost(fixed, demand, holding)),
    }


def _backorders(x: Case) -> dict[str, Any]:
    fixed, demand, holding, short = _numbers(x, "fixed_cost", "demand_rate", "holding_cost", "stockout_cost")
    return {
        "order_quantity": known(backorder_order_quantity(fixed, demand, holding, short)),
        "stockout_fraction": known(backordered_share(holding, short)),
        "cost": known(backorder_order_cost(fixed, demand, holding, short)),
    }


def _production(x: Case) -> dict[str, Any]:
    fixed, demand, holding, production = _numbers(x, "fixed_cost", "demand_rate", "holding_cost", "production_rate")
    return {
        "order_quantity": known(economic_production_quantity(fixed, demand, holding, production)),
        "cost": known(economic_production_cost(fixed, demand, holding, production)),
    }


def _discounted(lot_of: Callable[..., DiscountedLot[float]]) -> Adapter:
    def answer(x: Case) -> dict[str, Any]:
        fixed, demand, rate = _numbers(x, "fixed_cost", "demand_rate", "holding_cost_rate")
        lot = lot_of(fixed_cost=fixed, demand_rate=demand, holding_rate=rate, breakpoints=x["breakpoints"], unit_costs=x["unit_costs"])
        return {"order_quantity": known(lot.quantity), "region_index": known(lot.tier), "cost": known(lot.cost)}

    return answer


def wagner_whitin(x: Case) -> dict[str, Any]:
    plan = dynamic_lot_plan(x["demand"], x["fixed_cost"], x["holding_cost"], x.get("purchase_cost", 0.0))
    return {"order_quantities": plan.quantities.tolist(), "cost": known(float(plan.cost))}


def _min_max_poisson(x: Case) -> dict[str, Any]:
    fixed, demand, holding, short = _numbers(x, "fixed_cost", "demand_mean", "holding_cost", "stockout_cost")
    low, high, cost = (float(number) for number in optimal_min_max_levels(demand, fixed, holding, short))
    return {"s": known(low), "S": known(high), "cost": known(cost)}


def _min_max_cost(x: Case) -> dict[str, Any]:
    low, high, fixed, demand, holding, short = _numbers(x, "s", "S", "fixed_cost", "demand_mean", "holding_cost", "stockout_cost")
    cost = min_max_cost(minimum=low, maximum=high, demand_mean=demand, fixed_cost=fixed, holding_cost=holding, shortage_cost=short)
    return {"cost": known(cost)}


def _power_approximation(x: Case) -> dict[str, Any]:
    demand, sd, fixed, holding, short = _numbers(x, "demand_mean", "demand_sd", "fixed_cost", "holding_cost", "stockout_cost")
    return {
        "s": known(power_approximation_minimum(demand, sd, fixed, holding, short)),
        "S": known(power_approximation_maximum(demand, sd, fixed, holding, short)),
    }


def _lead_time_terms(x: Case) -> dict[str, float]:
    names = ("demand_mean", "demand_sd", "lead_time", "holding_cost", "shortage_cost")
    return dict(zip(names, _numbers(x, "demand_mean", "demand_sd", "lead_time", "holding_cost", "stockout_cost"), strict=True))


def _expected_inventory(x: Case) -> dict[str, Any]:
    terms = _lead_time_terms(x) | {"fixed_cost": float(x["fixed_cost"])}
    point, lot = (float(number[0]) for number in expected_inventory_policy(**terms))
    return {"r": known(point), "Q": known(lot), "cost": known(expected_inventory_cost(reorder_point=point, quantity=lot, **terms))}


def _loss_function(x: Case) -> dict[str, Any]:
    point, lot = (float(number[0]) for number in loss_function_policy(**_lead_time_terms(x), fixed_cost=float(x["fixed_cost"])))
    return {"r": known(point), "Q": known(lot)}


def _backorder_lot(x: Case) -> dict[str, Any]:
    fixed, demand, holding, short = _numbers(x, "fixed_cost", "demand_mean", "holding_cost", "stockout_cost")
    lot = backorder_order_quantity(fixed, demand, holding, short)
    return {"r": known(balanced_reorder_point(quantity=lot, **_lead_time_terms(x))), "Q": known(lot)}


def _economic_lot(x: Case) -> dict[str, Any]:
    fixed, demand, holding = _numbers(x, "fixed_cost", "demand_mean", "holding_cost")
    return {"r": known(safety_stock_reorder_point(**_lead_time_terms(x))), "Q": known(economic_order_quantity(fixed, demand, holding))}


def _normal_cost(x: Case) -> dict[str, Any]:
    point, lot, fixed = _numbers(x, "r", "Q", "fixed_cost")
    return {"cost": known(reorder_quantity_cost(reorder_point=point, quantity=lot, fixed_cost=fixed, **_lead_time_terms(x)))}


def _poisson_terms(x: Case) -> dict[str, float]:
    names = ("demand_mean", "lead_time", "fixed_cost", "holding_cost", "shortage_cost")
    return dict(zip(names, _numbers(x, "demand_mean", "lead_time", "fixed_cost", "holding_cost", "stockout_cost"), strict=True))


def _poisson(x: Case) -> dict[str, Any]:
    point, lot = (float(number) for number in optimal_reorder_quantity(**_poisson_terms(x)))
    cost = poisson_reorder_quantity_cost(reorder_point=point, quantity=lot, **_poisson_terms(x))
    return {"r": known(point), "Q": known(lot), "cost": known(cost)}


def _poisson_cost(x: Case) -> dict[str, Any]:
    point, lot = _numbers(x, "r", "Q")
    return {"cost": known(poisson_reorder_quantity_cost(reorder_point=point, quantity=lot, **_poisson_terms(x)))}


def _by_model(**models: Adapter) -> Adapter:
    def answer(x: Case) -> dict[str, Any]:
        return models[x["model"]](x)

    return answer


ADAPTERS: dict[str, Adapter] = {
    "eoq": _by_model(
        eoq=_economic,
        eoq_backorders=_backorders,
        eoq_all_units_discount=_discounted(all_units_discount_lot),
        eoq_incremental_discount=_discounted(incremental_discount_lot),
        epq=_production,
        economic_production_quantity=_production,
    ),
    "wagner_whitin": wagner_whitin,
    "s_s_policy": _by_model(exact_poisson=_min_max_poisson, power_approximation=_power_approximation, cost_poisson=_min_max_cost),
    "r_q_policy": _by_model(
        eil=_expected_inventory,
        eoqb=_backorder_lot,
        eoq_plus_ss=_economic_lot,
        loss_function=_loss_function,
        loss_function_approximation=_loss_function,
        cost_normal=_normal_cost,
        exact_poisson=_poisson,
        cost_poisson=_poisson_cost,
    ),
}
