"""Quantiles of the sum of demand over lead times: what safety stock, order-up-to levels and the chance of a stock-out rest on.

A forecaster that declares lead-time sums makes them, with what it has learned once for the run (`calibration`). A series that it cannot
do, and all of them where there is no such forecaster, get the textbook's: the forecast's mean, and independent days with the deviation of
its errors. The row says which, and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.forecasting import LEAD_TIME_FORECASTER, ChainResult
from stockhub.demand.models import ForecastSettings
from stockhub.pluginapi import ForecastBatch, ForecasterCapability, ForecastResult, Panel
from stockhub.pluginhost.forecasting import run_forecaster
from stockhub.pluginhost.registry import registry
from stockhub.values import DomainError

#: From a day to a quarter; quantiles of sums bend like a root, so the grid is denser where they bend most.
DEFAULT_DAYS: Final = (1, 3, 7, 14, 28, 56, 90)
#: Service levels lie above the median, and chances of a stock-out are asked for on either side of it.
DEFAULT_LEVELS: Final = (0.05, 0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
#: What a row says where no forecaster of lead-time sums has made it.
TEXTBOOK: Final = "textbook"
#: Days at the end of a forecast whose mean goes on beyond it, as in `Snapshot.demand_within`.
_TAIL_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """Lead times (l,) and levels (q,), ascending, and the forecaster that is asked; empty where none is installed."""

    days: tuple[int, ...]
    levels: tuple[float, ...]
    forecaster: str


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """`quantiles` (n, q, l) float32 of what was asked, ascending over levels and over lead times; for each row who made it and why."""

    asked: Asked
    quantiles: NDArray[np.float32]
    model_used: list[str]
    fallback_reason: list[str]
    failure: str = ""


def asked_of(wanted: ForecastSettings) -> Asked:
    """What the settings ask for, defaults filled in: for the forecast cycle as for a decision without a database."""
    able = [slug for slug, each in registry().forecasters.items() if ForecasterCapability.LEAD_TIME_SUMS in each.capabilities]
    usual = LEAD_TIME_FORECASTER if LEAD_TIME_FORECASTER in able else min(able, default="")
    forecaster = wanted.lead_time_forecaster or usual
    days, levels = wanted.lead_time_days or DEFAULT_DAYS, wanted.lead_time_levels or DEFAULT_LEVELS
    return Asked(tuple(int(each) for each in days), tuple(float(each) for each in levels), forecaster)


def lead_times_of(panel: Panel, points: ChainResult, asked: Asked, learned: bytes | None, *, error: str = "") -> LeadTimes:
    """The lead-time quantiles of the series of a panel, whose point forecasts are `points`.

    `learned` is what the run has calibrated; without it the forecaster is not asked, and `error` says why.
    """
    n = len(panel.series_ids)
    made, models, reasons, failure = np.zeros(n, np.bool_), [TEXTBOOK] * n, [_why_not(asked, error)] * n, ""
    quantiles = np.empty((n, len(asked.levels), len(asked.days)), np.float32)
    if learned is not None:
        batch = ForecastBatch(panel, 1, asked.levels, asked.days)
        try:
            answer = run_forecaster(asked.forecaster, batch, kept=learned)
        except DomainError as failed:
            failure, reasons = f"{failed.code}: {failed.message}", [f"{asked.forecaster}: {failed.code}"] * n
        else:
            made, models, reasons = _taken(answer, asked, n)
            if answer.lead_time_quantiles is not None:
                quantiles[made] = ascending(answer.lead_time_quantiles[made])
    left = np.flatnonzero(~made)
    quantiles[left] = textbook_quantiles(points.mean[left], points.error_sd[left], asked)
    return LeadTimes(asked, quantiles, models, reasons, failure)


def _taken(answer: ForecastResult, asked: Asked, n: int) -> tuple[NDArray[np.bool_], list[str], list[str]]:
    """The rows (n,) that the forecaster has made, and by name who makes each and why it is not the forecaster."""
    if answer.lead_time_quantiles is None:
        return np.zeros(n, np.bool_), [TEXTBOOK] * n, [f"{asked.forecaster}: no lead-time sums"] * n
    made, models, reasons = np.ones(n, np.bool_), [asked.forecaster] * n, [""] * n
    for row, reason in answer.unfit.items():
        made[row], models[row], reasons[row] = False, TEXTBOOK, f"{asked.forecaster}: {reason}"[:200]
    return made, models, reasons


def _why_not(asked: Asked, error: str) -> str:
    if not asked.forecaster:
        return "no forecaster of lead-time sums is installed"
    return f"{asked.forecaster}: {error or 'not calibrated'}"[:200]


def ascending(quantiles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Quantiles (n, q, l) that never cross: a higher level is at least as much, and so is a longer time, which holds the shorter one."""
    return np.maximum.accumulate(np.maximum.accumulate(quantiles, axis=1), axis=2)


def textbook_quantiles(mean: NDArray[np.float32], error_sd: NDArray[np.float32], asked: Asked) -> NDArray[np.float32]:
    """Quantiles (n, q, l) of a normal sum of independent days: mean + z·σ·√L, at least 0 and ascending.

    `mean` (n, h) a day, `error_sd` (n,) of a day; where that is not known, that of Poisson demand, the least that real demand has. NaN
    without a mean.
    """
    from scipy.special import ndtri

    sums = sums_over(mean, asked.days)
    sd = np.where(np.isnan(error_sd), np.sqrt(np.maximum(sums[:, 0] / asked.days[0], 0.0)), error_sd)
    spread = sd[:, None] * np.sqrt(np.array(asked.days, np.float64))
    raw = np.maximum(sums[:, None, :] + ndtri(np.array(asked.levels))[None, :, None] * spread[:, None, :], 0.0)
    return ascending(raw.astype(np.float32))


def sums_over(mean: NDArray[np.float32], days: Sequence[int]) -> NDArray[np.float64]:
    """Expected demand (n, l) over each lead time; beyond the forecast's end the mean of its last week goes on."""
    n, h = mean.shape
    running = np.zeros((n, h + 1))
    np.cumsum(mean, axis=1, dtype=np.float64, out=running[:, 1:])
    tail = mean[:, -_TAIL_DAYS:].mean(axis=1, dtype=np.float64) if h else np.full(n, np.nan)
    return np.stack([running[:, min(each, h)] + max(each - h, 0) * tail if each > h else running[:, each] for each in days], axis=1)


def improved(
    lead_times: LeadTimes, rows: NDArray[np.int64], panel: Panel, slug: str, learned: bytes, *, seconds: float | None = None
) -> str:
    """Lets another forecaster make the quantiles of some rows of a panel, within so many seconds where they are given; returns what went
    wrong, if anything did.

    Rows that it cannot do keep their quantiles and say why.
    """
    asked = lead_times.asked
    batch = ForecastBatch(panel.rows(rows), 1, asked.levels, asked.days)
    try:
        answer = run_forecaster(slug, batch, kept=learned, seconds=seconds)
    except DomainError as failed:
        keep_because(lead_times, rows, f"{slug}: {failed.code}")
        return f"{failed.code}: {failed.message}"
    if answer.lead_time_quantiles is None:
        keep_because(lead_times, rows, f"{slug}: no lead-time sums")
        return ""
    unfit = np.isin(np.arange(len(rows)), list(answer.unfit))
    done = rows[~unfit]
    lead_times.quantiles[done] = ascending(answer.lead_time_quantiles[~unfit])
    for row in done.tolist():
        lead_times.model_used[row], lead_times.fallback_reason[row] = slug, ""
    for place, reason in answer.unfit.items():
        keep_because(lead_times, rows[[place]], f"{slug}: {reason}")
    return ""


def keep_because(lead_times: LeadTimes, rows: NDArray[np.int64], reason: str) -> None:
    """Notes why rows have not been made by another forecaster; what they say already comes after it."""
    for row in rows.tolist():
        before = lead_times.fallback_reason[row]
        lead_times.fallback_reason[row] = (f"{reason}; {before}" if before else reason)[:200]


def replace_by_textbook(lead_times: LeadTimes, rows: NDArray[np.int64], points: ChainResult, reason: str) -> None:
    """Rows whose point forecast is another model's than the one that lead times know: their quantiles are its own textbook's."""
    lead_times.quantiles[rows] = textbook_quantiles(points.mean[rows], points.error_sd[rows], lead_times.asked)
    for row in rows.tolist():
        lead_times.model_used[row], lead_times.fallback_reason[row] = TEXTBOOK, reason


def follow(lead_times: LeadTimes, before: NDArray[np.float32], points: ChainResult) -> None:
    """Moves quantiles along with point forecasts that were `before` (n, h) and that plans and people have changed since."""
    changed = np.flatnonzero(~np.all((before == points.mean) | np.isnan(points.mean), axis=1))
    unknown = changed[np.isnan(before[changed]).any(axis=1)]
    known = np.setdiff1d(changed, unknown)
    lead_times.quantiles[known] = following(lead_times.quantiles[known], before[known], points.mean[known], lead_times.asked)
    replace_by_textbook(lead_times, unknown, points, "no forecast but what was set")


def following(quantiles: NDArray[np.float32], before: NDArray[np.float32], after: NDArray[np.float32], asked: Asked) -> NDArray[np.float32]:
    """Quantiles (n, q, l) moved along with a forecast that somebody has changed from means `before` (n, h) to `after`.

    Each lead time's quantiles are multiplied by what has become of its expected demand. Where nothing was expected there is nothing to
    multiply, and what is expected now is added.
    """
    was, now = sums_over(before, asked.days), sums_over(after, asked.days)
    known = was > 0
    factor = np.where(known, now / np.where(known, was, 1.0), 1.0)
    added = np.where(known, 0.0, now - was)
    return ascending((quantiles * factor[:, None, :] + added[:, None, :]).astype(np.float32))
