"""A panel as running totals, from which every window of every origin is a subtraction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import Panel

Floats = NDArray[np.float64]
#: The driver that is no plan but a state: what it will be is not taken as known.
PRICE: Final = "price"


@dataclass(frozen=True, slots=True)
class Totals:
    """Running totals (n, c + 1) of a quantity over c days."""

    running: Floats

    @classmethod
    def of(cls, values: NDArray[np.generic]) -> Totals:
        running = np.zeros((values.shape[0], values.shape[1] + 1))
        np.cumsum(values, axis=1, dtype=np.float64, out=running[:, 1:])
        return cls(running)

    def between(self, first: NDArray[np.int64], after: NDArray[np.int64]) -> Floats:
        """The total (n, m) of the days from `first` (m,) to before `after` (m,), of those that there are."""
        last = self.running.shape[1] - 1
        return self.running[:, np.clip(after, 0, last)] - self.running[:, np.clip(first, 0, last)]

    def before(self, origins: NDArray[np.int64], days: int) -> Floats:
        """The total (n, m) of the last `days` days known at each origin (m,)."""
        return self.between(origins - days, origins)


@dataclass(frozen=True, slots=True)
class Known:
    """Totals of values where they are known, and of the days on which they are."""

    values: Totals
    known: Totals

    def mean(self, first: NDArray[np.int64], after: NDArray[np.int64]) -> Floats:
        """The mean (n, m) over the known days of a period; NaN without one."""
        known = self.known.between(first, after)
        mean: Floats = np.where(known > 0, self.values.between(first, after) / np.maximum(known, 1.0), np.nan)
        return mean


@dataclass(frozen=True, slots=True)
class Driver(Known):
    """A plan, with totals of the days on which it is above 0.

    `sold_with` and `selling_with` are units sold and days that count among the latter.
    """

    active: Totals
    sold_with: Totals
    selling_with: Totals

    def active_share(self, first: NDArray[np.int64], after: NDArray[np.int64]) -> Floats:
        """The share (n, m) of a period's known days on which the plan is above 0; NaN without one."""
        known = self.known.between(first, after)
        share: Floats = np.where(known > 0, self.active.between(first, after) / np.maximum(known, 1.0), np.nan)
        return share


@dataclass(frozen=True, slots=True)
class History:
    """`demand` (n, t) is 0 where a day does not `count`: before the first day `first` (n,), closed, or not observed.

    Days of events count for windows, not for levels: `sold`, `selling` and all that are not named after windows leave them out.
    `selling` are totals over t days of the days that count, `window_days` and `window_sold` with events; `open_ahead` over t + a days of
    those on which the shop is or will be open, None without a calendar. `known_fully` (n,) is whether every day since the first counts.
    `categories` (n, c): codes of what a series is part of, the broadest first.
    """

    days: int
    demand: Floats
    counts: NDArray[np.bool_]
    first: NDArray[np.int64]
    last_sale: NDArray[np.int64]
    known_fully: NDArray[np.bool_]
    sold: Totals
    squares: Totals
    with_demand: Totals
    selling: Totals
    window_sold: Totals
    window_days: Totals
    open_ahead: Totals | None
    drivers: Mapping[str, Driver]
    log_price: Known | None
    categories: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.demand.shape[0])

    def open_days(self, first: NDArray[np.int64], after: NDArray[np.int64]) -> Floats:
        """Days (n, m) of a period on which one can buy, as far as a calendar says so."""
        if self.open_ahead is None:
            return np.broadcast_to((after - first).astype(np.float64), (len(self), first.size))
        last = self.open_ahead.running.shape[1] - 1
        beyond = np.maximum(after - np.maximum(first, last), 0)
        days: Floats = self.open_ahead.between(first, after) + beyond
        return days


def history_of(panel: Panel, events: NDArray[np.bool_] | None = None) -> History:
    """The panel's history; sales below 0 count as none. `events` (t,): `events.event_days`."""
    n, t = panel.values.shape
    finite = np.isfinite(panel.values)
    counts = finite & panel.observed
    if panel.open_days is not None:
        counts &= panel.open_days[:, :t]
    whole = np.where(counts, np.maximum(panel.values, 0.0), 0.0).astype(np.float64)
    calm = counts if events is None else counts & ~events
    demand = whole if events is None else np.where(calm, whole, 0.0)
    first = np.where(finite.any(axis=1), finite.argmax(axis=1), t).astype(np.int64) if t else np.zeros(n, np.int64)
    since_first = np.arange(t)[None, :] >= first[:, None]
    with_demand = demand > 0
    # The last day with a sale up to each day; the day before the first where there is none.
    last_sale = np.maximum.accumulate(np.where(with_demand, np.arange(t)[None, :], first[:, None] - 1), axis=1) if t else np.zeros((n, 0))
    return History(
        days=t,
        demand=demand,
        counts=calm,
        first=first,
        last_sale=last_sale.astype(np.int64),
        known_fully=(counts == since_first).all(axis=1) if panel.open_days is None else np.zeros(n, np.bool_),
        sold=Totals.of(demand),
        squares=Totals.of(demand**2),
        with_demand=Totals.of(with_demand),
        selling=Totals.of(calm),
        window_sold=Totals.of(whole),
        window_days=Totals.of(counts),
        open_ahead=None if panel.open_days is None else Totals.of(panel.open_days),
        drivers={name: _driver(values, whole, counts) for name, values in sorted(panel.drivers.items()) if name != PRICE},
        log_price=_log_price(panel, t),
        categories=np.zeros((n, 0), np.int64) if panel.categories is None else panel.categories,
    )


def _driver(values: NDArray[np.float32], demand: Floats, counts: NDArray[np.bool_]) -> Driver:
    known = np.isfinite(values)
    active = known & (values > 0)
    before = active[:, : demand.shape[1]]
    return Driver(
        Totals.of(np.where(known, values, 0.0)),
        Totals.of(known),
        Totals.of(active),
        Totals.of(np.where(before, demand, 0.0)),
        Totals.of(before & counts),
    )


def _log_price(panel: Panel, t: int) -> Known | None:
    if PRICE not in panel.drivers:
        return None
    price = panel.drivers[PRICE][:, :t].astype(np.float64)
    known = np.isfinite(price) & (price > 0)
    return Known(Totals.of(np.where(known, np.log(np.where(known, price, 1.0)), 0.0)), Totals.of(known))
