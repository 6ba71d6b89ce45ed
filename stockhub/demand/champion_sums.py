"""Lead-time demand by champions: of each kind of demand, the quantiles of whoever decided best about its sums (docs/adr/0048).

The usual forecaster of lead-time sums makes those of every row first, and where another is champion, it makes its rows instead: one that
declares such sums by what it has learned of the run's sample, any other by what its own sums were off by in the past of that sample. Rows
that a champion cannot do keep the usual quantiles and say why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.cycles.models import Cycle
from stockhub.demand.backtesting.champion import kind_numbers
from stockhub.demand.champions.plan import LEAST_HISTORY
from stockhub.demand.forecasting import ChainResult, known_until, run_chain
from stockhub.demand.lead_times import Asked, LeadTimes, ascending, improved, keep_because, sums_over
from stockhub.demand.models import ForecastSettings, LeadTimeCalibration
from stockhub.demand.velocity import kept_of
from stockhub.formulas.demand.classification import DEMAND_CLASSES
from stockhub.formulas.distributions.conformal_sums import conformal_sums, known_sums, learn_sums, together
from stockhub.formulas.elementwise import FloatArray
from stockhub.pluginapi import ForecasterCapability, Panel
from stockhub.pluginhost.codec import pack_state, unpack_state
from stockhub.pluginhost.forecasting import fit_forecaster
from stockhub.pluginhost.registry import registry
from stockhub.values import DomainError

#: Past days from which a champion forecasts the sample to learn from: so many days apart, and how many of them; a costly one half of them,
#: for so many series.
BACK_DAYS: Final = 28
MOST_CUTOFFS: Final = 6
MOST_COSTLY_SERIES: Final = 200
TOO_FEW_PAST_SUMS: Final = "TOO_FEW_PAST_SUMS"
NOT_LEARNED: Final = "NOT_LEARNED"
#: Beside the champions' own: for which lead times and levels they have learned.
_DAYS: Final = "asked:days"
_LEVELS: Final = "asked:levels"


@dataclass(frozen=True, slots=True)
class Learned:
    """By champion what it has learned: errors of past sums (kinds, q, l) as float64, or a forecaster's own bytes as uint8; and why not."""

    states: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def others(champions: NDArray[np.object_], wanted: ForecastSettings, asked: Asked) -> list[str]:
    """The champions (n,) of sums that are not the usual forecaster of them; nobody where the settings name one themselves."""
    return [] if wanted.lead_time_forecaster else sorted(set(champions.tolist()) - {"", asked.forecaster})


def learn_champions(
    cycle: Cycle, wanted: ForecastSettings, panel: Panel | None, champions: NDArray[np.object_], asked: Asked
) -> None:  # fmt: skip
    """Learns for a run from its sample, whose champions of sums are `champions` (n,). Called when the run is calibrated.

    A run for a few SKUs takes what one over all has learned up to the same day, as far as there is one; it does not ask a costly champion.
    """
    slugs = others(champions, wanted, asked)
    if panel is None or not slugs:
        return
    states, errors = dict[str, NDArray[Any]](), dict[str, str]()
    there = _of_the_night(cycle, asked).states if cycle.sku_codes else {}
    for slug in slugs:
        model = registry().forecasters.get(slug)
        if slug in there:
            states[slug] = there[slug]
        elif cycle.sku_codes and model is not None and model.costly:
            errors[slug] = NOT_LEARNED
        else:
            try:
                states[slug] = _learned(slug, panel, champions, wanted, asked)
            except DomainError as failed:
                errors[slug] = f"{failed.code}: {failed.message}"[:400]
    for slug in [slug for slug, state in states.items() if not state.size or (state.dtype == np.float64 and np.isnan(state).all())]:
        errors[slug] = TOO_FEW_PAST_SUMS
        del states[slug]
    packed = pack_state({_DAYS: np.array(asked.days), _LEVELS: np.array(asked.levels), **states}) if states else b""
    LeadTimeCalibration.objects.filter(cycle=cycle).update(champions_learned=packed, champion_errors=errors)


def _of_the_night(cycle: Cycle, asked: Asked) -> Learned:
    mine = LeadTimeCalibration.objects.get(cycle=cycle)
    same = LeadTimeCalibration.objects.filter(last_on=mine.last_on, history_days=mine.history_days).exclude(champions_learned=b"")
    found = same.exclude(cycle=cycle).defer("learned", "costly_learned").order_by("-created_at").first()
    return _unpacked(found, asked) if found else Learned()


def learned_of(cycle: Cycle, asked: Asked) -> Learned:
    """What the run's champions have learned."""
    found = LeadTimeCalibration.objects.filter(cycle=cycle).defer("learned", "costly_learned").first()
    return _unpacked(found, asked) if found else Learned()


def _unpacked(found: LeadTimeCalibration, asked: Asked) -> Learned:
    if not found.champions_learned:
        return Learned({}, found.champion_errors)
    states = dict(unpack_state(bytes(found.champions_learned)))
    days, levels = states.pop(_DAYS), states.pop(_LEVELS)
    same = days.tolist() == list(asked.days) and levels.tolist() == list(asked.levels)
    return Learned(states if same else {}, found.champion_errors)


def _learned(
    slug: str, panel: Panel, champions: NDArray[np.object_], wanted: ForecastSettings, asked: Asked
) -> NDArray[Any]:  # fmt: skip
    model = registry().forecasters.get(slug)
    if model is not None and ForecasterCapability.LEAD_TIME_SUMS in model.capabilities:
        return np.frombuffer(fit_forecaster(slug, panel, asked.days), np.uint8)
    costly = model is not None and model.costly
    own = np.flatnonzero(champions == slug)[:MOST_COSTLY_SERIES] if costly else np.arange(len(panel.series_ids))
    cutoffs = MOST_CUTOFFS // 2 if costly else MOST_CUTOFFS
    return past_errors(slug, panel.rows(own), wanted, asked, cutoffs)


def past_errors(slug: str, panel: Panel, wanted: ForecastSettings, asked: Asked, cutoffs: int = MOST_CUTOFFS) -> FloatArray:
    """What a forecaster's sums were off by (kinds, q, l), had it forecast the panel on some of its past days.

    DomainError as in `run_forecaster`. Missing where history is too short.
    """
    past, t = [], panel.values.shape[1]
    truth = np.where(panel.observed, panel.values, np.float32(np.nan))
    for back in range(1, cutoffs + 1):
        known, ahead = t - back * BACK_DAYS, min(back * BACK_DAYS, max(asked.days))
        rows = np.flatnonzero((~np.isnan(truth[:, : max(known, 0)])).sum(axis=1) >= LEAST_HISTORY)
        if not len(rows):
            break
        said = run_chain(
            known_until(panel, rows, 0, known), chain=(), horizon=ahead, quantile_levels=(0.5,), champions=[slug] * len(rows),
            kept=kept_of(wanted),
        )  # fmt: skip
        if said.failures:
            raise DomainError("champion_failed", said.failures[slug])
        made = np.flatnonzero(np.array(said.model_used, object) == slug)
        is_open = None if panel.open_days is None else panel.open_days[rows[made], known : known + ahead]
        kinds = kind_numbers(truth[rows[made], :known].astype(np.float64))
        sd = said.error_sd[made].astype(np.float64)
        past.append(known_sums(truth[rows[made], known : known + ahead], said.mean[made], sd, is_open, kinds, asked.days))
    none = np.full((len(DEMAND_CLASSES), len(asked.levels), len(asked.days)), np.nan)
    return learn_sums(together(past), asked.levels, len(DEMAND_CLASSES)) if past else none


def by_champions(
    lead_times: LeadTimes, panel: Panel, points: ChainResult, champions: NDArray[np.object_], learned: Learned, wanted: ForecastSettings
) -> dict[str, str]:
    """Lets the champions (n,) of sums make the quantiles of their rows; returns what went wrong, by champion.

    `points` are the point forecasts of the same rows: where a row's champion has made them, it is not asked again.
    """
    wrong: dict[str, str] = {}
    for slug in others(champions, wanted, lead_times.asked):
        rows = np.flatnonzero(champions == slug)
        state = learned.states.get(slug)
        if state is None:
            why = learned.errors.get(slug, NOT_LEARNED)
            keep_because(lead_times, rows, f"{slug}: {why.partition(':')[0]}")
            wrong |= {} if why in {NOT_LEARNED, TOO_FEW_PAST_SUMS} else {slug: why}
        elif state.dtype == np.uint8:
            failure = improved(lead_times, rows, panel, slug, state.tobytes())
            wrong |= {slug: failure} if failure else {}
        else:
            wrong |= _from_past_errors(lead_times, panel, _means(points, panel, rows, slug, wanted), rows, slug, state)
    return wrong


def _means(points: ChainResult, panel: Panel, rows: NDArray[np.intp], slug: str, wanted: ForecastSettings) -> ChainResult:
    """The champion's own point forecasts of its rows; it is asked unless all of them are there."""
    if all(points.model_used[row] == slug for row in rows.tolist()):
        return points
    mine = np.full(len(panel.series_ids), "", object)
    mine[rows] = slug
    horizon = points.mean.shape[1]
    return run_chain(panel, chain=(), horizon=horizon, quantile_levels=(0.5,), champions=mine, kept=kept_of(wanted))


def _from_past_errors(
    lead_times: LeadTimes, panel: Panel, said: ChainResult, rows: NDArray[np.intp], slug: str, state: FloatArray
) -> dict[str, str]:
    made = np.array([said.model_used[row] == slug for row in rows.tolist()], np.bool_)
    for row in rows[~made].tolist():
        keep_because(lead_times, np.array([row]), said.fallback_reason[row] or f"{slug}: {NOT_LEARNED}")
    done, asked = rows[made], lead_times.asked
    mean, opened = said.mean[done], _open_ahead(panel, done, said.mean.shape[1])
    expected, days = sums_over(np.where(opened, mean, np.float32(0)), asked.days), sums_over(opened.astype(np.float32), asked.days)
    truth = np.where(panel.observed, panel.values, np.float32(np.nan))[done].astype(np.float64)
    found = conformal_sums(state, expected, said.error_sd[done].astype(np.float64), days, asked.days, kind_numbers(truth))
    lead_times.quantiles[done] = ascending(found.astype(np.float32))
    for row in done.tolist():
        lead_times.model_used[row], lead_times.fallback_reason[row] = slug, ""
    return dict(said.failures)


def _open_ahead(panel: Panel, rows: NDArray[np.intp], horizon: int) -> NDArray[np.bool_]:
    """Which days ahead (m, h) are open; all of them where nobody keeps such a calendar, or it ends."""
    opened = np.ones((len(rows), horizon), np.bool_)
    if panel.open_days is not None:
        known = panel.open_days[rows, panel.values.shape[1] :][:, :horizon]
        opened[:, : known.shape[1]] = known
    return opened
