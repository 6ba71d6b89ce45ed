"""The throttle of a live campaign: a state machine over the pace, with hysteresis and a dwell (D18, D19; science.md 6.2).

Once a minute: stock down to the reserve is level 4 at once, and more stock again is level 3. Otherwise the level rises by one after two
consecutive minutes above the next level's entry, and falls by one after three below its own exit, five minutes after the last change at the
earliest. What a level does is a proposal unless the seller has it done automatically.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, either, explained, greater, where
from stockhub.formulas.errors import InvalidParameterError

#: What each level does, by its number.
THROTTLE_LEVELS: Final = ("open", "demote_and_stop_paid_traffic", "cut_coupons", "limit_orders_and_end_discount", "stop_or_presale")
STOPPED: Final = 4.0
_HIGHEST_BY_PACE: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrottleRules:
    """Paces, as multiples of the target, above which levels 1 to 3 are entered and below which they are left; ticks are minutes."""

    enter: tuple[float, float, float] = (1.15, 1.5, 2.0)
    leave: tuple[float, float, float] = (0.95, 1.2, 1.6)
    ticks_up: int = 2
    ticks_down: int = 3
    dwell_ticks: int = 5

    def __post_init__(self) -> None:
        if sorted(self.enter) != list(self.enter) or sorted(self.leave) != list(self.leave):
            raise InvalidParameterError("enter, leave", (self.enter, self.leave), "thresholds that rise with the level")
        if any(leave >= enter for enter, leave in zip(self.enter, self.leave, strict=True)):
            raise InvalidParameterError("leave", self.leave, f"thresholds below those of entry, {self.enter}")
        if self.ticks_up < 1 or self.ticks_down < 1 or self.dwell_ticks < 0:
            raise InvalidParameterError("ticks", (self.ticks_up, self.ticks_down, self.dwell_ticks), "at least 1 tick, and a dwell from 0")


DEFAULT_RULES: Final = ThrottleRules()


@dataclass(frozen=True, slots=True)
class ThrottleState(Generic[N]):
    """A level, the consecutive ticks that speak for a higher and for a lower one, and the ticks since it last changed."""

    level: N
    ticks_above: N
    ticks_below: N
    ticks_since_change: N


@explained(unit="tick")
def ticks_above_entry(level: N, ticks: N, pace: N, rules: ThrottleRules = DEFAULT_RULES) -> N:
    """Consecutive ticks, this one included, with a pace above the entry of the next level; level 3 has none."""
    entry: N = where(at_least(level, 2.0), rules.enter[2], where(at_least(level, 1.0), rules.enter[1], rules.enter[0]))
    can_rise: N = greater(_HIGHEST_BY_PACE, level)
    return where(both(can_rise, greater(pace, entry)), ticks + 1.0, 0.0)


@explained(unit="tick")
def ticks_below_exit(level: N, ticks: N, pace: N, rules: ThrottleRules = DEFAULT_RULES) -> N:
    """Consecutive ticks, this one included, with a pace below the exit of the level; level 0 has none."""
    can_fall: N = greater(level, 0.0)
    return where(both(can_fall, greater(exit_pace(level, rules), pace)), ticks + 1.0, 0.0)


@explained(unit="1")
def exit_pace(level: N, rules: ThrottleRules = DEFAULT_RULES) -> N:
    """The pace below which a level is left."""
    return where(at_least(level, 3.0), rules.leave[2], where(at_least(level, 2.0), rules.leave[1], rules.leave[0]))


@explained(unit="level")
def throttle_level(
    level: N, ticks_above: N, ticks_below: N, ticks_since_change: N, stock: N, reserve: N, rules: ThrottleRules = DEFAULT_RULES
) -> N:
    """The level after a tick, a number of THROTTLE_LEVELS, from the level before it and the three counts with this tick in them."""
    out: N = at_least(reserve, stock)
    rises: N = at_least(ticks_above, float(rules.ticks_up))
    persistent: N = at_least(ticks_below, float(rules.ticks_down))
    dwelt: N = at_least(ticks_since_change, float(rules.dwell_ticks))
    by_pace = where(rises, level + 1.0, where(both(persistent, dwelt), level - 1.0, level))
    return where(out, STOPPED, where(at_least(level, STOPPED), _HIGHEST_BY_PACE, by_pace))


def throttle_step(state: ThrottleState[N], pace: N, stock: N, reserve: N, rules: ThrottleRules = DEFAULT_RULES) -> ThrottleState[N]:
    """The state after one tick. A change of level, and level 4, start the counts anew."""
    above = ticks_above_entry(state.level, state.ticks_above, pace, rules)
    below = ticks_below_exit(state.level, state.ticks_below, pace, rules)
    since = state.ticks_since_change + 1.0
    level = throttle_level(state.level, above, below, since, stock, reserve, rules)
    changed: N = either(greater(level, state.level), greater(state.level, level))
    anew = either(changed, at_least(level, STOPPED))
    return ThrottleState(level, where(anew, 0.0, above), where(anew, 0.0, below), where(changed, 0.0, since))


def throttle_levels(pace: FloatArray, stock: FloatArray, reserve: FloatArray | float, rules: ThrottleRules = DEFAULT_RULES) -> FloatArray:
    """The levels (…, t) of campaigns from paces and stocks (…, t), with reserves (…), each from level 0.

    A minute whose pace is unknown, NaN, speaks for neither side and ends a streak; one without a stock has that of the one before.
    """
    if pace.shape != stock.shape:
        raise InvalidParameterError("stock", stock.shape, f"the shape of the paces, {pace.shape}")
    zero = np.zeros(pace.shape[:-1])
    state, left, floor = ThrottleState(zero, zero, zero, zero), np.full(zero.shape, np.inf), zero + reserve
    levels = np.zeros(pace.shape)
    for tick in range(pace.shape[-1]):
        left = np.where(np.isnan(stock[..., tick]), left, stock[..., tick])
        # Between the exit of a level and the entry of the next: neither.
        now = np.where(np.isnan(pace[..., tick]), exit_pace(state.level, rules), pace[..., tick])
        state = throttle_step(state, now, left, floor, rules)
        levels[..., tick] = state.level
    return levels
