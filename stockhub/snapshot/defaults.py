"""What stands in for a number that a seller has not given. Rows that rest on a default are marked, and the readiness list names them."""

from typing import Final

#: Of an offer without a lead time: two weeks, a domestic factory's usual promise.
LEAD_TIME_DAYS: Final = 14.0
#: Buying is looked at once a week.
REVIEW_PERIOD_DAYS: Final = 7.0
#: Probability that a replenishment cycle does not run out (science.md 3.1: between the grid's B and A classes).
SERVICE_LEVEL: Final = 0.95
#: An arrival that is overdue without a new date is expected a week from now, not today: a late pallet must not hide a shortage.
OVERDUE_ARRIVAL_DAYS: Final = 7.0
#: A forecast older than this is no forecast.
FORECAST_MAX_AGE_DAYS: Final = 14
#: Orders whose ship-by time lies further ahead are not due soon.
DUE_SOON_HOURS: Final = 72.0
#: Days after the forecast's first day up to which a spike that it saw counts as going on.
SPIKE_KNOWN_DAYS = 2
