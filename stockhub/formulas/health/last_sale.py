"""No sale for three months (H87): counted from the last sale, which a stock count, a transfer or a return is not.

A row is what the clock runs for: a SKU on an account. Days are whole-day numbers on one calendar.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, explained, greater, maximum
from stockhub.formulas.errors import InvalidParameterError

#: Calendar months without a sale after which a clearance or transfer flow is opened.
MONTHS_WITHOUT_SALE = 3


def days_since_last_sale(
    row: NDArray[np.int64], day: FloatArray, is_sale: NDArray[np.bool_], *, first_stocked_day: FloatArray, as_of_day: float
) -> FloatArray:
    """Days (n,) since each row's last sale up to `as_of_day`, of m movements of any kind; since it was first stocked where none sold.

    Only movements that are sales move the clock. NaN where nothing sold and the first day in stock is not known, or lies ahead.
    """
    counted = is_sale & (day <= as_of_day)
    last = np.where(first_stocked_day <= as_of_day, first_stocked_day, -np.inf)
    last = np.where(np.isnan(first_stocked_day), -np.inf, last)
    np.maximum.at(last, row[counted], day[counted])
    return np.where(np.isfinite(last), as_of_day - last, np.nan)


def days_of_last_months(as_of: date, months: int = MONTHS_WITHOUT_SALE) -> int:
    """The days from the same date `months` calendar months before: three months are 89 to 92 days.

    A date that the earlier month does not have is its last day. InvalidParameterError below one month.
    """
    if months < 1:
        raise InvalidParameterError("months", months, "1 or more")
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
    earlier = date(year, month + 1, min(as_of.day, monthrange(year, month + 1)[1]))
    return (as_of - earlier).days


@explained(unit="flag")
def unsold_for_months(stock: N, days_since_sale: N, limit_days: N | float) -> N:
    """Whether stock has not sold for `limit_days`, which come from `days_of_last_months`: the flow of clearance or transfer opens."""
    return both(greater(stock, 0.0), at_least(days_since_sale, limit_days))


@explained(unit="day")
def longest_wait(idle_days: N, quietest_account_days: N) -> N:
    """Days without a sale on the account that has waited longest, at least those without a sale on any."""
    return maximum(idle_days, quietest_account_days)
