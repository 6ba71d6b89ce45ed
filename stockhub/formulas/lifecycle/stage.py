"""The stage of a SKU's life, from the evidence in its weekly sales (H9; science.md 4, after Levitt 1965 and Polli & Cook 1969).

A stage is a code, its position in `STAGES`; a later stage has a higher one.
"""

from __future__ import annotations

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, negation, where
from stockhub.values.stages import STAGES

__all__ = ["STAGES", "is_declining", "is_ended", "is_growing", "lifecycle_stage"]

INTRODUCTION, GROWTH, MATURITY, DECLINE, END_OF_LIFE, LIQUIDATION = 0.0, 1.0, 2.0, 3.0, 4.0, 5.0

#: Weeks on sale under which a SKU is being introduced.
INTRODUCTION_WEEKS = 8.0
#: End of life: weeks since the peak, and the share of the peak under which the last four weeks are.
END_OF_LIFE_WEEKS = 8.0
END_OF_LIFE_SHARE = 0.15
#: Decline: weeks since the peak, and the share of the peak under which the last eight weeks are.
DECLINE_WEEKS = 6.0
DECLINE_SHARE = 0.70
#: Growth a week of ln(1 + units), and the p-value it needs: to grow, and to be no decline.
GROWTH_SLOPE = 0.02
RECOVERY_SLOPE = 0.01
SIGNIFICANT = 0.1


@explained(unit="flag")
def is_ended(weeks_since_peak: N, share_of_peak_4: N, off_season: N) -> N:
    """Whether next to nothing of the peak is left, long after it; never while a seasonal SKU is off season."""
    faded: N = both(at_least(weeks_since_peak, END_OF_LIFE_WEEKS), greater(END_OF_LIFE_SHARE, share_of_peak_4))
    return both(faded, negation(off_season))


@explained(unit="flag")
def is_declining(weeks_since_peak: N, share_of_peak_8: N, slope: N, slope_p_value: N) -> N:
    """Whether sales have fallen well below their peak and do not recover."""
    fallen = both(at_least(weeks_since_peak, DECLINE_WEEKS), greater(DECLINE_SHARE, share_of_peak_8))
    recovering: N = both(at_least(slope, RECOVERY_SLOPE), at_least(SIGNIFICANT, slope_p_value))
    return both(fallen, negation(recovering))


@explained(unit="flag")
def is_growing(slope: N, slope_p_value: N) -> N:
    """Whether sales rise by more than 2 % a week, and not by chance."""
    return both(greater(slope, GROWTH_SLOPE), greater(SIGNIFICANT, slope_p_value))


@explained(unit="stage")
def lifecycle_stage(
    clearance: N,
    age_weeks: N,
    *,
    weeks_since_peak: N,
    share_of_peak_4: N,
    share_of_peak_8: N,
    slope: N,
    slope_p_value: N,
    off_season: N,
) -> N:
    """The stage that the evidence of one week speaks for, before hysteresis; missing where the evidence is.

    The first that holds: a clearance is running, liquidation; under 8 weeks, introduction; end of life; decline; growth; else maturity.
    The evidence comes from `evidence.stage_evidence`, `clearance` and `off_season` are flags.
    """
    rising: N = where(is_growing(slope, slope_p_value), GROWTH, MATURITY)
    falling = where(is_declining(weeks_since_peak, share_of_peak_8, slope, slope_p_value), DECLINE, rising)
    grown = where(is_ended(weeks_since_peak, share_of_peak_4, off_season), END_OF_LIFE, falling)
    alive = where(greater(INTRODUCTION_WEEKS, age_weeks), INTRODUCTION, grown)
    return where(clearance, LIQUIDATION, alive)
