"""Who is champion from now on: the sums of all chunks together, by the rules of `formulas.forecasting.tournament`.

For each kind of demand twice: whose sums over lead times decide best, and, for all kinds together, whose mean errs least (ADR 0044, 0048).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.demand.backtesting.answers import LAST_RESORT
from stockhub.demand.champion_models import Backtest, Champion, Decision, DemandKind, ModelAccuracy
from stockhub.demand.champions.sums import JUDGED_SUMS, SUMS, column, figures_of
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.forecasting.tournament import (
    LEAST_GAIN,
    LEAST_MEAN_GAIN,
    SEASONAL_NAIVE,
    Standing,
    champions,
    mean_scores,
    standing,
)

#: A kind of demand with fewer series is judged together with all others; class A with fewer has no champion of its own.
FEWEST_SERIES = 100
FEWEST_CLASS_A = 30
_KINDS = [kind.value for kind in DemandKind if kind != DemandKind.CLASS_A]


@dataclass(frozen=True, slots=True)
class Table:
    """Sums (windows, k) by kind and forecaster; kind "" is all demand together."""

    sums: Mapping[tuple[str, str], NDArray[np.float64]]

    def of(self, kind: str) -> dict[str, NDArray[np.float64]]:
        """By forecaster, those that answered for all the series that anybody answered for: others cannot be compared."""
        found = {model: sums for (of_kind, model), sums in self.sums.items() if of_kind == kind}
        most = max((column(sums, "series").sum() for sums in found.values()), default=0.0)
        return {model: sums for model, sums in sorted(found.items()) if most and column(sums, "series").sum() == most}

    def series(self, kind: str) -> int:
        """The most series that were judged in one window."""
        return int(max((column(sums, "series").max() for sums in self.of(kind).values()), default=0.0))


def table_of(backtest: Backtest) -> Table:
    """The sums of all chunks, added up."""
    found: dict[tuple[str, str], NDArray[np.float64]] = {}
    for row in backtest.sums.order_by("first_sku_id", "kind", "model"):
        values = row.values.reshape(-1, len(SUMS))
        places = [(row.kind, row.model)] if row.kind == DemandKind.CLASS_A else [(row.kind, row.model), ("", row.model)]
        for place in places:
            found[place] = found.get(place, 0.0) + values
    return Table(found)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who won a kind, and the numbers that it rests on."""

    kind: str
    model: str
    decision: Decision
    score: float | None
    challenger: str
    challenger_score: float | None
    floor_score: float | None
    series: int
    shared: bool


def choices(table: Table, in_use: Mapping[str, str], first: str, too_slow: Sequence[str]) -> list[Choice]:
    """The champion of each kind, given those in use; `first` is in use where none has been chosen yet. Nothing without a trial."""
    found = []
    for kind in _KINDS:
        shared = table.series(kind) < FEWEST_SERIES
        if judged := table.of("" if shared else kind):
            found.append(_choice(kind, judged, in_use.get(kind, first), table.series(kind), shared=shared))
    if table.series(DemandKind.CLASS_A) >= FEWEST_CLASS_A:
        judged = {model: sums for model, sums in table.of(DemandKind.CLASS_A).items() if model not in too_slow}
        if judged:
            in_class = in_use.get(DemandKind.CLASS_A, first)
            found.append(_choice(DemandKind.CLASS_A, judged, in_class, table.series(DemandKind.CLASS_A), shared=False))
    return found


def _choice(kind: str, judged: Mapping[str, NDArray[np.float64]], in_use: str, series: int, *, shared: bool) -> Choice:
    sums = np.stack(list(judged.values()))
    count = column(sums, "series")
    scores = np.where(count > 0, column(sums, "loss"), np.nan)
    rmse = np.sqrt(column(sums, "horizon_square").sum(axis=1) / np.maximum(count.sum(axis=1), 1))
    return _chosen(_Ballot(str(kind), list(judged), scores, rmse, column(sums, "horizon_error").sum(axis=1)), in_use, series, shared=shared)


def mean_choices(table: Table, in_use: Mapping[str, str], first: str, too_slow: Sequence[str], lead_times: Sequence[int]) -> list[Choice]:
    """The champion of the mean of all kinds, as kind "", and that of class A, where costly forecasters compete; nothing without a trial.

    By `tournament.mean_scores`, as in a backtest of a file (ADR 0044). Class A has few series, so that a hundredth there is chance: it goes
    with all the others until another is better by as much as decisions ask for.
    """
    found = []
    if judged := table.of(""):
        found.append(_mean_choice("", judged, in_use.get("", first), table.series(""), lead_times, LEAST_MEAN_GAIN))
    judged = {model: sums for model, sums in table.of(DemandKind.CLASS_A).items() if model not in too_slow}
    if found and judged and table.series(DemandKind.CLASS_A) >= FEWEST_CLASS_A:
        kind, of_all = DemandKind.CLASS_A.value, found[0].model
        found.append(_mean_choice(kind, judged, in_use.get(kind, of_all), table.series(kind), lead_times, LEAST_GAIN))
    return found


def _mean_choice(
    kind: str, judged: Mapping[str, NDArray[np.float64]], in_use: str, series: int, lead_times: Sequence[int], least_gain: float
) -> Choice:
    sums = np.stack(list(judged.values()))
    scaled = np.where(column(sums, "series") > 0, column(sums, "scaled"), np.nan)
    # A horizon that is the only lead time is judged by its days alone.
    leads = [lead for lead in lead_times if lead in JUDGED_SUMS] if len(lead_times) > 1 else []
    off = np.stack([column(sums, f"absolute_{lead}") for lead in leads], axis=-1) if leads else np.zeros((*scaled.shape, 0))
    bias = column(sums, "horizon_error").sum(axis=1)
    ballot = _Ballot(kind, list(judged), mean_scores(scaled, off), np.nan_to_num(scaled).sum(axis=1), bias)
    return _chosen(ballot, in_use, series, shared=kind != DemandKind.CLASS_A, least_gain=least_gain)


@dataclass(frozen=True, slots=True)
class _Ballot:
    """Who stands for a kind: m models, their scores (m, w), and what settles a tie (m,)."""

    kind: str
    models: list[str]
    scores: FloatArray
    errors: FloatArray
    bias: FloatArray


def _chosen(ballot: _Ballot, in_use: str, series: int, *, shared: bool, least_gain: float = LEAST_GAIN) -> Choice:
    models, scores = ballot.models, ballot.scores
    floor = next((models.index(slug) for slug in (SEASONAL_NAIVE, LAST_RESORT) if slug in models), 0)
    incumbent = np.array([models.index(in_use) if in_use in models else -1], np.int64)
    table = standing(scores[None], ballot.errors[None], ballot.bias[None], incumbent, floor, least_gain=least_gain)
    winner = models[champions(table, incumbent, floor)[0]]
    return Choice(
        kind=ballot.kind,
        model=winner,
        decision=_decision(winner, in_use, models, table, floor),
        score=_known(np.nanmean(scores[models.index(winner)]) if table.windows[0] else np.nan),
        challenger=models[table.challenger[0]] if table.challenger[0] >= 0 else "",
        challenger_score=_known(table.challenger_score[0]),
        floor_score=_known(table.floor_score[0]),
        series=series,
        shared=shared,
    )


def _decision(winner: str, in_use: str, models: Sequence[str], table: Standing, floor: int) -> Decision:
    if winner == in_use:
        return Decision.KEPT
    is_best = table.challenger[0] >= 0 and models[table.challenger[0]] == winner
    return Decision.FLOOR if winner == models[floor] and not is_best else Decision.TAKEN


def _known(value: float | FloatArray) -> float | None:
    return None if np.isnan(value) else float(value)


def too_slow(table: Table, costly: Sequence[str], class_a_skus: int, seconds: float) -> list[str]:
    """Costly forecasters that could not forecast all of class A in so many seconds a night."""
    judged = table.of(DemandKind.CLASS_A)
    return [
        model for model in costly if model in judged and (figures_of(judged[model].sum(axis=0))["seconds"] or 0.0) * class_a_skus > seconds
    ]


def write_accuracies(backtest: Backtest, table: Table, winners: Mapping[str, str], of_mean: Mapping[str, str]) -> None:
    """The figures of everybody on every kind and on all demand; written anew however often it is called."""
    backtest.accuracies.all().delete()
    ModelAccuracy.objects.bulk_create(
        ModelAccuracy(
            backtest=backtest,
            kind=kind,
            model=model,
            is_champion=winners.get(kind) == model,
            is_mean_champion=of_mean.get(kind, "" if kind == DemandKind.CLASS_A else of_mean.get("", "")) == model,
            series_windows=int(column(sums, "series").sum()),
            **figures_of(sums.sum(axis=0)),
        )
        for (kind, model), sums in sorted(table.sums.items())
    )


def write_champions(backtest: Backtest, found: Sequence[Choice], of_mean: Sequence[Choice]) -> int:
    """Puts the winners into use and returns how many have changed; class A without a trial of its own goes with its kinds."""
    now, changed = clock.now(), 0
    means = {choice.kind: choice for choice in of_mean}
    before = {champion.kind: champion for champion in Champion.objects.select_for_update().order_by("pk")}
    if found and DemandKind.CLASS_A not in {choice.kind for choice in found}:
        changed += Champion.objects.filter(kind=DemandKind.CLASS_A).delete()[0]
    for choice in found:
        champion = before.get(choice.kind) or Champion(kind=choice.kind)
        if champion.model != choice.model:
            champion.model, champion.since_at = choice.model, now
            changed += 1
        champion.decision, champion.score, champion.series, champion.shared = choice.decision, choice.score, choice.series, choice.shared
        champion.challenger, champion.challenger_score = choice.challenger, choice.challenger_score
        champion.floor_score, champion.backtest, champion.updated_at = choice.floor_score, backtest, now
        if mean := means.get(choice.kind) or means.get(""):
            changed += champion.mean_model != mean.model
            if champion.mean_model != mean.model:
                champion.mean_model, champion.mean_since_at = mean.model, now
            champion.mean_decision, champion.mean_score = mean.decision, mean.score
            champion.mean_floor_score = mean.floor_score
        champion.save()
    return changed
