"""Trust in data, inbound that comes too late, and units that rest on one supplier (N17, F1, D5)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.health import data_trust
from stockhub.formulas.health.data_trust import (
    contradicting_units,
    expected_while_silent,
    phantom_stock,
    steady_month,
    trust_in_data,
    trust_in_stock,
)
from stockhub.formulas.health.time_shift import shifted_hours
from stockhub.formulas.sourcing.risk import units_on_one_supplier
from stockhub.formulas.stock.late_inbound import days_without_stock, units_late
from stockhub.values import Explanation
from tests.formulas.agreement import assert_forms_agree

FORMULAS: dict[str, tuple[Callable[..., Any], int]] = {
    "steady_month": (data_trust.steady_month, 3),
    "expected_while_silent": (data_trust.expected_while_silent, 2),
    "phantom_stock": (data_trust.phantom_stock, 4),
    "contradicting_units": (data_trust.contradicting_units, 2),
    "trust_in_stock": (data_trust.trust_in_stock, 4),
    "trust_in_data": (data_trust.trust_in_data, 4),
    "days_without_stock": (days_without_stock, 2),
    "units_late": (units_late, 2),
    "units_on_one_supplier": (units_on_one_supplier, 2),
}
numbers = st.one_of(st.just(0.0), st.just(math.nan), st.integers(-50, 500).map(float), st.floats(-1e6, 1e6))


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula, arguments = FORMULAS[name]
    rows = data.draw(st.lists(st.tuples(*[numbers] * arguments), min_size=2, max_size=3))
    assert_forms_agree(formula, rows)
    assert formula(*[Explanation.input(str(at)) for at in range(arguments)]).name == name


def test_n17_ten_units_missed_are_phantom_and_nine_are_not() -> None:
    """30 a month for 10 days are 10 units; 29 a month are 9.7."""
    found = [phantom_stock(5.0, expected_while_silent(month, 10.0), 10.0, 0.0) for month in (30.0, 29.0)]
    assert found == [1.0, 0.0]
    assert steady_month(20.0, 50.0, 81.0) == 30.0


def test_n17_each_sign_leaves_its_share_and_they_multiply() -> None:
    signs = [(0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 7.0, 0.0), (0.0, 0.0, 0.0, 9.0)]
    assert [trust_in_stock(*each) for each in signs] == [1.0, 0.4, 0.3, 0.6, 0.4]
    assert trust_in_stock(1.0, 0.0, 7.0, 0.0) == pytest.approx(0.24)
    assert [trust_in_data(1.0, hours, 0.0, 0.0) for hours in (48.0, 48.01)] == [1.0, 0.45]
    assert trust_in_data(1.0, 0.0, 1.0, 0.0) == 0.2
    assert trust_in_data(1.0, 0.0, 0.0, 8.0) == 0.45


def test_n17_a_platform_contradicts_from_five_units_and_a_fifth_on() -> None:
    told = [(100.0, 80.0), (100.0, 81.0), (4.0, 0.0), (0.0, 5.0), (80.0, 100.0)]
    assert [contradicting_units(*each) for each in told] == [20.0, 0.0, 0.0, 5.0, 20.0]


def test_n17_times_of_another_zone_are_told_by_whole_hours() -> None:
    """An order is never younger than nothing, and the newest of many never hours old where they are read often."""
    waits = np.linspace(0.01, 30.0, 100)
    assert shifted_hours(waits) == 0.0
    assert shifted_hours(np.linspace(0.01, 6.0, 100) - 8.0) == 8.0
    assert (shifted_hours(waits + 8.0), shifted_hours(waits + 1.0)) == (-8.0, -1.0)
    # Half an hour is a slow reading; a day is an old file; 49 orders say nothing.
    assert (shifted_hours(waits + 8.5), shifted_hours(waits + 24.0), shifted_hours(waits[:49] + 8.0)) == (0.0, 0.0, 0.0)
    # One clock that runs ahead is no zone.
    assert shifted_hours(np.append(waits, -2.0)) == 0.0
    assert shifted_hours(np.full(60, np.nan)) == 0.0


def test_f1_days_without_stock_and_units_late() -> None:
    assert [days_without_stock(5.0, 2.0), days_without_stock(2.0, 5.0)] == [3.0, 0.0]
    assert [units_late(30.0, 100.0), units_late(0.0, 100.0)] == [30.0, 100.0]
    assert units_on_one_supplier(600.0, 0.95) == pytest.approx(570.0)
