"""The forecaster of lead-time sums with boosted trees beside the pooled quantiles: better where there is much to learn from, and costly."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from stockhub.pluginapi import Panel, State
from stockhub.values import Label
from stockhub_forecasters.lead_time.blend import LeadTimeAnswer, answer
from stockhub_forecasters.lead_time.boosted import LEVELS, Boosted, believed, boosted_of, fit_boosted, state_of_boosted, table_now
from stockhub_forecasters.lead_time.fitted import Fitted
from stockhub_forecasters.lead_time.forecaster import LeadTimeDemand
from stockhub_forecasters.lead_time.history import Floats
from stockhub_forecasters.lead_time.predictors import Learner
from stockhub_forecasters.training import seed_of


class BoostedLeadTimeDemand(LeadTimeDemand):
    """`LeadTimeDemand`, whose quantiles of sums are mixed half and half, at most, with those of trees. For a nightly run."""

    slug: ClassVar[str] = "lead-time-boosted"
    name: ClassVar[Label] = Label("Lead-time demand, boosted", "交期需求(梯度提升)")
    costly: ClassVar[bool] = True

    def fit_for(self, panel: Panel, lead_time_days: tuple[int, ...]) -> State:
        # Trees round by the order of their examples.
        return super().fit_for(panel.rows(np.argsort(panel.series_ids, kind="stable")), lead_time_days)

    def learn(self, learner: Learner, fitted: list[Fitted], panel: Panel) -> State:
        return state_of_boosted(fit_boosted(learner, fitted, panel.start_on.toordinal(), seed_of(panel.series_ids)))

    def answers(self, learner: Learner, fitted: list[Fitted], probabilities: Floats, state: State, start: int) -> dict[int, LeadTimeAnswer]:
        boosted = boosted_of(state)
        if boosted is None:
            return super().answers(learner, fitted, probabilities, state, start)
        return {each.lead_time: _mixed(learner, each, probabilities, boosted, start) for each in fitted}


def _mixed(learner: Learner, fitted: Fitted, probabilities: Floats, boosted: Boosted, start: int) -> LeadTimeAnswer:
    pooled, weight = answer(learner, fitted, probabilities), believed(fitted)
    if weight == 0.0:
        return pooled
    # Between the levels of the trees, and beyond them, they differ from the pooled quantiles as they do at the levels beside.
    apart = boosted.quantiles(*table_now(learner, fitted, start)) - answer(learner, fitted, np.array(LEVELS)).quantiles
    place = np.interp(probabilities, LEVELS, np.arange(len(LEVELS)))
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, len(LEVELS) - 1)
    theirs = np.maximum(pooled.quantiles + apart[:, below] + (place - below) * (apart[:, above] - apart[:, below]), 0.0)
    mixed = np.minimum(weight * theirs + (1.0 - weight) * pooled.quantiles, pooled.most[:, None])
    return replace(pooled, quantiles=np.maximum.accumulate(mixed, axis=1))
