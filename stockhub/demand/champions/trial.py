"""Forecasters at work on the stored series as they were known at some past days, the oldest first."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.backtesting.answers import Answer, Question, answers_to, textbook_quantiles
from stockhub.demand.backtesting.champion import kind_numbers
from stockhub.demand.backtesting.past_errors import Past, mend_sums
from stockhub.demand.champion_models import DemandKind
from stockhub.demand.champions.plan import LEAST_HISTORY
from stockhub.demand.champions.sums import SUMS, sums_of
from stockhub.demand.forecasting import known_until
from stockhub.formulas.elementwise import FloatArray
from stockhub.pluginapi import Panel

#: Series of class A that costly forecasters are tried on in a chunk: more of them hardly change who wins.
MOST_COSTLY_SERIES = 200


@dataclass(frozen=True, slots=True)
class Field:
    """Who is tried: cheap forecasters on all series, costly ones on class A for so many seconds in all.

    `kept` by slug is what a forecaster is asked with in place of what it would learn.
    """

    cheap: Sequence[str]
    costly: Sequence[str]
    seconds: float
    kept: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Trial:
    """Sums (windows, k) by kind of demand and forecaster; failures by forecaster; and who ran out of time."""

    sums: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    out_of_time: set[str] = field(default_factory=set)
    series: int = 0


@dataclass(frozen=True, slots=True)
class _Said:
    """What a forecaster said of some rows (m,) in a window that began after `known` days, and their kinds of demand (m,) then."""

    known: int
    rows: NDArray[np.intp]
    answer: Answer
    kinds: NDArray[np.int64]


@dataclass(slots=True)
class _Run:
    history: Panel
    known_after: Callable[[int], Panel]
    kinds: NDArray[np.object_]
    class_a: NDArray[np.bool_]
    question: Question
    windows: int
    history_days: int
    kept: Mapping[str, bytes]
    trial: Trial = field(default_factory=Trial)
    #: By forecaster, window after window.
    said: dict[str, list[_Said]] = field(default_factory=dict)


def hold_trial(
    history: Panel,
    known_after: Callable[[int], Panel],
    kinds: NDArray[np.object_],
    class_a: NDArray[np.bool_],
    question: Question,
    *,
    windows: int,
    history_days: int,
    entrants: Field,
) -> Trial:
    """Asks everybody in every window what they would have said, and adds up what they were off by.

    `history` ends on the last known day and is what forecasts are held against; `known_after` gives its first days as they were known when
    they were all. Each window is shown the `history_days` days before it and no later one. A forecaster without lead-time sums of its own
    is judged by what its past ones were off by in the windows before (`past_errors`), much as its quantiles are made once it is champion.
    One that fails or runs out of time has no sums at all, since a part of them could not be compared.
    """
    run = _Run(history, known_after, kinds, class_a, question, windows, history_days, entrants.kept)
    left = entrants.seconds
    slowest: dict[str, float] = {}
    cheap, costly = list(entrants.cheap), list(entrants.costly)
    for window in range(windows):
        _judge(run, window, cheap)
        for slug in list(costly):
            if slowest.get(slug, 0.0) * (windows - window) > left or left <= 0:
                run.trial.out_of_time.add(slug)
                costly.remove(slug)
                continue
            started = time.perf_counter()
            _judge(run, window, [slug], only_class_a=True)
            slowest[slug] = time.perf_counter() - started
            left -= slowest[slug]
        cheap = [slug for slug in cheap if slug not in run.trial.failures]
        costly = [slug for slug in costly if slug not in run.trial.failures]
    gone = run.trial.out_of_time | set(run.trial.failures)
    run.trial.sums = {key: sums for key, sums in run.trial.sums.items() if key[1] not in gone}
    return run.trial


def _judge(run: _Run, window: int, models: Sequence[str], *, only_class_a: bool = False) -> None:
    t, horizon = run.history.values.shape[1], run.question.horizon
    known = t - horizon * (run.windows - window)
    start = max(known - run.history_days, 0)
    seen = ~np.isnan(run.history.values[:, start:known])
    there = seen.sum(axis=1) >= LEAST_HISTORY
    if only_class_a:
        there &= _some(run.class_a, run.history.series_ids)
    rows = np.flatnonzero(there)
    if not len(rows) or not models:
        return
    then = run.known_after(known)
    panel = known_until(then, rows, start, known)
    train = _truth(then, rows, start, known)
    actual = _truth(run.history, rows, known, known + horizon)
    textbook = textbook_quantiles(train, run.question.lead_times)
    cutoff = answers_to(panel, models, run.question, recorded=True, kept=run.kept)
    run.trial.failures |= cutoff.failures
    run.trial.series = max(run.trial.series, len(rows))
    kinds = kind_numbers(train)
    for slug, answer in cutoff.answers.items():
        earlier = run.said.setdefault(slug, [])
        past = [Past(said.answer, _truth(then, said.rows, said.known, said.known + horizon), None, said.kinds) for said in earlier]
        mend_sums(answer, past, None, kinds, run.question.lead_times)
        earlier.append(_Said(known, rows, answer, kinds))
        found = _sums(actual, train, answer, textbook, run.question)
        _add(run, window, slug, rows, found, only_class_a=only_class_a)


def _sums(actual: FloatArray, train: FloatArray, answer: Answer, textbook: FloatArray, question: Question) -> NDArray[np.float64]:
    return sums_of(actual, train, answer, textbook, question.lead_times)


def _add(run: _Run, window: int, slug: str, rows: NDArray[np.intp], found: NDArray[np.float64], *, only_class_a: bool) -> None:
    """Class A is judged on the series that costly forecasters are tried on, so that all are compared on the same ones."""
    judged = _some(run.class_a, run.history.series_ids)[rows]
    groups = {DemandKind.CLASS_A.value: judged}
    if not only_class_a:
        kinds = run.kinds[rows]
        groups |= {str(kind): np.asarray(kinds == kind) for kind in sorted(set(kinds.tolist()))}
    for kind, mine in groups.items():
        if mine.any():
            total = run.trial.sums.setdefault((kind, slug), np.zeros((run.windows, len(SUMS))))
            total[window] += found[mine].sum(axis=0)


def _some(class_a: NDArray[np.bool_], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """At most so many of class A, by their ids: the same ones in every window and whatever their order."""
    if class_a.sum() <= MOST_COSTLY_SERIES:
        return class_a.copy()
    return np.asarray(class_a & (ids <= np.sort(ids[class_a])[MOST_COSTLY_SERIES - 1]))


def _truth(history: Panel, rows: NDArray[np.intp], start: int, end: int) -> FloatArray:
    """Demand (n, end − start); NaN on days on which sales say nothing about it."""
    values, observed = history.values[rows, start:end], history.observed[rows, start:end]
    return np.where(observed, values, np.nan).astype(np.float64)
