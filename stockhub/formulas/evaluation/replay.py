"""What a policy would have done: demand that is known by now, day by day, under rules that see only the past (science.md 10.5).

A day: (1) what is due comes in; (2) demand is served, who waited first; (3) the policy orders by what it sees at the end of the day. An
order of day t with a lead time of L is there at the start of day t + L, L ≥ 1. SKUs are rows and days columns; all SKUs go through a day
at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.errors import InvalidParameterError


class ReplayDay(NamedTuple):
    """What a policy sees at the end of a day; arrays of n SKUs, read-only."""

    day: int
    #: Demand up to and including today, (n, day + 1).
    demand: FloatArray
    on_hand: FloatArray
    waiting: FloatArray
    on_order: FloatArray

    @property
    def position(self) -> FloatArray:
        """The inventory position: on hand less what customers wait for, plus all that is on order."""
        return np.asarray(self.on_hand - self.waiting + self.on_order)


#: From what is known at the end of a day to the units to order, (n,) or what broadcasts to it; below 0 and missing are no order.
Policy = Callable[[ReplayDay], ArrayLike]


class Replay(NamedTuple):
    """What happened, (n, days) each, units.

    `served` is demand met on its day and `shipped` all that left, who waited included; `waiting` and `on_hand` are at the end of the day.
    """

    demand: FloatArray
    served: FloatArray
    shipped: FloatArray
    receipts: FloatArray
    on_hand: FloatArray
    waiting: FloatArray
    orders: FloatArray
    #: Days whose demand was not known: they go by without sales and count in no metric.
    unknown: NDArray[np.bool_]

    @property
    def unmet(self) -> FloatArray:
        """Demand that was not met on its day: lost, or waiting."""
        return np.asarray(self.demand - self.served)

    @property
    def net_inventory(self) -> FloatArray:
        """On hand less what waits."""
        return np.asarray(self.on_hand - self.waiting)


def replay(demand: ArrayLike, policy: Policy, *, lead_time: ArrayLike, on_hand: ArrayLike, unmet_waits: bool = False) -> Replay:
    """Runs a policy over demand, (n, days), or (days,) for one SKU; unmet demand is lost unless it waits.

    `lead_time` is a number of days, one a SKU (n, 1), or one for each day on which an order may be placed (n, days): sample it once and
    give it to every policy, so that they meet the same luck. `on_hand` is the opening stock, with nothing on order; below 0 customers
    wait already. NaN in the demand is a day that is not known (censored). InvalidParameterError for a demand below 0, or a lead time that
    is below 1 or not whole.
    """
    asked = np.atleast_2d(np.asarray(demand, dtype=np.float64))
    skus, days = asked.shape
    unknown = np.isnan(asked)
    lead = np.broadcast_to(np.asarray(lead_time, dtype=np.float64), (skus, days))
    _check(asked, lead)
    run = _Run(np.where(unknown, 0.0, asked), lead.astype(np.intp), np.broadcast_to(np.asarray(on_hand, dtype=np.float64), skus))
    seen = np.full_like(asked, np.nan)
    for day in range(days):
        run.receive_and_serve(day, unmet_waits=unmet_waits)
        # Only what has happened is copied into what the policy may look at.
        seen[:, day] = asked[:, day]
        run.order(day, policy(_read_only(ReplayDay(day, seen[:, : day + 1], run.stock.copy(), run.owed.copy(), run.on_order.copy()))))
    return Replay(run.demand, run.served, run.shipped, run.due[:, :days], run.on_hand, run.waiting, run.orders, unknown)


def _check(demand: FloatArray, lead_time: FloatArray) -> None:
    if (demand < 0).any():
        raise InvalidParameterError("demand", float(np.nanmin(demand)), "numbers of 0 or more, and NaN where a day is not known")
    # An array of no days has no minimum.
    if lead_time.size and not (np.isfinite(lead_time) & (lead_time >= 1) & (lead_time == np.floor(lead_time))).all():
        raise InvalidParameterError("lead_time", float(lead_time.min()), "whole days, at least 1")


def _read_only(day: ReplayDay) -> ReplayDay:
    for numbers in day[1:]:
        numbers.setflags(write=False)
    return day


class _Run:
    """The state of all SKUs, and the record of the days so far."""

    def __init__(self, demand: FloatArray, lead_time: NDArray[np.intp], on_hand: FloatArray) -> None:
        self.demand = demand
        self.lead_time = lead_time
        self.stock = np.maximum(on_hand, 0.0)
        self.owed = np.maximum(-on_hand, 0.0)
        self.on_order = np.zeros_like(self.stock)
        days = demand.shape[1]
        self.due = np.zeros((len(demand), days + int(lead_time.max(initial=1)) + 1))
        self.served, self.shipped, self.on_hand, self.waiting, self.orders = (np.zeros_like(demand) for _ in range(5))

    def receive_and_serve(self, day: int, *, unmet_waits: bool) -> None:
        self.on_order = self.on_order - self.due[:, day]
        stock = self.stock + self.due[:, day]
        owed = np.minimum(stock, self.owed)
        served = np.minimum(stock - owed, self.demand[:, day])
        self.stock = stock - owed - served
        self.owed = self.owed - owed + (self.demand[:, day] - served if unmet_waits else 0.0)
        self.served[:, day], self.shipped[:, day] = served, served + owed
        self.on_hand[:, day], self.waiting[:, day] = self.stock, self.owed

    def order(self, day: int, wanted: ArrayLike) -> None:
        quantity = np.broadcast_to(np.maximum(np.nan_to_num(np.asarray(wanted, dtype=np.float64), nan=0.0), 0.0), self.stock.shape)
        self.orders[:, day] = quantity
        self.on_order = self.on_order + quantity
        self.due[np.arange(len(quantity)), day + self.lead_time[:, day]] += quantity
