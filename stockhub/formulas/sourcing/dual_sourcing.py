"""A cheap slow source and a dear fast one (science.md 5.4).

Tailored base-surge: the slow source delivers a constant rate a little below demand, the fast one tops up to a base stock (Allon and Van
Mieghem, Management Science 56, 2010; Janakiraman, Seshadri and Sheopuri 2015). Near the best when the lead times are far apart. The
alternative is dual-index: an order-up-to level for each source.
"""

from stockhub.formulas.elementwise import N, explained, positive_part, ratio, root


@explained(unit="unit/day")
def base_surge_slack(daily_sd: N, daily_holding_cost: N, premium: N) -> N:
    """δ* = σ·√(h / 2Δc): how far below demand the slow rate stays. `premium` Δc is what a unit costs more from the fast source.

    Missing where the fast source is not dearer: then there is nothing to trade.
    """
    return daily_sd * root(ratio(daily_holding_cost, premium * 2.0))


@explained(unit="base currency/day")
def base_surge_cost(slack: N, daily_sd: N, daily_holding_cost: N, premium: N) -> N:
    """What a slack costs a day, hσ²/(2δ) + Δc·δ: the stock that the constant rate builds up, and the premium on what is topped up."""
    return ratio(daily_holding_cost * daily_sd * daily_sd, slack * 2.0) + premium * slack


@explained(unit="unit/day")
def base_rate(daily_mean: N, slack: N) -> N:
    """The constant order with the slow source, μ − δ, at least 0."""
    return positive_part(daily_mean - slack)


@explained(unit="unit")
def surge_order(base_stock: N, position: N) -> N:
    """What to order from the fast source now: up to the base stock, counting what arrives within the fast lead time."""
    return positive_part(base_stock - position)


@explained(unit="unit")
def dual_index_slow_order(slow_base_stock: N, slow_position: N, fast_order: N) -> N:
    """The slow source's order under dual-index: up to its own level, the fast order of today already counted."""
    return positive_part(slow_base_stock - slow_position - fast_order)
