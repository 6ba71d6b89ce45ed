"""Daily demand of every shape that a forecaster meets in a real shop, and some that it should survive."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import Panel

#: Days of every series below; enough for four seasons of four weeks.
DAYS: Final = 120


def _shapes() -> dict[str, NDArray[np.float64]]:
    rng = np.random.default_rng(20250618)
    day = np.arange(DAYS)
    weekly = 1.0 + 0.5 * np.sin(2 * np.pi * day / 7)
    shapes = {
        "steady": rng.poisson(20.0 * weekly),
        "slow": rng.poisson(0.4, DAYS),
        "intermittent": rng.poisson(8.0, DAYS) * (rng.random(DAYS) < 0.1),
        "growing": rng.poisson(1.0 + 0.3 * day),
        "falling": rng.poisson(30.0 * 0.96**day),
        "viral": rng.poisson(np.where(day > DAYS - 4, 900.0, 3.0)),
        "all_zero": np.zeros(DAYS),
        "constant": np.full(DAYS, 5.0),
        "one_sale": np.eye(1, DAYS, DAYS // 2)[0] * 3.0,
        "sold_on_the_last_day_only": np.eye(1, DAYS, DAYS - 1)[0] * 3.0,
        "huge": rng.poisson(1e9, DAYS),
        "fractional": rng.gamma(0.5, 0.2, DAYS),
    }
    return {name: np.asarray(values, np.float64) for name, values in shapes.items()}


def panel_of_shapes(min_history_days: int = 1) -> tuple[list[str], Panel]:
    """Names and panel: each shape observed throughout, then with late first days, closed weeks and stock-outs.

    Series with fewer days than `min_history_days` are left out, as the host leaves them out. The arrays are read-only.
    """
    shapes = _shapes()
    names = list(shapes)
    values = list(shapes.values())
    observed = [np.ones(DAYS, np.bool_) for _ in names]

    def add(name: str, series: NDArray[np.float64], known: NDArray[np.bool_] | None = None) -> None:
        names.append(name)
        values.append(series)
        observed.append(np.ones(DAYS, np.bool_) if known is None else known)

    for days in (1, 2, 6, 20, 60):
        if days >= min_history_days:
            add(f"first_day_{days}_days_ago", np.where(np.arange(DAYS) >= DAYS - days, shapes["steady"], np.nan))
    closed = np.ones(DAYS, np.bool_)
    closed[40:70] = False
    add("stock_out_of_a_month", np.where(closed, shapes["steady"], 0.0), closed)
    add("gap_of_nan", np.where(closed, shapes["slow"], np.nan))
    add("stock_out_until_today", np.where(np.arange(DAYS) < 100, shapes["steady"], 0.0), np.arange(DAYS) < 100)
    add("closed_every_seventh_day", shapes["steady"], np.arange(DAYS) % 7 != 3)
    add("nan_on_observed_days", np.where(np.arange(DAYS) % 11 == 5, np.nan, shapes["steady"]))
    add("never_observed", np.zeros(DAYS), np.zeros(DAYS, np.bool_))
    add("all_nan", np.full(DAYS, np.nan))
    return names, panel_from(np.array(values, np.float32), np.array(observed, np.bool_))


def panel_from(values: NDArray[np.float32], observed: NDArray[np.bool_]) -> Panel:
    """A panel of read-only copies, with ids that are not positions."""
    ids = np.arange(values.shape[0], dtype=np.int64) * 7 + 1001
    return read_only(Panel(ids, date(2025, 1, 1), values.copy(), observed.copy()))


def with_calendar(panel: Panel, days_ahead: int) -> Panel:
    """The same series in a shop that closes on every seventh day, knows its promotions `days_ahead` and has categories."""
    n, t = panel.values.shape
    day = np.arange(t + days_ahead)
    open_days = np.broadcast_to(day % 7 != 6, (n, day.size)).copy()
    promo = np.broadcast_to(((day // 7) % 5 == 2).astype(np.float32), (n, day.size)).copy()
    price = np.where(day < t, np.float32(9.9) - promo, np.nan).astype(np.float32)
    values = np.where(open_days[:, :t] | np.isnan(panel.values), panel.values, 0.0).astype(np.float32)
    drivers = {"promo": promo, "price": price}
    # A third of the series are in no category, a third in a broad one alone.
    kinds = panel.series_ids % 3
    categories = np.column_stack([np.where(kinds == 0, -1, 40), np.where(kinds == 2, 41, -1)]).astype(np.int64)
    return read_only(Panel(panel.series_ids, panel.start_on, values, panel.observed, open_days, drivers, categories))


def rows_of(panel: Panel, rows: NDArray[np.int64]) -> Panel:
    """Some series of a panel, in the given order."""
    return read_only(panel.rows(rows))


def writable(panel: Panel) -> Panel:
    """A copy whose arrays may be written."""
    calendar = None if panel.open_days is None else panel.open_days.copy()
    drivers = {name: array.copy() for name, array in panel.drivers.items()}
    categories = None if panel.categories is None else panel.categories.copy()
    return Panel(panel.series_ids.copy(), panel.start_on, panel.values.copy(), panel.observed.copy(), calendar, drivers, categories)


def last_days_of(panel: Panel, days: int) -> Panel:
    """The same series over the last `days` days; of what is known ahead, nothing."""
    start_on = panel.start_on + timedelta(days=panel.values.shape[1] - days)
    values, observed = panel.values[:, -days:].copy(), panel.observed[:, -days:].copy()
    return read_only(Panel(panel.series_ids, start_on, values, observed, categories=panel.categories))


def read_only(panel: Panel) -> Panel:
    optional = [array for array in (panel.open_days, panel.categories) if array is not None]
    arrays: list[NDArray[Any]] = [panel.series_ids, panel.values, panel.observed, *optional, *panel.drivers.values()]
    for array in arrays:
        array.setflags(write=False)
    return panel
