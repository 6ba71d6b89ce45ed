"""Policies replayed on past demand: units are conserved, nobody sees the future, each SKU is its own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation.replay import Replay, ReplayDay, replay
from stockhub.formulas.evaluation.replay_policies import base_stock_policy, min_max_policy

demands = st.lists(st.integers(0, 40).map(float), min_size=1, max_size=25)
units = st.integers(0, 100).map(float)


def _step_by_step(
    demand: list[float], lead_times: list[int], opening: float, low: float, high: float, *, waits: bool
) -> list[tuple[float, float, float, float]]:
    """The same replay of an (s, S) policy in plain arithmetic: on hand, waiting, served and ordered of each day."""
    stock, owed = opening, 0.0
    coming: dict[int, float] = {}
    trace = []
    for day, asked in enumerate(demand):
        stock += coming.pop(day, 0.0)
        shipped = min(owed, stock)
        stock, owed = stock - shipped, owed - shipped
        served = min(stock, asked)
        stock -= served
        owed += asked - served if waits else 0.0
        position = stock - owed + sum(coming.values())
        order = high - position if position <= low else 0.0
        coming[day + lead_times[day]] = coming.get(day + lead_times[day], 0.0) + order
        trace.append((stock, owed, served, order))
    return trace


def _trace(run: Replay) -> list[tuple[float, float, float, float]]:
    return list(zip(*(numbers[0].tolist() for numbers in (run.on_hand, run.waiting, run.served, run.orders)), strict=True))


@settings(max_examples=60, deadline=None)
@given(demand=demands, opening=units, low=units, lot=st.integers(1, 60).map(float), waits=st.booleans(), data=st.data())
def test_a_replay_is_the_arithmetic_of_its_days_and_conserves_units(
    demand: list[float], opening: float, low: float, lot: float, *, waits: bool, data: st.DataObject
) -> None:
    lead_times = data.draw(st.lists(st.integers(1, 9), min_size=len(demand), max_size=len(demand)))
    run = replay(demand, min_max_policy(low, low + lot), lead_time=[lead_times], on_hand=opening, unmet_waits=waits)
    assert _trace(run) == _step_by_step(demand, lead_times, opening, low, low + lot, waits=waits)
    assert opening + run.receipts.sum() - run.shipped.sum() == run.on_hand[0, -1]
    assert run.receipts.sum() <= run.orders.sum()
    assert run.shipped.sum() + run.waiting[0, -1] == (run.demand.sum() if waits else run.served.sum())
    assert ((run.on_hand == 0) | (run.waiting == 0)).all()
    assert (run.unmet >= 0).all()


def test_an_order_of_the_end_of_a_day_is_sold_after_its_lead_time() -> None:
    run = replay([4.0, 4.0, 4.0, 4.0], base_stock_policy(10.0), lead_time=2, on_hand=6.0)
    assert run.orders[0].tolist() == [8.0, 2.0, 4.0, 4.0]
    assert run.receipts[0].tolist() == [0.0, 0.0, 8.0, 2.0]
    assert run.on_hand[0].tolist() == [2.0, 0.0, 4.0, 2.0]
    assert run.unmet[0].tolist() == [0.0, 2.0, 0.0, 0.0]


def test_unmet_demand_waits_where_it_is_said_to_and_goes_first() -> None:
    run = replay([4.0, 4.0, 4.0, 4.0], base_stock_policy(10.0), lead_time=2, on_hand=6.0, unmet_waits=True)
    assert run.net_inventory[0].tolist() == [2.0, -2.0, 2.0, 2.0]
    assert run.shipped[0].tolist() == [4.0, 2.0, 6.0, 4.0]
    assert run.served[0].tolist() == [4.0, 2.0, 4.0, 4.0]


def test_customers_may_wait_from_the_start() -> None:
    run = replay([1.0, 1.0], base_stock_policy(5.0), lead_time=1, on_hand=-3.0, unmet_waits=True)
    assert run.net_inventory[0].tolist() == [-4.0, 4.0]
    assert run.orders[0].tolist() == [9.0, 1.0]


@settings(max_examples=60, deadline=None)
@given(demand=st.lists(st.integers(0, 40).map(float), min_size=2, max_size=20), data=st.data())
def test_the_future_changes_nothing_that_has_happened(demand: list[float], data: st.DataObject) -> None:
    day = data.draw(st.integers(1, len(demand) - 1))
    other = demand[:day] + [asked + 7.0 for asked in demand[day:]]

    def pace(today: ReplayDay) -> ArrayLike:
        return np.asarray(np.nanmean(today.demand, axis=1) * 5.0 - today.position)

    first, second = (replay(asked, pace, lead_time=2, on_hand=20.0) for asked in (demand, other))
    np.testing.assert_array_equal(first.orders[:, :day], second.orders[:, :day])


def test_a_policy_can_neither_see_ahead_nor_touch_the_books() -> None:
    def peek(today: ReplayDay) -> ArrayLike:
        everything = today.demand if today.demand.base is None else today.demand.base
        assert np.isnan(np.atleast_2d(everything)[:, today.day + 1 :]).all()
        with pytest.raises(ValueError, match="read-only"):
            today.on_hand[:] = 1000.0
        return 0.0

    run = replay([[1.0, 2.0, 3.0]], peek, lead_time=1, on_hand=2.0)
    assert run.on_hand[0].tolist() == [1.0, 0.0, 0.0]


def test_skus_are_replayed_together_as_each_alone() -> None:
    rng = np.random.default_rng(4)
    demand, lead, opening = rng.poisson(5.0, (6, 30)).astype(float), rng.integers(1, 8, (6, 1)), rng.integers(0, 40, 6).astype(float)
    low, high = rng.uniform(5, 30, 6), rng.uniform(30, 80, 6)
    together = replay(demand, min_max_policy(low, high), lead_time=lead, on_hand=opening)
    for row in range(6):
        alone = replay(demand[row], min_max_policy(low[row], high[row]), lead_time=lead[row, 0], on_hand=opening[row])
        for all_rows, one in zip(together, alone, strict=True):
            np.testing.assert_array_equal(all_rows[row], one[0])


def test_a_day_that_is_not_known_goes_by_without_sales() -> None:
    run = replay([3.0, np.nan, 3.0], base_stock_policy(0.0), lead_time=1, on_hand=9.0)
    assert run.on_hand[0].tolist() == [6.0, 6.0, 3.0]
    assert run.unknown[0].tolist() == [False, True, False]


def test_no_order_is_missing_or_below_0() -> None:
    answers = iter([np.nan, -5.0, 2.0])
    run = replay([0.0, 0.0, 0.0], lambda _: next(answers), lead_time=1, on_hand=1.0)
    assert run.orders[0].tolist() == [0.0, 0.0, 2.0]


def test_nothing_to_replay() -> None:
    assert replay(np.zeros((0, 5)), base_stock_policy(3.0), lead_time=1, on_hand=0.0).orders.shape == (0, 5)
    assert replay(np.zeros((2, 0)), base_stock_policy(3.0), lead_time=1, on_hand=0.0).orders.shape == (2, 0)


@pytest.mark.parametrize(("demand", "lead_time"), [([1.0, -1.0], 1), ([1.0], 0), ([1.0], 1.5), ([1.0], np.nan)])
def test_what_cannot_have_happened_is_refused(demand: list[float], lead_time: float) -> None:
    with pytest.raises(InvalidParameterError):
        replay(demand, base_stock_policy(3.0), lead_time=lead_time, on_hand=0.0)
