"""Stock at the end of a life: the warning line, the last buy and what residual value asks for (H62, H63, E4, E16; science.md 1.7, 3.15).

Decay φ is a factor a day, above 0; 1 and above is no decay. `days` are lead time and review period, or what is left of the life.
"""

from __future__ import annotations

from typing import Final

from stockhub.formulas.demand.decay import decayed_periods
from stockhub.formulas.elementwise import (
    N,
    at_least,
    explained,
    greater,
    minimum,
    positive_part,
    power,
    ratio,
    root,
    round_down,
    where,
)
from stockhub.formulas.policies.safety_stock import protection_sd

#: What residual value asks for: order what is still needed and promote; sell what there is; clear, and stop production.
RESIDUAL_POLICIES: Final = ("replenish_and_promote", "sell_down", "clear_and_stop")
REPLENISH_AND_PROMOTE, SELL_DOWN, CLEAR_AND_STOP = 0.0, 1.0, 2.0
#: Residual value over unit cost from which it is high, and under which it is low.
HIGH_RESIDUAL = 0.8
LOW_RESIDUAL = 0.4


@explained(unit="day")
def decayed_days(decay: N, days: N) -> N:
    """Σ φ^i over the days: how many days of today's demand they amount to; missing where either is negative."""
    return decayed_periods(minimum(decay, 1.0), days)


@explained(unit="unit")
def decayed_protection_sd(decay: N, days: N, *, daily_mean: N, daily_sd: N, lead_time_sd: N) -> N:
    """Deviation of decaying demand over lead time and review period: σ²·Σ φ^2i + (d·φ^n)²·σ_L².

    Deviations shrink as the mean does; a day of delay costs what the last day sells. `protection_sd` where there is no decay.
    """
    last_day = daily_mean * power(minimum(decay, 1.0), days)
    return root(daily_sd * daily_sd * decayed_days(decay * decay, days) + last_day * last_day * lead_time_sd * lead_time_sd)


@explained(unit="1")
def safety_decay(decay: N, *, lead_time: N, review_period: N, daily_mean: N, daily_sd: N, lead_time_sd: N) -> N:
    """The part of its safety stock that a declining SKU still needs, above 0 and at most 1: the ratio of the two deviations.

    1 where nothing deviates: then there is no safety stock to cut.
    """
    still: N = protection_sd(lead_time, review_period, daily_mean, daily_sd, lead_time_sd)
    days = lead_time + review_period
    falling = decayed_protection_sd(decay, days, daily_mean=daily_mean, daily_sd=daily_sd, lead_time_sd=lead_time_sd)
    return where(greater(still, 0.0), ratio(falling, still), 1.0)


@explained(unit="unit")
def decayed_safety_stock(safety_stock: N, decay: N) -> N:
    """The safety part of the line, SS × decay: 300 × 0.6 is 180 (H62). A product, where the document adds units to a ratio (E4)."""
    return safety_stock * minimum(decay, 1.0)


@explained(unit="unit")
def fading_line(safety_stock: N, safety_part: N, *, daily_mean: N, demand_days: N) -> N:
    """`end_of_life_line`, given the days of today's demand that fading demand amounts to (`decayed_days`), so that it is a plain sum."""
    return decayed_safety_stock(safety_stock, safety_part) + daily_mean * demand_days


@explained(unit="unit")
def end_of_life_line(safety_stock: N, safety_part: N, *, daily_mean: N, decay: N, days: N) -> N:
    """The position under which a declining SKU warns: decayed safety stock, and decayed demand until the next review's order is there.

    `safety_part` comes from `safety_decay`. With no decay the reorder point.
    """
    line: N = fading_line(safety_stock, safety_part, daily_mean=daily_mean, demand_days=decayed_days(decay, days))
    return line


@explained(unit="unit")
def remaining_life_units(position: N, remaining_demand: N) -> N:
    """Whole units that can still be bought and sold within the life: demand of what is left of it less the position, at least 0."""
    return round_down(positive_part(remaining_demand - position))


@explained(unit="unit")
def capped_last_replenishment(wanted: N, position: N, remaining_demand: N) -> N:
    """What is ordered at the end of a life, however good its residual value: no more than is sold before the end (E16)."""
    return minimum(wanted, remaining_life_units(position, remaining_demand))


@explained(unit="1")
def residual_share(net_realisable_value: N, unit_cost: N) -> N:
    """Residual value: what a unit will bring after all costs of selling it, over what it has cost."""
    return ratio(net_realisable_value, unit_cost)


@explained(unit="policy")
def residual_policy(residual: N, *, high: N | float = HIGH_RESIDUAL, low: N | float = LOW_RESIDUAL) -> N:
    """What a residual share asks for, as a position in `RESIDUAL_POLICIES` (H63)."""
    middle_or_low: N = where(greater(low, residual), CLEAR_AND_STOP, SELL_DOWN)
    return where(at_least(residual, high), REPLENISH_AND_PROMOTE, middle_or_low)


@explained(unit="unit")
def left_at_end(position: N, remaining_demand: N) -> N:
    """Units that nobody will have bought at the end of the life, at least 0."""
    return positive_part(position - remaining_demand)


@explained(unit="unit")
def residual_replenishment(
    residual: N, wanted: N, *, position: N, remaining_demand: N, high: N | float = HIGH_RESIDUAL, low: N | float = LOW_RESIDUAL
) -> N:
    """What is ordered under the policy: the capped replenishment of high residual value, nothing of any other."""
    capped = capped_last_replenishment(wanted, position, remaining_demand)
    return where(greater(SELL_DOWN, residual_policy(residual, high=high, low=low)), capped, 0.0)
