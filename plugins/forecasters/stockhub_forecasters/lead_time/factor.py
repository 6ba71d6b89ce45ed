"""What plans, trend and season make of the base: one Poisson regression over all series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub_forecasters.lead_time.history import Floats

RIDGE: Final = 50.0
STEPS: Final = 10
#: A step that moves no coefficient by more than this is the last: Newton's next one would move them by its square.
LEAST_STEP: Final = 1e-7
MOST_DEVIATIONS: Final = 4.0
#: Bounds of the logarithm of the factor.
MOST_CHANGE: Final = 1.5
#: The more periods have been seen that do not overlap, the more the regression is believed: blocks² / (blocks² + this). Trends of a single
#: season fool it sooner than plans, which come and go for each series at its own time, and than the year before.
PLAN_DOUBT, TREND_DOUBT = 2.0, 30.0


#: What the year before is worth where nothing has been learned of it: exponents of the index of all series, of that of
#: the category in its place, and of the series' own. A peak that comes once a year has never been an example before it comes again.
YEAR_EXPONENTS: Final = (0.75, 0.75, 0.2)
_YEAR: Final = slice(-len(YEAR_EXPONENTS), None)


@dataclass(frozen=True, slots=True)
class Factor:
    """Standardised predictors' coefficients (p,), and how far each is believed (p,)."""

    centre: Floats
    spread: Floats
    coefficients: Floats
    belief: Floats

    def standardised(self, predictors: Floats) -> Floats:
        return np.asarray(np.clip((predictors - self.centre) / self.spread, -MOST_DEVIATIONS, MOST_DEVIATIONS))

    def log_of(self, predictors: Floats) -> Floats:
        """The logarithm (…) of the factor for predictors (…, p)."""
        # A sum, not a matrix product: it rounds alike whatever the batch.
        linear = (self.standardised(predictors) * self.coefficients * self.belief).sum(axis=-1)
        return np.asarray(np.clip(linear, -MOST_CHANGE, MOST_CHANGE))

    def log_of_known(self, predictors: Floats, *, plans: int, with_year: bool) -> Floats:
        """The same of what the days ahead are known for alone: the next `plans` predictors after the intercept, and the year before.

        Where none of them changes this is 0: what a series' own past, which has no trend but its level, has still to be multiplied by.
        """
        count = predictors.shape[-1]
        places = np.r_[1 : plans + 1, count - len(YEAR_EXPONENTS) * with_year : count]
        changes = np.clip(predictors[..., places] / self.spread[places], -MOST_DEVIATIONS, MOST_DEVIATIONS)
        linear = (changes * (self.coefficients * self.belief)[places]).sum(axis=-1)
        return np.asarray(np.clip(linear, -MOST_CHANGE, MOST_CHANGE))


def factor_of(predictors: Floats, base: Floats, sums: Floats, weights: Floats, *, blocks: float, plans: int, with_year: bool) -> Factor:
    """Fits log E[S] = log B + x·β to rows (k, p), (k,), (k,) with weights (k,), by Newton's method with a ridge.

    The first predictor is the intercept, the next `plans` tell of plans, and with `with_year` the last three are indices of the year
    before, which are not standardised and lean on YEAR_EXPONENTS. Source: McCullagh and Nelder 1989, Generalized Linear Models.
    """
    centre, spread = predictors.mean(axis=0), predictors.std(axis=0)
    centre[0], spread = 0.0, np.where(spread > 1e-9, spread, 1.0)
    of_plan = (np.arange(predictors.shape[1]) >= 1) & (np.arange(predictors.shape[1]) <= plans)
    belief = blocks**2 / (blocks**2 + np.where(of_plan, PLAN_DOUBT, TREND_DOUBT))
    prior = np.zeros(predictors.shape[1])
    if with_year:
        centre[_YEAR], spread[_YEAR], prior[_YEAR], belief[_YEAR] = 0.0, 1.0, YEAR_EXPONENTS, blocks**2 / (blocks**2 + PLAN_DOUBT)
    factor = Factor(centre, spread, np.zeros(predictors.shape[1]), belief)
    x = factor.standardised(predictors)
    x[:, 1:][:, np.ptp(predictors, axis=0)[1:] <= 1e-9] = 0.0
    penalty = np.full(x.shape[1], RIDGE)
    beta = prior.copy()
    for _ in range(STEPS):
        mean = base * np.exp(np.clip(x @ beta, -2 * MOST_CHANGE, 2 * MOST_CHANGE))
        gradient = x.T @ (weights * (sums - mean)) - penalty * (beta - prior)
        curvature = (x * (weights * mean)[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        # A first step from far away may overshoot where the mean grows exponentially.
        beta = beta + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < LEAST_STEP:
            break
    return Factor(centre, spread, beta, factor.belief)
