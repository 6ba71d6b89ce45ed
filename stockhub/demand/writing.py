"""Writes forecasts: on PostgreSQL by COPY into a temporary table and one upsert from there, on SQLite by one upsert a row.

See docs/adr/0014. The arrays of a batch go over as they lie in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.core.binary_copy import HEADER, TRAILER, alike, as_bytes, binary_rows
from stockhub.core.bulk import is_postgresql, stored
from stockhub.core.columns import microseconds
from stockhub.demand.forecasting import ChainResult
from stockhub.demand.frames import Rows
from stockhub.demand.lead_times import LeadTimes
from stockhub.demand.spikes import Spikes

_TABLE: Final = "demand_forecast"
_STAGING: Final = "staging_demand_forecast"
#: Rows written in one transaction: SQLite has one writer, which others must not wait for longer than a tenth of a second.
_BATCH: Final = {"postgresql": 10_000, "sqlite": 1_000}
_KEY: Final = ("sku_id", "pool_id")
_WRITTEN: Final = (
    "cycle_id", "first_on", "horizon_days", "model_used", "fallback_reason", "mean", "quantile_levels", "quantiles", "error_sd",
    "history_days", "created_at", "lead_time_days", "lead_time_levels", "lead_time_quantiles", "lead_time_model", "lead_time_fallback",
    "own_sd", "spike_days", "spike_rate", "spike_before",
)  # fmt: skip
_NAMES: Final = ", ".join((*_KEY, *_WRITTEN))
_CHANGES: Final = ", ".join(f"{name} = excluded.{name}" for name in _WRITTEN)
_CONFLICT: Final = f"ON CONFLICT (sku_id, pool_id) DO UPDATE SET {_CHANGES}"
#: In the order of the index, so that whoever writes the same rows takes them in the same order.
_UPSERT: Final = f"INSERT INTO {_TABLE} ({_NAMES}) SELECT {_NAMES} FROM {_STAGING} ORDER BY sku_id, pool_id {_CONFLICT}"  # noqa: S608 - own names
#: Rows of forecasts lie in the page whole as long as they fit: in a table that is read once and emptied, out of line is work for nothing.
_STAGE: Final = (
    f"CREATE TEMPORARY TABLE IF NOT EXISTS {_STAGING} ON COMMIT DELETE ROWS AS SELECT {_NAMES} FROM {_TABLE} WITH NO DATA",  # noqa: S608
    f"ALTER TABLE {_STAGING} SET (toast_tuple_target = 8160)",
    *(f"ALTER TABLE {_STAGING} ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in ("mean", "quantiles", "lead_time_quantiles")),
)
_MARKS: Final = ", ".join(["%s"] * (len(_KEY) + len(_WRITTEN)))
_UPSERT_ONE: Final = f"INSERT INTO {_TABLE} ({_NAMES}) VALUES ({_MARKS}) {_CONFLICT}"  # noqa: S608 - own names
_POSTGRESQL_DAY_ZERO: Final = date(2000, 1, 1).toordinal()
_POSTGRESQL_MICROSECOND_ZERO: Final = 946_684_800_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """The forecasts of a chunk: point forecasts and lead times of the same n rows, and what they share. `history_days`, `own_sd` (n,)."""

    rows: Rows
    points: ChainResult
    lead_times: LeadTimes
    history_days: NDArray[np.int64]
    own_sd: NDArray[np.float64]
    spikes: Spikes
    cycle_id: int
    first_on: date
    quantile_levels: tuple[float, ...]

    def batches(self) -> Iterator[NDArray[np.int64]]:
        """The rows that have a forecast, as many at a time as one transaction writes."""
        made = np.flatnonzero(np.array(self.points.model_used, np.object_) != "")
        size = _BATCH[connection.vendor]
        for start in range(0, len(made), size):
            yield made[start : start + size]


def write(made: Made, batch: NDArray[np.int64]) -> None:
    """Writes the forecasts of some of the rows, new ones and those that were there. The caller is in a transaction."""
    if is_postgresql():
        _copy(made, batch)
        return
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT_ONE, list(_cells(made, batch)))


def _copy(made: Made, batch: NDArray[np.int64]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"pg_temp.{_STAGING}"])
        if cursor.fetchone() != (True,):
            for statement in _STAGE:
                cursor.execute(statement)
        cursor.execute(f"TRUNCATE {_STAGING}")
        copying: Any = cursor
        with copying.copy(f"COPY {_STAGING} ({_NAMES}) FROM STDIN (FORMAT binary)") as copy:
            copy.write(HEADER)
            for piece in _binary(made, batch):
                copy.write(piece)
            copy.write(TRAILER)
        cursor.execute(_UPSERT)


def _binary(made: Made, batch: NDArray[np.int64]) -> Iterator[bytes]:
    """The rows in COPY's binary format, those with the same texts and nulls together."""
    now = microseconds(clock.now()) - _POSTGRESQL_MICROSECOND_ZERO
    points, lead_times = made.points, made.lead_times
    unknown, no_own = np.isnan(points.error_sd), np.isnan(made.own_sd)
    texts = [
        [column[row] for row in batch.tolist()]
        for column in (points.model_used, points.fallback_reason, lead_times.model_used, lead_times.fallback_reason)
    ]
    flags = unknown[batch].tolist(), no_own[batch].tolist()
    for (model, reason, lead_time_model, lead_time_reason, without_sd, without_own), places in alike(*texts, *flags):
        rows = batch[places]
        yield binary_rows(
            {
                "sku_id": made.rows.sku_ids[rows],
                "pool_id": made.rows.pool_ids[rows],
                "cycle_id": _number(made.cycle_id, 8),
                "first_on": _number(made.first_on.toordinal() - _POSTGRESQL_DAY_ZERO, 4),
                "horizon_days": _number(points.mean.shape[1], 2),
                "model_used": model.encode(),
                "fallback_reason": reason.encode(),
                "mean": as_bytes(points.mean[rows]),
                "quantile_levels": _levels(made),
                "quantiles": as_bytes(points.quantiles[rows]),
                "error_sd": None if without_sd else points.error_sd[rows].astype(np.float64),
                "history_days": made.history_days[rows].astype(np.int32),
                "created_at": _number(now, 8),
                "lead_time_days": _asked_days(made),
                "lead_time_levels": _asked_levels(made),
                "lead_time_quantiles": as_bytes(lead_times.quantiles[rows]),
                "lead_time_model": lead_time_model.encode(),
                "lead_time_fallback": lead_time_reason.encode(),
                "own_sd": None if without_own else made.own_sd[rows],
                "spike_days": made.spikes.days[rows].astype(np.int16),
                "spike_rate": made.spikes.rate[rows],
                "spike_before": made.spikes.before[rows],
            },
            len(rows),
        )


def _cells(made: Made, batch: NDArray[np.int64]) -> Iterator[tuple[Any, ...]]:
    """The rows as SQLite's driver takes them."""
    now: datetime = clock.now()
    points, lead_times, horizon = made.points, made.lead_times, made.points.mean.shape[1]
    shared_levels, days, levels = _levels(made), _asked_days(made), _asked_levels(made)
    at, first_on, spikes = stored(now), made.first_on.isoformat(), made.spikes
    for row in batch.tolist():
        sd, own = float(points.error_sd[row]), float(made.own_sd[row])
        yield (
            int(made.rows.sku_ids[row]), int(made.rows.pool_ids[row]), made.cycle_id, first_on, horizon, points.model_used[row],
            points.fallback_reason[row], points.mean[row].tobytes(), shared_levels, points.quantiles[row].tobytes(),
            None if np.isnan(sd) else sd, int(made.history_days[row]), at, days, levels, lead_times.quantiles[row].tobytes(),
            lead_times.model_used[row], lead_times.fallback_reason[row], None if np.isnan(own) else own, int(spikes.days[row]),
            float(spikes.rate[row]), float(spikes.before[row]),
        )  # fmt: skip


def _number(value: int, size: int) -> bytes:
    return value.to_bytes(size, "big", signed=True)


def _levels(made: Made) -> bytes:
    return np.array(made.quantile_levels, "<f4").tobytes()


def _asked_days(made: Made) -> bytes:
    return np.array(made.lead_times.asked.days, "<i2").tobytes()


def _asked_levels(made: Made) -> bytes:
    return np.array(made.lead_times.asked.levels, "<f4").tobytes()
