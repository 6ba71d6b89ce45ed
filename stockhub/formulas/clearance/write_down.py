"""Net realisable value below cost, and what has to be written down (H9, 存货跌价; IAS 2, ASBE 1).

Values are base currency a unit: what a unit will bring, less what selling it costs. Stock is carried at the lower of that and cost.
"""

from __future__ import annotations

from stockhub.formulas.elementwise import N, explained, positive_part, ratio


@explained(unit="base currency/unit")
def net_realisable_value(price: N, selling_share: N | float, selling_cost: N | float = 0.0) -> N:
    """The price less the share of it and the cost a unit that selling takes; below 0 where selling costs more than it brings."""
    return price * (1.0 - selling_share) - selling_cost


@explained(unit="base currency/unit")
def write_down_each(unit_cost: N, net_value: N) -> N:
    """What a unit has cost beyond what it will bring; 0 where it brings its cost."""
    return positive_part(unit_cost - net_value)


@explained(unit="base currency")
def write_down(units: N, each: N) -> N:
    """What is to be written down on stock; 0 where there is none."""
    return positive_part(units) * each


@explained(unit="1")
def write_down_share(unit_cost: N, net_value: N) -> N:
    """The write-down as a share of cost: 0 where there is none, above 1 where selling costs more than it brings."""
    return ratio(write_down_each(unit_cost, net_value), unit_cost)
