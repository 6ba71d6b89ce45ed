"""Forecast runs: a chain of forecasters over a panel, each asked for what the ones before it could not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.frames import POOL_BITS
from stockhub.pluginapi import ForecastBatch, ForecastResult, Panel
from stockhub.pluginhost.forecasting import run_forecaster
from stockhub.values import DomainError


@dataclass(slots=True)
class ChainResult:
    """Forecasts of n rows: arrays as in `ForecastResult`, and for every row the model that made it and why not an earlier one."""

    mean: NDArray[np.float32]
    quantiles: NDArray[np.float32]
    error_sd: NDArray[np.float32]
    model_used: list[str]
    fallback_reason: list[str]
    #: Forecasters that failed as a whole, with the error.
    failures: dict[str, str] = field(default_factory=dict)


def run_chain(panel: Panel, *, chain: Sequence[str], horizon: int, quantile_levels: tuple[float, ...]) -> ChainResult:
    """Forecasts every series with the first forecaster of the chain that can. Rows that none can do stay NaN with an empty model."""
    n, q = len(panel.series_ids), len(quantile_levels)
    result = ChainResult(
        np.full((n, horizon), np.nan, np.float32),
        np.full((n, q, horizon), np.nan, np.float32),
        np.full(n, np.nan, np.float32),
        [""] * n,
        [""] * n,
    )
    open_rows = np.arange(n)
    for slug in chain:
        if not len(open_rows):
            break
        batch = ForecastBatch(_part(panel, open_rows), horizon, quantile_levels)
        try:
            answer = run_forecaster(slug, batch)
        except DomainError as error:
            result.failures[slug] = f"{error.code}: {error.message}"
            _note(result, open_rows, f"{slug}: {error.code}")
            continue
        open_rows = _take(result, open_rows, slug, answer)
    return result


def _part(panel: Panel, rows: NDArray[np.intp]) -> Panel:
    if len(rows) == len(panel.series_ids):
        return panel
    return panel.rows(rows)


def _note(result: ChainResult, rows: NDArray[np.intp], reason: str) -> None:
    for row in rows:
        before = result.fallback_reason[row]
        result.fallback_reason[row] = (f"{before}; {reason}" if before else reason)[:200]


def _take(result: ChainResult, rows: NDArray[np.intp], slug: str, answer: ForecastResult) -> NDArray[np.intp]:
    """Keeps what was answered and returns the rows that are still open."""
    unfit = np.zeros(len(rows), np.bool_)
    for position, reason in answer.unfit.items():
        unfit[position] = True
        _note(result, rows[[position]], f"{slug}: {reason}")
    done = rows[~unfit]
    result.mean[done] = answer.mean[~unfit]
    result.quantiles[done] = answer.quantiles[~unfit]
    result.error_sd[done] = answer.error_sd[~unfit]
    for row in done:
        result.model_used[row] = slug
    return rows[unfit]


def series_ids(sku_ids: NDArray[np.int64], pool_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """A stable id for each (SKU, pool): random seeds derive from it."""
    return (sku_ids << POOL_BITS) | pool_ids


def panel_of(
    ids: NDArray[np.int64],
    baseline: NDArray[np.float64],
    observed: NDArray[np.bool_],
    start_on: date,
    *,
    open_days: NDArray[np.bool_] | None = None,
    drivers: Mapping[str, NDArray[np.float32]] | None = None,
) -> Panel:
    """The panel of cleaned demand (n, t): what forecasters learn from. Its arrays are read-only."""
    values = baseline.astype(np.float32)
    for array in (values, observed, ids, *(drivers or {}).values(), *(() if open_days is None else (open_days,))):
        array.flags.writeable = False
    return Panel(ids, start_on, values, observed, open_days, drivers or {})
