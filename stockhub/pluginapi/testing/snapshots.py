"""Snapshots to test rules with: made of a few rows that a test spells out, or of many random ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import COLUMNS, Lots, Snapshot
from stockhub.pluginapi.lots import LOT_ARRAYS

AS_OF: Final = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)

#: The largest sample of a column that is not a plain quantity of up to 500 units.
_SCALES: Final = {
    "unit/day": 20.0,
    "unit/minute": 5.0,
    "day": 120.0,
    "hour": 72.0,
    "minute": 240.0,
    "week": 9.0,
    "order": 5.0,
    "stage": 6.0,
    "1": 2.0,
    "probability": 2.0,
    "supplier": 4.0,
    "share": 2.0,
    "1/year": 12.0,
    "month": 13.0,
    "base currency": 2000.0,
    "base currency/unit": 200.0,
    "base currency/order": 20.0,
    "base currency/day": 100_000.0,
    "order/day": 2000.0,
    "cuft/unit": 5.0,
    "lb/unit": 30.0,
}


def snapshot_of(
    *rows: Mapping[str, float],
    forecast: Sequence[float] = (),
    horizon: int = 90,
    inbound: Sequence[tuple[int, float, float]] = (),
    lots: Sequence[Mapping[str, float]] = (),
) -> Snapshot:
    """A snapshot of rows that give the columns they care about; the others are NaN. `as_of` is `AS_OF`.

    `forecast` is each row's flat mean a day, NaN where it is not given. `inbound` holds (row, day, units). `lots` give their row, age and
    units, and of what else `Lots` names what they care about.
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
            lots=lots_of(lots),
        )
    )


def lots_of(lots: Sequence[Mapping[str, float]]) -> Lots:
    """Lots that give the numbers they care about."""
    row = np.array([lot.get("row", 0) for lot in lots], np.int64)
    return Lots(row, *[np.array([lot.get(name, np.nan) for lot in lots], np.float64) for name in LOT_ARRAYS[1:]])


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
            lots=_random_lots(rng, rows, missing),
        )
    )


def _random_lots(rng: np.random.Generator, rows: int, missing: float) -> Lots:
    """About one lot a row: some expire, some are charged for, some do both."""
    n = int(rng.integers(0, 2 * rows + 1)) if rows else 0

    def some(values: NDArray[Any], share: float) -> NDArray[np.float64]:
        return np.where(rng.random(n) < share, np.nan, values.astype(np.float64))

    charged_from = some(rng.choice(np.array([181.0, 241.0]), n), 0.4)
    unknown = np.isnan(charged_from)
    return Lots(
        row=rng.integers(0, max(rows, 1), n),
        age=rng.integers(0, 400, n).astype(np.float64),
        qty=rng.integers(1, 200, n).astype(np.float64),
        expires_in=some(rng.integers(-20, 300, n), 0.5),
        charged_from=charged_from,
        assessed_in=np.where(unknown, np.nan, rng.integers(1, 120, n).astype(np.float64)),
        charge=np.where(unknown, np.nan, some(rng.random(n) * 5.0, missing)),
    )


def take_rows(snapshot: Snapshot, rows: Sequence[int]) -> Snapshot:
    """The snapshot of some distinct rows, in the order given, with their arrivals."""
    return snapshot.take(rows)


def _read_only(snapshot: Snapshot) -> Snapshot:
    arrays: list[Any] = [getattr(snapshot, f.name) for f in fields(snapshot)]
    for array in [*arrays, *snapshot.columns.values(), *[getattr(snapshot.lots, name) for name in LOT_ARRAYS]]:
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return snapshot
