"""What may tell that the coming window differs from the level: plans, trend, silence, price, and the year before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.lead_time.history import Driver, Floats, History
from stockhub_forecasters.lead_time.rate import Rates, base_of, levels_of, rates_at
from stockhub_forecasters.lead_time.season import Year, own_year_index

#: Plans are compared with what the level has already seen of them.
LEVEL_DAYS: Final = 56
#: Days of history from which the year before is looked at.
YEAR_FROM_DAYS: Final = 480
#: Predictors that `plan_changes` makes of each plan; they follow the intercept.
PLAN_PREDICTORS: Final = 3
#: The first days (m,) of periods, and the days after their last ones.
Period = tuple[NDArray[np.int64], NDArray[np.int64]]
#: Units at 1 that an uplift leans on (science.md 1.3).
UPLIFT_PRIOR: Final = 4.0
MOST_CV: Final = 12.0
#: Missed days with a sale from which a series counts as one that has fallen silent.
FALLEN_SILENT: Final = 6.0
#: Units added to both sides of a ratio, so that one sale of a slow series is no trend.
_SMOOTH_WEEK, _SMOOTH_MONTH = 2.0, 3.0


@dataclass(frozen=True, slots=True)
class Origins:
    """What is known of n series at m origins about the window of one lead time.

    `predictors` (n, m, p); `cv` of days; `silent`; `lump`: units that come at once.
    """

    base: Floats
    rate: Floats
    cv: Floats
    predictors: Floats
    silent: NDArray[np.bool_]
    lump: Floats


@dataclass(frozen=True, slots=True)
class Learner:
    """A history with what all lead times share of it."""

    history: History
    levels: Floats

    @classmethod
    def of(cls, history: History) -> Learner:
        return cls(history, levels_of(history))

    @property
    def looks_back_a_year(self) -> bool:
        return self.history.days > YEAR_FROM_DAYS

    def base_at(self, origins: NDArray[np.int64], days: Floats) -> Floats:
        """The bases (n, m) of windows with `days` (n, m) to buy on."""
        return base_of(rates_at(self.history, self.levels, origins).blend, days)

    def at(self, origins: NDArray[np.int64], lead_time: int, days: Floats, drivers: tuple[str, ...], year: Year | None) -> Origins:
        """What is known at `origins` (m,) of windows with `days` (n, m) to buy on.

        `drivers` are the plans to look at; one that this history lacks never changes. `year`: `season.year_before`.
        """
        rates = rates_at(self.history, self.levels, origins)
        base = base_of(rates.blend, days)
        cv = day_cv(self.history, origins)
        since, after = since_last_sale(self.history, origins)
        columns = [np.ones_like(base), *_plans(self.history, origins, lead_time, drivers), *_trend(self.history, rates, origins)]
        columns += [np.log(base), *_silence(self.history, origins, since), cv, _price_change(self.history, origins)]
        if year is not None:
            columns += [*year.of(self.history), own_year_index(self.history, origins, lead_time)]
        silent, lump = has_fallen_silent(self.history, since, after), lump_of(self.history, origins)
        return Origins(base, rates.blend, cv, np.stack(columns, axis=-1), silent, lump)


def day_cv(history: History, origins: NDArray[np.int64]) -> Floats:
    """Deviation over mean (n, m) of the last 112 days that count."""
    days = np.maximum(history.selling.before(origins, 112), 1.0)
    mean = history.sold.before(origins, 112) / days
    variance = np.maximum(history.squares.before(origins, 112) / days - mean**2, 0.0)
    return np.where(mean > 0, np.minimum(np.sqrt(variance) / np.where(mean > 0, mean, 1.0), MOST_CV), MOST_CV)


def lump_of(history: History, origins: NDArray[np.int64]) -> Floats:
    """Units (n, m) of the day on which the average unit was sold, Σy² / Σy over all days so far; 1 before the first sale.

    Were days independent and their sizes always alike, a sum that is expected to be S had the variance S times this (compound Poisson).
    """
    return (history.squares.running[:, origins] + 1.0) / (history.sold.running[:, origins] + 1.0)


def has_fallen_silent(history: History, since: Floats, after: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a series (n, m) has missed more days with a sale than chance explains, at the pace of the quarter before its last one.

    `since` and `after` as `since_last_sale` gives them. With k days missed, chance has e^-k; a day out of stock has missed nothing.
    """
    quarter = np.maximum(after - 112, 0)
    often, days = (
        np.take_along_axis(total.running, after, axis=1) - np.take_along_axis(total.running, quarter, axis=1)
        for total in (history.with_demand, history.selling)
    )
    return np.asarray(since * often >= FALLEN_SILENT * np.maximum(days, 1.0))


def since_last_sale(history: History, origins: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """Days that count since the last sale (n, m), and the day after that sale (n, m)."""
    if not history.days:
        return np.zeros((len(history), origins.size)), np.zeros((len(history), origins.size), np.int64)
    after = history.last_sale[:, np.maximum(origins - 1, 0)] + 1
    selling = history.selling.running
    return np.maximum(selling[:, origins] - np.take_along_axis(selling, after, axis=1), 0.0), after


def _plans(history: History, origins: NDArray[np.int64], lead_time: int, drivers: tuple[str, ...]) -> list[Floats]:
    changes = []
    for name in drivers:
        driver = history.drivers.get(name)
        if driver is None:
            changes += [np.zeros((len(history), origins.size))] * PLAN_PREDICTORS
        else:
            uplift = own_uplift(history, driver, origins)
            changes += plan_changes(driver, (origins, origins + lead_time), (origins - LEVEL_DAYS, origins), uplift)
    return changes


def plan_changes(driver: Driver, ahead: Period, behind: Period, uplift: Floats) -> list[Floats]:
    """How a plan differs between two periods (m,): its mean, the share of days with it, and what the series' own response makes of that."""
    change = driver.mean(*ahead) - driver.mean(*behind)
    now, before = driver.active_share(*ahead), driver.active_share(*behind)
    response = np.log((1.0 + now * (uplift - 1.0)) / (1.0 + before * (uplift - 1.0)))
    return [np.nan_to_num(found) for found in (change, now - before, response)]


def own_uplift(history: History, driver: Driver, origins: NDArray[np.int64]) -> Floats:
    """How many times its ordinary rate a series (n, m) has sold while the plan was above 0; leans to 1 where it has sold little."""
    with_days, with_units = driver.selling_with.running[:, origins], driver.sold_with.running[:, origins]
    days, units = history.selling.running[:, origins] - with_days, history.sold.running[:, origins] - with_units
    ordinary = units / np.maximum(days, 1.0)
    known = (days > 0) & (with_days > 0)
    return np.where(known, (with_units + UPLIFT_PRIOR) / (ordinary * with_days + UPLIFT_PRIOR), 1.0)


def _trend(history: History, rates: Rates, origins: NDArray[np.int64]) -> list[Floats]:
    found = []
    for window, smooth in ((7, _SMOOTH_WEEK), (28, _SMOOTH_MONTH), (112, _SMOOTH_MONTH)):
        sold = history.sold.before(origins, window)
        expected = rates.blend * history.selling.before(origins, window)
        found.append(np.log((sold + smooth) / (expected + smooth)))
    return found


def _silence(history: History, origins: NDArray[np.int64], since: Floats) -> list[Floats]:
    """The time in stock since the last sale, how much more seldom days with a sale have become, and how seldom they are."""
    lately, before = history.with_demand.before(origins, 28), history.with_demand.before(origins, 112)
    share = before / np.maximum(history.selling.before(origins, 112), 1.0)
    expected = share * history.selling.before(origins, 28)
    pace = np.log((before + 1.0) / (history.selling.before(origins, 112) + 2.0))
    return [np.log1p(since), np.log((lately + 1.0) / (expected + 1.0)), pace]


def _price_change(history: History, origins: NDArray[np.int64]) -> Floats:
    if history.log_price is None:
        return np.zeros((len(history), origins.size))
    return np.nan_to_num(history.log_price.mean(origins - 1, origins) - history.log_price.mean(origins - LEVEL_DAYS, origins))
