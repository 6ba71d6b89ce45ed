"""The champion's error on real shops against the best of statsforecast's models, by the protocol of the shared data folder.

The same series as in `lead_time`: 400 of each shop, three windows of 28 days, and 80 as in the second table; car parts in months, twelve
of them at once, by the complete parts. Everything is learned and the champion chosen before each cutoff. The anchor is the one of
statsforecast's models with the least RMSSE on the same points, run here with its defaults as in the reference table. WAPE of the sums of 14
and 28 days is compared with that model's.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.lead_time import OLD_ENOUGH, WINDOWS

HORIZON: Final = 28
MONTHS_OUT: Final = 12
MOST_CARPARTS: Final = 0.745
#: Data set, name, its plans, and how many series.
SHOPS: Final[tuple[tuple[str, str, dict[str, str], int], ...]] = (
    ("online_retail_uci", "Online Retail", {}, 400),
    ("online_retail_uci", "Online Retail", {}, 80),
    ("completejourney", "Complete Journey, plan given", {"mailer": "n_mailer", "display": "n_display"}, 400),
    ("completejourney", "Complete Journey, no plan", {}, 400),
    ("completejourney", "Complete Journey, no plan", {}, 80),
)
#: What is compared.
FIGURES: Final = ("rmsse", "wape_sum14", "wape_sum28")


def _reference_models() -> Mapping[str, Any]:
    """The cheap models of the reference table with their settings there. AutoETS and AutoTheta were never its best."""
    from statsforecast import models

    return {
        "SeasonalNaive": models.SeasonalNaive(7),
        "WindowAverage": models.WindowAverage(56),
        "SESOpt": models.SimpleExponentialSmoothingOptimized(),
        "CrostonSBA": models.CrostonSBA(),
        "TSB": models.TSB(0.2, 0.2),
        "ADIDA": models.ADIDA(),
        "IMAPA": models.IMAPA(),
    }


def _forecast(model: Any, history: NDArray[np.float64]) -> NDArray[np.float64]:  # noqa: ANN401 - of a library without types
    """Means (n, HORIZON) after histories (n, t), NaN before the first sale."""
    found = []
    for row in history:
        known = row[np.argmax(~np.isnan(row)) :]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.append(np.asarray(model.forecast(y=known, h=HORIZON)["mean"], np.float64))
    return np.nan_to_num(np.array(found))


def _anchor(series: Any) -> tuple[str, dict[str, float]]:  # noqa: ANN401 - a SeriesSet, which needs Django set up
    """The best of the reference models on the same points, and its figures."""
    from stockhub.demand.backtesting.answers import LEVELS, Answer
    from stockhub.demand.backtesting.figures import Truth, figures
    from stockhub.formulas.forecasting.rolling_origin import rolling_origin

    cutoffs = [window.cutoff + 1 for window in rolling_origin(series.values.shape[1], HORIZON, WINDOWS)]
    n, q = len(series.names), len(LEVELS)
    nothing = np.zeros((n, q, 3))
    truths = [Truth(series.values[:, known : known + HORIZON], series.values[:, :known], nothing) for known in cutoffs]
    best, name = {"rmsse": np.inf}, ""
    for each, model in _reference_models().items():
        means = [_forecast(model, series.values[:, :known]) for known in cutoffs]
        answers = [Answer(mean, np.zeros((n, q, HORIZON)), nothing, np.full(n, each, object), 0.0) for mean in means]
        found = figures(series, 7, truths, answers)
        print(f"    {each}: " + ", ".join(f"{figure} {found[figure]:.3f}" for figure in FIGURES), flush=True)
        if found["rmsse"] < best["rmsse"]:
            best, name = {figure: found[figure] for figure in FIGURES}, each
    return name, best


def _shop(path: Path, plans: dict[str, str], count: int) -> Any:  # noqa: ANN401 - see `_anchor`
    from stockhub.demand.backtesting.files import read_rows
    from stockhub.demand.backtesting.series import Frequency, series_of
    from stockhub.formulas.forecasting.rolling_origin import rolling_origin

    series = series_of(read_rows(path, {"series_id": "sku", **plans}), Frequency.DAY, date(2100, 1, 1))
    first = rolling_origin(series.values.shape[1], HORIZON, WINDOWS)[0].cutoff + 1
    old = np.flatnonzero(~np.isnan(series.values[:, first - OLD_ENOUGH]))
    chosen = sorted(old, key=lambda row: hashlib.md5(series.names[row].encode(), usedforsecurity=False).hexdigest())[:count]
    return series.some(np.array(chosen), {})


def judged(path: Path, title: str, plans: dict[str, str], count: int) -> list[dict[str, Any]]:
    """The champion's figures over the anchor's."""
    from stockhub.demand.backtesting.runs import Plan, backtest, known_models

    series = _shop(path, plans, count)
    print(f"  information: {title}, {len(series.names)} series", flush=True)
    name, anchor = _anchor(series)
    report = backtest(series, Plan(HORIZON, WINDOWS, 7, known_models(())), lambda _line: None)
    for model, figures in sorted(report["models"].items()):
        print(f"    {model}: " + ", ".join(f"{figure} {figures[figure]:.3f}" for figure in FIGURES), flush=True)
    found = report["champion"]
    told = ", ".join(f"{figure} {found[figure]:.3f}" for figure in FIGURES)
    print(f"    champion: {told}; {found['chosen']}, mean {found['chosen_mean']}", flush=True)
    return [
        _result(f"{title}, {len(series.names)} series: champion's {figure} over {name}'s", found[figure] / anchor[figure], 1.0)
        for figure in FIGURES
    ]


def carparts(path: Path) -> list[dict[str, Any]]:
    """The champion's RMSSE of the last twelve months of the parts that were on sale throughout."""
    import pandas as pd

    from stockhub.demand.backtesting.files import read_rows
    from stockhub.demand.backtesting.runs import Plan, backtest, known_models
    from stockhub.demand.backtesting.series import Frequency, series_of

    rows = pd.read_parquet(path)
    complete = rows.groupby("sku")["qty"].apply(lambda qty: bool(qty.notna().all()))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "carparts.parquet"
        rows[rows["sku"].isin(complete[complete].index)].to_parquet(file)
        series = series_of(read_rows(file, {"series_id": "sku"}), Frequency.MONTH, date(2100, 1, 1))
    report = backtest(series, Plan(MONTHS_OUT, 1, 12, known_models(())), lambda _line: None)
    for model, figures in sorted(report["models"].items()):
        print(f"    {model}: rmsse {figures['rmsse']:.4f}", flush=True)
    name = f"Car parts, {len(series.names)} parts: champion's rmsse"
    found, imapa = report["champion"]["rmsse"], report["models"]["imapa"]["rmsse"]
    # `backtest` scales by the months since the first sale, the published figure by all of them: the ratio is the same question to both.
    return [_result(name, found, MOST_CARPARTS), _result(f"{name} over that of IMAPA", found / imapa, 1.0)]


def _result(name: str, value: float, goal: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 4), "goal": goal, "better": "lower", "ok": value <= goal + 0.0005}


def run() -> list[dict[str, Any]]:
    import django

    django.setup()
    results: list[dict[str, Any]] = []
    folder = Path(os.environ.get("STOCKHUB_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
    for name, title, plans, count in SHOPS:
        path = folder / f"{name}_daily.parquet"
        if path.is_file():
            results += judged(path, title, plans, count)
        else:
            print(f"  information: {title} was not judged, {path} is absent")
    parts = folder / "carparts_monthly.parquet"
    return results + (carparts(parts) if parts.is_file() else [])
