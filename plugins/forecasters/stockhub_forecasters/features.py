"""What a global model is told about a series, seen from one day, and about one of the days ahead."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import Panel

#: Windows of days before the origin over which rates are taken.
WINDOWS: Final = (7, 14, 28, 56, 112)
#: Weeks of the same weekday that are averaged, and days right before the origin that are told one by one.
_WEEKS: Final = 8
_LAST_DAYS: Final = 7
#: Half a unit in eight weeks: what a rate of 0 is taken for, so that demand can be told as a multiple of it.
_LEAST_RATE: Final = 0.5 / 56.0
#: Month and day of the year mean something only to a model that has seen more than one year.
_YEAR_KNOWN_FROM: Final = 480
PRICE: Final = "price"

OWN_FEATURES: Final = (
    *(f"rate_{window}" for window in WINDOWS),
    *(f"sold_share_{window}" for window in (28, 112)),
    *(f"lag_{day + 1}" for day in range(_LAST_DAYS)),
    "spread_56", "recency", "age", "log_rate", "step", "weekday", "same_weekday", "newest_same_weekday", "year_ago", "month", "day_of_year",
)  # fmt: skip


class PanelFeatures:
    """Features of a panel's series, from running totals, so that any origin costs the same.

    A day is known when it is observed, finite and not closed; nothing else is used. Every row of `table` depends on its own series and on
    the days before its origin alone, except for what a driver says of the day ahead. `counts` (n, t + 1) is how many days are known before
    each day.
    """

    def __init__(self, panel: Panel, driver_names: tuple[str, ...]) -> None:
        n, t = panel.values.shape
        self.start_on = panel.start_on
        self.days = t
        self.known = panel.observed & np.isfinite(panel.values)
        if panel.open_days is not None:
            self.known = self.known & panel.open_days[:, :t]
        self.values = np.where(self.known, panel.values, 0.0).astype(np.float64)
        self.driver_names = driver_names
        self.drivers = {name: panel.drivers[name] for name in driver_names if name in panel.drivers}
        self._totals = _running(self.values)
        self._squares = _running(self.values**2)
        self.counts = _running(self.known)
        self._sold = _running(self.values > 0.0)
        positions = np.arange(1, t + 1)
        before = np.zeros((n, 1), np.int64)
        self._last_sold = np.hstack([before, np.maximum.accumulate(np.where(self.values > 0.0, positions, 0), axis=1)])
        self.first_known = np.where(self.known.any(axis=1), self.known.argmax(axis=1), t)

    def known_days(self) -> NDArray[np.int64]:
        """How many days of each series (n,) are known."""
        return self.counts[:, -1].astype(np.int64)

    def names(self) -> tuple[str, ...]:
        return OWN_FEATURES + tuple(f"driver_{name}" for name in self.driver_names)

    def _window(self, running: NDArray[np.float64], rows: NDArray[np.int64], origins: NDArray[np.int64], days: int) -> NDArray[np.float64]:
        difference: NDArray[np.float64] = running[rows, origins] - running[rows, np.maximum(origins - days, 0)]
        return difference

    def _rate(self, rows: NDArray[np.int64], origins: NDArray[np.int64], days: int) -> NDArray[np.float64]:
        """Units a known day over the window; over all days before the origin where the window has none."""
        count = self._window(self.counts, rows, origins, days)
        all_days = self._totals[rows, origins] / np.maximum(self.counts[rows, origins], 1.0)
        return np.where(count > 0, self._window(self._totals, rows, origins, days) / np.maximum(count, 1.0), all_days)

    def rates(self, rows: NDArray[np.int64], origins: NDArray[np.int64]) -> NDArray[np.float64]:
        """The rate (r,) that demand is told as a multiple of: the mean of the rates over 28, 56 and 112 days, never 0."""
        mean: NDArray[np.float64] = sum((self._rate(rows, origins, days) for days in (28, 56, 112)), np.zeros(rows.size)) / 3.0
        return mean + _LEAST_RATE

    def sold_share(self, rows: NDArray[np.int64], origins: NDArray[np.int64], days: int) -> NDArray[np.float64]:
        """The share (r,) of the window's known days on which something was sold."""
        return self._window(self._sold, rows, origins, days) / np.maximum(self._window(self.counts, rows, origins, days), 1.0)

    def table(self, rows: NDArray[np.int64], origins: NDArray[np.int64], steps: NDArray[np.int64]) -> NDArray[np.float32]:
        """Features (r, k) float32 of day `origins + steps - 1`, seen from the morning of day `origins`, all finite; `steps` begins at 1."""
        scale = self.rates(rows, origins)
        columns = [self._rate(rows, origins, days) / scale for days in WINDOWS]
        columns += [self.sold_share(rows, origins, days) for days in (28, 112)]
        columns += [self._day(rows, origins - 1 - lag, columns[0] * scale) / scale for lag in range(_LAST_DAYS)]
        count = np.maximum(self._window(self.counts, rows, origins, 56), 1.0)
        mean = self._window(self._totals, rows, origins, 56) / count
        variance = np.maximum(self._window(self._squares, rows, origins, 56) / count - mean**2, 0.0)
        age = origins - self.first_known[rows]
        columns += [
            np.sqrt(variance) / scale,
            np.log1p(origins - self._last_sold[rows, origins]),
            np.minimum(age, 730),
            np.log(scale),
            steps.astype(np.float64),
        ]
        columns += self._calendar(rows, origins, origins + steps - 1, scale)
        columns += [self._driver(name, rows, origins, origins + steps - 1) for name in self.driver_names]
        return np.column_stack(columns).astype(np.float32)

    def _day(self, rows: NDArray[np.int64], days: NDArray[np.int64], otherwise: NDArray[np.float64]) -> NDArray[np.float64]:
        place = np.clip(days, 0, self.days - 1)
        there = (days >= 0) & (days < self.days) & self.known[rows, place]
        return np.where(there, self.values[rows, place], otherwise)

    def _calendar(
        self, rows: NDArray[np.int64], origins: NDArray[np.int64], targets: NDArray[np.int64], scale: NDArray[np.float64]
    ) -> list[NDArray[np.float64]]:
        # Steps back in whole weeks to the newest day of the same weekday before the origin.
        newest = targets - 7 * ((targets - origins) // 7 + 1)
        total, count = np.zeros(rows.size), np.zeros(rows.size)
        for week in range(_WEEKS):
            day = newest - 7 * week
            place = np.clip(day, 0, self.days - 1)
            there = (day >= 0) & self.known[rows, place]
            total += np.where(there, self.values[rows, place], 0.0)
            count += there
        weekday_mean = np.where(count > 0, total / np.maximum(count, 1.0), scale)
        year_ago = targets - 364
        around = np.clip(year_ago + 4, 0, self.days)
        rate_then = np.where(year_ago >= 3, self._rate(rows, around, 7), scale)
        dates = np.datetime64(self.start_on) + targets
        months = dates.astype("datetime64[M]")
        many_days = self.days >= _YEAR_KNOWN_FROM
        return [
            ((self.start_on.weekday() + targets) % 7).astype(np.float64),
            weekday_mean / scale,
            self._day(rows, newest, weekday_mean) / scale,
            rate_then / scale,
            (months.astype(np.int64) % 12).astype(np.float64) if many_days else np.zeros(rows.size),
            (dates - dates.astype("datetime64[Y]")).astype(np.float64) if many_days else np.zeros(rows.size),
        ]

    def _driver(self, name: str, rows: NDArray[np.int64], origins: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.float64]:
        """What a driver says of the target day, less its mean over the 56 days before the origin; 0 where nothing is known.

        A price that is not known ahead stays the one of the day before, and is told as the logarithm of its ratio.
        """
        known = self.drivers.get(name)
        if known is None:
            return np.zeros(rows.size)
        width = known.shape[1]
        past = origins[:, None] - 1 - np.arange(56)
        history = np.where(past >= 0, known[rows[:, None], np.clip(past, 0, width - 1)], np.nan)
        told = np.isfinite(history)
        usual = np.where(told, history, 0.0).sum(axis=1) / np.maximum(told.sum(axis=1), 1)
        ahead = np.where(targets < width, known[rows, np.minimum(targets, width - 1)], np.nan)
        if name == PRICE:
            ahead = np.where(np.isfinite(ahead), ahead, known[rows, np.clip(origins - 1, 0, width - 1)])
            sane = np.isfinite(ahead) & (ahead > 0) & (usual > 0)
            return np.log(np.where(sane, ahead, 1.0) / np.where(sane, usual, 1.0))
        return np.where(np.isfinite(ahead), ahead - usual, 0.0)


def _running(values: NDArray[np.generic]) -> NDArray[np.float64]:
    """Totals (n, t + 1) of the first 0, 1, … t columns."""
    n, t = values.shape
    totals = np.zeros((n, t + 1))
    np.cumsum(values, axis=1, dtype=np.float64, out=totals[:, 1:])
    return totals
