"""The lots of a snapshot along its forecast: which will be charged for their age next, and which will expire before they are sold."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.stock.lots_ahead import left_on_the_day, units_through, wasted_on_the_day
from stockhub.pluginapi import Lots, Snapshot


@dataclass(frozen=True, slots=True)
class NextCharge:
    """By row (n,), of the first assessment at which enough of its stock will be charged; NaN where there is none.

    `to_clear` units have to leave for nothing to be charged then, `left` of them will still be there; `charge` is the mean of a unit of
    these, `age` that of the oldest of them today, `charged_from` the first age that costs something, `assessed_in` days until then.
    """

    to_clear: FloatArray
    left: FloatArray
    charge: FloatArray
    age: FloatArray
    charged_from: FloatArray
    assessed_in: FloatArray


def next_charge(snapshot: Snapshot, least: FloatArray) -> NextCharge:
    """What is charged next; assessments that find fewer than `least` (n,) units are passed over. What is oldest leaves first."""
    lots = _sorted(snapshot.lots.take(~np.isnan(snapshot.lots.charged_from)), "assessed_in")
    left = left_on_the_day(lots.row, lots.qty, snapshot.demand_of(lots.row, lots.assessed_in))
    begins = np.flatnonzero(_begins(lots.row, lots.assessed_in))
    ends = np.append(begins[1:], len(lots)) - 1 if len(begins) else begins
    group = np.repeat(np.arange(len(begins)), ends - begins + 1)
    total = _sums(left, begins)
    worth = _sums(np.where(left > 0, left * lots.charge, 0.0), begins)
    # The oldest lot of the group that is not through comes first in it.
    open_lots = np.flatnonzero(left > 0)
    shown, first = np.unique(group[open_lots], return_index=True)
    oldest = begins.copy()
    oldest[shown] = open_lots[first]
    enough = np.flatnonzero(total >= np.maximum(least[lots.row[begins]], np.finfo(float).tiny))
    row, at = np.unique(lots.row[begins[enough]], return_index=True)
    chosen = enough[at]
    through = units_through(lots.row, lots.qty)
    by_group = NextCharge(
        through[ends], total, worth / np.where(total > 0, total, 1.0), lots.age[oldest], lots.charged_from[oldest], lots.assessed_in[begins]
    )
    return NextCharge(*[_placed(getattr(by_group, f.name)[chosen], row, len(snapshot)) for f in fields(NextCharge)])


@dataclass(frozen=True, slots=True)
class Waste:
    """By row (n,): units that will expire unsold within the time, days until the first of them do (below 0: they have), NaN for none."""

    units: FloatArray
    first_in: FloatArray


def waste_ahead(snapshot: Snapshot, *, within: FloatArray, margin: FloatArray) -> Waste:
    """What expires within `within` (n,) days before it is sold; the last `margin` (n,) days of its life nobody buys it any more.

    What expires first leaves first. Units are NaN where the forecast is not known, and 0 in rows without lots that expire.
    """
    lots = _sorted(snapshot.lots.take(~np.isnan(snapshot.lots.expires_in)), "expires_in")
    sellable_for = np.maximum(lots.expires_in - margin[lots.row], 0.0)
    wasted = wasted_on_the_day(lots.row, lots.qty, snapshot.demand_of(lots.row, sellable_for))
    counted = np.flatnonzero(sellable_for <= within[lots.row])
    units = np.bincount(lots.row[counted], wasted[counted], minlength=len(snapshot)).astype(np.float64)
    some = counted[wasted[counted] > 0]
    first = np.full(len(snapshot), np.inf)
    np.minimum.at(first, lots.row[some], (lots.expires_in - margin[lots.row])[some])
    return Waste(units, np.where(np.isinf(first), np.nan, first))


def _sorted(lots: Lots, day: str) -> Lots:
    """By row, then by their day, the oldest first among equals."""
    return lots.take(np.lexsort((-lots.age, getattr(lots, day), lots.row)))


def _begins(row: NDArray[np.int64], day: FloatArray) -> NDArray[np.bool_]:
    """Where a new (row, day) begins among sorted ones."""
    return np.append(True, (row[1:] != row[:-1]) | (day[1:] != day[:-1]))[: len(row)]


def _sums(values: FloatArray, begins: NDArray[np.int64]) -> FloatArray:
    return np.add.reduceat(values, begins) if len(begins) else np.zeros(0)


def _placed(values: FloatArray, row: NDArray[np.int64], n: int) -> FloatArray:
    placed = np.full(n, np.nan)
    placed[row] = values
    return placed
