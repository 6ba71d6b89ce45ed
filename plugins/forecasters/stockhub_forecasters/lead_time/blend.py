"""The answer for one lead time: two pooled quantiles and the series' own, by how much there is to pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub_forecasters.lead_time.fitted import Fitted
from stockhub_forecasters.lead_time.history import Floats
from stockhub_forecasters.lead_time.own_empirical import own_quantiles
from stockhub_forecasters.lead_time.predictors import Learner
from stockhub_forecasters.lead_time.rate import LEAST_BASE, rates_at
from stockhub_forecasters.lead_time.scale import own_levels_now

#: Independent lead times at which the weight of a series' own past has fallen by e.
POOLED_FROM: Final = 1000.0
#: Of the pooled part, so much are ratios where there is plenty to pool; deviations, which need fewer lead times, are the rest.
RATIO_SHARE: Final = 0.65
#: No quantile is more deviations above the expected sum, nor more than so often the largest sum ever seen.
MOST_DEVIATIONS: Final = 12.0


@dataclass(frozen=True, slots=True)
class LeadTimeAnswer:
    """Mean (n,) of the sum, the expected sum (n,) that quantiles scale with, and those (n, q), ascending and at least 0.

    The mean leaves out what every base has added: that one unit which might be sold is for the quantiles to know.
    """

    mean: Floats
    expected: Floats
    quantiles: Floats
    #: What no quantile exceeds (n,).
    most: Floats


def days_ahead(learner: Learner, lead_time: int) -> Floats:
    """The days (n,) of the coming window on which one can buy."""
    now = np.array([learner.history.days])
    return learner.history.open_days(now, now + lead_time)[:, 0]


def mean_of(expected: Floats, base: Floats) -> Floats:
    """The mean of sums whose bases hold LEAST_BASE."""
    return expected * (1.0 - LEAST_BASE / base)


def own_weight(fitted: Fitted) -> float:
    """The weight of a series' own past, 0 to ½: the less, the more there is to pool."""
    return float(0.5 * np.exp(-fitted.independent / POOLED_FROM))


def answer(learner: Learner, fitted: Fitted, probabilities: Floats) -> LeadTimeAnswer:
    """The coming window of the lead time that was fitted."""
    history, lead_time = learner.history, fitted.lead_time
    now = np.array([history.days])
    days = days_ahead(learner, lead_time)
    known = learner.at(now, lead_time, days[:, None], fitted.drivers, fitted.year)
    base, cv, silent = known.base[:, 0], known.cv[:, 0], known.silent[:, 0]
    g = np.exp(fitted.factor.log_of(known.predictors[:, 0]))
    expected = base * g
    sd = fitted.scale.sd(own_levels_now(learner, lead_time, fitted.scale), base) * g ** (fitted.scale.power / 2.0)
    by_ratio = expected[:, None] * fitted.ratios.at(expected, cv, silent, probabilities)
    by_deviation = np.maximum(expected[:, None] + sd[:, None] * fitted.deviations.at(expected, cv, silent, probabilities), 0.0)
    own = own_quantiles(history, rates_at(history, learner.levels, now), days, lead_time, probabilities)
    w = own_weight(fitted)
    share = RATIO_SHARE * (1.0 - 2.0 * w)
    blended = w * own + (1.0 - w) * ((1.0 - share) * by_deviation + share * by_ratio)
    most = expected + MOST_DEVIATIONS * sd
    ascending = np.maximum.accumulate(np.maximum(blended, 0.0), axis=1)
    return LeadTimeAnswer(mean_of(expected, base), expected, np.minimum(ascending, most[:, None]), most)
