"""The pace of single sales, against the mean that defines it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.campaigns.pace import HALF_LIFE_MINUTES, burn_rates, units_missing_within


def test_d18_an_hour_at_8_a_minute_lacks_what_is_not_there() -> None:
    assert units_missing_within(np.array([400.0, 480.0, -5.0]), np.array([8.0, 8.0, 8.0]), 60.0).tolist() == [80.0, 0.0, 480.0]


@pytest.mark.parametrize("minutes", [1, 3, 10, 30])
def test_d18_a_steady_pace_is_told_from_the_first_minute_on(minutes: int) -> None:
    age = np.arange(minutes * 60) / 60.0
    rates = burn_rates(np.zeros(len(age), np.int64), np.full(len(age), 8 / 60), age, 2)
    assert rates[0] == pytest.approx(8.0, rel=0.02)
    assert rates[1] == 0.0


def test_what_is_a_half_life_older_counts_half() -> None:
    recent = burn_rates(np.zeros(6, np.int64), np.array([0.0, 0, 0, 0, 0, 10]), np.array([30.0, 30, 30, 30, 30, 0]), 1)
    older = burn_rates(np.zeros(6, np.int64), np.array([0.0, 0, 0, 0, 0, 10]), np.array([30.0, 30, 30, 30, 30, HALF_LIFE_MINUTES]), 1)
    assert older[0] == pytest.approx(recent[0] / 2, rel=1e-12)


def test_a_few_orders_have_no_pace_and_the_future_is_now() -> None:
    assert burn_rates(np.zeros(4, np.int64), np.full(4, 500.0), np.zeros(4), 1).tolist() == [0.0]
    now = burn_rates(np.zeros(5, np.int64), np.ones(5), np.zeros(5), 1)
    assert burn_rates(np.zeros(5, np.int64), np.ones(5), np.full(5, -3.0), 1).tolist() == now.tolist()
    assert burn_rates(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 3).tolist() == [0.0, 0.0, 0.0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 20), st.floats(0, 30)), min_size=1, max_size=60))
def test_rows_do_not_know_each_other(sales: list[tuple[int, int, float]]) -> None:
    row, units, age = (np.array(part) for part in zip(*sales, strict=True))
    together = burn_rates(row, units.astype(float), age, 3)
    for one in range(3):
        its = row == one
        decay = math.log(2) / HALF_LIFE_MINUTES
        weight = sum(u * math.exp(-decay * a) for u, a in zip(units[its], age[its], strict=True))
        expected = decay * weight / (1 - math.exp(-decay * max([1.0, *age[its]]))) if its.sum() >= 5 else 0.0
        assert together[one] == pytest.approx(expected, rel=1e-9, abs=1e-12)
