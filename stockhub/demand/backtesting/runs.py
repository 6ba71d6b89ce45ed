"""A whole backtest: windows, forecasts, champions, figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.demand.backtesting.answers import Answer, Cutoff, Question, answers_at, counted, textbook_sums
from stockhub.demand.backtesting.champion import INNER_WINDOWS, Choice, champion_answer, choose, kind_numbers
from stockhub.demand.backtesting.figures import Truth, figures, lead_time_figures
from stockhub.demand.backtesting.past_errors import Past, mend_sums
from stockhub.demand.backtesting.series import LEAD_TIMES, LEAST_HISTORY, Problem, SeriesSet
from stockhub.demand.velocity import VelocityWindows
from stockhub.formulas.forecasting.rolling_origin import rolling_origin
from stockhub.pluginhost.registry import registry
from stockhub.values.errors import DomainError

CHAMPION = "champion"
#: Periods of a lead time's length that do not overlap, from which its quantiles can be learned.
FEWEST_BLOCKS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be tested. `season` scales MASE, in periods."""

    horizon: int
    windows: int
    season: int
    models: tuple[str, ...]


def known_models(wanted: Sequence[str]) -> tuple[str, ...]:
    """The forecasters to test: those named, or all installed ones that are not costly. DomainError `unknown_model` for another name.

    The seller's windows are in the settings and not in a file, so that they are tested, with their defaults, where they are named.
    """
    there = registry().forecasters
    if unknown := [slug for slug in wanted if slug not in there]:
        raise DomainError(
            "unknown_model",
            _("There is no forecaster %(unknown)s; there is: %(there)s."),
            params={"unknown": ", ".join(unknown), "there": ", ".join(sorted(there))},
        )
    usual = sorted(slug for slug, model in there.items() if not model.costly and slug != VelocityWindows.slug)
    return tuple(dict.fromkeys(wanted)) or tuple(usual)


def old_enough(series: SeriesSet, plan: Plan) -> SeriesSet:
    """The series with enough history before the first cutoff.

    DomainError `no_series` where there is none, and InvalidParameterError where there are too many windows for the file.
    """
    least, known = LEAST_HISTORY[series.frequency], series.values.shape[1]
    if 0 < known <= plan.horizon:
        raise DomainError(
            "no_series",
            _("The file's %(known)s periods leave none to learn from before %(horizon)s to forecast. Use a shorter --horizon."),
            params={"known": known, "horizon": plan.horizon},
        )
    first = rolling_origin(known, plan.horizon, plan.windows)[0].cutoff + 1
    start = np.argmax(~np.isnan(series.values), axis=1)
    old = first - start >= least
    problems = {name: list(kinds) for name, kinds in series.problems.items()}
    for row in np.flatnonzero(~old):
        problems.setdefault(series.names[row], []).append(Problem.SHORT_HISTORY)
    if not old.any():
        raise DomainError(
            "no_series",
            _("No series has %(least)s periods of history before the first cutoff. Use fewer --windows or a shorter --horizon."),
            params={"least": least},
        )
    return series.some(np.flatnonzero(old), problems)


def backtest(series: SeriesSet, plan: Plan, told: Callable[[str], None]) -> dict[str, Any]:
    """The report of the backtest as JSON. `told` is given a line of progress for every cutoff."""
    series = old_enough(series, plan)
    t = series.values.shape[1]
    question = Question(plan.horizon, _lead_times(series, plan.horizon))
    outer = [window.cutoff + 1 for window in rolling_origin(t, plan.horizon, plan.windows)]
    asked = sorted({*outer, *_inner_cutoffs(series, outer, plan.horizon)})
    cutoffs: dict[int, Cutoff] = {}
    failures: dict[str, str] = {}
    for number, known in enumerate(asked, start=1):
        started = time.perf_counter()
        # One that has failed once has no figures; asking it again would only cost its deadline.
        cutoffs[known] = answers_at(series, known, [slug for slug in plan.models if slug not in failures], question)
        _mend(series, cutoffs, known, question)
        failures |= cutoffs[known].failures
        use = "window" if known in outer else "for the choice of champions"
        told(
            f"cutoff {number} of {len(asked)}, {known} periods known, {use}: "
            f"{len(cutoffs[known].answers)} models in {time.perf_counter() - started:.1f} s"
        )
    there = [slug for slug in plan.models if slug not in failures]
    choices = _choices(series, [cutoffs[known] for known in asked], outer, question, there) if there else []
    return _report(series, plan, question, [cutoffs[known] for known in outer], choices, failures)


def _mend(series: SeriesSet, cutoffs: Mapping[int, Cutoff], known: int, question: Question) -> None:
    """Lead-time sums of models without their own, from the cutoffs whose windows had ended by then."""
    ended = [cutoff for at, cutoff in sorted(cutoffs.items()) if at + question.horizon <= known][-INNER_WINDOWS:]

    kinds = {at: kind_numbers(series.values[:, :at]) for at in (known, *(cutoff.known for cutoff in ended))}

    def ahead(values: NDArray[Any] | None, at: int) -> NDArray[Any] | None:
        return None if values is None else values[:, at : at + question.horizon]

    for slug, answer in cutoffs[known].answers.items():
        past = [
            Past(cutoff.answers[slug], series.values[:, at : at + question.horizon], ahead(series.open_days, at), kinds[at])
            for at, cutoff in ((cutoff.known, cutoff) for cutoff in ended)
            if slug in cutoff.answers
        ]
        mend_sums(answer, past, ahead(series.open_days, known), kinds[known], question.lead_times)


def _lead_times(series: SeriesSet, horizon: int) -> tuple[int, ...]:
    """In periods; where the usual ones are shorter than one, the horizon."""
    usual = tuple(lead for lead in LEAD_TIMES[series.frequency].values() if lead <= horizon)
    return usual or (horizon,)


def _inner_cutoffs(series: SeriesSet, outer: Sequence[int], horizon: int) -> list[int]:
    """Cutoffs before the first window, as many as champions are chosen on and history allows."""
    start = np.argmax(~np.isnan(series.values), axis=1)
    # Half of the series have to be old enough for a choice to speak for them.
    least = int(np.median(start)) + LEAST_HISTORY[series.frequency]
    found = [outer[0] - horizon * back for back in range(1, INNER_WINDOWS + 1)]
    return [known for known in found if known >= least]


def _choices(series: SeriesSet, cutoffs: Sequence[Cutoff], outer: Sequence[int], question: Question, there: Sequence[str]) -> list[Choice]:
    choices: list[Choice] = []
    for known in outer:
        ended = [cutoff for cutoff in cutoffs if cutoff.known + question.horizon <= known]
        before = choices[-1] if choices else None
        choices.append(choose(series, known, ended[-INNER_WINDOWS:], question, before, there))
    return choices


def _report(
    series: SeriesSet,
    plan: Plan,
    question: Question,
    cutoffs: Sequence[Cutoff],
    choices: Sequence[Choice],
    failures: Mapping[str, str],
) -> dict[str, Any]:
    truths = [
        Truth(
            series.values[:, cutoff.known : cutoff.known + plan.horizon],
            series.values[:, : cutoff.known],
            textbook_sums(series, cutoff.known, question.lead_times),
        )
        for cutoff in cutoffs
    ]
    answers = {slug: [cutoff.answers[slug] for cutoff in cutoffs] for slug in plan.models if slug not in failures}
    if answers:
        answers[CHAMPION] = [champion_answer(choice, cutoff) for choice, cutoff in zip(choices, cutoffs, strict=True)]
    models = {
        slug: {
            **figures(series, plan.season, truths, found),
            "seconds": round(sum(answer.seconds for answer in found), 3),
            "model_used": counted([answer.model_used for answer in found]),
        }
        for slug, found in answers.items()
    }
    champion = models.pop(CHAMPION, None)
    if champion is not None:
        champion["chosen"] = [dict(choice.by_class) for choice in choices]
        champion["chosen_mean"] = [choice.mean for choice in choices]
        champion["by_class"] = _by_class(series, truths, answers[CHAMPION], choices)
    return {
        "frequency": str(series.frequency),
        "horizon": plan.horizon,
        "windows": plan.windows,
        "season": plan.season,
        "first_on": series.start_on.isoformat(),
        "last_on": series.last_on.isoformat(),
        "cutoffs": [cutoff.known for cutoff in cutoffs],
        "series": len(series.names),
        "few_blocks": _few_blocks(series, cutoffs[-1].known, plan.horizon),
        "drivers": sorted(series.drivers),
        "models": models,
        "champion": champion,
        "textbook": _textbook(series, truths, plan.horizon),
        "failures": dict(failures),
        "problems": {name: [str(kind) for kind in kinds] for name, kinds in sorted(series.problems.items())},
    }


def _by_class(
    series: SeriesSet, truths: Sequence[Truth], answers: Sequence[Answer], choices: Sequence[Choice]
) -> dict[str, dict[str, Any]]:
    """The champion's lead-time sums by the kind of demand that a series was of at the cutoff."""
    classes = np.concatenate([choice.classes for choice in choices])
    actual, textbook = (np.concatenate([getattr(truth, name) for truth in truths]) for name in ("actual", "textbook"))
    sums = np.concatenate([answer.sums for answer in answers])
    lead_times = {days: lead for days, lead in LEAD_TIMES[series.frequency].items() if lead <= actual.shape[1]}
    return {
        str(kind): {
            "series_windows": int((classes == kind).sum()),
            "lead_time": lead_time_figures(lead_times, *(array[classes == kind] for array in (actual, sums, textbook))),
        }
        for kind in sorted(set(classes.tolist()))
    }


def _few_blocks(series: SeriesSet, known: int, horizon: int) -> list[int]:
    """The lead times, in days, of which fewer than three fit into the history: their quantiles rest on hardly anything."""
    usual = LEAD_TIMES[series.frequency].items()
    return [days for days, lead in usual if lead <= horizon and known - LEAST_HISTORY[series.frequency] < FEWEST_BLOCKS * lead]


def _textbook(series: SeriesSet, truths: Sequence[Truth], horizon: int) -> dict[str, Any]:
    """The figures of the anchor itself."""
    lead_times = {days: lead for days, lead in LEAD_TIMES[series.frequency].items() if lead <= horizon}
    anchor = np.concatenate([truth.textbook for truth in truths])
    return lead_time_figures(lead_times, np.concatenate([truth.actual for truth in truths]), anchor, anchor)


def without_outcomes(series: SeriesSet) -> tuple[SeriesSet, list[str]]:
    """Leaves out drivers that are above 0 exactly when something is sold: such a column is told by the sales, not known ahead of them."""
    known = ~np.isnan(series.values)
    sold = series.values > 0
    outcomes = []
    for name, values in series.drivers.items():
        both = known & ~np.isnan(values)
        differs = ((values > 0) != sold) & both
        if sold.any() and not sold[both].all() and differs.sum() <= 0.001 * both.sum():
            outcomes.append(name)
    kept = {name: values for name, values in series.drivers.items() if name not in outcomes}
    return replace(series, drivers=kept), outcomes
