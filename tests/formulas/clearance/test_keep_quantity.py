"""K* is what keeping units one by one comes to."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.clearance.keep_quantity import exit_quantity, keep_quantity, months_worth_keeping, worth_of_keeping
from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import Explanation

costs = st.lists(st.floats(0, 1.5), min_size=1, max_size=8)


def _one_by_one(stock: int, demand: float, margin: float, rate: float, exit_net: float, holding: list[float]) -> int:
    for k in range(1, stock + 1):
        if worth_of_keeping(math.ceil(k / demand - 1e-9), margin, rate, holding) < exit_net - 1e-12:
            return k - 1
    return stock


@settings(max_examples=60, deadline=None)
@given(
    stock=st.integers(0, 120),
    demand=st.sampled_from([0.7, 1.0, 2.5, 15.0, 200.0]),
    margin=st.floats(-3, 10),
    rate=st.sampled_from([0.0, 0.005, 0.02]),
    exit_net=st.floats(-3, 3),
    holding=costs,
)
def test_units_are_kept_as_long_as_each_is_worth_it(
    stock: int, demand: float, margin: float, rate: float, exit_net: float, holding: list[float]
) -> None:
    assert keep_quantity(float(stock), demand, margin, rate, exit_net, holding) == _one_by_one(
        stock, demand, margin, rate, exit_net, holding
    )


@settings(max_examples=60, deadline=None)
@given(margin=st.floats(0, 10), exit_net=st.floats(-2, 3), more=st.floats(0, 1), holding=costs, dearer=st.floats(0, 1))
def test_dearer_storage_and_a_better_exit_keep_less(
    margin: float, exit_net: float, more: float, holding: list[float], dearer: float
) -> None:
    kept = keep_quantity(300.0, 12.0, margin, 0.01, exit_net, holding)
    assert keep_quantity(300.0, 12.0, margin, 0.01, exit_net + more, holding) <= kept
    assert keep_quantity(300.0, 12.0, margin, 0.01, exit_net, [cost + dearer for cost in holding]) <= kept
    assert kept + exit_quantity(300.0, kept) == 300.0


def test_without_demand_or_stock_nothing_is_kept() -> None:
    assert keep_quantity(100.0, 0.0, 5.0, 0.01, 1.0, [0.1]) == 0.0
    assert keep_quantity(0.0, 10.0, 5.0, 0.01, 1.0, [0.1]) == 0.0
    assert (keep_quantity(-5.0, 10.0, 5.0, 0.01, 1.0, [0.1]), exit_quantity(-5.0, 0.0)) == (0.0, 0.0)
    with pytest.raises(InvalidParameterError, match="holding"):
        keep_quantity(10.0, 1.0, 5.0, 0.01, 1.0, [])


def test_a_stock_for_a_thousand_years_is_no_long_calculation() -> None:
    assert months_worth_keeping(12e3, 5.0, 0.0, 1.0, [0.001]) == 4000.0
    assert months_worth_keeping(1e9, 5.0, 0.0, 1.0, [0.0]) == 1e9
    assert math.isnan(months_worth_keeping(10.0, 5.0, -1.0, 1.0, [0.1]))


def test_many_at_once_and_the_explanation_agree() -> None:
    stock, demand = np.array([227.0, 277.0, 10.0]), np.array([15.0, 15.0, 0.0])
    holding = [0.05, 0.05, 0.05, 0.1, 0.15, 0.3, 0.6, 0.8, 0.8, 1.2]
    margin, net = np.array([2.43, 6.31, 5.0]), np.array([0.54, -0.59, 1.0])
    at_once = keep_quantity(stock, demand, margin, np.full(3, 0.01), net, [np.full(3, cost) for cost in holding])
    assert at_once.tolist() == [105.0, 180.0, 0.0]
    stocked, sold, earned, rate, left = (
        Explanation.input(*pair) for pair in (("s", 227.0), ("d", 15.0), ("m", 2.43), ("r", 0.01), ("e", 0.54))
    )
    costs_told = [Explanation.input(f"h{j}", cost) for j, cost in enumerate(holding, start=1)]
    told = keep_quantity(stocked, sold, earned, rate, left, costs_told)
    assert told.value == told.evaluate() == 105.0
    assert "months_worth_keeping" in [node.name for node in told.walk()]
