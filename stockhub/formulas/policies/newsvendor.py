"""One order for one season: the newsvendor, by what a unit short costs and a unit left over (science.md 3.5, 6.1).

Cu is the cost of a unit short (`underage`), Co of a unit left over (`overage`), see `policies.service_targets`. Demand is given by its
family, mean and variance over the whole time that the order has to last. Snyder and Shen, Fundamentals of Supply Chain Theory, 4.3.
"""

from __future__ import annotations

from collections.abc import Sequence

from stockhub.formulas.distributions.loss import expected_leftover, expected_shortage
from stockhub.formulas.distributions.quantiles import demand_quantile
from stockhub.formulas.elementwise import N, at_least, explained, positive_part, total, where
from stockhub.formulas.policies.service_targets import critical_ratio

#: Sums of probabilities are this exact: 0.1 + 0.2 is 0.3.
_PROBABILITY_TOLERANCE = 1e-12


@explained(unit="day")
def periodic_protection(lead_time: N, review_period: N | float = 1.0) -> N:
    """The periods that an order has to last where stock is reviewed every period and nothing else comes meanwhile: L + 1."""
    return lead_time + review_period


@explained(unit="unit")
def newsvendor_quantity(underage: N, overage: N, family: N | float, mean: N, variance: N) -> N:
    """The level with the least expected cost: demand's quantile at the critical ratio, whole where demand is.

    Missing where a cost is 0 or below, because then nothing, or everything, is best.
    """
    return demand_quantile(critical_ratio(underage, overage), family, mean, variance)


@explained(unit="base currency")
def newsvendor_cost(level: N, underage: N, overage: N, family: N | float, mean: N, variance: N) -> N:
    """The expected cost of a level, Cu·n(S) + Co·n̄(S)."""
    short: N = expected_shortage(level, family, mean, variance)
    left: N = expected_leftover(level, family, mean, variance)
    return underage * short + overage * left


@explained(unit="base currency/unit")
def explicit_underage(revenue: N, purchase_cost: N, stockout_cost: N | float = 0.0) -> N:
    """Cu from prices: r − c, plus what being short costs besides."""
    return revenue - purchase_cost + stockout_cost


@explained(unit="base currency/unit")
def explicit_overage(purchase_cost: N, salvage_value: N, holding_cost: N | float = 0.0) -> N:
    """Co from prices: c − v, plus what keeping a unit costs besides."""
    return purchase_cost - salvage_value + holding_cost


@explained(unit="base currency")
def newsvendor_profit(mean: N, revenue: N, purchase_cost: N, cost: N) -> N:
    """The expected profit of a level: that of knowing demand in advance, (r−c)·μ, less the level's `newsvendor_cost`."""
    return (revenue - purchase_cost) * mean - cost


@explained(unit="unit")
def discrete_newsvendor_quantity(underage: N, overage: N, demands: Sequence[N | float], probabilities: Sequence[N | float]) -> N:
    """The best level where demand is one of several numbers: the first whose cumulated probability reaches the critical ratio.

    `demands` ascend, each with its probability; give one or more. The last where probabilities do not add up to the ratio.
    """
    wanted: N = critical_ratio(underage, overage)
    level: N = demands[-1] + wanted * 0.0
    for count in range(len(demands) - 1, 0, -1):
        enough: N = total(probabilities[:count])
        level = where(at_least(enough + _PROBABILITY_TOLERANCE, wanted), demands[count - 1], level)
    return level


@explained(unit="base currency")
def discrete_newsvendor_cost(level: N, underage: N, overage: N, demands: Sequence[N | float], probabilities: Sequence[N | float]) -> N:
    """The expected cost of a level where demand is one of several numbers, each with its probability."""
    short: N = total([positive_part(demand - level) * probability for demand, probability in zip(demands, probabilities, strict=True)])
    left: N = total([positive_part(level - demand) * probability for demand, probability in zip(demands, probabilities, strict=True)])
    return underage * short + overage * left
