"""Lead times that nothing was fitted for, from those beside them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stockhub_forecasters.lead_time.blend import MIXED_AT, LeadTimeAnswer, at_levels, days_ahead, mean_of
from stockhub_forecasters.lead_time.history import Floats
from stockhub_forecasters.lead_time.own_empirical import own_quantiles
from stockhub_forecasters.lead_time.predictors import Learner
from stockhub_forecasters.lead_time.rate import LEAST_BASE, base_of, rates_at


def answer_between(learner: Learner, answers: Mapping[int, LeadTimeAnswer], lead_time: int, probabilities: Floats) -> LeadTimeAnswer:
    """A window of any length.

    Between two that were fitted, the factor and the quantiles relative to the expected sum are interpolated over the logarithm of the
    length. Shorter than all, relative deviations grow with the root of the ratio; longer than all, they stay, because a level that is wrong
    is wrong on every day. Where nothing was fitted, the series' own past answers.
    """
    if lead_time in answers:
        return answers[lead_time]
    now = np.array([learner.history.days])
    rates, days = rates_at(learner.history, learner.levels, now), days_ahead(learner, lead_time)
    base = base_of(rates.blend[:, 0], days)
    if not answers:
        own = at_levels(own_quantiles(learner.history, rates, days, lead_time, MIXED_AT), probabilities)
        return LeadTimeAnswer(base - LEAST_BASE, base, own, np.full(len(base), np.inf))
    below, above = max((f for f in answers if f < lead_time), default=None), min((f for f in answers if f > lead_time), default=None)
    if below is not None and above is not None:
        part = float(np.log(lead_time / below) / np.log(above / below))
        (low_factor, low), (high_factor, high) = (_relative(learner, rates.blend[:, 0], answers[f], f) for f in (below, above))
        factor, relative = low_factor ** (1.0 - part) * high_factor**part, (1.0 - part) * low + part * high
    else:
        nearest = below if below is not None else min(answers)
        factor, relative = _relative(learner, rates.blend[:, 0], answers[nearest], nearest)
        if above is not None:
            relative = np.maximum(1.0 + (relative - 1.0) * np.sqrt(nearest / lead_time), 0.0)
    expected = base * factor
    return LeadTimeAnswer(mean_of(expected, base), expected, expected[:, None] * relative, np.full(len(base), np.inf))


def _relative(learner: Learner, rate: Floats, known: LeadTimeAnswer, lead_time: int) -> tuple[Floats, Floats]:
    """The factor (n,) that was found, and the quantiles (n, q) over the expected sum."""
    factor = known.expected / base_of(rate, days_ahead(learner, lead_time))
    return factor, known.quantiles / np.maximum(known.expected, 1e-12)[:, None]
