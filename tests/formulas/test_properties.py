"""What must hold for any numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.health.ageing import (
    AGE_BUCKETS,
    age_histogram,
    bucket_of,
    fifo_remaining,
    fifo_remaining_of,
    units_older_than,
    weighted_age,
)
from stockhub.formulas.policies.ordering import order_quantity
from stockhub.formulas.policies.safety_stock import service_factor, statistical_safety_stock
from stockhub.formulas.stock.overstock import excess_stock, overstock_limit
from stockhub.formulas.stock.projection import projected_balance, projected_lost_units, projected_stock, stockout_day
from stockhub.formulas.stock.shortage import shortage_index

units = st.integers(0, 5000).map(float)
lots = st.lists(st.integers(0, 300).map(float), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    level=st.floats(0.5, 0.99),
    lead_time=st.floats(1, 60),
    review=st.floats(0, 30),
    mean=st.floats(0, 500),
    sd=st.floats(0, 300),
    lead_time_sd=st.floats(0, 20),
    more=st.floats(0, 0.009),
)
def test_safety_stock_grows_with_service_level_lead_time_and_variance(
    level: float, lead_time: float, review: float, mean: float, sd: float, lead_time_sd: float, more: float
) -> None:
    def stock(level: float, lead_time: float, sd: float, lead_time_sd: float) -> float:
        return statistical_safety_stock(service_factor(level), lead_time, review, mean, sd, lead_time_sd)

    base = stock(level, lead_time, sd, lead_time_sd)
    assert base >= 0
    assert stock(level + more, lead_time, sd, lead_time_sd) >= base
    assert stock(level, lead_time + more, sd, lead_time_sd) >= base
    assert stock(level, lead_time, sd + more, lead_time_sd) >= base
    assert stock(level, lead_time, sd, lead_time_sd + more) >= base


@settings(max_examples=60, deadline=None)
@given(demand=units, safety=units, position=units, times=st.floats(1, 5), floor=units)
def test_shortage_and_overstock_never_alarm_together_over_one_horizon(
    demand: float, safety: float, position: float, times: float, floor: float
) -> None:
    short = shortage_index(demand, safety, position) > 0
    over = excess_stock(position, demand) > overstock_limit(safety, times, floor)
    assert not (short and over)


@settings(max_examples=60, deadline=None)
@given(target=units, position=units, moq=units, pack=st.integers(1, 50).map(float))
def test_an_order_is_whole_cases_that_reach_the_target(target: float, position: float, moq: float, pack: float) -> None:
    quantity = order_quantity(target, position, moq, pack)
    assert quantity % pack == 0
    if target <= position:
        assert quantity == 0
    else:
        assert quantity >= moq
        assert position + quantity >= target
        assert quantity - pack < max(target - position, moq)


@settings(max_examples=60, deadline=None)
@given(received=lots, issued=st.integers(0, 3000).map(float))
def test_h38_ageing_conserves_units_and_takes_the_oldest_first(received: list[float], issued: float) -> None:
    qty = np.array(received)
    left = fifo_remaining(qty, issued)
    assert left.sum() == max(qty.sum() - issued, 0.0)
    assert ((left >= 0) & (left <= qty)).all()
    touched = np.flatnonzero(left > 0)
    assert not len(touched) or (left[touched[0] + 1 :] == qty[touched[0] + 1 :]).all()


@settings(max_examples=60, deadline=None)
@given(skus=st.lists(st.tuples(lots, st.floats(0, 1)), min_size=1, max_size=5))
def test_h38_many_skus_age_as_each_alone_and_the_histogram_sums_to_on_hand(skus: list[tuple[list[float], float]]) -> None:
    row = np.repeat(np.arange(len(skus)), [len(received) for received, _ in skus])
    qty = np.concatenate([np.array(received) for received, _ in skus])
    on_hand = np.array([np.floor(sum(received) * share) for received, share in skus])
    left = fifo_remaining_of(row, qty, on_hand)
    alone = [fifo_remaining(np.array(received), sum(received) - kept) for (received, _), kept in zip(skus, on_hand, strict=True)]
    np.testing.assert_array_equal(left, np.concatenate(alone))
    ages = np.floor(np.linspace(500, 0, len(qty)))
    histogram = age_histogram(row, ages, left, len(skus))
    assert histogram.shape == (len(skus), len(AGE_BUCKETS))
    np.testing.assert_array_equal(histogram.sum(axis=1), on_hand)
    np.testing.assert_array_equal(units_older_than(row, ages, left, len(skus), 90.0), histogram[:, 3:].sum(axis=1))


def test_h38_bucket_edges() -> None:
    edges = np.array([0, 30, 31, 60, 61, 90, 91, 180, 181, 270, 271, 365, 366, 455, 456, 9999], dtype=np.float64)
    assert [AGE_BUCKETS[i] for i in bucket_of(edges)] == [name for name in AGE_BUCKETS for _ in range(2)]


def test_h38_no_lots_no_age() -> None:
    nothing, no_rows = np.zeros(0), np.zeros(0, dtype=np.int64)
    assert fifo_remaining_of(no_rows, nothing, np.zeros(3)).shape == (0,)
    assert age_histogram(no_rows, nothing, nothing, 2).tolist() == [[0.0] * 8] * 2
    assert np.isnan(weighted_age(nothing, nothing))


@settings(max_examples=60, deadline=None)
@given(
    stock=st.integers(0, 200).map(float),
    days=st.lists(st.tuples(st.integers(0, 20).map(float), st.integers(0, 60).map(float)), min_size=1, max_size=20),
)
def test_h11_the_curve_equals_a_step_by_step_walk(stock: float, days: list[tuple[float, float]]) -> None:
    demand, inbound = (np.array(values) for values in zip(*days, strict=True))
    left, lost, walked = stock, 0.0, []
    for asked, arrived in days:
        lost += max(asked - left - arrived, 0.0)
        left = max(left + arrived - asked, 0.0)
        walked.append(left)
    curve = projected_stock(np.array(stock), demand, inbound)
    assert curve.tolist() == walked
    assert float(projected_lost_units(np.array(stock), demand, inbound)) == lost
    first = float(stockout_day(curve))
    assert (walked.index(0.0) if 0.0 in walked else None) == (None if np.isnan(first) else first)
    assert projected_balance(np.array(stock), demand, inbound)[-1] == stock + sum(inbound) - sum(demand)


def test_h11_many_skus_at_once() -> None:
    stock, demand = np.array([1000.0, 10.0]), np.full((2, 30), 50.0)
    curve = projected_stock(stock, demand, np.zeros((2, 30)))
    assert curve[0, :20].tolist() == [1000.0 - 50 * (day + 1) for day in range(20)]
    assert stockout_day(curve).tolist() == [19.0, 0.0]
    assert projected_lost_units(stock, demand, np.zeros((2, 30))).tolist() == pytest.approx([500.0, 1490.0])
