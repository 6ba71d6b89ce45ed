"""Cheap forecasts: the five models of the portfolio, and others in pairs, against statsforecast, on one core.

Anchor: `StatsForecast(...).forecast`, n_jobs 1, warm, with the same five models and the means alone, as here. Both sides are measured in
CPU seconds of this process, one after the other, several times; the value is the median of the ratios.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from stockhub_forecasters.matrix_forecaster import MatrixForecaster

SERIES = 4000
DAYS = 365
HORIZON = 28
PAIRS = 5
GOAL = 10.0
#: The others, on fewer series, because theirs take long: what is timed, how many series, the goal.
AGGREGATED_SERIES, AGGREGATED_GOAL = 1000, 4.0
TREND_SERIES, TREND_GOAL = 40, 5.0
QUANTILE_LEVELS = (0.5, 0.8, 0.9, 0.95, 0.98)
#: Our slug and statsforecast's alias.
SAME = {
    "seasonal-naive": "SeasonalNaive",
    "moving-average": "WindowAverage",
    "ses-optimised": "SESOpt",
    "croston-sba": "CrostonSBA",
    "tsb": "TSB",
}


def shop() -> NDArray[np.float32]:
    """Units a day (SERIES, DAYS): levels from one a month to hundreds a day, drifting, two thirds of them mostly zero."""
    rng = np.random.default_rng(618)
    level = np.exp(rng.normal(0.0, 1.6, (SERIES, 1)))
    drift = np.exp(np.cumsum(rng.normal(0.0, 0.03, (SERIES, DAYS)), axis=1))
    happens = rng.random((SERIES, DAYS)) < np.where(rng.random((SERIES, 1)) < 2 / 3, rng.uniform(0.03, 0.5, (SERIES, 1)), 1.0)
    return (rng.poisson(level * drift) * happens).astype(np.float32)


def long_frame(demand: NDArray[np.float32]) -> pd.DataFrame:
    """The same as statsforecast takes it: sorted, with whole-number ids and days, which are its fastest."""
    import pandas as pd

    n, t = demand.shape
    return pd.DataFrame({"unique_id": np.repeat(np.arange(n), t), "ds": np.tile(np.arange(t), n), "y": demand.ravel()})


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def require_equal(ours: dict[str, NDArray[np.float32]], theirs: pd.DataFrame) -> float:
    """The largest difference, relative and above 1 absolute; a ratio between unequal forecasts would mean nothing."""
    worst = 0.0
    for slug, alias in SAME.items():
        expected = theirs[alias].to_numpy(np.float64).reshape(SERIES, HORIZON)
        defined = np.isfinite(ours[slug])
        difference = np.abs(ours[slug] - expected)[defined] / np.maximum(np.abs(expected[defined]), 1.0)
        worst = max(worst, float(difference.max()))
    assert worst < 1e-5, f"forecasts differ by {worst}"
    return worst


def run() -> list[dict[str, Any]]:
    from statsforecast import StatsForecast
    from statsforecast import models as oracle

    from stockhub.pluginapi import ForecastBatch, Panel
    from stockhub_forecasters.portfolio import portfolio_forecasts, portfolio_means

    demand = shop()
    observed = np.ones(demand.shape, np.bool_)
    frame = long_frame(demand)
    batch = ForecastBatch(Panel(np.arange(SERIES), date(2025, 1, 1), demand, observed), HORIZON, QUANTILE_LEVELS)
    models = [
        oracle.SeasonalNaive(7),
        oracle.WindowAverage(56),
        oracle.SimpleExponentialSmoothingOptimized(),
        oracle.CrostonSBA(),
        oracle.TSB(alpha_d=0.1, alpha_p=0.1),
    ]
    anchor = StatsForecast(models=models, freq=1, n_jobs=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # The first round warms both sides up, and proves that they do the same work.
        worst = require_equal(portfolio_means(demand, observed, HORIZON), anchor.forecast(df=frame, h=HORIZON))
        portfolio_forecasts(batch)
        pairs = [
            (
                cpu_seconds(lambda: anchor.forecast(df=frame, h=HORIZON)),
                cpu_seconds(lambda: portfolio_means(demand, observed, HORIZON)),
            )
            for _ in range(PAIRS)
        ]
    ratio = statistics.median(theirs / ours for theirs, ours in pairs)
    with_quantiles = statistics.median(cpu_seconds(lambda: portfolio_forecasts(batch)) for _ in range(3))
    print(
        f"  information: series a CPU second, five models: statsforecast {SERIES / min(pair[0] for pair in pairs):,.0f}, "
        f"means {SERIES / min(pair[1] for pair in pairs):,.0f}, with quantiles and deviations {SERIES / with_quantiles:,.0f}; "
        f"largest difference {worst:.1e}"
    )
    others = [aggregated(demand), trends(demand)]
    return [result("five cheap forecasts over StatsForecast, CPU time", ratio, GOAL), *others]


def result(name: str, ratio: float, goal: float) -> dict[str, Any]:
    return {"name": name, "value": round(ratio, 2), "goal": goal, "better": "higher", "ok": ratio >= goal}


def ratio_of(forecasters: tuple[MatrixForecaster, ...], models: list[Any], demand: NDArray[np.float32]) -> float:
    """CPU time of `models` over that of `forecasters`, means alone, warm."""
    from statsforecast import StatsForecast

    from stockhub_forecasters.portfolio import portfolio_means

    observed, frame = np.ones(demand.shape, np.bool_), long_frame(demand)
    anchor = StatsForecast(models=models, freq=1, n_jobs=1)
    portfolio_means(demand[:2], observed[:2], HORIZON, forecasters)
    anchor.forecast(df=frame.head(2 * DAYS), h=HORIZON)
    return statistics.median(
        cpu_seconds(lambda: anchor.forecast(df=frame, h=HORIZON))
        / cpu_seconds(lambda: portfolio_means(demand, observed, HORIZON, forecasters))
        for _ in range(3)
    )


def aggregated(demand: NDArray[np.float32]) -> dict[str, Any]:
    from statsforecast import models as oracle

    from stockhub_forecasters.aggregation import Adida, Imapa

    ratio = ratio_of((Adida(), Imapa()), [oracle.ADIDA(), oracle.IMAPA()], demand[:AGGREGATED_SERIES])
    return result("ADIDA and IMAPA over StatsForecast, CPU time", ratio, AGGREGATED_GOAL)


def trends(demand: NDArray[np.float32]) -> dict[str, Any]:
    """The same two models with the same bounds; squared errors within 1 % of each other, as the forecasters' tests show."""
    from statsforecast import models as oracle

    from stockhub_forecasters.holt import HoltDamped, HoltWinters

    models = [oracle.AutoETS(1, "AAN", damped=True, alias="Holt"), oracle.AutoETS(7, "AAA", damped=True, alias="HoltWinters")]
    ratio = ratio_of((HoltDamped(), HoltWinters()), models, demand[:TREND_SERIES])
    return result("damped Holt and Holt-Winters over StatsForecast's ETS, CPU time", ratio, TREND_GOAL)


if __name__ == "__main__":
    for found in run():
        print(f"{found['name']}: {found['value']} (goal {found['goal']}, {'ok' if found['ok'] else 'MISSED'})")
