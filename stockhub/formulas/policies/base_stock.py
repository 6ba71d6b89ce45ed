"""Base stock: every period, order up to one level (science.md 3.5; Snyder and Shen 2019 §4.3).

The level is a newsvendor's for the demand of the protection interval: an order placed at a review is in use from its arrival, L periods on,
until the next one's. `demand_mean` and `demand_variance` are a period's; holding and shortage cost are money for each unit that is left, or
that waits, at a period's end. `family` is a code of `distributions.families`; a Poisson needs no variance.
"""

from stockhub.formulas.distributions.families import NORMAL, POISSON, lead_time_demand_mean, lead_time_demand_variance
from stockhub.formulas.elementwise import N, explained
from stockhub.formulas.policies.newsvendor import newsvendor_cost, newsvendor_quantity, periodic_protection


@explained(unit="unit")
def base_stock_level(
    *, demand_mean: N, demand_variance: N, lead_time: N, holding_cost: N, shortage_cost: N, family: N | float = NORMAL
) -> N:
    """The level with the least cost a period; missing where a cost is 0 or below."""
    periods = periodic_protection(lead_time)
    mean, variance = lead_time_demand_mean(demand_mean, periods), lead_time_demand_variance(demand_mean, demand_variance, periods)
    return newsvendor_quantity(shortage_cost, holding_cost, family, mean, variance)


@explained(unit="base currency/period")
def base_stock_cost(
    *, level: N, demand_mean: N, demand_variance: N, lead_time: N, holding_cost: N, shortage_cost: N, family: N | float = NORMAL
) -> N:
    """What any level costs a period, h·E[(S − D)⁺] + p·E[(D − S)⁺]."""
    periods = periodic_protection(lead_time)
    mean, variance = lead_time_demand_mean(demand_mean, periods), lead_time_demand_variance(demand_mean, demand_variance, periods)
    return newsvendor_cost(level, shortage_cost, holding_cost, family, mean, variance)


@explained(unit="base currency/period")
def poisson_period_cost(level: N, mean: N, holding_cost: N, shortage_cost: N) -> N:
    """A period's cost G(y) with y units for a Poisson demand of a known mean, lead time included."""
    return newsvendor_cost(level, shortage_cost, holding_cost, POISSON, mean, mean)
