"""Snapshots to test rules with: made of a few rows that a test spells out, or of many random ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import COLUMNS, Snapshot

AS_OF: Final = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)

#: The largest sample of a column that is not a plain quantity of up to 500 units.
_SCALES: Final = {
    "unit/day": 20.0,
    "unit/minute": 5.0,
    "day": 120.0,
    "hour": 72.0,
    "week": 9.0,
    "order": 5.0,
    "probability": 2.0,
    "base currency": 2000.0,
    "base currency/unit": 200.0,
    "base currency/order": 20.0,
    "base currency/day": 100_000.0,
    "order/day": 2000.0,
    "cuft/unit": 5.0,
    "lb/unit": 30.0,
    "1": 1.0,
}


def snapshot_of(
    *rows: Mapping[str, float],
    forecast: Sequence[float] = (),
    horizon: int = 90,
    inbound: Sequence[tuple[int, float, float]] = (),
) -> Snapshot:
    """A snapshot of rows that give the columns they care about; the others are NaN. `as_of` is `AS_OF`.

    `forecast` is each row's flat mean a day, NaN where it is not given. `inbound` holds (row, day, units).
    """
    n = len(rows)
    columns = {name: np.array([row.get(name, np.nan) for row in rows], dtype=np.float64) for name in COLUMNS}
    daily = np.array([*forecast, *[np.nan] * (n - len(forecast))], dtype=np.float32)
    arrivals = np.array(inbound, dtype=np.float64).reshape(-1, 3)
    return _read_only(
        Snapshot(
            as_of=AS_OF,
            day=AS_OF.date(),
            sku_ids=np.arange(n, dtype=np.int64),
            pool_ids=np.ones(n, dtype=np.int64),
            columns=columns,
            forecast_mean=np.repeat(daily[:, None], horizon, axis=1),
            inbound_row=arrivals[:, 0].astype(np.int64),
            inbound_day=arrivals[:, 1].copy(),
            inbound_qty=arrivals[:, 2].copy(),
        )
    )


def random_snapshot(seed: int, rows: int, *, missing: float = 0.1, horizon: int = 60) -> Snapshot:
    """A snapshot of random rows, where a share `missing` of each column and of the forecasts is NaN, and zeros are common."""
    rng = np.random.default_rng(seed)
    columns: dict[str, NDArray[np.float64]] = {}
    for name, column in COLUMNS.items():
        values = np.floor(rng.random(rows) * _SCALES.get(column.unit, 500.0)) if column.unit != "flag" else rng.integers(0, 2, rows)
        columns[name] = np.where(rng.random(rows) < missing, np.nan, values * (rng.random(rows) > 0.2))
    forecast = rng.gamma(1.0, 5.0, (rows, horizon)) * (rng.random((rows, 1)) > 0.1)
    forecast[rng.random(rows) < missing] = np.nan
    arrivals = int(rng.integers(0, rows + 1)) if rows else 0
    return _read_only(
        Snapshot(
            as_of=AS_OF,
            day=AS_OF.date(),
            sku_ids=rng.permutation(rows).astype(np.int64),
            pool_ids=np.ones(rows, dtype=np.int64),
            columns=columns,
            forecast_mean=forecast.astype(np.float32),
            inbound_row=rng.integers(0, max(rows, 1), arrivals),
            inbound_day=rng.integers(-5, 80, arrivals).astype(np.float64),
            inbound_qty=rng.integers(1, 400, arrivals).astype(np.float64),
        )
    )


def take_rows(snapshot: Snapshot, rows: Sequence[int]) -> Snapshot:
    """The snapshot of some distinct rows, in the order given, with their arrivals."""
    chosen = np.asarray(rows, dtype=np.int64)
    place = np.full(len(snapshot), -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    kept = place[snapshot.inbound_row] >= 0
    return _read_only(
        replace(
            snapshot,
            sku_ids=snapshot.sku_ids[chosen],
            pool_ids=snapshot.pool_ids[chosen],
            columns={name: values[chosen] for name, values in snapshot.columns.items()},
            forecast_mean=snapshot.forecast_mean[chosen],
            inbound_row=place[snapshot.inbound_row[kept]],
            inbound_day=snapshot.inbound_day[kept],
            inbound_qty=snapshot.inbound_qty[kept],
        )
    )


def _read_only(snapshot: Snapshot) -> Snapshot:
    arrays: list[Any] = [getattr(snapshot, f.name) for f in fields(snapshot)]
    for array in [*arrays, *snapshot.columns.values()]:
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return snapshot
