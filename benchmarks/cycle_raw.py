"""The raw time of a cycle: reading the bytes that it rests on, and COPYing the rows that it wrote, with nothing in between.

Read as quickly as we know: the server strings the values of a column together, a range of SKUs at a time, and each range arrives as one
array. Written into tables with the same columns and indexes, without their foreign keys.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import psycopg

from benchmarks.processor import backend_of_this_process, processor_seconds

#: SKUs of one statement, as of one chunk of the cycle.
_RANGE: Final = 5_000
_OF_LISTING: Final = "channels_pricefact f JOIN channels_listingcomponent c USING (listing_id)"
Tables = Mapping[str, str]
#: By table: the columns that a warning cycle needs, as bytes.
OF_WARNINGS: Final = {
    "demand_salesseries": "daily || int8send(sku_id) || int8send(account_id) || date_send(first_on) || timestamptz_send(last_sold_at)",
    "demand_stockoutseries": "in_stock || int8send(sku_id) || int8send(pool_id) || date_send(first_on)",
    "demand_forecast": "mean || lead_time_quantiles || int8send(sku_id) || int8send(pool_id) || date_send(first_on)",
    "inventory_balance": "int8send(sku_id) || int8send(warehouse_id) || int8send(qty) || textsend(bucket_id)",
    "inventory_lot": "int8send(sku_id) || int8send(warehouse_id) || date_send(received_on) || int8send(received_qty)",
    "suppliers_offer": "int8send(sku_id) || int4send(moq) || int4send(case_pack) || float8send(lead_time_days) || textsend(currency)",
    "catalog_stockpolicy": "int8send(sku_id) || float8send(service_level) || textsend(safety_stock_method)",
    "purchasing_purchaseorderline": "int8send(sku_id) || int8send(ordered_qty) || date_send(promised_on)",
    _OF_LISTING: "int8send(sku_id) || int8send(amount) || textsend(currency)",
    "alerts_alert": "int8send(id) || int8send(sku_id) || int8send(pool_id) || int2send(level) || float8send(value)",
}
#: And a forecast cycle: the sales, what is known of the days without stock, and what each SKU has learned of events.
OF_FORECASTS: Final = {
    "demand_salesseries": OF_WARNINGS["demand_salesseries"],
    "demand_stockoutseries": OF_WARNINGS["demand_stockoutseries"],
    "inventory_stockhistory": "qty || int8send(sku_id) || int8send(warehouse_id) || date_send(first_on)",
    "inventory_balance": OF_WARNINGS["inventory_balance"],
    "inventory_lot": OF_WARNINGS["inventory_lot"],
    "demand_eventsales": "int8send(sku_id) || int8send(pool_id) || textsend(event_key) || float8send(log_lift)",
}
#: Where a warning cycle writes, and how its rows are found; and a forecast cycle.
BY_WARNINGS: Final = {
    "alerts_alert": "changed_cycle_id = {cycle}",
    "alerts_alertevent": "occurred_at = (SELECT as_of FROM cycles_cycle WHERE id = {cycle})",
    "outbox_event": "correlation_id = 'cycle-{cycle}'",
}
BY_FORECASTS: Final = {
    "demand_forecast": "cycle_id = {cycle}",
    "demand_forecastbasis": "forecast_id IN (SELECT id FROM demand_forecast WHERE cycle_id = {cycle})",
}


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the clock, and of processor time in this process and its server process."""

    wall: float
    processor: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.processor + other.processor)


@contextmanager
def spending(into: list[Spent]) -> Iterator[None]:
    """Adds to `into` what the block has spent."""
    backend = backend_of_this_process()
    started, busy = time.perf_counter(), processor_seconds(backend)
    yield
    into.append(Spent(time.perf_counter() - started, processor_seconds(backend) - busy))


def read_once(tables: Tables = OF_WARNINGS) -> Spent:
    """Reads all that a cycle reads, for warnings the open alerts among it."""
    from django.db import connection

    spent: list[Spent] = []
    size = 0
    with connection.cursor() as django_cursor, spending(spent):
        django_cursor.execute("SELECT min(id), max(id) FROM catalog_sku")
        least, most = django_cursor.fetchone()
        cursor = psycopg.Cursor(django_cursor.connection)
        cursor.format = psycopg.pq.Format.BINARY
        for first in range(least, most + 1, _RANGE):
            for table, columns in tables.items():
                cursor.execute(_ranged(columns, table), [first, first + _RANGE - 1])
                size += len(np.frombuffer(_only_value(cursor), np.uint8))
    assert size > 0
    return spent[0]


def _only_value(cursor: psycopg.Cursor[Any]) -> bytes:
    assert cursor.pgresult is not None
    return cursor.pgresult.get_value(0, 0) or b""


def _ranged(columns: str, table: str) -> str:
    # One array of whole rows; a null has no bytes.
    parts = " || ".join(f"coalesce({part}, '')" for part in columns.split(" || "))
    return f"SELECT string_agg({parts}, ''::bytea) FROM {table} WHERE sku_id BETWEEN %s AND %s"  # noqa: S608 - own names


def write_once(cycle_id: int, tables: Tables = BY_WARNINGS) -> Spent:
    """Writes the rows that a cycle has written into empty tables."""
    from django.db import connection

    total = Spent(0.0, 0.0)
    with connection.cursor() as django_cursor:
        cursor: Any = django_cursor.connection.cursor()
        for table, condition in tables.items():
            cursor.execute(f"CREATE TABLE IF NOT EXISTS raw_{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(f"TRUNCATE raw_{table}")
            where = condition.format(cycle=int(cycle_id))
            with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT") as out:  # noqa: S608 - own names
                rows = b"".join(bytes(block) for block in out)
            spent: list[Spent] = []
            with spending(spent):
                with cursor.copy(f"COPY raw_{table} FROM STDIN") as copy:
                    copy.write(rows)
                cursor.connection.commit()
            total += spent[0]
    return total
