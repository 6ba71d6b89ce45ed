"""The closed form against Bellman's recursion on a fine grid of time, and where its series would overflow."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stockhub.formulas.clearance.dynamic_price import dynamic_price, dynamic_value


def _recursion(stock: int, rate: float, time: float, scale: float, salvage: float, steps: int = 20_000) -> list[float]:
    """J(0..n) by dJ/dt = max_p λ(p)(p − (J(n) − J(n−1))), whose maximum is at p = p₀ + ΔJ."""
    values = salvage * np.arange(stock + 1.0)
    for _ in range(steps):
        marginal = np.diff(values)
        values[1:] += time / steps * rate * scale * np.exp(-1.0 - marginal / scale)
    return [float(value) for value in values]


@pytest.mark.parametrize("salvage", [0.0, 4.0])
def test_the_closed_form_solves_the_recursion(salvage: float) -> None:
    values = _recursion(6, 5.0, 3.0, 8.0, salvage)
    for stock in range(7):
        assert dynamic_value(float(stock), 5.0, 3.0, 8.0, salvage) == pytest.approx(values[stock], rel=2e-4)
    assert dynamic_price(6.0, 5.0, 3.0, 8.0, salvage) == pytest.approx(8.0 + values[6] - values[5], rel=2e-4)


def test_nothing_to_sell_is_worth_nothing_and_has_no_price() -> None:
    assert dynamic_value(0.0, 20.0, 1.0, 1.0) == 0.0
    assert math.isnan(dynamic_price(0.0, 20.0, 1.0, 1.0))
    assert math.isnan(dynamic_value(-1.0, 20.0, 1.0, 1.0))


def test_without_time_only_the_salvage_is_left() -> None:
    assert dynamic_value(5.0, 20.0, 0.0, 10.0, 2.0) == 10.0
    assert dynamic_price(5.0, 20.0, 0.0, 10.0, 2.0) == 12.0


def test_a_rush_on_little_stock_neither_overflows_nor_underflows() -> None:
    buyers = 1e6 / math.e
    exact = math.log(math.fsum(buyers**i / math.factorial(i) for i in range(6)))
    assert dynamic_value(5.0, 1e6, 1.0, 1.0) == pytest.approx(exact, rel=1e-12)
    stocks = np.array([1.0, 10.0, 100.0, 1000.0, 10_000.0])
    one = np.ones(5)
    prices = dynamic_price(stocks, 1e4 * one, one, one)
    assert (np.diff(prices) < 0).all()
    assert prices[-1] == pytest.approx(1.0)
    assert dynamic_value(1e6, 1e4, 1.0, 1.0) == pytest.approx(1e4 / math.e)


def test_price_falls_with_stock_and_rises_with_time() -> None:
    stock, time = np.meshgrid(np.arange(1.0, 30.0), np.arange(1.0, 20.0))
    prices = dynamic_price(stock, np.full_like(time, 4.0), time, np.full_like(time, 10.0))
    assert (np.diff(prices, axis=1) < 1e-9).all()
    assert (np.diff(prices, axis=0) > -1e-9).all()
