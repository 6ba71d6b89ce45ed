"""Rates of past sessions with few views, pulled towards those of their like (science.md 6.1): a beta prior by host, slot and discount."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, explained, ratio, root
from stockhub.formulas.errors import InvalidParameterError

#: What a prior weighs where past sessions do not differ more than chance has them differ: as much as this many trials.
STRONGEST_PRIOR = 1e6


@dataclass(frozen=True, slots=True)
class RatePrior:
    """A Beta(a, b) belief about a rate: as if `a` of a + b trials had succeeded. Both are above 0."""

    successes: float
    failures: float

    def __post_init__(self) -> None:
        for name, count in (("successes", self.successes), ("failures", self.failures)):
            if not (np.isfinite(count) and count > 0):
                raise InvalidParameterError(name, count, "a number above 0")

    @property
    def mean(self) -> float:
        """The rate that is expected."""
        return self.successes / (self.successes + self.failures)

    def updated(self, successes: float, trials: float) -> RatePrior:
        """The belief after a session; InvalidParameterError where more succeeded than were tried."""
        if not 0 <= successes <= trials:
            raise InvalidParameterError("successes", successes, f"0 to {trials}, the number of trials")
        return RatePrior(self.successes + successes, self.failures + trials - successes)


@explained(unit="1")
def shrunk_rate(successes: N, trials: N, prior_successes: N | float, prior_failures: N | float) -> N:
    """A session's rate, shrunk: (a + orders) / (a + b + views). Without views it is the prior's; with many, its own."""
    return ratio(successes + prior_successes, trials + prior_successes + prior_failures)


@explained(unit="1")
def rate_variation(successes: N, failures: N) -> N:
    """The coefficient of variation of a Beta(a, b) rate: sqrt(b / (a (a + b + 1))); with prior and session added up."""
    return root(ratio(failures, successes * (successes + failures + 1.0)))


def fitted_rate_prior(successes: FloatArray, trials: FloatArray) -> RatePrior | None:
    """The prior (a, b) that past sessions (n,) of one kind suggest, by the method of moments; None with fewer than two that had views.

    The mean weighs sessions by their views. The spread between sessions is Kleinman's estimate (1973, JASA 68), which takes out what chance
    alone makes them differ: where nothing is left, sessions are all alike and the prior is strong.
    """
    seen = trials > 0
    orders, views = successes[seen], trials[seen]
    if len(views) < 2:
        return None
    if bool((orders > views).any()) or bool((orders < 0).any()):
        raise InvalidParameterError("successes", "out of range", "0 to the number of trials in each session")
    total = views.sum()
    mean = float(orders.sum() / total)
    if not 0.0 < mean < 1.0:
        return None
    spread = float((views * (orders / views - mean) ** 2).sum())
    chance = (len(views) - 1) * mean * (1.0 - mean)
    room = mean * (1.0 - mean) * float(total - (views**2).sum() / total - (len(views) - 1))
    correlation = (spread - chance) / room if room > 0 else 0.0
    strength = STRONGEST_PRIOR if correlation <= 1.0 / STRONGEST_PRIOR else max(1.0 / correlation - 1.0, 1e-6)
    return RatePrior(mean * strength, (1.0 - mean) * strength)
