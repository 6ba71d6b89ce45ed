"""Vector suites of `formulas.forecasting`."""

from __future__ import annotations

from typing import Any

import numpy as np

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.forecasting.accuracy import (
    bias,
    days_without_demand,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_absolute_scaled_error,
    root_mean_squared_error,
    root_mean_squared_scaled_error,
    symmetric_mean_absolute_percentage_error,
    symmetric_percentage_error,
    weighted_absolute_percentage_error,
)
from stockhub.formulas.forecasting.aggregation import adida, imapa
from stockhub.formulas.forecasting.intermittent import croston, sba, tsb
from stockhub.formulas.forecasting.probabilistic_accuracy import coverage, ensemble_crps, interval_score, pinball_loss
from stockhub.formulas.forecasting.rolling_origin import rolling_origin
from stockhub.formulas.forecasting.smoothing import holt_state, ses_level, trend_forecast
from tests.formulas.vector_case import Adapter, Case, known


def series(values: list[float | None]) -> FloatArray:
    return np.array(values, dtype=np.float64)


def answer(number: FloatArray) -> float | None:
    return known(float(number))


def forecast_metrics(x: Case) -> dict[str, Any]:
    y, f, train, season = series(x["y"]), series(x["f"]), series(x["train"]), int(x["season"])
    return {
        "mae": answer(mean_absolute_error(y, f)),
        "rmse": answer(root_mean_squared_error(y, f)),
        "bias": answer(bias(y, f)),
        "wape": answer(weighted_absolute_percentage_error(y, f)),
        "mape_nonzero": answer(mean_absolute_percentage_error(y, f)),
        "n_excluded": int(days_without_demand(y)),
        "smape_0_1": answer(symmetric_percentage_error(y, f)),
        "smape_0_2": answer(symmetric_mean_absolute_percentage_error(y, f)),
        "mase": answer(mean_absolute_scaled_error(y, f, train, season)),
        "rmsse": answer(root_mean_squared_scaled_error(y, f, train, season)),
    }


def probabilistic_metrics(x: Case) -> dict[str, Any]:
    y, quantiles, alpha = series(x["y"]), {level: series(q) for level, q in x["quantiles"].items()}, float(x["interval_alpha"])
    interval = quantiles["0.05"], quantiles["0.95"]
    return {
        "pinball": {level: answer(pinball_loss(y, q, float(level))) for level, q in quantiles.items()},
        "coverage90": answer(coverage(y, *interval)),
        "interval_score": answer(interval_score(y, *interval, alpha)),
        "crps_ensemble_mean": answer(ensemble_crps(y, np.array(x["ensemble"], dtype=np.float64))),
    }


def rolling_origins(x: Case) -> dict[str, Any]:
    windows = rolling_origin(x["n"], x["h"], x["n_windows"], x["step"])
    return {
        "cutoffs": [w.cutoff for w in windows],
        "valid_start": [w.valid_start for w in windows],
        "valid_end": [w.valid_end for w in windows],
    }


def intermittent_forecast(x: Case) -> dict[str, Any]:
    demand = series(x["demand"])[None, :]
    return {
        "croston": answer(croston(demand)[0]),
        "sba": answer(sba(demand)[0]),
        "tsb": answer(tsb(demand, 0.2, 0.2)[0]),
        "adida": answer(adida(demand)[0]),
        "imapa": answer(imapa(demand)[0]),
        "ses_03": answer(ses_level(demand, 0.3)[0]),
    }


def smoothing_fixed(x: Case) -> dict[str, Any]:
    y, horizon = series(x["y"])[None, :], 3
    constants = (x["alpha"], x["beta"], x["initial_level"], x["initial_trend"])
    level = ses_level(y, x["alpha"], x["initial_level"])
    return {
        "ses": [float(level[0])] * horizon,
        "holt": trend_forecast(holt_state(y, *constants), horizon)[0].tolist(),
        "damped_holt": trend_forecast(holt_state(y, *constants, x["phi"]), horizon, x["phi"])[0].tolist(),
    }


ADAPTERS: dict[str, Adapter] = {
    "forecast_metrics": forecast_metrics,
    "probabilistic_metrics": probabilistic_metrics,
    "rolling_origin": rolling_origins,
    "intermittent_forecast": intermittent_forecast,
    "smoothing_fixed": smoothing_fixed,
}
