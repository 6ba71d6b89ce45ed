"""Which natural months a day looks back on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.turnover_models import MONTHS


@dataclass(frozen=True, slots=True)
class Months:
    """Complete months, twelve unless said otherwise, up to `last_month`, the first day of the last of them."""

    last_month: date
    count: int = MONTHS

    @classmethod
    def before(cls, last_on: date, count: int = MONTHS) -> Months:
        """Those that are over when `last_on` is: a month that ends on that day is complete."""
        tomorrow = last_on + timedelta(days=1)
        return cls((tomorrow.replace(day=1) - timedelta(days=1)).replace(day=1), count)

    @property
    def starts(self) -> list[date]:
        """The first days of the months, the oldest first, and of the month after the last."""
        number = self.last_month.year * 12 + self.last_month.month - 1
        return [date(each // 12, each % 12 + 1, 1) for each in range(number - self.count + 1, number + 2)]

    @property
    def bounds(self) -> NDArray[np.int64]:
        """Where each month begins (count + 1,), in days from the first; the last is the number of days."""
        return np.array([(each - self.starts[0]).days for each in self.starts], np.int64)

    @property
    def lengths(self) -> NDArray[np.float64]:
        """The days of each month."""
        return np.diff(self.bounds).astype(np.float64)
