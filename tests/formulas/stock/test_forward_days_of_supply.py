"""Days of supply along the forecast (E13; science.md 3.10)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.stock.cover import days_of_cover
from stockhub.formulas.stock.days_of_supply import forward_days_of_supply, forward_days_of_supply_metric

NAN = math.nan


def test_h11_1000_at_50_a_day_are_20_days() -> None:
    assert float(forward_days_of_supply(np.array(1000.0), np.full(60, 50.0))) == 20.0
    assert float(forward_days_of_supply(np.array(1010.0), np.full(60, 50.0))) == pytest.approx(20.2)


@settings(max_examples=60, deadline=None)
@given(stock=st.integers(0, 900).map(float), rate=st.integers(1, 60).map(float))
def test_a_steady_rate_gives_days_of_cover(stock: float, rate: float) -> None:
    assert float(forward_days_of_supply(np.array(stock), np.full(901, rate))) == pytest.approx(days_of_cover(stock, rate))


def test_a_season_and_inbound_are_seen_ahead() -> None:
    demand = np.array([[10.0] * 5 + [40.0] * 5, [10.0] * 10])
    assert forward_days_of_supply(np.array([70.0, 70.0]), demand).tolist() == [5.5, 7.0]
    inbound = np.zeros((2, 10))
    inbound[:, 6] = 20.0
    assert forward_days_of_supply(np.array([70.0, 70.0]), demand, inbound).tolist() == [5.5, 9.0]


def test_edges_have_their_own_answers() -> None:
    demand = np.array([0.0, 5.0, 5.0])
    assert float(forward_days_of_supply(np.array(0.0), demand)) == 1.0, "Nothing is asked for on the first day."
    assert float(forward_days_of_supply(np.array(-3.0), demand)) == 0.0, "Units are owed today."
    assert float(forward_days_of_supply(np.array(0.0), np.array([5.0]))) == 0.0
    assert np.isnan(forward_days_of_supply(np.array([1.0, NAN]), np.zeros((2, 0)))).all()
    assert np.isnan(forward_days_of_supply(np.array([NAN, 50.0]), np.array([[5.0], [5.0]]))).all()


def test_e13_no_number_has_a_reason() -> None:
    reasons = [
        forward_days_of_supply_metric(stock, np.array(demand)).reason
        for stock, demand in ((100.0, [0.0, 0.0]), (100.0, [5.0, 5.0]), (NAN, [5.0]), (100.0, []), (100.0, [NAN]))
    ]
    assert reasons == ["NO_DEMAND", "BEYOND_FORECAST", "NO_DATA", "NO_FORECAST", "NO_DATA"]
    metric = forward_days_of_supply_metric(100.0, np.full(30, 8.0))
    assert (metric.value, metric.unit, metric.reason) == (12.5, "day", None)
