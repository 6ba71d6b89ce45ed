"""Lead-time sums: what they cost, and how good they are on real shops.

Cost is CPU seconds of this process a 1,000 series of one year, all lead times and levels, fit included. Anchor: statsforecast's AutoETS,
season 7, simulated 500 times, whose paths are summed over each lead time; 50 series, one core, warm. Quality follows the protocol of the
shared data folder: 400 series, three windows of 28 days, everything learned before each cutoff. `rel` is the pinball loss over that of
independent normal days, `cerr` the mean distance of coverage from its level, in points.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SERIES = 1000
ANCHOR_SERIES = 50
DAYS = 365
LEAD_TIMES = (7, 14, 28)
PATHS = 500
MOST_SECONDS = 2.0
LEAST_RATIO = 40.0
JUDGED_SERIES = 400
WINDOWS = 3
#: Days of history before the first cutoff.
OLD_ENOUGH = 63
#: Data set, its plans, and the goals of rel and cerr.
SHOPS: tuple[tuple[str, str, dict[str, str], float, float | None], ...] = (
    ("online_retail_uci", "Online Retail", {}, 0.83, 3.0),
    ("completejourney", "Complete Journey, plan given", {"mailer": "n_mailer", "display": "n_display"}, 0.76, 2.0),
    ("completejourney", "Complete Journey, no plan", {}, 0.87, None),
)


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def shop(n: int) -> NDArray[np.float32]:
    """Units a day (n, DAYS): levels from one a month to hundreds a day, drifting, half of them mostly zero."""
    rng = np.random.default_rng(618)
    level = np.exp(rng.normal(0.0, 1.6, (n, 1)))
    drift = np.exp(np.cumsum(rng.normal(0.0, 0.03, (n, DAYS)), axis=1))
    happens = rng.random((n, DAYS)) < np.where(rng.random((n, 1)) < 0.5, rng.uniform(0.05, 0.5, (n, 1)), 1.0)
    return (rng.poisson(level * drift) * happens).astype(np.float32)


def ours(demand: NDArray[np.float32]) -> NDArray[np.float32]:
    """Quantiles (n, q, l) of the sums."""
    from stockhub.demand.backtesting.answers import LEVELS
    from stockhub.pluginapi import ForecastBatch, Panel
    from stockhub_forecasters.lead_time.forecaster import LeadTimeDemand

    panel = Panel(np.arange(len(demand)), date(2025, 1, 1), demand, np.ones(demand.shape, np.bool_))
    forecaster = LeadTimeDemand()
    result = forecaster.forecast(ForecastBatch(panel, 28, LEVELS, LEAD_TIMES), forecaster.fit_for(panel, LEAD_TIMES))
    assert result.lead_time_quantiles is not None
    return result.lead_time_quantiles


def simulated(demand: NDArray[np.float32]) -> NDArray[np.float64]:
    """The same from AutoETS: each series' model is selected, then simulated, and the paths are summed."""
    from statsforecast.models import AutoETS

    from stockhub.demand.backtesting.answers import LEVELS

    found = []
    for row, series in enumerate(demand):
        model = AutoETS(season_length=7).fit(series.astype(np.float64))
        paths = np.asarray(model.simulate(h=max(LEAD_TIMES), n_paths=PATHS, seed=row)).reshape(PATHS, -1)
        found.append([np.quantile(paths[:, :lead].sum(axis=1), LEVELS) for lead in LEAD_TIMES])
    return np.swapaxes(np.array(found), 1, 2)


def costs() -> list[dict[str, Any]]:
    demand = shop(SERIES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours(demand[:100])
        simulated(demand[:2])
        seconds = statistics.median(cpu_seconds(lambda: ours(demand)) for _ in range(5))
        anchor = cpu_seconds(lambda: simulated(demand[:ANCHOR_SERIES])) * SERIES / ANCHOR_SERIES
    print(f"  information: CPU seconds a 1,000 series: ours {seconds:.2f}, AutoETS {anchor:.0f}")
    ratio = anchor / seconds
    return [
        {
            "name": "lead-time sums, CPU seconds a 1,000 series",
            "value": round(seconds, 3),
            "goal": MOST_SECONDS,
            "better": "lower",
            "ok": seconds <= MOST_SECONDS,
        },
        {
            "name": "simulated AutoETS over lead-time sums, CPU time",
            "value": round(ratio, 1),
            "goal": LEAST_RATIO,
            "better": "higher",
            "ok": ratio >= LEAST_RATIO,
        },
    ]


def quality(path: Path, title: str, plans: dict[str, str], most_rel: float, most_cerr: float | None) -> list[dict[str, Any]]:
    from stockhub.demand.backtesting.answers import Question, answers_at, textbook_sums
    from stockhub.demand.backtesting.figures import lead_time_figures
    from stockhub.demand.backtesting.files import read_rows
    from stockhub.demand.backtesting.series import Frequency, series_of
    from stockhub.formulas.forecasting.rolling_origin import rolling_origin

    rows = read_rows(path, {"series_id": "sku", **plans})
    series = series_of(rows, Frequency.DAY, date(2100, 1, 1))
    cutoffs = [window.cutoff + 1 for window in rolling_origin(series.values.shape[1], 28, WINDOWS)]
    old = np.flatnonzero(~np.isnan(series.values[:, cutoffs[0] - OLD_ENOUGH]))
    chosen = sorted(old, key=lambda row: hashlib.md5(series.names[row].encode(), usedforsecurity=False).hexdigest())[:JUDGED_SERIES]
    series = series.some(np.array(chosen), {})
    answers = [answers_at(series, known, ("lead-time",), Question(28, LEAD_TIMES)).answers["lead-time"] for known in cutoffs]
    found = lead_time_figures(
        {lead: lead for lead in LEAD_TIMES},
        np.concatenate([series.values[:, known : known + 28] for known in cutoffs]),
        np.concatenate([answer.sums for answer in answers]),
        np.concatenate([textbook_sums(series, known, LEAD_TIMES) for known in cutoffs]),
    )
    results = [(f"{title}: loss of lead-time sums over the textbook's", found["rel"], most_rel)]
    if most_cerr is not None:
        results.append((f"{title}: coverage error of lead-time sums, points", found["cerr"], most_cerr))
    return [{"name": name, "value": round(value, 3), "goal": goal, "better": "lower", "ok": value <= goal} for name, value, goal in results]


def run() -> list[dict[str, Any]]:
    import django

    django.setup()
    results = costs()
    folder = Path(os.environ.get("STOCKHUB_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
    for name, title, plans, most_rel, most_cerr in SHOPS:
        path = folder / f"{name}_daily.parquet"
        if path.is_file():
            results += quality(path, title, plans, most_rel, most_cerr)
        else:
            print(f"  information: {title} was not judged, {path} is absent")
    return results


if __name__ == "__main__":
    for result in run():
        print(f"{result['name']}: {result['value']} (goal {result['goal']}, {'ok' if result['ok'] else 'MISSED'})")
