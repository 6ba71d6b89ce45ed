"""Vector suites of `formulas.demand`."""

from __future__ import annotations

from typing import Any

import numpy as np

from stockhub.formulas.demand.censored_counts import censored_poisson_rate
from stockhub.formulas.demand.censored_normal import censored_normal
from stockhub.formulas.demand.censoring import mean_of_all_days, mean_of_uncensored_days, uncensored_demand
from stockhub.formulas.demand.classification import (
    DEMAND_CLASSES,
    average_demand_interval,
    demand_class,
    demand_pattern,
    squared_size_variation,
)
from stockhub.formulas.demand.cold_start import (
    new_sku_demand,
    new_sku_demand_quantile,
    new_sku_demand_variance,
    new_sku_rate,
    new_sku_rate_sd,
)
from stockhub.formulas.demand.decay import decay_coefficient
from stockhub.formulas.demand.kaplan_meier import survival_steps
from stockhub.formulas.demand.outliers import hampel_flags, range_flags, spread
from stockhub.formulas.demand.trend import (
    TREND_DIRECTIONS,
    log_line,
    mann_kendall,
    mann_kendall_probability,
    slope_probability,
    theil_sen_slope,
    trend_direction,
)
from stockhub.formulas.elementwise import FloatArray
from tests.formulas.vector_case import Adapter, Case, known


def series(values: list[float | None]) -> FloatArray:
    return np.array(values, dtype=np.float64)


def first(numbers: FloatArray | float) -> float | None:
    return known(float(np.asarray(numbers)[0]))


def censored_demand(x: Case) -> dict[str, Any]:
    sales = series(x["sales"])
    if "in_stock_fraction" in x:
        corrected = np.asarray(uncensored_demand(sales, series(x["in_stock_fraction"]), float(x["min_fraction"])))
        return {"corrected": [known(day) for day in corrected.tolist()]}
    censored = np.array(x["censored"], dtype=bool)
    normal = censored_normal(sales[None, :], censored[None, :])
    quantiles, beyond = survival_steps(sales, censored)
    return {
        "naive_mean_all": known(float(mean_of_all_days(sales))),
        "naive_mean_uncensored": known(float(mean_of_uncensored_days(sales, censored))),
        "normal_mle_mean": first(normal.mean),
        "normal_mle_sd": first(normal.sd),
        "poisson_mle": first(censored_poisson_rate(sales[None, :], censored[None, :])),
        "km_quantiles": quantiles.tolist(),
        "km_sf": beyond.tolist(),
    }


def demand_classification(x: Case) -> dict[str, Any]:
    p = demand_pattern(series(x["demand"])[None, :])
    return {
        "adi": first(average_demand_interval(p.periods, p.demand_periods)),
        "cv2": first(squared_size_variation(p.mean_size, p.sd_size)),
        "class": DEMAND_CLASSES[int(demand_class(p.periods, p.demand_periods, p.mean_size, p.sd_size)[0])],
    }


def outliers(x: Case) -> dict[str, Any]:
    days = series(x["y"])
    s = spread(days)
    return {
        "median": known(float(s.median)),
        "mad_scaled": known(float(s.scaled_mad)),
        "hampel_index": np.flatnonzero(hampel_flags(days, float(x["k"]))).tolist(),
        "iqr_index": np.flatnonzero(range_flags(days)).tolist(),
    }


def trend(x: Case) -> dict[str, Any]:
    y = series(x["y"])[None, :]
    line, kendall = log_line(y), mann_kendall(y)
    return {
        "theil_sen_slope": first(theil_sen_slope(y)),
        "log1p_ols_slope": first(line.slope),
        "log1p_ols_p": first(slope_probability(line.t, line.freedom)),
        "decay_coefficient": first(decay_coefficient(line.slope)),
        "mk_S": first(kendall.s),
        "mk_p": first(mann_kendall_probability(kendall.s, kendall.variance)),
        "mk_trend": TREND_DIRECTIONS[int(trend_direction(kendall.s, kendall.variance)[0])],
    }


def cold_start(x: Case) -> dict[str, Any]:
    learned = (float(x["a"]), float(x["b"]), float(sum(x["units"])), float(sum(x["curve"])))
    ahead = float(x["next_exposure"])
    return {
        "posterior_mean": known(new_sku_rate(*learned)),
        "posterior_sd": known(new_sku_rate_sd(*learned)),
        "predictive_mean": known(new_sku_demand(*learned, ahead)),
        "predictive_var": known(new_sku_demand_variance(*learned, ahead)),
        "q95": known(new_sku_demand_quantile(*learned, ahead, 0.95)),
    }


ADAPTERS: dict[str, Adapter] = {
    "censored_demand": censored_demand,
    "demand_classification": demand_classification,
    "outliers": outliers,
    "trend": trend,
    "cold_start": cold_start,
}
