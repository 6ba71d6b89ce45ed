"""The answer for one lead time: what all series have taught, by two pooled quantiles, and for a part the series' own past.

Pooled quantiles are right on average and miss what sets a series apart; its own past knows that, and has seen little. Their errors have
little to do with each other, so that both together lose less than either (docs/adr/0053), most of all as a mixture (docs/adr/0064).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.distributions.kept_quantiles import quantile_between
from stockhub.formulas.distributions.mixtures import mixture_quantiles
from stockhub_forecasters.lead_time.fitted import SPREAD_LEVELS, Fitted
from stockhub_forecasters.lead_time.history import Floats
from stockhub_forecasters.lead_time.own_empirical import own_quantiles
from stockhub_forecasters.lead_time.predictors import Learner
from stockhub_forecasters.lead_time.rate import LEAST_BASE, rates_at
from stockhub_forecasters.lead_time.scale import own_levels_now

#: The weight of a series' own past where there is plenty to pool, and where there is nothing.
LEAST_OWN, MOST_OWN = 0.3, 0.5
#: Independent lead times at which what all series have taught is believed, but for a part of 1/e.
POOLED_FROM: Final = 1000.0
#: Of the pooled part, so much are ratios where there is plenty to pool; deviations, which need fewer lead times, are the rest.
#: Of series that have fallen silent more: past deviations are of the time when they sold.
RATIO_SHARE, RATIO_SHARE_OF_SILENT = 0.4, 0.65
#: No quantile is more deviations above the expected sum, nor more than so often the largest sum ever seen.
MOST_DEVIATIONS: Final = 12.0
#: Own quantiles are moved by no more than this, and half way to it, as a power, by so many series.
MOST_WIDER: Final = 2.0
#: Levels at which distributions are mixed, whatever is asked for: no answer depends on which others are asked for.
MIXED_AT: Final[Floats] = np.array([0.01, 0.05, 0.1, 0.25, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999])
SPREAD_SERIES: Final = 30.0


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


def pooled_belief(fitted: Fitted) -> float:
    """How far what all series have taught is believed, 0 to 1: the more, the more there is to pool."""
    return float(1.0 - np.exp(-fitted.independent / POOLED_FROM))


def answer(learner: Learner, fitted: Fitted, probabilities: Floats) -> LeadTimeAnswer:
    """The coming window of the lead time that was fitted."""
    pooled, own_mean, own, silent = _both(learner, fitted)
    wider = np.interp(MIXED_AT, SPREAD_LEVELS, fitted.own_spread)
    alone = np.maximum(own_mean[:, None] + wider * (own - own_mean[:, None]), 0.0)
    # The own past of a series that has fallen silent tells of another life: of silence only the others know.
    w = MOST_OWN + (np.where(silent, 0.0, LEAST_OWN) - MOST_OWN) * pooled_belief(fitted)
    mixed = at_levels(_together(alone, pooled.quantiles, w, silent), probabilities)
    return replace(pooled, quantiles=np.minimum(mixed, pooled.most[:, None]))


def at_levels(quantiles: Floats, probabilities: Floats) -> Floats:
    """Quantiles (n, q) at the probabilities (q,) asked for, of those (n, MIXED_AT): themselves, or what lies between two, or beyond."""
    found = np.empty((len(quantiles), len(probabilities)))
    for place, probability in enumerate(probabilities.tolist()):
        found[:, place] = quantile_between(MIXED_AT, quantiles, np.full(len(quantiles), probability))
    return found


def _together(first: Floats, second: Floats, weight: Floats, silent: NDArray[np.bool_]) -> Floats:
    """Quantiles (n, MIXED_AT) of both, `first` with `weight` (n,): a mixture, but of a series that has fallen silent their mean.

    At its high levels a mixture would stock up for the few that wake.
    """
    share = weight[:, None]
    averaged = np.maximum.accumulate(np.maximum(share * first + (1.0 - share) * second, 0.0), axis=1)
    return np.where(silent[:, None], averaged, mixture_quantiles(MIXED_AT, first, second, weight))


def own_spread(learner: Learner, fitted: Fitted) -> Floats:
    """How many times as far from their mean as they say the series' own quantiles usually lie, by the pooled ones (SPREAD_LEVELS,).

    The square of the ratio of mean roots of both distances, so that few series do not decide; it keeps the general coverage, which the
    own past, too sure of itself, would lower. Leans to 1 where the series are few.
    """
    pooled, own_mean, own, silent = _both(learner, fitted)
    at = np.searchsorted(MIXED_AT, SPREAD_LEVELS)
    theirs = np.sqrt(np.abs(pooled.quantiles[:, at] - pooled.expected[:, None]))[~silent]
    alone = np.sqrt(np.abs(own[:, at] - own_mean[:, None]))[~silent]
    total = alone.sum(axis=0)
    ratio = np.where(total > 0, theirs.sum(axis=0) / np.where(total > 0, total, 1.0), 1.0) ** 2
    count = len(alone)
    return np.asarray(np.clip(ratio, 1.0 / MOST_WIDER, MOST_WIDER) ** (count / (count + SPREAD_SERIES)))


def _both(learner: Learner, fitted: Fitted) -> tuple[LeadTimeAnswer, Floats, Floats, NDArray[np.bool_]]:
    """What all series have taught; the mean (n,) and quantiles of the own past alone; who has fallen silent (n,). At MIXED_AT."""
    history, lead_time = learner.history, fitted.lead_time
    now = np.array([history.days])
    days = days_ahead(learner, lead_time)
    known = learner.at(now, lead_time, days[:, None], fitted.drivers, fitted.year)
    base, cv, silent = known.base[:, 0], known.cv[:, 0], known.silent[:, 0]
    g = np.exp(fitted.factor.log_of(known.predictors[:, 0]))
    expected = base * g
    own_level, lump = own_levels_now(learner, lead_time, fitted.scale), known.lump[:, 0]
    sd = fitted.scale.with_lumps(own_level, base, lump) * g ** (fitted.scale.power / 2.0)
    by_ratio = expected[:, None] * fitted.ratios.at(expected, cv, silent, MIXED_AT)
    by_deviation = np.maximum(expected[:, None] + sd[:, None] * fitted.deviations.at(expected, cv, silent, MIXED_AT), 0.0)
    share = np.where(silent, RATIO_SHARE_OF_SILENT, RATIO_SHARE) * pooled_belief(fitted)
    pooled = _together(by_ratio, by_deviation, share, silent)
    rates = rates_at(history, learner.levels, now)
    # The own past has a level and no trend, and knows of no plan.
    ahead = np.exp(fitted.factor.log_of_known(known.predictors[:, 0], plans=fitted.plans, with_year=fitted.year is not None))
    own = own_quantiles(history, rates, days, lead_time, MIXED_AT) * ahead[:, None]
    most = expected + MOST_DEVIATIONS * sd
    return LeadTimeAnswer(mean_of(expected, base), expected, pooled, most), rates.blend[:, 0] * days * ahead, own, silent
