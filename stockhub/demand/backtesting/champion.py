"""The champion of each kind of demand, and that of the mean, chosen on windows that ended before the cutoff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.backtesting.answers import LEVELS, Answer, Cutoff, Question
from stockhub.demand.forecasting import DEFAULT_CHAIN, LEAD_TIME_FORECASTER
from stockhub.formulas.demand.classification import DEMAND_CLASSES, NO_DEMAND, demand_class, demand_pattern
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.forecasting.accuracy import root_mean_squared_scaled_error
from stockhub.formulas.forecasting.probabilistic_accuracy import pinball
from stockhub.formulas.forecasting.rolling_origin import WINDOWS
from stockhub.formulas.forecasting.tournament import LEAST_MEAN_GAIN, SEASONAL_NAIVE, champions, mean_scores, standing

if TYPE_CHECKING:
    from stockhub.demand.backtesting.series import SeriesSet

#: Inner windows that a champion is chosen on, where history allows.
INNER_WINDOWS: Final = WINDOWS
#: What is in use before anything has been judged: the first of these that is installed.
FIRST_CHOICES: Final = (LEAD_TIME_FORECASTER, *DEFAULT_CHAIN)
#: A kind of demand with fewer series is judged together with all others.
FEWEST_SERIES: Final = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """The champion's slug by kind of demand, of each series (n,) its kind, and the slug of the mean's champion."""

    by_class: Mapping[str, str]
    classes: NDArray[np.object_]
    mean: str


def choose(
    series: SeriesSet, known: int, inner: Sequence[Cutoff], question: Question, before: Choice | None, there: Sequence[str]
) -> Choice:
    """The champions at a cutoff after `known` periods, from inner cutoffs whose windows had ended by then; `there` are all that answer.

    A kind's score in a window is the sum over its series of the pinball of their lead-time sums at all levels; `formulas.forecasting.
    tournament` says when a challenger replaces what is in use (`before`), and that none worse than the seasonal naive forecast is kept.
    Whose quantiles decide best need not have the best mean, so that has a champion of its own: one for all kinds, since its windows are few
    and its errors mostly chance (ADR 0044).
    """
    classes = demand_kinds(series.values[:, :known])
    kinds = sorted(set(classes.tolist()))
    models = sorted(set(there).intersection(*(cutoff.answers for cutoff in inner))) if inner else []
    first = next((slug for slug in FIRST_CHOICES if slug in there), there[0])
    in_use = {kind: first if before is None else before.by_class.get(kind, first) for kind in kinds}
    mean_in_use = first if before is None else before.mean
    if not models:
        return Choice(in_use, classes, mean_in_use)
    scores = np.full((len(kinds), len(models), len(inner)), np.nan)
    rmse, bias = np.full(scores.shape, np.nan), np.full(scores.shape, np.nan)
    for w, cutoff in enumerate(inner):
        actual = series.values[:, cutoff.known : cutoff.known + question.horizon]
        for m, model in enumerate(models):
            losses, squares, differences = losses_of(actual, cutoff.answers[model], question)
            for k, kind in enumerate(kinds):
                own = classes == kind
                chosen = own if own.sum() >= FEWEST_SERIES else np.ones(len(own), np.bool_)
                scores[k, m, w] = losses[chosen].sum()
                rmse[k, m, w], bias[k, m, w] = np.sqrt(squares[chosen].mean()), differences[chosen].sum()
    incumbent = np.array([models.index(in_use[kind]) if in_use[kind] in models else -1 for kind in kinds], np.int64)
    floor = models.index(SEASONAL_NAIVE) if SEASONAL_NAIVE in models else 0
    table = standing(scores, rmse.mean(axis=2), bias.mean(axis=2), incumbent, floor)
    winners = champions(table, incumbent, floor)
    mean = _champion_of_the_mean(series, inner, question, models, mean_in_use)
    return Choice({kind: models[winners[k]] for k, kind in enumerate(kinds)}, classes, mean)


def _champion_of_the_mean(series: SeriesSet, inner: Sequence[Cutoff], question: Question, models: Sequence[str], in_use: str) -> str:
    """By `tournament.mean_scores` over all series together, with the same rule of the incumbent and the same floor."""
    scaled = np.full((1, len(models), len(inner)), np.nan)
    # A horizon that is one lead time, as of a file in months, is judged by its periods alone.
    sums = [lead for lead in question.lead_times if lead < question.horizon or len(question.lead_times) > 1]
    off, bias = np.zeros((1, len(models), len(inner), len(sums))), np.zeros(scaled.shape)
    for w, cutoff in enumerate(inner):
        actual = series.values[:, cutoff.known : cutoff.known + question.horizon]
        for m, model in enumerate(models):
            mean = cutoff.answers[model].mean
            errors = root_mean_squared_scaled_error(actual, mean, series.values[:, : cutoff.known], 1)
            scaled[0, m, w] = np.nansum(errors)
            off[0, m, w] = [np.nansum(np.abs(mean[:, :lead].sum(axis=1) - actual[:, :lead].sum(axis=1))) for lead in sums]
            bias[0, m, w] = np.nansum(mean - actual)
    scores = mean_scores(scaled, off)
    incumbent = np.array([models.index(in_use) if in_use in models else -1], np.int64)
    floor = models.index(SEASONAL_NAIVE) if SEASONAL_NAIVE in models else 0
    table = standing(scores, scaled.mean(axis=2), bias.mean(axis=2), incumbent, floor, least_gain=LEAST_MEAN_GAIN)
    return models[int(champions(table, incumbent, floor)[0])]


def demand_kinds(history: FloatArray) -> NDArray[np.object_]:
    """The kind of demand (n,) by `formulas.demand.classification`, from demand a period (n, t); one without a period has no demand."""
    return np.array(DEMAND_CLASSES, object)[kind_numbers(history)]


def kind_numbers(history: FloatArray) -> NDArray[np.int64]:
    """The same as places (n,) in `DEMAND_CLASSES`."""
    pattern = demand_pattern(history)
    code = demand_class(pattern.periods, pattern.demand_periods, pattern.mean_size, pattern.sd_size)
    return np.nan_to_num(code, nan=NO_DEMAND).astype(np.int64)


def losses_of(actual: FloatArray, answer: Answer, question: Question) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Pinball (n,) over the lead times, squared error (n,) and error (n,) of the whole horizon; 0 where the truth is not known."""
    probabilities = np.array(LEVELS)[None, :]
    losses = np.zeros(len(actual))
    for place, lead in enumerate(question.lead_times):
        total = actual[:, :lead].sum(axis=1)
        losses += np.nan_to_num(pinball(total[:, None], answer.sums[:, :, place], probabilities).sum(axis=1))
    differences = np.nan_to_num(answer.mean.sum(axis=1) - actual.sum(axis=1))
    return losses, differences**2, differences


def champion_answer(choice: Choice, cutoff: Cutoff) -> Answer:
    """The answers of the champions, each for the series of its kind, with the mean of the mean's champion.

    One that failed at this cutoff is replaced by one that did not.
    """
    available = cutoff.answers
    fallback = next((slug for slug in FIRST_CHOICES if slug in available), next(iter(available)))
    slugs = np.array([choice.by_class.get(kind, "") for kind in choice.classes], object)
    slugs = np.array([slug if slug in available else fallback for slug in slugs], object)
    first = available[fallback]
    merged = first.copy()
    merged.seconds = 0.0
    for slug in sorted(set(slugs.tolist())):
        merged.put(slugs == slug, available[slug])
        merged.seconds += available[slug].seconds
    if choice.mean in available:
        merged.mean = available[choice.mean].mean.copy()
        merged.seconds += available[choice.mean].seconds if choice.mean not in slugs else 0.0
    return merged
