"""What a clearance has brought (H36, H56, H57, H95, H96, E18)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stockhub.formulas.health.effect import (
    capital_cost,
    capital_return,
    cash_speed,
    cost_recovery,
    dead_stock_elimination,
    discount_depth,
    fastest_first,
    gross_margin_share,
    margin_contribution,
    net_released_cash,
    relative_change,
    times_as_much,
)
from stockhub.formulas.health.turnover import sell_through, stock_to_sales

NAN = math.nan


def test_h36_e18_three_hundred_per_cent_more_are_four_times_as_much() -> None:
    cream = relative_change(2.0, 8.0)
    assert (cream, times_as_much(cream)) == (3.0, 4.0)
    assert relative_change(1000.0, 1150.0) == pytest.approx(0.15), "Masks sold beside it."
    assert times_as_much(relative_change(6.0, 6.0)) == 1.0


def test_h56_60000_of_net_cash_against_6000_are_ten_times() -> None:
    assert net_released_cash(90_000.0, 30_000.0) == 60_000.0
    assert capital_return(90_000.0, 30_000.0, 6_000.0) == 10.0
    assert capital_cost(100_000.0, 0.12, 182.5) == pytest.approx(6_000.0)
    assert gross_margin_share(100.0, 65.0) == pytest.approx(0.35)
    assert discount_depth(100.0, 70.0) == pytest.approx(0.3)
    assert cash_speed(90_000.0, 30.0) == 3_000.0


def test_h57_40_dead_skus_down_to_12_are_70_per_cent() -> None:
    assert dead_stock_elimination(40.0, 12.0) == pytest.approx(0.7)
    assert dead_stock_elimination(40.0, 50.0) == pytest.approx(-0.25)
    assert stock_to_sales(300.0, 150.0) == 2.0
    assert relative_change(4.0, 5.0) == pytest.approx(0.25)


def test_h95_who_sold_out_first_and_who_is_left_last() -> None:
    codes = np.array(["A", "B", "C", "D", "E", "F"])
    day = np.array([12.0, NAN, 5.0, NAN, 12.0, NAN])
    through = np.array([1.0, sell_through(30.0, 70.0), 1.0, sell_through(90.0, 10.0), 1.0, NAN])
    ranked = fastest_first(day, through, codes)
    assert codes[ranked].tolist() == ["C", "A", "E", "D", "B", "F"]
    assert codes[ranked[::-1]].tolist() == ["F", "B", "D", "E", "A", "C"]
    assert fastest_first(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.str_)).tolist() == []


def test_h96_500_sold_at_22_less_4_bring_back_60_per_cent_of_30_each() -> None:
    assert cost_recovery(500.0, 22.0, 4.0, bought_units=500.0, unit_cost=30.0) == pytest.approx(0.6)
    assert cost_recovery(250.0, 22.0, 4.0, bought_units=500.0, unit_cost=30.0) == pytest.approx(0.3)
    assert margin_contribution(500.0, 22.0, 4.0, 30.0) == -6_000.0


def test_without_a_base_there_is_no_change() -> None:
    for nothing in (
        relative_change(0.0, 5.0),
        capital_return(9.0, 3.0, 0.0),
        dead_stock_elimination(0.0, 3.0),
        discount_depth(0.0, 0.0),
        cash_speed(5.0, 0.0),
        gross_margin_share(0.0, 0.0),
        cost_recovery(0.0, 22.0, 4.0, bought_units=0.0, unit_cost=30.0),
    ):
        assert math.isnan(nothing)
