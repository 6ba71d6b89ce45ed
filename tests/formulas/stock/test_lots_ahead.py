"""Lots along the forecast, against a walk day by day."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.stock.lots_ahead import left_on_the_day, units_expiring, units_through, wasted_on_the_day

Lot = tuple[int, int]
LOTS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30)), max_size=6)


def array(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, np.float64)


def walked(lots: list[Lot], daily: int, *, thrown_away: bool) -> list[int]:
    """What is left of each lot (day, units) at the end of its day, one day and one unit after the other."""
    left, found = [units for _day, units in lots], [0] * len(lots)
    for day in range(41):
        if day:
            wanted = daily
            for place in range(len(lots)):
                taken = min(left[place], wanted)
                left[place], wanted = left[place] - taken, wanted - taken
        for place, (its, _units) in enumerate(lots):
            if its == day:
                found[place] = left[place]
                if thrown_away:
                    left[place] = 0
    return found


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(LOTS, max_size=4), daily=st.integers(0, 5))
def test_e14_h79_lots_of_many_skus_are_walked_at_once_as_day_by_day(rows: list[list[Lot]], daily: int) -> None:
    rows = [sorted(lots) for lots in rows]
    row = np.array([place for place, lots in enumerate(rows) for _ in lots], np.int64)
    day, units = (array([lot[which] for lots in rows for lot in lots]) for which in (0, 1))
    wasted = wasted_on_the_day(row, units, day * daily)
    assert wasted.tolist() == [left for lots in rows for left in walked(lots, daily, thrown_away=True)]
    stays = left_on_the_day(row, units, day * daily)
    assert stays.tolist() == [left for lots in rows for left in walked(lots, daily, thrown_away=False)]


def test_units_through_start_again_with_each_sku() -> None:
    assert units_through(np.array([0, 0, 2]), array([5, 7, 3])).tolist() == [5.0, 12.0, 3.0]
    assert units_through(np.zeros(0, np.int64), array([])).tolist() == []


def test_an_unknown_demand_leaves_what_follows_unknown_and_no_other_sku() -> None:
    row, units, asked = np.array([0, 0, 1, 1, 2]), array([5, 7, 3, 3, 9]), np.array([1.0, np.nan, np.nan, 1.0, 4.0])
    wasted = wasted_on_the_day(row, units, asked)
    assert np.isnan(wasted).tolist() == [False, True, True, True, False]
    assert wasted[[0, 4]].tolist() == [4.0, 5.0]


def test_a_fraction_of_a_unit_is_sold() -> None:
    assert units_expiring(np.array([2.7, 0.9, 3.0])).tolist() == [2.0, 0.0, 3.0]
