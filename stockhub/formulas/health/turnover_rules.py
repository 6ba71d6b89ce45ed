"""When turnover says that it is time to evaluate clearance (H29, H30, H31, H33, E7; science.md 3.13).

Turnover is a number a month, (…, t), oldest first; any annual or monthly scale, as only changes count. Series are first reduced to named
statistics; the decisions over these are flags, 1 or 0. A change that equals a limit up to rounding lies on it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, FloatArray, N, at_least, both, explained, greater, ratio, where

#: How a streak of falling months is measured: over all of them together, or each by itself (E7).
STREAK_MODES: Final = ("cumulative", "each")
MODE_CUMULATIVE, MODE_EACH = 0.0, 1.0

#: Months of a streak, and the fall that counts.
STREAK_MONTHS = 3
STREAK_DROP = 0.2
#: Days of supply over the safe line, as a multiple of it, above which a streak matters.
SUPPLY_OVER_SAFE = 1.3
#: Near the end of a season: days, and the fall within a month above which clearance starts.
SEASON_END_DAYS = 45.0
SEASON_END_DROP = 0.4
#: A category is cleared by itself where its turnover is below the first share of its norm while the whole is at least at the second.
CATEGORY_SHARE = 0.5
NORMAL_SHARE = 0.9


def monthly_drops(turnover: FloatArray) -> FloatArray:
    """The fall (…, t − 1) of each month against the month before, as a share: below 0 is a rise; from nothing, nothing has fallen: 0."""
    return _drop(turnover[..., :-1], turnover[..., 1:])


def _drop(before: FloatArray, after: FloatArray) -> FloatArray:
    """1 − after / before; 0 where there was nothing that could fall, NaN where a month is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before == 0, 0.0 * after, 1.0 - after / before)


def least_drop(turnover: FloatArray, months: int = STREAK_MONTHS) -> FloatArray:
    """The smallest (…) of the last `months` monthly falls; NaN where there are fewer, or one is not known."""
    drops = monthly_drops(turnover)
    if drops.shape[-1] < months:
        return np.full(turnover.shape[:-1], np.nan)
    least: FloatArray = drops[..., -months:].min(axis=-1)
    return least


def cumulative_drop(turnover: FloatArray, months: int = STREAK_MONTHS) -> FloatArray:
    """The fall (…) from `months` ago to the last month; NaN where the series is shorter."""
    if turnover.shape[-1] <= months:
        return np.full(turnover.shape[:-1], np.nan)
    return _drop(turnover[..., -months - 1], turnover[..., -1])


@explained(unit="flag")
def falling_streak(least_monthly_drop: N, total_drop: N, *, mode: N | float = MODE_CUMULATIVE, drop: N | float = STREAK_DROP) -> N:
    """Whether turnover fell in every month of the streak, by `drop` altogether, or in `MODE_EACH` by `drop` in each (E7)."""
    limit = drop - ROUNDING_TOLERANCE
    each: N = at_least(least_monthly_drop, limit)
    together = both(greater(least_monthly_drop, 0.0), at_least(total_drop, limit))
    return where(at_least(mode, MODE_EACH), each, together)


@explained(unit="flag")
def supply_over_safe(days_of_supply: N, safe_days: N, times: N | float = SUPPLY_OVER_SAFE) -> N:
    """Whether stock lasts more than 30 % longer than is safe."""
    return greater(days_of_supply, safe_days * times + ROUNDING_TOLERANCE)


@explained(unit="flag")
def clearance_evaluation_due(
    least_monthly_drop: N, total_drop: N, days_of_supply: N, safe_days: N, *, mode: N | float = MODE_CUMULATIVE
) -> N:
    """The streak rule: turnover fell for three months by 20 %, and there are more than 1.3 times the safe days of supply (H30)."""
    return both(falling_streak(least_monthly_drop, total_drop, mode=mode), supply_over_safe(days_of_supply, safe_days))


@explained(unit="flag")
def season_end_clearance_due(
    drop: N, days_to_season_end: N, *, limit: N | float = SEASON_END_DROP, window_days: N | float = SEASON_END_DAYS
) -> N:
    """Whether a seasonal SKU is cleared early: turnover fell by more than 40 % within a month, in the last 45 days of its season (H33).

    Whether stock is at its peak does not matter. After the season's end the rule is silent: what is left then is dead stock.
    """
    near_the_end = both(at_least(days_to_season_end, 0.0), at_least(window_days, days_to_season_end))
    return both(greater(drop, limit + ROUNDING_TOLERANCE), near_the_end)


def turnover_norm(own: FloatArray, category_benchmark: FloatArray) -> FloatArray:
    """The norm that a SKU's turnover is held to: the higher of its own 12-month mean and the category's benchmark, either of them if alone.

    Below one of the two is enough for the agenda (H29), which is below the higher.
    """
    return np.fmax(own, category_benchmark)


def best_of_recent_months(turnover: FloatArray, months: int = STREAK_MONTHS) -> FloatArray:
    """The highest turnover (…) of the last months: under a norm where all of them are. NaN where there are fewer, or one is not known."""
    if turnover.shape[-1] < months:
        return np.full(turnover.shape[:-1], np.nan)
    best: FloatArray = turnover[..., -months:].max(axis=-1)
    return best


@explained(unit="flag")
def persistently_below_norm(best_recent_turnover: N, norm: N) -> N:
    """Whether clearance goes on the agenda: each of the last three months was below the norm (H29)."""
    return greater(norm - ROUNDING_TOLERANCE, best_recent_turnover)


@explained(unit="share")
def below_norm_share(turnover: N, norm: N) -> N:
    """How far turnover is below its norm, as a share of it: 0 on the norm, below 0 above it. Missing without a norm above 0."""
    return 1.0 - ratio(turnover, norm)


@explained(unit="flag")
def category_clearance_due(
    turnover: N,
    norm: N,
    *,
    total_turnover: N,
    total_norm: N,
    share: N | float = CATEGORY_SHARE,
    normal_share: N | float = NORMAL_SHARE,
) -> N:
    """Whether one category is cleared by itself: the whole is normal, and the category below half of its own norm (H31).

    Where the whole is not normal either, no category stands out, and the rules for single SKUs decide.
    """
    whole_is_normal = at_least(total_turnover, total_norm * normal_share - ROUNDING_TOLERANCE)
    return both(whole_is_normal, greater(norm * share - ROUNDING_TOLERANCE, turnover))
