"""Vector suites of service levels and single orders in `formulas.policies`."""

from __future__ import annotations

from typing import Any

from stockhub.formulas.distributions.families import (
    LOGNORMAL,
    NORMAL,
    POISSON,
    lead_time_demand_mean,
    lead_time_demand_variance,
    lognormal_mean,
    lognormal_variance,
)
from stockhub.formulas.policies.fill_rate import fill_rate, fill_rate_factor, fill_rate_safety_stock, shortage_per_cycle
from stockhub.formulas.policies.newsvendor import (
    discrete_newsvendor_cost,
    discrete_newsvendor_quantity,
    explicit_overage,
    explicit_underage,
    newsvendor_cost,
    newsvendor_profit,
    newsvendor_quantity,
    periodic_protection,
)
from tests.formulas.vector_case import Adapter, Case, known


def fill_rates(x: Case) -> dict[str, Any]:
    order, sd = float(x["Q"]), float(x["sigma_L"])
    if x["mode"] == "evaluate":
        short, rate = shortage_per_cycle(float(x["safety_stock"]), sd), fill_rate(float(x["safety_stock"]), sd, order)
        return {"esc": short, "fill_rate": rate, "book_esc": round(short), "book_fill_rate": round(rate, 4)}
    stock = fill_rate_safety_stock(x["target_fill_rate"], sd, order)
    # The textbook goes on with the deviation as it prints it, in whole units.
    book = fill_rate_safety_stock(x["target_fill_rate"], float(round(sd)), order)
    return {
        "safety_stock": known(stock),
        "k": known(fill_rate_factor(x["target_fill_rate"], sd, order)),
        "book_safety_stock": round(book),
    }


def demand(x: Case) -> tuple[float, float, float]:
    """Family, mean and variance of the demand that the order has to last for."""
    if "mu" in x:
        return LOGNORMAL, lognormal_mean(x["mu"], x["sigma"]), lognormal_variance(x["mu"], x["sigma"])
    periods = periodic_protection(float(x.get("lead_time", 0)))
    mean = lead_time_demand_mean(float(x["demand_mean"]), periods)
    if "poisson" in x["model"] or "demand_sd" not in x:
        return POISSON, mean, mean
    family = LOGNORMAL if "lognormal" in x["model"] else NORMAL
    return family, mean, lead_time_demand_variance(float(x["demand_mean"]), x["demand_sd"] ** 2, periods)


def newsvendor(x: Case) -> dict[str, Any]:
    if "explicit" in x["model"]:
        revenue, price = float(x["revenue"]), float(x["purchase_cost"])
        under = explicit_underage(revenue, price, x.get("stockout_cost", 0.0))
        over = explicit_overage(price, float(x["salvage_value"]), x.get("holding_cost", 0.0))
        family, mean, variance = demand(x)
        level = newsvendor_quantity(under, over, family, mean, variance)
        cost = newsvendor_cost(level, under, over, family, mean, variance)
        return {"base_stock_level": known(level), "profit": known(newsvendor_profit(mean, revenue, price, cost))}
    under, over = float(x["stockout_cost"]), float(x["holding_cost"])
    if "demand_pmf" in x:
        pmf = sorted((float(units), float(chance)) for units, chance in x["demand_pmf"].items())
        demands, chances = [units for units, _ in pmf], [chance for _, chance in pmf]
        level = discrete_newsvendor_quantity(under, over, demands, chances)
        return {"base_stock_level": known(level), "cost": known(discrete_newsvendor_cost(level, under, over, demands, chances))}
    family, mean, variance = demand(x)
    level = newsvendor_quantity(under, over, family, mean, variance)
    return {"base_stock_level": known(level), "cost": known(newsvendor_cost(level, under, over, family, mean, variance))}


ADAPTERS: dict[str, Adapter] = {
    "fill_rate": fill_rates,
    "newsvendor": newsvendor,
}
