"""The lead time, day by day: its expected sum spread over the days, and the quantiles of a single one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub_forecasters.lead_time.factor import MOST_CHANGE, Factor
from stockhub_forecasters.lead_time.history import Floats
from stockhub_forecasters.lead_time.own_empirical import negative_binomial_quantiles, sorted_quantiles
from stockhub_forecasters.lead_time.predictors import PLAN_PREDICTORS, Learner, own_uplift, plan_changes
from stockhub_forecasters.lead_time.weekdays import phases

RECENT_DAYS: Final = 112
#: Days of own history at which they weigh as much as the negative binomial distribution.
HALF_DAYS: Final = 20.0
ERROR_DAYS: Final = 182
FEWEST_ERRORS: Final = 8


@dataclass(frozen=True, slots=True)
class Calendar:
    """Factors (n, h) of the days ahead, mean about 1 on a day that is open; and (n, t) of the weekdays behind."""

    ahead: Floats
    behind: Floats


def calendar_of(learner: Learner, profiles: Floats, start: int, horizon: int, plans: tuple[tuple[str, ...], Factor] | None) -> Calendar:
    """Weekday, plan and opening of each day; `plans` are drivers and the factor fitted with them."""
    history = learner.history
    t = history.days
    ahead = profiles[:, phases(start + t, horizon)]
    if plans is not None:
        ahead = ahead * _plan_factors(learner, *plans, horizon)
    if history.open_ahead is not None:
        each = np.arange(t, t + horizon)
        ahead = ahead * history.open_days(each, each + 1)
    return Calendar(ahead, profiles[:, phases(start, t)])


def _plan_factors(learner: Learner, names: tuple[str, ...], factor: Factor, horizon: int) -> Floats:
    """What a day's plans (n, h) make of it, compared with the horizon as a whole."""
    history = learner.history
    now = np.array([history.days])
    each = now + np.arange(horizon)
    linear = np.zeros((len(history), horizon))
    for number, name in enumerate(names):
        driver = history.drivers.get(name)
        if driver is not None:
            changes = plan_changes(driver, (each, each + 1), (now, now + horizon), own_uplift(history, driver, now))
            for place, change in enumerate(changes, start=1 + number * PLAN_PREDICTORS):
                linear += factor.belief[place] * factor.coefficients[place] * change / factor.spread[place]
    factors: Floats = np.exp(np.clip(linear, -MOST_CHANGE, MOST_CHANGE))
    return factors


def spread_over_days(expected: Floats, lead_time: int, calendar: Calendar) -> Floats:
    """Means (n, h) whose sum over the lead time is `expected` (n,); beyond it a day like those."""
    within = calendar.ahead[:, :lead_time].sum(axis=1)
    whole = within * lead_time / min(lead_time, calendar.ahead.shape[1])
    return calendar.ahead * np.where(whole > 0, expected / np.where(whole > 0, whole, 1.0), 0.0)[:, None]


def daily_quantiles(learner: Learner, mean: Floats, calendar: Calendar, probabilities: Floats) -> Floats:
    """Quantiles (n, q, h) of each day ahead: those of the last 16 weeks, moved to the day's mean (n, h)."""
    history = learner.history
    first = max(history.days - RECENT_DAYS, 0)
    counts, demand = history.counts[:, first:], history.demand[:, first:]
    behind = np.maximum(calendar.behind[:, first:], 0.05)
    known = counts.sum(axis=1)
    alike = np.where(counts, demand / behind, np.nan)
    centre = np.where(known > 0, np.where(counts, alike, 0.0).sum(axis=1) / np.maximum(known, 1), 0.0)
    variance = np.where(counts, (alike - centre[:, None]) ** 2, 0.0).sum(axis=1) / np.maximum(known, 1)
    empirical = sorted_quantiles(np.sort(alike, axis=1), known, probabilities)
    parametric = negative_binomial_quantiles(centre, variance, probabilities)
    weight = (known / (known + HALF_DAYS))[:, None]
    relative = (weight * empirical + (1.0 - weight) * parametric) / np.maximum(centre, 1e-9)[:, None]
    return np.maximum.accumulate(relative[:, :, None] * mean[:, None, :], axis=1)


def error_deviation(learner: Learner) -> Floats:
    """The deviation (n,) of the smoothed level's one-day-ahead errors; NaN with fewer than eight."""
    history = learner.history
    first = max(history.days - ERROR_DAYS, 1)
    counts = history.counts[:, first:] & (history.selling.running[:, first : history.days] > 0)
    errors = np.where(counts, history.demand[:, first:] - learner.levels[:, first : history.days], 0.0)
    known = counts.sum(axis=1)
    mean = errors.sum(axis=1) / np.maximum(known, 1)
    squares = np.where(counts, (errors - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.where(known >= FEWEST_ERRORS, np.sqrt(squares / np.maximum(known - 1, 1)), np.nan)
