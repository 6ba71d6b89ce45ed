"""Type 2 service: fill rates and the safety stock for them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from stockhub.formulas.distributions.families import NEGATIVE_BINOMIAL, POISSON
from stockhub.formulas.policies.fill_rate import (
    exact_fill_rate,
    exact_fill_rate_safety_stock,
    fill_rate,
    fill_rate_factor,
    fill_rate_safety_stock,
    shortage_per_cycle,
    type_2_safety_stock,
)
from tests.formulas.agreement import assert_forms_agree

NAN = math.nan
targets = st.floats(0.5, 0.9999)
deviations = st.floats(0.5, 2000)
orders = st.floats(1, 20_000)


@settings(max_examples=60, deadline=None)
@given(target=targets, sd=deviations, order=orders)
def test_the_safety_stock_has_the_fill_rate_and_is_that_of_a_root_search(target: float, sd: float, order: float) -> None:
    stock = fill_rate_safety_stock(target, sd, order)
    assert fill_rate(stock, sd, order) == pytest.approx(target, abs=1e-9)
    allowed = (1 - target) * order / sd
    root = optimize.brentq(lambda k: stats.norm.pdf(k) - k * stats.norm.sf(k) - allowed, -allowed - 1, 20, xtol=1e-12)
    assert fill_rate_factor(target, sd, order) == pytest.approx(root, abs=1e-8)
    assert type_2_safety_stock(target, sd, order) == max(stock, 0.0)


@settings(max_examples=60, deadline=None)
@given(target=st.floats(0.01, 0.9999), sd=deviations, order=orders)
def test_the_exact_safety_stock_has_the_exact_fill_rate_and_is_no_larger(target: float, sd: float, order: float) -> None:
    stock = exact_fill_rate_safety_stock(target, sd, order)
    assert exact_fill_rate(1000.0 + stock, order, 1000.0, sd * sd) == pytest.approx(target, abs=1e-7)
    assert stock <= fill_rate_safety_stock(target, sd, order) + 1e-6 * sd


@settings(max_examples=60, deadline=None)
@given(target=st.floats(0.5, 0.99), sd=deviations, order=orders, more=st.floats(1.001, 1.5))
def test_safety_stock_grows_with_service_and_deviation_and_falls_with_order_size(
    target: float, sd: float, order: float, more: float
) -> None:
    stock = type_2_safety_stock(target, sd, order)
    assert type_2_safety_stock(target + 0.005, sd, order) >= stock
    assert type_2_safety_stock(target, sd * more, order) >= stock - 1e-9 * sd
    assert type_2_safety_stock(target, sd, order * more) <= stock + 1e-9 * sd


def test_the_approximation_is_far_too_low_for_small_orders_and_the_exact_form_is_not() -> None:
    assert fill_rate(0.0, 100.0, 20.0) == pytest.approx(1 - 39.894228 / 20, abs=1e-6)
    assert 0.4 < exact_fill_rate(500.0, 20.0, 500.0, 1e4) < 0.6


@pytest.mark.parametrize(("family", "variance"), [(POISSON, 8.0), (NEGATIVE_BINOMIAL, 24.0)])
def test_the_exact_fill_rate_of_discrete_demand_is_the_sum_over_demands(family: float, variance: float) -> None:
    demands = np.arange(800)
    member = stats.poisson(8.0) if family == POISSON else stats.nbinom(64.0 / 16.0, 8.0 / 24.0)
    chances = member.pmf(demands)
    backorders = float(np.maximum(demands - 9, 0) @ chances - np.maximum(demands - 14, 0) @ chances)
    assert exact_fill_rate(9.0, 5.0, 8.0, variance, family) == pytest.approx(1 - backorders / 5, rel=1e-10)


def test_without_deviation_the_shortage_is_what_is_lacking() -> None:
    assert (shortage_per_cycle(-5.0, 0.0), shortage_per_cycle(5.0, 0.0)) == (5.0, 0.0)
    assert fill_rate_safety_stock(0.9, 0.0, 100.0) == pytest.approx(-10.0)
    assert type_2_safety_stock(0.9, 0.0, 100.0) == 0.0
    assert fill_rate(-10.0, 0.0, 100.0) == pytest.approx(0.9)


def test_what_no_stock_attains_is_missing() -> None:
    assert math.isnan(fill_rate_safety_stock(1.0, 10.0, 100.0))
    assert math.isnan(type_2_safety_stock(1.0, 10.0, 100.0))
    assert math.isnan(fill_rate(10.0, 10.0, 0.0))
    assert [math.isnan(exact_fill_rate_safety_stock(t, 10.0, 100.0)) for t in (0.0, 1.0, NAN)] == [True] * 3
    assert math.isnan(exact_fill_rate_safety_stock(0.9, 0.0, 100.0))
    assert exact_fill_rate_safety_stock(np.empty(0), np.empty(0), np.empty(0)).shape == (0,)


numbers = st.one_of(st.just(0.0), st.just(NAN), st.floats(0, 1), st.floats(-50, 500))


FORMULAS: dict[Callable[..., Any], int] = {
    shortage_per_cycle: 2,
    fill_rate: 3,
    fill_rate_safety_stock: 3,
    type_2_safety_stock: 3,
    exact_fill_rate_safety_stock: 3,
    exact_fill_rate: 4,
}


@pytest.mark.parametrize("formula", FORMULAS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(formula: Callable[..., Any], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*[numbers] * FORMULAS[formula]), min_size=2, max_size=3))
    assert_forms_agree(formula, rows, rtol=1e-9, atol=1e-9)
