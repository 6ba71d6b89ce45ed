"""The year before, from the whole shop down to a category: what a SKU that sells too seldom to have a season of its own leans on (F5).

How last year's same window compared with the eight weeks before it is told in logarithms: of all series that are old enough, of each
category as its distance from what it is part of, and of a series itself. A category's distance counts as far as its series agree about it
and categories differ by more than their series' unrest explains (DerSimonian & Laird 1986, Controlled Clinical Trials 7: 177–188): where
nothing speaks for a season of its own, a category has its parent's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub_forecasters.lead_time.history import Floats, History

#: What the window of a year ago is compared with.
BEFORE_DAYS: Final = 56
#: Whole weeks, so that weekdays match.
YEAR_DAYS: Final = 364
#: Units added to both sides of a ratio, so that one sale of a slow series is no season.
SMOOTH: Final = 3.0
#: A category with fewer series that are old enough says nothing of its own: nobody could tell its season from one SKU's luck.
FEWEST_SERIES: Final = 3
#: The most that a category may differ from what it is part of, as a logarithm: four times as much, or a quarter.
MOST_APART: Final = float(np.log(4.0))
#: A series without a category.
NO_CATEGORY: Final = -1


@dataclass(frozen=True, slots=True)
class Year:
    """The year before at m origins: `pooled` (m,) of all series, and for `categories` (k,), ascending, their distance `apart` (k, m)."""

    pooled: Floats
    categories: NDArray[np.int64]
    apart: Floats

    def of(self, history: History) -> tuple[Floats, Floats]:
        """Two indices (n, m) of each series: that of all where it is in no category that is known, else that of its narrowest; 0 otherwise.

        Each has a weight of its own. A category that had no season has 0, whatever the whole shop had and however much that is believed.
        """
        of_all = np.repeat(self.pooled[None, :], len(history), axis=0)
        of_category = np.zeros_like(of_all)
        for of_level in history.categories.T if self.categories.size else ():
            at = np.minimum(np.searchsorted(self.categories, of_level), self.categories.size - 1)
            known = self.categories[at] == of_level
            of_all[known], of_category[known] = 0.0, self.pooled + self.apart[at[known]]
        return of_all, of_category


@dataclass(frozen=True, slots=True)
class _Compared:
    """Windows of a year ago (n, m): `sold` units, those `expected` at the rate of before; 0 for a series that is too young to tell.

    `unrest` (n, m): the variance that chance alone gives to the first.
    """

    old: NDArray[np.bool_]
    sold: Floats
    expected: Floats
    unrest: Floats


def year_before(history: History, origins: NDArray[np.int64], lead_time: int) -> Year:
    """What the year before says at `origins` (m,) of windows of a lead time, of all series and of their categories."""
    compared = _compared(history, origins, lead_time)
    pooled: Floats = np.log((compared.sold.sum(axis=0) + SMOOTH) / (compared.expected.sum(axis=0) + SMOOTH))
    codes, distances = [np.zeros(0, np.int64)], [np.zeros((0, origins.size))]
    above = np.zeros((len(history), origins.size))
    for of_level in history.categories.T:
        rows = np.flatnonzero(of_level != NO_CATEGORY)
        if rows.size:
            found, member = np.unique(of_level[rows], return_inverse=True)
            apart = _apart(compared, rows, member, pooled + above[rows])
            first = rows[np.unique(member, return_index=True)[1]]
            distances.append(above[first] + apart)
            codes.append(found)
            above[rows] += apart[member]
    order = np.argsort(np.concatenate(codes), kind="stable")
    return Year(pooled, np.concatenate(codes)[order], np.concatenate(distances)[order])


def own_year_index(history: History, origins: NDArray[np.int64], lead_time: int) -> Floats:
    """The same (n, m) of a series itself; 0 for one that is younger."""
    compared = _compared(history, origins, lead_time)
    return np.where(compared.old, np.log((compared.sold + SMOOTH) / (compared.expected + SMOOTH)), 0.0)


def _compared(history: History, origins: NDArray[np.int64], lead_time: int) -> _Compared:
    then = origins - YEAR_DAYS
    old = (then - BEFORE_DAYS)[None, :] >= history.first[:, None]
    days = np.where(old, history.window_days.between(then, then + lead_time), 0.0)
    rate_days = np.maximum(history.selling.before(then, BEFORE_DAYS), 1.0)
    expected = np.where(old, history.sold.before(then, BEFORE_DAYS) / rate_days * days, 0.0)
    sold = np.where(old, history.window_sold.between(then, then + lead_time), 0.0)
    return _Compared(old, sold, expected, sold + expected * days / rate_days)


def _apart(compared: _Compared, rows: NDArray[np.intp], member: NDArray[np.intp], parent: Floats) -> Floats:
    """How far each of k groups (k, m) is from what it is part of; `parent` (r, m) is the index of that for the `rows` of the groups."""
    groups = int(member.max()) + 1

    def total(values: Floats) -> Floats:
        out = np.zeros((groups, values.shape[1]))
        np.add.at(out, member, values)
        return out

    usual = np.exp(parent) * compared.expected[rows]
    sold, expected = total(compared.sold[rows]) + SMOOTH, total(usual) + SMOOTH
    ratio = sold / expected
    count = total(compared.old[rows].astype(np.float64))
    off = total((compared.sold[rows] - ratio[member] * usual) ** 2) * count / np.maximum(count - 1.0, 1.0)
    variance = np.maximum(off, total(compared.unrest[rows])) / sold**2
    distance: Floats = np.log(ratio)
    weight = np.where(count >= FEWEST_SERIES, 1.0 / np.maximum(variance, 1e-12), 0.0)
    between = _variance_between(distance, weight)
    believed = np.where(weight > 0, between / np.maximum(between + variance, 1e-12), 0.0)
    return np.asarray(np.clip(believed * distance, -MOST_APART, MOST_APART))


def _variance_between(distance: Floats, weight: Floats) -> Floats:
    """The variance (m,) of true distances whose mean is 0, by moments: what their weighted squares exceed their unrest by, at least 0."""
    excess = (weight * distance**2).sum(axis=0) - (weight > 0).sum(axis=0)
    return np.asarray(np.maximum(excess, 0.0) / np.maximum(weight.sum(axis=0), 1e-12))
