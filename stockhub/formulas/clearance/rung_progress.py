"""What to do on a rung of a ladder: stay, go on to the next, or stop (H35, H46, E9; science.md 7.2).

Uplifts are relative: 0.2 is 20 % more a week than before the rung. Hours count from now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from stockhub.formulas.elementwise import (
    N,
    at_least,
    both,
    explained,
    greater,
    logarithm,
    maximum,
    minimum,
    negation,
    positive_part,
    power,
    ratio,
    where,
)

#: The results of `rung_decision`, in the order of their numbers.
RUNG_DECISIONS: Final = ("stay", "advance", "sold_out", "ended")
STAY: Final = 0.0
ADVANCE: Final = 1.0
SOLD_OUT: Final = 2.0
ENDED: Final = 3.0
#: 最后72小时: from here on the end is part of the offer's text (H46).
LAST_HOURS: Final = 72.0
#: Less growth than this is noise, and shows no elasticity.
LEAST_SHOWN_UPLIFT: Final = 0.01


@explained(unit="1")
def sales_uplift(sold: N, sold_before: N, days: N | float = 1.0, days_before: N | float = 1.0) -> N:
    """How much more a day is sold than before: 0.2 for 20 % more; missing where nothing was sold before."""
    return ratio(sold * days_before, sold_before * days) - 1.0


@explained(unit="flag")
def uplift_missed(uplift: N, target_uplift: N) -> N:
    """Whether sales grew less than planned."""
    return greater(target_uplift, uplift)


@explained(unit="flag")
def in_last_hours(hours_left: N, hours: N | float = LAST_HOURS) -> N:
    """Whether the rung is in its last 72 hours, and not yet over."""
    return both(greater(hours_left, 0.0), at_least(hours, hours_left))


@explained(unit="code")
def rung_decision(*, stock: N, uplift: N, target_uplift: N, hours_on_rung: N, hours_left: N, least_dwell_hours: N, rungs_left: N) -> N:
    """A position in `RUNG_DECISIONS`.

    Sold out where no stock is left. At the rung's end the next one, or the end of the ladder. Before that the next one as soon as the dwell
    is over and the uplift is below its target: an early advance. Until the dwell is over the uplift need not be known.
    """
    next_exists: N = greater(rungs_left, 0.0)
    too_weak = where(next_exists, where(uplift_missed(uplift, target_uplift), ADVANCE, STAY), STAY)
    on_rung = where(at_least(hours_on_rung, least_dwell_hours), too_weak, STAY)
    at_end = where(next_exists, ADVANCE, ENDED)
    running = where(greater(hours_left, 0.0), on_rung, at_end)
    return where(greater(stock, 0.0), running, SOLD_OUT)


@explained(unit="1")
def implied_elasticity(uplift: N, pay_ratio: N) -> N:
    """The elasticity that one rung shows, ln(1 + uplift)/ln(pay ratio); missing at full price. A single rung proves little: see
    `elasticity`.
    """
    return ratio(logarithm(uplift + 1.0), logarithm(pay_ratio))


@explained(unit="1")
def pay_ratio_for_uplift(target_uplift: N, elasticity: N) -> N:
    """The pay ratio at which sales grow by the target, (1 + target)^(1/b); missing where no price reaches it (b ≥ 0)."""
    return power(target_uplift + 1.0, ratio(1.0, where(greater(0.0, elasticity), elasticity, 0.0)))


@explained(unit="1")
def next_pay_ratio(uplift: N, target_uplift: N, tried: N, following: N, deepest: N) -> N:
    """The pay ratio after a probe (test-first): the one tried where it reached its target, else the ladder's next.

    With +50 % wanted and +20 % seen at 8折, the next step of the ladder 8 → 7 → 5 → 3 is proposed, 7折 (H35, E9); never deeper than
    `deepest`.
    """
    return where(uplift_missed(uplift, target_uplift), maximum(following, deepest), tried)


@explained(unit="1")
def adapted_pay_ratio(uplift: N, target_uplift: N, tried: N, following: N, deepest: N) -> N:
    """`next_pay_ratio` that skips rungs which the probe shows to be too weak: down to where the shown elasticity reaches the target.

    A probe that moved sales by less than 1 % shows no elasticity; then the ladder's next rung is tried.
    """
    shown: N = implied_elasticity(uplift, tried)
    needed = where(at_least(uplift, LEAST_SHOWN_UPLIFT), pay_ratio_for_uplift(target_uplift, shown), following)
    deeper = maximum(minimum(following, needed), deepest)
    return where(uplift_missed(uplift, target_uplift), deeper, tried)


@explained(unit="unit/day")
def sales_needed(stock: N, days_left: N) -> N:
    """Units a day that sell the stock by the deadline; missing once that has passed while units are left."""
    return where(greater(stock, 0.0), ratio(stock, where(greater(days_left, 0.0), days_left, 0.0)), positive_part(stock))


@explained(unit="flag")
def behind_plan(sold: N, planned: N) -> N:
    """Whether fewer units were sold by now than the ladder planned."""
    return negation(at_least(sold, planned))


def countdown(now: datetime, ends_at: datetime) -> timedelta:
    """What is left until the end, for the offer's clock; 0 once it is over."""
    return max(ends_at - now, timedelta())


def hours_until(now: datetime, ends_at: datetime) -> float:
    """Hours from now to an end; negative where it has passed."""
    return (ends_at - now) / timedelta(hours=1)
