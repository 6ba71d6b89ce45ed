"""What a promotion, a transfer and a purchase pause would each do about an excess, in money (H28; science.md 6.1, 7.2, 7.5).

Each is compared with leaving the stock alone, as the excess's own money is (`excess_cost`): it lies, costs storage, capital and surcharges
for age, and is cleared in the end. Below 0 a remedy costs more than it brings.
"""

from collections.abc import Sequence

from stockhub.formulas.elementwise import N, explained, greater, maximum, minimum, positive_part, power, ratio, where


@explained(unit="unit")
def extra_sales(excess: N, demand: N, pay_ratio: N | float, elasticity: N | float) -> N:
    """Units of the excess that a promotion sells on top of the demand d of its days: d·(r^e − 1), at an elasticity e below 0.

    At 80 % of the price and an elasticity of −2, 100 units become 156.25: 56.25 more. No demand is no base to lift.
    """
    return minimum(positive_part(excess), demand * (power(pay_ratio, elasticity) - 1.0))


@explained(unit="base currency")
def holding_saved(units: N, excess: N, holding: N) -> N:
    """The part of the excess's cost of holding that goes with some of its units; 0 where there is no excess."""
    return where(greater(excess, 0.0), holding * ratio(units, excess), 0.0)


@explained(unit="base currency")
def discount_given(regular_units: N, unit_price: N, pay_ratio: N | float) -> N:
    """What is lost on units that would have sold at the full price anyway."""
    return regular_units * unit_price * (1.0 - pay_ratio)


@explained(unit="base currency")
def promotion_effect(extra: N, promoted_each: N, cleared_each: N, holding: N, discount: N) -> N:
    """Units sold now for more than clearing brings, and not held any more, less the discount on what sells anyway."""
    return extra * (promoted_each - cleared_each) + holding - discount


@explained(unit="base currency")
def transfer_effect(units: N, write_down_each: N, holding: N, margin: N) -> N:
    """What moved units no longer lose here, and the margin of sales that the other place would have missed. Freight is not in it."""
    return units * write_down_each + holding + margin


@explained(unit="unit")
def units_to_pause(on_order: N, position: N, demand: N) -> N:
    """Ordered units, not yet on their way, that the coming weeks do not ask for."""
    return minimum(on_order, positive_part(position - demand))


@explained(unit="base currency")
def pause_effect(storage: N, capital: N, write_down: N) -> N:
    """What paused units do not cost, because they never come to lie beside the others."""
    return storage + capital + write_down


@explained(unit="base currency")
def letting_go_effect(exit_value: N, hold_value: N) -> N:
    """What stock is worth more let go today than held; 0 where it is worth less."""
    return positive_part(exit_value - hold_value)


@explained(unit="base currency")
def best_effect(valued: Sequence[N], effects: Sequence[N]) -> N:
    """The most that one of the `effects` with the flag `valued` brings; 0 where each costs more than it brings.

    One that is not valued need not be known. Missing where a flag is: that is how the caller says that none can be valued.
    """
    each = [where(flag, effect, 0.0) for flag, effect in zip(valued, effects, strict=True)]
    best: N = positive_part(each[0])
    for other in each[1:]:
        best = maximum(best, other)
    return best


@explained(unit="base currency")
def saved_of_excess(best: N, is_priced: N, loss: N) -> N:
    """The part of an excess's loss that the best remedy still saves: no more than the loss, where that is known."""
    return where(is_priced, minimum(best, positive_part(loss)), best)
