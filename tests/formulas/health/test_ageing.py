"""H38: ages weighted by units, and what they are where nothing is left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.health.ageing import fifo_remaining, units_older_than, weighted_age


def test_h38_the_mean_age_is_that_of_the_units_and_not_of_the_lots() -> None:
    assert weighted_age(np.array([100.0, 10.0]), np.array([1.0, 3.0])) == 32.5
    assert weighted_age(np.array([100.0, 10.0]), np.array([0.0, 3.0])) == 10.0
    assert np.isnan(weighted_age(np.array([100.0]), np.array([0.0])))


@settings(max_examples=60, deadline=None)
@given(
    lots=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 50)), min_size=1, max_size=8).filter(lambda lots: any(q for _, q in lots))
)
def test_h38_the_mean_age_equals_that_of_every_unit_written_out(lots: list[tuple[int, int]]) -> None:
    units = [age for age, quantity in lots for _ in range(quantity)]
    ages, quantities = (np.array(column, dtype=np.float64) for column in zip(*lots, strict=True))
    assert weighted_age(ages, quantities) == pytest.approx(sum(units) / len(units), rel=1e-12)


def test_h38_issues_beyond_the_lots_leave_nothing_and_none_leave_all() -> None:
    lots = np.array([5.0, 3.0])
    assert [fifo_remaining(lots, issued).tolist() for issued in (0.0, 4.0, 5.0, 6.0, 8.0, 99.0)] == [
        [5.0, 3.0],
        [1.0, 3.0],
        [0.0, 3.0],
        [0.0, 2.0],
        [0.0, 0.0],
        [0.0, 0.0],
    ]


def test_h38_units_of_the_very_age_are_not_older() -> None:
    rows, ages, quantities = np.array([0, 0, 2]), np.array([90.0, 91.0, 200.0]), np.array([1.0, 2.0, 4.0])
    assert units_older_than(rows, ages, quantities, 3, 90.0).tolist() == [2.0, 0.0, 4.0]
