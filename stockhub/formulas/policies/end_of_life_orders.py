"""Orders near a product's end, and minimum orders that outlast its demand (science.md 3.6, 3.15; E16)."""

from stockhub.formulas.distributions.families import NORMAL
from stockhub.formulas.elementwise import N, both, explained, greater, minimum, positive_part, ratio, round_down, where
from stockhub.formulas.policies.newsvendor import newsvendor_cost

#: What to do about a minimum order, by code.
MINIMUM_ORDER_CHOICES = ("skip", "order_minimum")
SKIP, ORDER_MINIMUM = (float(code) for code in range(2))


@explained(unit="unit")
def last_buy_quantity(level: N, position: N, remaining_demand: N, case_pack: N | float = 1.0) -> N:
    """The one order of a product that ends: whole cases up to a newsvendor `level`, never beyond the demand that remains (E16).

    The level is a quantile of remaining demand, at the critical ratio of a unit short to a unit left over. Cases are rounded down: nothing
    sells what the last one holds.
    """
    wanted = positive_part(minimum(level, remaining_demand) - position)
    return round_down(ratio(wanted, case_pack)) * case_pack


@explained(unit="unit")
def order_by_stage(quantity: N, end_of_life: N, last_buy: N | float = 0.0) -> N:
    """The quantity to order given whether the product is at its end: nothing but a last buy there (science.md 3.6)."""
    return where(end_of_life, last_buy, quantity)


@explained(unit="1")
def minimum_order_is_doubtful(minimum_order: N, position: N, horizon_demand: N) -> N:
    """1 where the least that the supplier sells is more than the (decayed) demand that the position leaves open over the horizon."""
    return greater(minimum_order, positive_part(horizon_demand - position))


@explained(unit="base currency")
def position_mismatch_cost(position: N, demand_mean: N, demand_sd: N, overage_cost: N, underage_cost: N) -> N:
    """Newsvendor cost of going through the remaining demand with a position: units left over and units short, each at its cost."""
    return newsvendor_cost(position, underage_cost, overage_cost, NORMAL, demand_mean, demand_sd * demand_sd)


@explained(unit="base currency")
def minimum_order_gain(
    *, minimum_order: N, position: N, demand_mean: N, demand_sd: N, overage_cost: N, underage_cost: N, fixed_cost: N | float = 0.0
) -> N:
    """What ordering the minimum saves over ordering nothing; negative where skipping is cheaper."""
    skipped = position_mismatch_cost(position, demand_mean, demand_sd, overage_cost, underage_cost)
    ordered = position_mismatch_cost(position + minimum_order, demand_mean, demand_sd, overage_cost, underage_cost)
    return skipped - ordered - fixed_cost


@explained(unit="1")
def minimum_order_choice(
    *, minimum_order: N, position: N, demand_mean: N, demand_sd: N, overage_cost: N, underage_cost: N, fixed_cost: N | float = 0.0
) -> N:
    """An index of MINIMUM_ORDER_CHOICES: skip where the minimum is doubtful and saves nothing, else order it."""
    gain = minimum_order_gain(
        minimum_order=minimum_order,
        position=position,
        demand_mean=demand_mean,
        demand_sd=demand_sd,
        overage_cost=overage_cost,
        underage_cost=underage_cost,
        fixed_cost=fixed_cost,
    )
    wasteful = both(minimum_order_is_doubtful(minimum_order, position, demand_mean), greater(0.0, gain))
    return where(wasteful, SKIP, ORDER_MINIMUM)
