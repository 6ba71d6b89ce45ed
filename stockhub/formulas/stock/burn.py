"""How fast stock burns within minutes, and when it reaches a line at that pace (D18; science.md 6.2)."""

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, positive_part, ratio

#: Half of what the rate remembers is older than this.
HALF_LIFE_MINUTES = 3.0
#: Fewer sales than this have no pace: one large order is no burst.
LEAST_SALES = 5


def burn_rates(row: NDArray[np.int64], units: FloatArray, age: FloatArray, rows: int, half_life: float = HALF_LIFE_MINUTES) -> FloatArray:
    """Units a minute (n,) of `rows` rows, from sales (m,): the row of each, its units, and its age in minutes.

    An exponentially weighted mean with this half-life. It would begin at 0, so it is divided by the weight of the time since the row's
    oldest sale, at least a minute: 8 a minute are 8 after the first minute as well. 0 where there were fewer than `LEAST_SALES` sales. A
    sale dated in the future counts as one of now.
    """
    age = np.maximum(age, 0.0)
    decay = np.log(2.0) / half_life
    weighted = np.bincount(row, units * np.exp(-decay * age), minlength=rows)
    since = np.ones(rows)
    np.maximum.at(since, row, age)
    rates: FloatArray = decay * weighted / -np.expm1(-decay * since)
    return np.where(np.bincount(row, minlength=rows) >= LEAST_SALES, rates, 0.0)


@explained(unit="minute")
def minutes_to_line(available: N, line: N | float, burn_rate: N) -> N:
    """Minutes until stock is down to a line: 500 units, a line of 100 and 8 a minute are 50 (D18). Missing where nothing burns."""
    return ratio(available - line, burn_rate)


@explained(unit="unit")
def units_missing_within(available: N, burn_rate: N, minutes: N | float) -> N:
    """Units that would be asked for within so many minutes and are not there."""
    return positive_part(burn_rate * minutes - positive_part(available))
