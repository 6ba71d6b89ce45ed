"""What a policy changed, against SKUs that it left alone: difference in differences (science.md 10.4, H72).

Pairs (n,): each treated SKU and the untouched one it is matched with, before and after, such as turnover or the dead-stock rate.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, at_least, either, explained, greater, where
from stockhub.formulas.evaluation.cluster_bootstrap import Interval, interval_of_totals

#: SKUs under which a change is told and no cause is claimed.
LEAST_SKUS = 30.0
#: What may be said, in the order of the codes.
EFFECT_CLAIMS: Final = ("too_few_to_tell", "no_effect_shown", "effect_shown")
TOO_FEW_TO_TELL, NO_EFFECT_SHOWN, EFFECT_SHOWN = 0.0, 1.0, 2.0


class Effect(NamedTuple):
    """The pairs that count, the mean difference in differences with its interval, and what may be said of it."""

    pairs: float
    estimate: float
    interval: Interval
    claim: float


@explained(unit="1")
def difference_in_differences(treated_before: N, treated_after: N, untouched_before: N, untouched_after: N) -> N:
    """How much more the treated changed than the untouched did."""
    return (treated_after - treated_before) - (untouched_after - untouched_before)


@explained(unit="code")
def effect_claim(skus: N, lower: N, upper: N) -> N:
    """One of EFFECT_CLAIMS: below 30 SKUs no cause is claimed; from there on, where the interval leaves out 0."""
    apart: N = either(greater(lower, 0.0), greater(0.0, upper))
    return where(at_least(skus, LEAST_SKUS), where(apart, EFFECT_SHOWN, NO_EFFECT_SHOWN), TOO_FEW_TO_TELL)


def matched_effect(
    treated_before: FloatArray,
    treated_after: FloatArray,
    untouched_before: FloatArray,
    untouched_after: FloatArray,
    *,
    seed: int,
    draws: int = 1000,
    confidence: float = 0.95,
) -> Effect:
    """The effect over pairs (n,), with a bootstrap interval over pairs. A pair that misses a number does not count; NaN without any."""
    each = difference_in_differences(treated_before, treated_after, untouched_before, untouched_after)
    known = each[np.isfinite(each)]
    pairs = float(len(known))
    estimate = float(known.mean()) if len(known) else float("nan")
    interval = interval_of_totals(known[:, None], lambda sums: sums[:, 0] / pairs, seed=seed, draws=draws, confidence=confidence)
    return Effect(pairs, estimate, interval, effect_claim(pairs, *interval))
