"""What the season of a category is worth: the loss of lead-time sums with categories over that without (docs/adr/0047).

Orange juice of Dominick's, the only set of ours with categories and more than a year: a store and a brand is a series, each week's units
are spread evenly over its seven days, and days of weeks that nobody recorded are unknown. Ten windows of 28 days at the end, everything
learned before each cutoff. Categories are the brands; stores, and groups by lot, show what they are worth where there is no season in them.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.lead_time import LEAD_TIMES

WINDOWS: Final = 10
HORIZON: Final = 28
GROUPS: Final = 11
#: Categories of which a season is expected, and what others may cost.
MOST_LOSS: Final = 0.95
MOST_LOSS_BY_LOT: Final = 1.005


def juice(path: Path) -> tuple[date, NDArray[np.float64], dict[str, NDArray[np.int64]]]:
    """The first day, units a day (n, t), NaN before the first week and in unknown ones, and the categories (n, 1) of each kind."""
    import pandas as pd

    rows = pd.read_parquet(path, columns=["store", "brand", "date", "qty"])
    series = rows.groupby(["store", "brand"])
    start = rows["date"].min()
    place = (rows["date"] - start).dt.days.to_numpy()
    units = np.full((series.ngroups, int(place.max()) + 7), np.nan)
    for day in range(7):
        units[series.ngroup().to_numpy(), place + day] = rows["qty"].to_numpy() / 7.0
    keys = rows[["store", "brand"]].drop_duplicates().sort_values(["store", "brand"]).to_numpy(np.int64)
    categories = {
        "brands": keys[:, 1:],
        "stores": keys[:, :1],
        "groups by lot": np.random.default_rng(47).integers(GROUPS, size=(len(keys), 1)),
    }
    return start.date(), units, categories


def loss(start_on: date, units: NDArray[np.float64], categories: NDArray[np.int64] | None) -> float:
    """The pinball loss of all sums at all levels over all windows."""
    from stockhub.demand.backtesting.answers import LEVELS, Question, answers_to
    from stockhub.formulas.forecasting.probabilistic_accuracy import pinball
    from stockhub.pluginapi import Panel

    total = 0.0
    for back in range(WINDOWS, 0, -1):
        known = units.shape[1] - HORIZON * back
        history = units[:, :known].astype(np.float32)
        observed = ~np.isnan(history)
        history = np.where(observed | (np.cumsum(observed, axis=1) == 0), history, np.float32(0.0))
        panel = Panel(np.arange(len(units)), start_on, history, observed, None, {}, categories)
        sums = answers_to(panel, ("lead-time",), Question(HORIZON, LEAD_TIMES), recorded=False).answers["lead-time"].sums
        for place, days in enumerate(LEAD_TIMES):
            actual = units[:, known : known + days].sum(axis=1)
            there = ~np.isnan(actual)
            total += float(pinball(actual[there, None], sums[there, :, place], np.array(LEVELS)[None, :]).sum())
    return total


def run() -> list[dict[str, Any]]:
    import django

    django.setup()
    folder = Path(os.environ.get("STOCKHUB_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
    path = folder / "oj_dominicks_weekly.parquet"
    if not path.is_file():
        print(f"  information: the season of categories was not measured, {path} is absent")
        return []
    start_on, units, categories = juice(path)
    without = loss(start_on, units, None)
    goals = {"brands": MOST_LOSS, "stores": 1.0, "groups by lot": MOST_LOSS_BY_LOT}
    found = {kind: loss(start_on, units, of_kind) / without for kind, of_kind in categories.items()}
    return [
        {
            "name": f"orange juice: loss of lead-time sums with seasons by {kind} over that without",
            "value": round(value, 3), "goal": goals[kind], "better": "lower", "ok": value <= goals[kind],
        }
        for kind, value in found.items()
    ]  # fmt: skip


if __name__ == "__main__":
    for result in run():
        print(f"{result['name']}: {result['value']} (goal {result['goal']}, {'ok' if result['ok'] else 'MISSED'})")
