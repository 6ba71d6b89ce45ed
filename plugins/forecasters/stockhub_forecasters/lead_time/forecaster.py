"""The forecaster of lead-time sums."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecasterCapability, ForecastResult, Panel, State
from stockhub.values import Label
from stockhub_forecasters.lead_time.between import answer_between
from stockhub_forecasters.lead_time.blend import LeadTimeAnswer, answer, own_spread
from stockhub_forecasters.lead_time.daily import calendar_of, daily_quantiles, error_deviation, spread_over_days
from stockhub_forecasters.lead_time.events import event_days
from stockhub_forecasters.lead_time.fitted import Fitted, fit_lead_time, fitted_of, state_of
from stockhub_forecasters.lead_time.history import Floats, history_of
from stockhub_forecasters.lead_time.predictors import Learner
from stockhub_forecasters.lead_time.weekdays import weeks_of
from stockhub_forecasters.outcome import UnfitReason, joined

#: Fitted where nobody says which lead times are wanted.
USUAL_LEAD_TIMES: Final = (7, 14, 28)
#: Of more lead times than these, evenly chosen ones are fitted and the others interpolated.
MOST_FITTED: Final = 8
#: Series that are learned from; more of them change no quantile and cost time.
MOST_SERIES: Final = 4000
#: Series whose own past is held against what all have taught.
SPREAD_FROM: Final = 200
#: Series answered at once, so that memory stays bounded whatever the batch.
CHUNK_ROWS: Final = 2048
_WEEKDAYS: Final = "weekdays"
_EVENTS: Final = "events"


class LeadTimeDemand(Forecaster):
    """Mean, daily quantiles and quantiles of lead-time sums, calibrated on the past lead times of all series together.

    `fit_for` fits the lead times asked for, `fit` those of one, two and four weeks; any other is interpolated. Uses open days, plans and
    prices where the panel has them, and the year before from 16 months of history on.
    """

    slug: ClassVar[str] = "lead-time"
    name: ClassVar[Label] = Label("Lead-time demand", "交期需求")
    capabilities: ClassVar[frozenset[ForecasterCapability]] = frozenset(
        {ForecasterCapability.DAILY_QUANTILES, ForecasterCapability.LEAD_TIME_SUMS}
    )
    learns_across_series: ClassVar[bool] = True

    def fit(self, panel: Panel) -> State:
        return self.fit_for(panel, ())

    def fit_for(self, panel: Panel, lead_time_days: tuple[int, ...]) -> State:
        chosen = _chosen_series(panel)
        learner = Learner.of(history_of(chosen))
        start = chosen.start_on.toordinal()
        events = event_days(learner.history, learner.levels)
        if events.any():
            learner = Learner.of(history_of(chosen, events))
        tried = (fit_lead_time(learner, lead_time) for lead_time in _chosen_lead_times(lead_time_days))
        fitted = [each for each in tried if each is not None]
        few = _few_of(learner, chosen, events)
        fitted = [replace(each, own_spread=own_spread(few, each)) for each in fitted]
        weekdays = weeks_of(learner.history, start).pooled()
        return {_WEEKDAYS: weekdays, _EVENTS: np.flatnonzero(events) + start, **state_of(fitted), **self.learn(learner, fitted, chosen)}

    def learn(self, learner: Learner, fitted: list[Fitted], panel: Panel) -> State:  # noqa: ARG002 - for what builds on it
        """More that all series share, as named arrays."""
        return {}

    def answers(
        self,
        learner: Learner,
        fitted: list[Fitted],
        probabilities: Floats,
        state: State,  # noqa: ARG002
        start: int,  # noqa: ARG002
    ) -> dict[int, LeadTimeAnswer]:
        """The coming windows of the lead times that were fitted. `start` is the ordinal of the first day."""
        return {each.lead_time: answer(learner, each, probabilities) for each in fitted}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        fitted = fitted_of(state)
        n = batch.panel.values.shape[0]
        parts = []
        for first in range(0, max(n, 1), CHUNK_ROWS):
            panel = batch.panel if n <= CHUNK_ROWS else batch.panel.rows(np.arange(first, min(first + CHUNK_ROWS, n)))
            parts.append(self._forecast(replace(batch, panel=panel), fitted, state))
        return joined(parts, batch)

    def _forecast(self, batch: ForecastBatch, fitted: list[Fitted], state: State) -> ForecastResult:
        panel, probabilities = batch.panel, np.asarray(batch.quantile_levels, np.float64)
        start = panel.start_on.toordinal()
        events = np.isin(start + np.arange(panel.values.shape[1]), state[_EVENTS])
        learner = Learner.of(history_of(panel, events if events.any() else None))
        answers = self.answers(learner, fitted, probabilities, state, start)
        nearest = min(fitted, key=lambda f: abs(np.log(f.lead_time / batch.horizon)), default=None)
        plans = None if nearest is None else (nearest.drivers, nearest.factor)
        calendar = calendar_of(learner, weeks_of(learner.history, start).profiles(state[_WEEKDAYS]), start, batch.horizon, plans)
        over = batch.horizon if nearest is None else nearest.lead_time
        mean = spread_over_days(answer_between(learner, answers, over, probabilities).mean, over, calendar)
        quantiles = daily_quantiles(learner, mean, calendar, probabilities)
        sums = [answer_between(learner, answers, lead_time, probabilities).quantiles for lead_time in batch.lead_time_days]
        lead_time = np.stack(sums, axis=2) if sums else np.zeros((*quantiles.shape[:2], 0))
        deviations = error_deviation(learner)
        # A series that has never sold anything says so; one that was never observed says nothing.
        silent = learner.history.sold.running[:, -1] <= 0
        unknown = learner.history.selling.running[:, -1] <= 0
        mean[silent], quantiles[silent], lead_time[silent], deviations[unknown] = 0.0, 0.0, 0.0, np.nan
        return ForecastResult(
            mean.astype(np.float32),
            quantiles.astype(np.float32),
            deviations.astype(np.float32),
            dict.fromkeys(np.flatnonzero(unknown).tolist(), UnfitReason.NO_OBSERVED_DAYS.value),
            lead_time.astype(np.float32),
        )


def _chosen_lead_times(wanted: tuple[int, ...]) -> list[int]:
    lead_times = sorted({lead_time for lead_time in wanted if lead_time > 0}) or list(USUAL_LEAD_TIMES)
    if len(lead_times) <= MOST_FITTED:
        return lead_times
    places = np.unique(np.linspace(0, len(lead_times) - 1, MOST_FITTED).round().astype(int))
    return [lead_times[place] for place in places]


def _chosen_series(panel: Panel) -> Panel:
    """At most MOST_SERIES of the panel, by a hash of their ids: the same ones in any order of the panel."""
    return panel if panel.series_ids.size <= MOST_SERIES else panel.rows(_chosen_rows(panel, MOST_SERIES))


def _few_of(learner: Learner, panel: Panel, events: NDArray[np.bool_]) -> Learner:
    """What the learner of a panel knows of at most SPREAD_FROM of its series."""
    if panel.series_ids.size <= SPREAD_FROM:
        return learner
    rows = _chosen_rows(panel, SPREAD_FROM)
    return Learner(history_of(panel.rows(rows), events if events.any() else None), learner.levels[rows])


def _chosen_rows(panel: Panel, most: int) -> NDArray[np.intp]:
    scattered = panel.series_ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    scattered ^= scattered >> np.uint64(32)
    return np.sort(np.argsort(scattered, kind="stable")[:most])
