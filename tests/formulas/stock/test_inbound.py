"""Inbound that can be counted on, and that shortage and excess exclude each other with it (E2; science.md 3.7)."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.stock.inbound import dependable_inbound_within, dependable_units
from stockhub.formulas.stock.overstock import excess_stock, overstock_limit
from stockhub.formulas.stock.position import position_within
from stockhub.formulas.stock.shortage import shortage_index
from stockhub.values import Explanation

NAN = math.nan


def test_a_reliable_shipment_counts_in_full_and_another_as_far_as_it_is_likely() -> None:
    assert [dependable_units(100.0, chance) for chance in (1.0, 0.8, 0.79, 0.5, 0.0)] == [100.0, 100.0, 79.0, 50.0, 0.0]
    assert math.isnan(dependable_units(100.0, NAN))
    tree = dependable_units(Explanation.input("units", 100.0), Explanation.input("on_time_probability", 0.5))
    assert (tree.name, tree.unit, tree.evaluate()) == ("dependable_units", "unit", 50.0)


def test_only_what_lands_inside_the_horizon_of_its_own_sku_counts() -> None:
    row = np.array([0, 0, 1, 1, 1])
    units = np.array([100.0, 50.0, 40.0, 30.0, 20.0])
    arrival = np.array([27.0, 28.0, 39.0, NAN, -3.0])
    chance = np.array([0.9, 0.9, 0.5, 1.0, 0.25])
    inbound = dependable_inbound_within(row, units, arrival, chance, horizon_days=np.array([28.0, 40.0, 28.0]))
    assert inbound.tolist() == [100.0, 25.0, 0.0]


def test_no_shipments_no_inbound() -> None:
    nothing = np.zeros(0)
    inbound = dependable_inbound_within(np.zeros(0, dtype=np.int64), nothing, nothing, nothing, horizon_days=np.full(2, 28.0))
    assert inbound.tolist() == [0.0, 0.0]


units = st.integers(-500, 5000).map(float)


@settings(max_examples=60, deadline=None)
@given(
    available=units,
    inbound=st.integers(0, 5000).map(float),
    chance=st.floats(0, 1),
    demand=st.integers(0, 5000).map(float),
    safety=st.integers(0, 3000).map(float),
    times=st.floats(1, 5),
    floor=st.integers(0, 500).map(float),
)
def test_a_sku_is_never_short_and_in_excess_at_once(
    available: float, inbound: float, chance: float, demand: float, safety: float, times: float, floor: float
) -> None:
    position = position_within(available, dependable_units(inbound, chance))
    units_short = shortage_index(demand, safety, position)
    units_over = excess_stock(position, demand) - overstock_limit(safety, times, floor)
    assert min(units_short, units_over) <= 0.0
