"""Sums over a snapshot's horizon, and the rows that contract tests are made of."""

from __future__ import annotations

import numpy as np

from stockhub.pluginapi import COLUMNS
from stockhub.pluginapi.testing.snapshots import random_snapshot, snapshot_of, take_rows


def days(*numbers: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(numbers, dtype=np.float64)


def test_inbound_counts_what_has_landed_and_what_is_overdue() -> None:
    snapshot = snapshot_of({}, {}, inbound=[(0, -2.0, 5.0), (0, 7.0, 10.0), (0, 8.0, 20.0), (1, 1.0, 40.0)])
    assert snapshot.inbound_within(days(7.0, 0.0)).tolist() == [15.0, 0.0]
    assert snapshot.inbound_within(days(np.nan, 1.0)).tolist() == [0.0, 40.0]


def test_inbound_is_a_float_even_without_arrivals() -> None:
    assert snapshot_of({}).inbound_within(days(7.0)).dtype == np.float64


def test_demand_takes_parts_of_days_and_goes_on_beyond_the_horizon() -> None:
    snapshot = snapshot_of({}, {}, {}, {}, forecast=[2.0, 2.0, 2.0], horizon=10)
    assert snapshot.demand_within(days(3.5, 10.0, 14.0, 5.0))[:3].tolist() == [7.0, 20.0, 28.0]
    assert np.isnan(snapshot.demand_within(days(np.nan, 1.0, 1.0, 5.0))[[0, 3]]).all()


def test_demand_without_a_horizon_is_missing() -> None:
    assert np.isnan(snapshot_of({}, horizon=0).demand_within(days(5.0))).all()


def test_symbols_name_every_column_with_its_unit_and_source() -> None:
    symbols = snapshot_of({}).symbols()
    assert set(symbols) == set(COLUMNS)
    assert (symbols["available"].unit, symbols["available"].source, symbols["available"].value) == ("unit", "ledger", None)


def test_taken_rows_keep_their_arrivals() -> None:
    snapshot = random_snapshot(3, 20, missing=0.0)
    part = take_rows(snapshot, [7, 2])
    horizon = np.full(20, 30.0)
    assert part.inbound_within(horizon[:2]).tolist() == snapshot.inbound_within(horizon)[[7, 2]].tolist()
    assert part["available"].tolist() == snapshot["available"][[7, 2]].tolist()
