"""Vector suites of `formulas.distributions`."""

from __future__ import annotations

from typing import Any

import numpy as np

from stockhub.formulas.distributions.families import (
    FAMILIES,
    GAMMA,
    LOGNORMAL,
    NEGATIVE_BINOMIAL,
    NORMAL,
    POISSON,
    gamma_mean,
    gamma_variance,
    lead_time_demand_mean,
    lead_time_demand_variance,
    lognormal_mean,
    lognormal_variance,
    negative_binomial_mean,
    negative_binomial_variance,
)
from stockhub.formulas.distributions.loss import expected_leftover, expected_shortage
from stockhub.formulas.distributions.quantiles import demand_quantile
from stockhub.formulas.distributions.stockout import (
    available_before_arrival,
    p_unmet,
    p_unmet_over_lead_times,
    p_zero,
    p_zero_over_lead_times,
)
from stockhub.formulas.distributions.windows import empirical_quantile
from tests.formulas.vector_case import Adapter, Case, known

CODES = {slug: float(code) for code, slug in enumerate(FAMILIES)} | {"nbinom": NEGATIVE_BINOMIAL}


def moments(x: Case) -> tuple[float, float, float]:
    """Family, mean and variance of a loss function's distribution."""
    match x["dist"]:
        case "standard_normal":
            return NORMAL, 0.0, 1.0
        case "normal":
            return NORMAL, x["mean"], x["sd"] ** 2
        case "poisson":
            return POISSON, x["mean"], x["mean"]
        case "nbinom":
            return NEGATIVE_BINOMIAL, negative_binomial_mean(x["r"], x["p"]), negative_binomial_variance(x["r"], x["p"])
        case "gamma":
            return GAMMA, gamma_mean(x["shape"], x["scale"]), gamma_variance(x["shape"], x["scale"])
    return LOGNORMAL, lognormal_mean(x["mu"], x["sigma"]), lognormal_variance(x["mu"], x["sigma"])


def loss_functions(x: Case) -> dict[str, Any]:
    family, mean, variance = moments(x)
    stock = float(x["x"])
    return {
        "loss": known(expected_shortage(stock, family, mean, variance)),
        "complementary": known(expected_leftover(stock, family, mean, variance)),
    }


def lead_time_quantile(x: Case) -> dict[str, Any]:
    if x["dist"] == "empirical":
        return {"reorder_point": known(float(empirical_quantile(np.array(x["window_sums"], dtype=np.float64), x["csl"], x["method"])))}
    daily, variance, days = x["mean_daily"], x["var_daily"], x["lead_time_days"]
    if variance is None:
        variance = daily
    mean = lead_time_demand_mean(daily, days)
    spread = lead_time_demand_variance(daily, variance, days, x.get("lead_time_var", 0.0))
    return {"reorder_point": known(demand_quantile(x["csl"], CODES[x["dist"]], mean, spread)), "mean": mean, "var": spread}


def stockout_probability(x: Case) -> dict[str, Any]:
    family, daily, variance = CODES[x["dist"]], float(x["mean_daily"]), x["var_daily"]
    if variance is None:
        variance = daily
    available = available_before_arrival(float(x["available"]), 0.0)
    if "lead_time_pmf" in x:
        days, weights = [float(day) for day in x["lead_time_pmf"]], list(x["lead_time_pmf"].values())
        return {
            "p_zero": known(p_zero_over_lead_times(available, family, daily, variance, days, weights)),
            "p_unmet": known(p_unmet_over_lead_times(available, family, daily, variance, days, weights)),
        }
    mean = lead_time_demand_mean(daily, x["lead_time_days"])
    spread = lead_time_demand_variance(daily, variance, x["lead_time_days"])
    return {"p_zero": known(p_zero(available, family, mean, spread)), "p_unmet": known(p_unmet(available, family, mean, spread))}


ADAPTERS: dict[str, Adapter] = {
    "loss_functions": loss_functions,
    "ltd_quantile": lead_time_quantile,
    "stockout_probability": stockout_probability,
}
