"""When to order and how much (H15, H19; science.md 3.6, §12). Units throughout."""

from stockhub.formulas.elementwise import N, both, explained, greater, maximum, minimum, ratio, round_down, round_up, where


@explained(unit="unit")
def order_trigger(daily_rate: N, cover_days: N | float, reorder_point: N) -> N:
    """The position below which to order: a rule in days of sales, or the reorder point where that is higher.

    A rule of 30 days fails where lead time, review and safety stock ask for more.
    """
    return maximum(daily_rate * cover_days, reorder_point)


@explained(unit="1")
def order_due(position: N, trigger: N) -> N:
    """1 where the position is below the trigger: at 20 a day and 30 days, at 599 and not at 600 (H19)."""
    return greater(trigger, position)


@explained(unit="unit")
def order_up_to_level(demand: N, safety_stock: N) -> N:
    """The position that an order restores: demand until the order after next arrives, plus safety stock."""
    return demand + safety_stock


@explained(unit="unit")
def order_target(has_maximum: N, stock_maximum: N, reckoned: N) -> N:
    """The position that an order restores: the maximum that the user set, or else the level that is reckoned."""
    return where(has_maximum, stock_maximum, reckoned)


@explained(unit="unit")
def units_needed(target: N, position: N) -> N:
    """The target in whole units less everything on hand and inbound; 0 or below: nothing to order. Need 500, inbound 300: 200 (H15)."""
    return round_up(target) - position


@explained(unit="unit")
def order_quantity(target: N, position: N, moq: N | float = 0.0, case_pack: N | float = 1.0) -> N:
    """Whole cases that bring the position up to the target, at least the minimum order; 0 where nothing is needed."""
    need: N = units_needed(target, position)
    cases = round_up(ratio(maximum(need, moq), case_pack))
    return where(greater(need, 0.0), cases * case_pack, 0.0)


@explained(unit="unit")
def capped_order_quantity(quantity: N, most: N, moq: N | float = 0.0, case_pack: N | float = 1.0) -> N:
    """A quantity cut to the whole cases that a limit allows; 0, infeasible, where those are fewer than the minimum order."""
    whole_cases = round_down(ratio(most, case_pack)) * case_pack
    allowed = minimum(quantity, whole_cases)
    return where(both(greater(quantity, most), greater(moq, allowed)), 0.0, allowed)
