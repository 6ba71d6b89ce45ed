"""What finding stock-outs that nobody recorded is worth (docs/adr/0054), on real shops by the protocol of the shared data folder.

Into every steady series of Complete Journey, one that sells on four days in five, an outage of three weeks is cut that ends one to six
weeks before a cutoff: its days say 0, as in a file of sales. The loss of lead-time sums after the cutoff with these days left out is
compared with that of counting them. On the series as they are nothing may be lost: Online Retail, 80 series, three windows.
"""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.lead_time import LEAD_TIMES, OLD_ENOUGH, WINDOWS

HORIZON: Final = 28
STEADY: Final = 0.8
OUT_DAYS: Final = 21
#: Days between the end of the outage and the cutoff.
LEAST_BACK, MOST_BACK = 8, 40
MOST_LOSS: Final = 0.95
MOST_LOSS_UNTOUCHED: Final = 1.005


def shop(path: Path, most: int) -> tuple[Any, list[int]]:
    """The series of the reference tables, and their cutoffs."""
    from stockhub.demand.backtesting.files import read_rows
    from stockhub.demand.backtesting.series import Frequency, series_of
    from stockhub.formulas.forecasting.rolling_origin import rolling_origin

    series = series_of(read_rows(path, {"series_id": "sku"}), Frequency.DAY, date(2100, 1, 1))
    cutoffs = [window.cutoff + 1 for window in rolling_origin(series.values.shape[1], HORIZON, WINDOWS)]
    old = np.flatnonzero(~np.isnan(series.values[:, cutoffs[0] - OLD_ENOUGH]))
    chosen = sorted(old, key=lambda row: hashlib.md5(series.names[row].encode(), usedforsecurity=False).hexdigest())[:most]
    return series.some(np.array(chosen), {}), cutoffs


def loss(series: Any, recorded: NDArray[np.float64], cutoffs: list[int], *, left_out: bool) -> float:  # noqa: ANN401 - a SeriesSet
    """The pinball loss of lead-time sums of what came, learned from what was `recorded` (n, t) and cleaned."""
    from stockhub.demand.backtesting.answers import LEVELS, Question, answers_to
    from stockhub.demand.cleaning.cleaned import cleaned
    from stockhub.demand.forecasting import panel_of
    from stockhub.formulas.forecasting.probabilistic_accuracy import pinball

    total = 0.0
    for known in cutoffs:
        history = recorded[:, :known].astype(np.float32)
        demand = cleaned(history, np.full(history.shape, np.nan, np.float32), infers_stockouts=left_out)
        panel = panel_of(series.ids, demand.baseline, demand.observed, series.start_on)
        sums = answers_to(panel, ("lead-time",), Question(HORIZON, LEAD_TIMES), recorded=False).answers["lead-time"].sums
        for place, days in enumerate(LEAD_TIMES):
            actual = series.values[:, known : known + days].sum(axis=1)
            total += float(pinball(actual[:, None], sums[:, :, place], np.array(LEVELS)[None, :]).sum())
    return total


def with_outages(values: NDArray[np.float64], cutoff: int) -> NDArray[np.float64]:
    """The same sales (n, t) with an outage of each series before the cutoff."""
    rng, recorded = np.random.default_rng(54), values.copy()
    for row, back in enumerate(rng.integers(LEAST_BACK, MOST_BACK, len(values)).tolist()):
        recorded[row, cutoff - back - OUT_DAYS : cutoff - back] = 0.0
    return recorded


def run() -> list[dict[str, Any]]:
    import django

    django.setup()
    folder = Path(os.environ.get("STOCKHUB_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
    results: list[tuple[str, float, float]] = []
    path = folder / "completejourney_daily.parquet"
    if path.is_file():
        series, cutoffs = shop(path, 400)
        steady = series.some(np.flatnonzero(np.nanmean(series.values > 0, axis=1) >= STEADY), {})
        recorded = with_outages(steady.values, cutoffs[-1])
        found, counted = (loss(steady, recorded, cutoffs[-1:], left_out=each) for each in (True, False))
        known = loss(steady, steady.values, cutoffs[-1:], left_out=False)
        print(f"  information: {len(steady.names)} steady series; had nothing been out, the loss would be {known / counted:.3f} of it")
        title = "Complete Journey with outages nobody recorded: loss of lead-time sums, left out over counted"
        results.append((title, found / counted, MOST_LOSS))
    else:
        print(f"  information: outages nobody recorded were not measured, {path} is absent")
    path = folder / "online_retail_uci_daily.parquet"
    if path.is_file():
        series, cutoffs = shop(path, 80)
        found, counted = (loss(series, series.values, cutoffs, left_out=each) for each in (True, False))
        results.append(("Online Retail as it is, 80 series: the same", found / counted, MOST_LOSS_UNTOUCHED))
    else:
        print(f"  information: Online Retail was not measured, {path} is absent")
    return [{"name": name, "value": round(value, 3), "goal": goal, "better": "lower", "ok": value <= goal} for name, value, goal in results]


if __name__ == "__main__":
    for result in run():
        print(f"{result['name']}: {result['value']} (goal {result['goal']}, {'ok' if result['ok'] else 'MISSED'})")
