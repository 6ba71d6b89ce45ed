"""Old stock that sales do not clear: age and velocity checked against each other (H14, H40; science.md 3.11).

Every result is a flag, 1 or 0. Velocity dominates age: what sells within the quarter is never stale, however old its oldest lot.
"""

from stockhub.formulas.elementwise import N, at_least, both, either, explained, greater, where

#: Age in days above which stock is looked at (H14): strictly above.
CANDIDATE_AGE_DAYS = 90.0
#: Age in days from which a stand-still in sales counts (H40).
STANDSTILL_AGE_DAYS = 60.0
#: Sales of 90 days as a share of stock under which they are poor (H40).
POOR_SALES_SHARE = 0.05
#: Days of supply above which old stock is slow, and up to which any stock is not.
SLOW_SUPPLY_DAYS = 180.0
HEALTHY_SUPPLY_DAYS = 90.0


@explained(unit="flag")
def lasts_longer_than(stock: N, daily_rate: N, days: N | float) -> N:
    """Whether stock outlasts `days` at a rate; without any sales it does. The same as days of supply > `days`, without the division."""
    return greater(stock, daily_rate * days)


@explained(unit="flag")
def stale_candidate(age_days: N, weeks_of_low_sales: N, weeks: N | float = 4.0) -> N:
    """Worth a look: older than 90 days, **or** sales below their threshold for `weeks` weeks."""
    return either(greater(age_days, CANDIDATE_AGE_DAYS), at_least(weeks_of_low_sales, weeks))


@explained(unit="flag")
def standing_still(
    age_days: N, stock: N, sold_30: N, sold_90: N, *, age: N | float = STANDSTILL_AGE_DAYS, poor_share: N | float = POOR_SALES_SHARE
) -> N:
    """60 days old, nothing sold in 30 days, and less than 5 % of stock in 90 (H40)."""
    return both(both(at_least(age_days, age), at_least(0.0, sold_30)), greater(stock * poor_share, sold_90))


@explained(unit="flag")
def slow_and_old(age_days: N, stock: N, daily_rate: N, *, age: N | float = CANDIDATE_AGE_DAYS, supply: N | float = SLOW_SUPPLY_DAYS) -> N:
    """Older than 90 days with more than 180 days of supply."""
    return both(greater(age_days, age), lasts_longer_than(stock, daily_rate, supply))


@explained(unit="flag")
def confirmed_slow(age_days: N, stock: N, sold_30: N, sold_90: N, daily_rate: N) -> N:
    """A candidate that the cross-check confirms: standing still, or slow and old; never with 90 days of supply or less."""
    slow = either(standing_still(age_days, stock, sold_30, sold_90), slow_and_old(age_days, stock, daily_rate))
    return both(lasts_longer_than(stock, daily_rate, HEALTHY_SUPPLY_DAYS), slow)


@explained(unit="unit")
def stale_units(age_days: N, aged_units: N, stock: N) -> N:
    """The units in question: those older than 90 days, or all of a stock that has come to a stand-still before any is that old."""
    return where(greater(age_days, CANDIDATE_AGE_DAYS), aged_units, stock)
