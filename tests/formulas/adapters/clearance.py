"""Elasticity, ladders, dynamic prices, exits and bundles."""

from __future__ import annotations

from typing import Any

import numpy as np

from stockhub.formulas.clearance.bundle import bundle_floor, price_with_single_markdown, sum_of_parts
from stockhub.formulas.clearance.dynamic_price import dynamic_price, dynamic_value
from stockhub.formulas.clearance.elasticity import ELASTICITY, INTERCEPT, log_log_fit, poisson_fit
from stockhub.formulas.clearance.keep_quantity import exit_quantity, keep_quantity
from stockhub.formulas.clearance.markdown_dp import MarkdownProblem, optimal_markdown
from stockhub.formulas.clearance.present_value import best_option, present_value
from tests.formulas.vector_case import Adapter, Case, known


def price_elasticity(x: Case) -> dict[str, Any]:
    price, units = np.array(x["price"], dtype=np.float64), np.array(x["units"], dtype=np.float64)
    least_squares, poisson = log_log_fit(price, units), poisson_fit(price, units)
    return {
        "ols_elasticity": known(least_squares.coefficients[ELASTICITY]),
        "ols_se": known(least_squares.standard_errors[ELASTICITY]),
        "poisson_elasticity": known(poisson.coefficients[ELASTICITY]),
        "poisson_se": known(poisson.standard_errors[ELASTICITY]),
        "poisson_intercept": known(poisson.coefficients[INTERCEPT]),
    }


def markdown_dp(x: Case) -> dict[str, Any]:
    problem = MarkdownProblem(
        stock=x["stock"],
        prices=np.array(x["prices"]),
        unit_fees=np.array(x["unit_fee"]),
        mean_demand=np.tile(np.array(x["mean_demand"]), (x["weeks"], 1)),
        holding=x["holding"],
        salvage=x["salvage"],
        monotone=x["monotone"],
    )
    policy = optimal_markdown(problem)
    return {"value": policy.value, "first_action": policy.first_action, "action_values": [known(v) for v in policy.action_values]}


def dynamic_pricing(x: Case) -> dict[str, Any]:
    stock, rate, time, scale = float(x["n"]), float(x["a"]), float(x["t"]), float(x["p0"])
    return {"value": known(dynamic_value(stock, rate, time, scale)), "price": known(dynamic_price(stock, rate, time, scale))}


def npv(x: Case) -> dict[str, Any]:
    values = [present_value(flows, x["rate"]) for flows in x["options"]]
    return {"npv": [known(value) for value in values], "best": known(best_option(values, [float(len(flows)) for flows in x["options"]]))}


def keeping(x: Case) -> dict[str, Any]:
    kept = keep_quantity(float(x["stock"]), x["monthly_demand"], x["unit_margin"], x["rate"], x["liquidation_net"], x["holding"])
    return {"keep": known(kept), "exit": known(exit_quantity(float(x["stock"]), kept))}


def bundle_price(x: Case) -> dict[str, Any]:
    floor = bundle_floor(
        hero_price=x["hero_price"],
        hero_cost=x["hero_cost"],
        hero_fulfilment=x["hero_fulfil"],
        slow_price=x["slow_price"],
        slow_cost=x["slow_cost"],
        slow_fulfilment=x["slow_fulfil"],
        bundle_fulfilment=x["bundle_fulfil"],
        referral=x["referral"],
        cannibalisation=x["cannibalisation"],
        slow_pay_ratio=x["slow_clearance_price_ratio"],
    )
    return {
        "min_price_vs_single_markdown": known(floor),
        "ceiling": known(sum_of_parts([float(x["hero_price"]), float(x["slow_price"])], [1.0, 1.0])),
        "sum_with_markdown": known(price_with_single_markdown(x["hero_price"], x["slow_price"], x["slow_clearance_price_ratio"])),
    }


ADAPTERS: dict[str, Adapter] = {
    "price_elasticity": price_elasticity,
    "markdown_dp": markdown_dp,
    "dynamic_pricing_gvr": dynamic_pricing,
    "npv": npv,
    "keep_quantity": keeping,
    "bundle_price": bundle_price,
}
