"""The latest order day along a curve, with closures (H12; science.md 3.7)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.stock.cover import latest_order_day
from stockhub.formulas.stock.order_dates import closed_days_before, first_day_below, latest_order_day_on_curve
from stockhub.formulas.stock.projection import projected_balance
from stockhub.values import Explanation

NAN = math.nan


def order_day(stock: float, demand: list[float], safety: float, lead_time: float, closed: list[float] | None = None) -> float:
    wanted = np.array(demand, dtype=np.float64)
    needed = first_day_below(projected_balance(np.array(stock), wanted, np.zeros_like(wanted)), safety)
    shut = np.zeros_like(wanted) if closed is None else np.array(closed)
    overlapped = closed_days_before(needed, np.array(lead_time), shut)
    return latest_order_day_on_curve(float(needed), lead_time, float(overlapped))


def test_h12_e8_at_a_steady_rate_the_walk_finds_days_5_and_3() -> None:
    assert order_day(1000.0, [50.0] * 40, 0.0, 15.0) == 5.0
    assert order_day(1000.0, [50.0] * 40, 100.0, 15.0) == 3.0


@settings(max_examples=60, deadline=None)
@given(
    stock=st.integers(0, 900).map(float),
    rate=st.integers(1, 60).map(float),
    safety=st.integers(0, 300).map(float),
    lead_time=st.integers(0, 40).map(float),
)
def test_h12_a_steady_rate_walks_to_the_formula(stock: float, rate: float, safety: float, lead_time: float) -> None:
    walked = order_day(stock, [rate] * 901, safety, lead_time)
    if stock >= safety:
        assert walked == latest_order_day(stock, rate, safety, lead_time)
    else:  # the walk begins today: how long ago safety stock was passed is not on the curve
        assert walked == -lead_time > latest_order_day(stock, rate, safety, lead_time)


def test_a_peak_ahead_pulls_the_order_forward() -> None:
    flat, peak = [10.0] * 30, [10.0] * 10 + [60.0] * 5 + [10.0] * 15
    assert order_day(250.0, flat, 50.0, 7.0) == 13.0
    assert order_day(250.0, peak, 50.0, 7.0) == 4.0


def test_a_closure_on_the_way_pulls_the_order_before_it() -> None:
    """Safety is touched on day 20. The supplier closes on days 10 to 16: 15 open days before day 20 begin 7 days earlier."""
    closed = [1.0 if 10 <= day <= 16 else 0.0 for day in range(40)]
    assert order_day(1000.0, [50.0] * 40, 0.0, 10.0) == 10.0
    assert order_day(1000.0, [50.0] * 40, 0.0, 10.0, closed) == 3.0
    assert order_day(1000.0, [50.0] * 40, 0.0, 15.0, closed) == -2.0
    assert order_day(1000.0, [50.0] * 40, 0.0, 3.0, closed) == 17.0, "The closure is over: an order of its first open day."


@settings(max_examples=60, deadline=None)
@given(
    needed=st.integers(0, 24),
    lead_time=st.integers(0, 20),
    closed=st.lists(st.sampled_from([0.0, 1.0]), min_size=25, max_size=25),
)
def test_the_order_day_is_the_latest_that_arrives_in_time(needed: int, lead_time: int, closed: list[float]) -> None:
    """Against a walk day by day, in which the past was open."""

    def arrival(day: int) -> int:
        worked = 0
        while worked < lead_time:
            worked += not (day >= 0 and closed[day]) if day < 25 else 1
            day += 1
        return day

    expected = max(day for day in range(-lead_time - 1, needed + 1) if arrival(day) <= needed)
    overlapped = closed_days_before(np.array([needed, NAN]), np.array(float(lead_time)), np.array(closed))
    assert latest_order_day_on_curve(float(needed), float(lead_time), overlapped[0]) == expected
    assert np.isnan(overlapped[1])


def test_many_skus_with_calendars_of_their_own() -> None:
    curve = np.cumsum(np.full((3, 20), -10.0), axis=1) + np.array([[100.0], [150.0], [9000.0]])
    needed = first_day_below(curve, np.array([0.0, 20.0, 0.0]))
    assert needed.tolist()[:2] == [10.0, 13.0]
    assert np.isnan(needed[2])
    closed = np.zeros((3, 20))
    closed[1, 12] = 1.0
    overlapped = closed_days_before(needed, np.array([4.0, 4.0, 4.0]), closed)
    days = latest_order_day_on_curve(needed, np.array([4.0, 4.0, 4.0]), overlapped)
    assert days.tolist()[:2] == [6.0, 8.0]
    assert np.isnan(days[2])


def test_stock_that_lasts_as_far_as_the_curve_goes_has_no_order_day() -> None:
    assert math.isnan(order_day(1000.0, [0.0] * 10, 0.0, 5.0))
    assert math.isnan(float(first_day_below(np.zeros((0,)), 5.0)))
    assert math.isnan(float(first_day_below(np.array([1.0, NAN]), 5.0)))


def test_a_part_of_a_lead_time_day_is_a_whole_one_in_the_calendar() -> None:
    assert closed_days_before(np.array(10.0), np.array(2.5), np.array([0.0] * 8 + [1.0] + [0.0] * 5)).tolist() == 1.0


def test_an_order_day_on_a_curve_explains_itself() -> None:
    tree = latest_order_day_on_curve(
        Explanation.input("needed_day", 20.0), Explanation.input("lead_time", 10.0), Explanation.input("closed_days", 7.0)
    )
    assert (tree.name, tree.unit, tree.value, tree.evaluate()) == ("latest_order_day_on_curve", "day", 3.0, 3.0)
    assert latest_order_day_on_curve(np.array([20.0, NAN]), np.array([10.0, 10.0]), 7.0).tolist()[0] == pytest.approx(3.0)
