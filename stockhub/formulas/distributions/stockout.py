"""The chance of a stock-out before the next arrival (science.md 2.6): the `p_stockout` of alerts and the service of customers.

Available is what is on hand, plus what arrives before the time is over, less what is reserved and owed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from stockhub.formulas.distributions.families import lead_time_demand_mean, lead_time_demand_variance
from stockhub.formulas.distributions.tails import probability_of_passing, probability_of_reaching
from stockhub.formulas.elementwise import N, at_least, explained, greater, maximum, ratio, total, where


@explained(unit="unit")
def available_before_arrival(on_hand: N, inbound_before: N, reserved: N | float = 0.0, backorders: N | float = 0.0) -> N:
    """Units to sell until a time, with everything inbound that lands strictly before it."""
    return on_hand + inbound_before - reserved - backorders


@explained(unit="probability")
def p_zero(available: N, family: N | float, mean: N, variance: N) -> N:
    """P(D ≥ A): stock hits 0 and the listing goes dark, which is what alerts speak of; 1 where nothing is available now.

    Mean and variance are of demand until the next arrival, with the family from `demand_family`.
    """
    reached: N = probability_of_reaching(available, family, mean, variance)
    return where(greater(available, 0.0), reached, 1.0)


@explained(unit="probability")
def p_unmet(available: N, family: N | float, mean: N, variance: N) -> N:
    """P(D > A): a customer is lost, which is what service levels speak of; 1 where more is owed than there is."""
    passed: N = probability_of_passing(available, family, mean, variance)
    return where(at_least(available, 0.0), passed, 1.0)


@explained(unit="probability")
def mixed_probability(probabilities: Sequence[N], weights: Sequence[N | float]) -> N:
    """The probability over cases of which each has a weight, such as the possible lead times; missing where all weights are 0."""
    weighted = [probability * weight for probability, weight in zip(probabilities, weights, strict=True)]
    everything: N = total(weights)
    return ratio(total(weighted), everything)


@explained(unit="probability")
def p_zero_over_lead_times(
    available: N,
    family: N | float,
    daily_mean: N,
    daily_variance: N,
    lead_times: Sequence[N | float],
    weights: Sequence[N | float],
) -> N:
    """`p_zero` where the lead time is not known: each possible one with its weight. More exact than one wider distribution."""
    return mixed_probability(
        [
            p_zero(available, family, lead_time_demand_mean(daily_mean, days), lead_time_demand_variance(daily_mean, daily_variance, days))
            for days in lead_times
        ],
        weights,
    )


@explained(unit="probability")
def p_unmet_over_lead_times(
    available: N,
    family: N | float,
    daily_mean: N,
    daily_variance: N,
    lead_times: Sequence[N | float],
    weights: Sequence[N | float],
) -> N:
    """`p_unmet` where the lead time is not known: each possible one with its weight."""
    return mixed_probability(
        [
            p_unmet(available, family, lead_time_demand_mean(daily_mean, days), lead_time_demand_variance(daily_mean, daily_variance, days))
            for days in lead_times
        ],
        weights,
    )


@explained(unit="probability")
def p_any_at_least(probabilities: Sequence[N]) -> N:
    """The least chance that stock hits 0 by one of several times: the largest of the times' own. Give one or more."""
    return reduce(maximum, probabilities)


@explained(unit="probability")
def p_any_at_most(probabilities: Sequence[N]) -> N:
    """The greatest chance that stock hits 0 by one of several times, 1 − Π(1−p).

    Demands up to several times are associated (Esary, Proschan and Walkup 1967): being safe at one never makes another less safe, so that
    being safe at all is at least as likely as if the times had nothing to do with each other.
    """
    return 1.0 - reduce(lambda safe, p: safe * (1.0 - p), probabilities[1:], 1.0 - probabilities[0])
