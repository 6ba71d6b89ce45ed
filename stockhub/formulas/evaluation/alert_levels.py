"""How urgent a shortage or an overstock is, and what the highest level freezes (science.md 10.1; H65, H66, H67, E5).

A level is 0, no alert, to 3. Criteria are asked from the gravest down and the first that holds decides: so a criterion that cannot be told
leaves the level missing only where no graver one holds, and an unknown never looks like calm.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, either, explained, greater, maximum, minimum, negation, where
from stockhub.formulas.health.staleness import lasts_longer_than

NO_ALERT, MILD, SERIOUS, GRAVE = 0.0, 1.0, 2.0, 3.0

#: The sides of an alert, in the order of their codes.
ALERT_SIDES: Final = ("shortage", "overstock")
SHORTAGE, OVERSTOCK = 0.0, 1.0

#: Probabilities of running out from which a shortage is of level 1, 2 and 3.
MILD_PROBABILITY, SERIOUS_PROBABILITY, GRAVE_PROBABILITY = 0.2, 0.5, 0.8
#: Days before the latest order day from which a shortage is of level 1.
ORDER_SOON_DAYS = 3.0
#: Days of supply above which an overstock is of level 1 and 2.
MILD_SUPPLY_DAYS, SERIOUS_SUPPLY_DAYS = 90.0, 180.0

#: What a level-3 alert stops, in the order of the codes.
FROZEN_FLOWS: Final = ("nothing", "outbound", "purchasing")
NOTHING, OUTBOUND, PURCHASING = 0.0, 1.0, 2.0


@explained(unit="level")
def shortage_level(
    *, p_zero: N, latest_order_day: N, cover_days: N, fastest_arrival_days: N, out_of_stock: N, order_soon_days: N | float = ORDER_SOON_DAYS
) -> N:
    """The level of a shortage, 0 to 3.

    3: already out of stock (a flag), probability of running out ≥ .8, or less cover than the fastest arrival takes. 2: ≥ .5, or the latest
    order day has passed. 1: ≥ .2, or it is at most 3 days ahead. `latest_order_day` counts from today and is below 0 when overdue.
    """
    mild: N = where(at_least(p_zero, MILD_PROBABILITY), MILD, where(at_least(order_soon_days, latest_order_day), MILD, NO_ALERT))
    serious: N = where(at_least(p_zero, SERIOUS_PROBABILITY), SERIOUS, where(greater(0.0, latest_order_day), SERIOUS, mild))
    grave: N = where(at_least(p_zero, GRAVE_PROBABILITY), GRAVE, where(greater(fastest_arrival_days, cover_days), GRAVE, serious))
    return where(out_of_stock, GRAVE, grave)


@explained(unit="flag")
def loses_by_holding(npv_hold: N, npv_exit: N, value_at_risk: N, value_limit: N | float) -> N:
    """Whether keeping stock is worth less than leaving it now, where enough money is in it; else the present values need not be known."""
    return where(greater(value_at_risk, value_limit), greater(npv_exit, npv_hold), 0.0)


@explained(unit="level")
def overstock_level(
    *,
    stock: N,
    daily_rate: N,
    excess: N,
    excess_limit: N,
    units_nearing_surcharge: N,
    npv_hold: N,
    npv_exit: N,
    value_at_risk: N,
    value_limit: N | float,
) -> N:
    """The level of an overstock, 0 to 3.

    3: holding is worth less than the exit and more than `value_limit` is at risk. 2: more than 180 days of supply, or units of a lot that
    enters an age-surcharge tier within 30 days. 1: more than 90 days, or more excess than `stock.overstock.overstock_limit` allows. Stock
    that does not sell at all has more days of supply than any.
    """
    mild: N = where(either(lasts_longer_than(stock, daily_rate, MILD_SUPPLY_DAYS), greater(excess, excess_limit)), MILD, NO_ALERT)
    slow = lasts_longer_than(stock, daily_rate, SERIOUS_SUPPLY_DAYS)
    serious: N = where(either(slow, greater(units_nearing_surcharge, 0.0)), SERIOUS, mild)
    return where(loses_by_holding(npv_hold, npv_exit, value_at_risk, value_limit), GRAVE, serious)


# --- what level 3 stops -----------------------------------------------------------------------------------------------------


@explained(unit="code")
def frozen_flow(side: N, level: N) -> N:
    """One of FROZEN_FLOWS: a shortage of level 3 freezes outbound, an overstock of level 3 purchasing; below it nothing stays frozen.

    The document freezes outbound whatever the alert; outbound is what cures an overstock (E5).
    """
    flow: N = where(at_least(side, OVERSTOCK), PURCHASING, OUTBOUND)
    return where(at_least(level, GRAVE), flow, NOTHING)


@explained(unit="flag")
def order_is_held(frozen: N, flow: N, essential: N) -> N:
    """Whether an order of a flow (OUTBOUND or PURCHASING) waits: its flow is frozen, and nobody has been promised it (`essential` is 0)."""
    same: N = both(at_least(frozen, flow), at_least(flow, frozen))
    return both(same, negation(essential))


# --- from evaluation to evaluation ------------------------------------------------------------------------------------------


@explained(unit="level")
def settled_level(level: N, evaluated: N, previous: N) -> N:
    """The level after an evaluation: up at once, down only as far as the evaluation before it agrees.

    `level` is the one in force and `previous` what the evaluation before said; two clean ones in a row are thus needed to step down.
    """
    return maximum(evaluated, minimum(level, previous))


def settled_levels(evaluations: FloatArray) -> FloatArray:
    """The levels (…, t) in force along evaluations (…, t), oldest first.

    A missing evaluation changes nothing and is not a clean one: it takes two after it to step down. Missing until the first known one.
    """
    evaluations = np.asarray(evaluations, dtype=np.float64)
    levels = np.full(evaluations.shape, np.nan)
    level = previous = np.full(evaluations.shape[:-1], np.nan)
    for t in range(evaluations.shape[-1]):
        evaluated = evaluations[..., t]
        settled = np.where(np.isnan(level), evaluated, settled_level(level, evaluated, previous))
        level = np.where(np.isnan(evaluated), level, settled)
        previous = np.where(np.isnan(evaluated), level, evaluated)
        levels[..., t] = level
    return levels


@explained(unit="flag")
def escalation_due(hours_open: N, allowed_hours: N, acknowledged: N) -> N:
    """Whether an alert goes to the next person: nobody has acknowledged it in the hours that its level allows."""
    return both(greater(hours_open, allowed_hours), negation(acknowledged))
