"""What each forecaster says at a cutoff, having seen what was known then."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.forecasting import old_enough
from stockhub.demand.strategies import RecentAverage
from stockhub.formulas.elementwise import FloatArray
from stockhub.pluginapi import ForecastBatch, ForecastResult, Panel
from stockhub.pluginhost.forecasting import run_forecaster
from stockhub.values.errors import DomainError

if TYPE_CHECKING:
    # Reading files needs pandas; stored series do not.
    from stockhub.demand.backtesting.series import SeriesSet

LEVELS: Final = (0.5, 0.8, 0.9, 0.95, 0.98)
#: Answers for series that a forecaster cannot do. Built in, and defined for every series.
LAST_RESORT: Final = RecentAverage.slug
_FRAME: Final = re.compile(r'File "([^"]+)", line (\d+)')
_ARRAYS: Final = ("mean", "quantiles", "sums", "model_used", "error_sd", "own_sums")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at every cutoff: periods ahead, and lead times in periods."""

    horizon: int
    lead_times: tuple[int, ...]


@dataclass(slots=True)
class Answer:
    """Mean (n, h), quantiles (n, q, h) of LEVELS, `sums` (n, q, l) of lead times; the model that answered (n,), and seconds.

    `error_sd` (n,) is the deviation of a day's error, missing where the model does not know it; `own_sums` (n,) says where sums are the
    model's own and not made of its mean.
    """

    mean: FloatArray
    quantiles: FloatArray
    sums: FloatArray
    model_used: NDArray[np.object_]
    seconds: float
    error_sd: FloatArray = field(default_factory=lambda: np.zeros(0))
    own_sums: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))

    def __post_init__(self) -> None:
        if not len(self.error_sd):
            self.error_sd, self.own_sums = np.full(len(self.mean), np.nan), np.ones(len(self.mean), np.bool_)

    def copy(self) -> Answer:
        mean, quantiles, sums, model_used, error_sd, own_sums = (getattr(self, name).copy() for name in _ARRAYS)
        return Answer(mean, quantiles, sums, model_used, self.seconds, error_sd, own_sums)

    def put(self, rows: NDArray[Any], other: Answer, of_other: NDArray[Any] | None = None) -> None:
        """Takes the answers for some rows from another; `of_other` are their places in it, the same ones unless given."""
        places = rows if of_other is None else of_other
        for name in _ARRAYS:
            getattr(self, name)[rows] = getattr(other, name)[places]


@dataclass(slots=True)
class Cutoff:
    """The answers of all models that could, by slug, and the errors of the others. `known` is the number of periods known."""

    known: int
    answers: dict[str, Answer] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def panel_at(series: SeriesSet, known: int, ahead: int) -> Panel:
    """What was known after so many periods: sales and prices up to then, open days and drivers `ahead`."""
    values = series.values[:, :known].astype(np.float32)
    observed = ~np.isnan(values)
    # What is unknown after the first sale is not observed; before it there is no series.
    values = np.where(observed | (np.cumsum(observed, axis=1) == 0), values, np.float32(0.0))
    until = known + ahead
    drivers = {name: array[:, :until].astype(np.float32) for name, array in series.drivers.items()}
    if series.price is not None:
        price = np.full((len(values), until), np.nan, np.float32)
        price[:, :known] = series.price[:, :known]
        drivers["price"] = price
    open_days = None if series.open_days is None else series.open_days[:, :until].copy()
    if open_days is not None:
        observed &= open_days[:, :known]
    panel = Panel(series.ids, series.start_on, values, observed, open_days, drivers, series.categories)
    optional = [array for array in (open_days, series.categories) if array is not None]
    arrays: list[NDArray[Any]] = [panel.series_ids, values, observed, *drivers.values(), *optional]
    for array in arrays:
        array.setflags(write=False)
    return panel


def answers_at(series: SeriesSet, known: int, models: Sequence[str], question: Question) -> Cutoff:
    """Asks every model for every series of a file, without a database."""
    return answers_to(panel_at(series, known, question.horizon), models, question, recorded=False)


def answers_to(
    panel: Panel, models: Sequence[str], question: Question, *, recorded: bool, kept: Mapping[str, bytes] | None = None
) -> Cutoff:
    """Asks every model for every series, and the last resort for those that a model cannot do or that are too short for it.

    `recorded` as in `run_forecaster`, and so is `kept`, by slug.
    """
    known = panel.values.shape[1]
    batch = ForecastBatch(panel, question.horizon, LEVELS, question.lead_times)
    cutoff = Cutoff(known)
    resort = _answer(LAST_RESORT, run_forecaster(LAST_RESORT, batch, recorded=recorded), batch)
    for model in models:
        started = time.perf_counter()
        rows = np.flatnonzero(old_enough(panel, model))
        asked = batch if len(rows) == len(panel.series_ids) else replace(batch, panel=panel.rows(rows))
        try:
            result = run_forecaster(model, asked, kept=(kept or {}).get(model), recorded=recorded) if len(rows) else None
        except DomainError as error:
            cutoff.failures[model] = f"{error.code}: {error.message}{_place_of(error)}"
            continue
        answer = resort.copy()
        if result is not None:
            done = np.setdiff1d(np.arange(len(rows)), list(result.unfit)).astype(np.intp)
            answer.put(rows[done], _answer(model, result, asked), done)
        answer.seconds = time.perf_counter() - started
        cutoff.answers[model] = answer
    return cutoff


def _place_of(error: DomainError) -> str:
    """The file and line of a plugin in which it went wrong, where they are known: its author is who reads a backtest."""
    frames = _FRAME.findall(getattr(error.__cause__, "details", ""))
    return f" ({Path(frames[-1][0]).name}, line {frames[-1][1]})" if frames else ""


def _answer(model: str, result: ForecastResult, batch: ForecastBatch) -> Answer:
    mean, quantiles = result.mean.astype(np.float64), result.quantiles.astype(np.float64)
    open_days = batch.panel.open_days
    closed = None if open_days is None else ~open_days[:, batch.panel.values.shape[1] :]
    if closed is not None:
        # Most models know no calendar; nobody buys on a closed day.
        mean, quantiles = np.where(closed, 0.0, mean), np.where(closed[:, None, :], 0.0, quantiles)
    own = result.lead_time_quantiles
    sums = independent_sums(mean, result.error_sd, batch.lead_time_days, closed) if own is None else own.astype(np.float64)
    own_sums = np.full(len(mean), own is not None, np.bool_)
    return Answer(mean, quantiles, sums, np.full(len(mean), model, object), 0.0, result.error_sd.astype(np.float64), own_sums)


def independent_sums(
    mean: FloatArray, error_sd: NDArray[np.float32], lead_times: Sequence[int], closed: NDArray[np.bool_] | None
) -> FloatArray:
    """Quantiles (n, q, l) of sums as if days were independent and normal: what one is left with where a forecaster gives no sums and
    nothing is known of its past ones (`past_errors`).

    Where the deviation is unknown, that of Poisson days.
    """
    from scipy import special

    days = np.ones(mean.shape) if closed is None else 1.0 - closed
    variance = np.where(np.isnan(error_sd)[:, None], mean, error_sd.astype(np.float64)[:, None] ** 2 * days)
    z = special.ndtri(np.array(LEVELS))[None, :]
    found = [
        mean[:, :lead].sum(axis=1)[:, None] + z * np.sqrt(variance[:, :lead].sum(axis=1))[:, None] for lead in lead_times
    ]  # at least the median, so never below 0
    return np.stack(found, axis=2) if found else np.zeros((len(mean), len(LEVELS), 0))


def textbook_sums(series: SeriesSet, known: int, lead_times: Sequence[int]) -> FloatArray:
    """The textbook's quantiles (n, q, l) after `known` periods of a file."""
    return textbook_quantiles(series.values[:, :known], lead_times)


def textbook_quantiles(history: FloatArray, lead_times: Sequence[int]) -> FloatArray:
    """Quantiles (n, q, l) of independent normal days with mean and deviation of the last 56 of history (n, t): what `rel` divides by."""
    from scipy import special

    recent = history[:, max(history.shape[1] - 56, 0) :]
    there = ~np.isnan(recent)
    count = there.sum(axis=1)
    mean = np.where(there, recent, 0.0).sum(axis=1) / np.maximum(count, 1)
    squares = np.where(there, (recent - mean[:, None]) ** 2, 0.0).sum(axis=1)
    sd = np.sqrt(squares / np.maximum(count - 1, 1))
    z = special.ndtri(np.array(LEVELS))[None, :]
    found = [lead * mean[:, None] + z * np.sqrt(lead) * sd[:, None] for lead in lead_times]
    return np.stack(found, axis=2) if found else np.zeros((len(mean), len(LEVELS), 0))


def counted(model_used: Sequence[NDArray[np.object_]]) -> Mapping[str, int]:
    """How often each model really answered."""
    slugs, counts = np.unique(np.concatenate(list(model_used)).astype(str), return_counts=True)
    return dict(zip(slugs.tolist(), counts.tolist(), strict=True))
