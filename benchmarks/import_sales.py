"""Bulk import of history against COPYing the same final rows, on PostgreSQL.

Both run on one connection in one process of its own, in a scratch database, one after the other, three times; the value is the
median of the ratios. The import reads a parquet file of 1,000,000 lines, with the ledger starting after them: Online Retail's 270,451
lines, again and again with order ids of their own and two years later each time. Parsing is counted; start-up and migrating are not, nor is
their memory. The anchor streams the rows that the import left in its tables (orders, lines, statuses, sales facts, returns) back into the
same tables with all their indexes and foreign keys, from files in PostgreSQL's own format. An fsync's time is printed beside.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from benchmarks.fsync import fsync_milliseconds

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("STOCKHUB_SHARED", REPOSITORY.parent / "shared"))
FILE = SHARED / "data" / "online_retail_uci_events.parquet"
LINES = 1_000_000
#: Online Retail is a little shorter than two years, and whole weeks keep its weekdays.
SHIFT_DAYS = 728
GOAL = 0.4
GOAL_MIB = 400
PAIRS = 3
#: In the order in which they can be filled.
TABLES = ("channels_order", "channels_orderline", "channels_orderstatuschange", "channels_salesdelta", "channels_customerreturn")
COPY_BYTES = 1 << 16


def run() -> list[dict[str, Any]]:
    if not FILE.is_file():
        print(f"import_sales: {FILE.name} is absent, skipped")
        return []
    base = os.environ.get("DATABASE_URL", "")
    server = urlsplit(base if base.startswith("postgres") else "postgres://postgres@127.0.0.1:5432/postgres")
    name = f"stockhub_bench_{os.getpid()}"
    if not _administer(server, f'CREATE DATABASE "{name}"'):
        return []
    try:
        with tempfile.TemporaryDirectory() as var:
            million = Path(var) / "sales.parquet"
            write_lines(million)
            env = os.environ | {"DATABASE_URL": _url(server, name), "STOCKHUB_VAR": var, "LOG_LEVEL": "ERROR"}
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=env, cwd=REPOSITORY, check=True)
            answer = subprocess.run(
                [sys.executable, "-m", "benchmarks.import_sales", "--measure", str(million)],
                env=env,
                cwd=REPOSITORY,
                check=True,
                capture_output=True,
                text=True,
            )
    finally:
        _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    return _results(json.loads(answer.stdout.splitlines()[-1]))


def write_lines(path: Path) -> None:
    """The file of `LINES` lines, made a copy of Online Retail at a time."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    source = pq.read_table(FILE)
    ids, times = source.schema.get_field_index("order_id"), source.schema.get_field_index("ts")
    with pq.ParquetWriter(path, source.schema) as writer:
        for number in range(-(-LINES // source.num_rows)):
            later = pa.scalar(timedelta(days=SHIFT_DAYS * number), pa.duration("ns"))
            copy = source.set_column(times, source.schema.field(times), pc.add(source.column(times), later))
            if number:
                own = pc.binary_join_element_wise(source.column(ids), f"again{number}", "-")
                copy = copy.set_column(ids, source.schema.field(ids), own)
            writer.write_table(copy.slice(0, LINES - number * source.num_rows))


def _results(measured: dict[str, Any]) -> list[dict[str, Any]]:
    pairs = measured["pairs"]
    imported, copied = sorted(pairs, key=lambda pair: pair[0] / pair[1])[len(pairs) // 2]
    ratio, mib = copied / imported, measured["mib"]
    print(
        f"import_sales: {measured['lines']} lines, {measured['lines'] / imported:,.0f} lines/s imported, "
        f"{measured['lines'] / copied:,.0f} lines/s copied, ratios {', '.join(f'{c / i:.2f}' for i, c in pairs)}; peak {mib:.0f} MiB; "
        f"an fsync takes {fsync_milliseconds():.2f} ms"
    )
    return [
        {"name": "bulk history import against COPY", "value": round(ratio, 3), "goal": GOAL, "better": "higher", "ok": ratio >= GOAL},
        {"name": "bulk history import, peak MiB", "value": round(mib), "goal": GOAL_MIB, "better": "lower", "ok": mib <= GOAL_MIB},
    ]


def _url(server: SplitResult, database: str) -> str:
    return urlunsplit((server.scheme, server.netloc, f"/{database}", server.query, ""))


def _administer(server: SplitResult, statement: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(_url(server, "postgres"), autocommit=True) as connection:
            connection.execute(statement)
    except psycopg.OperationalError:
        print("import_sales: PostgreSQL is absent, skipped")
        return False
    return True


def measure(file: Path) -> None:
    """In the process of its own: prints one JSON line."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
    django.setup()
    pairs: list[tuple[float, float]] = []
    lines, mib = 0, 0.0
    for number in range(PAIRS):
        lines, seconds = _import(f"bench-{number}", file)
        if number == 0:
            mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        pairs.append((seconds, _copied()))
        _truncate()
    print(json.dumps({"lines": lines, "pairs": pairs, "mib": mib}))


def _import(code: str, file: Path) -> tuple[int, float]:
    from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse
    from stockhub.channels.imports.options import ImportOptions
    from stockhub.channels.imports.sales import import_sales
    from stockhub.channels.models import Account, PoolAccount
    from stockhub.exchange.jobs import start_import

    warehouse = Warehouse.objects.create(code=code, name=code)
    pool = StockPool.objects.create(code=code, name=code)
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    account = Account.objects.create(code=code, name=code, marketplace="file", time_zone="Europe/London", currency="GBP")
    PoolAccount.objects.create(pool=pool, account=account)
    started = time.perf_counter()
    job = start_import(kind="sales", path=file, target=code)
    import_sales(job, file, account=account, options=ImportOptions(create_skus=True))
    job.finish()
    return job.job.rows_read, time.perf_counter() - started


def _copied() -> float:
    """Takes the rows out, empties the tables, and times the rows going back in."""
    from django.db import connection, transaction

    with tempfile.TemporaryDirectory() as folder, connection.cursor() as cursor:
        for table in TABLES:
            rows = f"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT BINARY)"  # noqa: S608 - own names
            with (Path(folder) / table).open("wb") as file, cursor.copy(rows) as out:
                while chunk := out.read():
                    file.write(chunk)
        _truncate()
        started = time.perf_counter()
        with transaction.atomic():
            for table in TABLES:
                with (Path(folder) / table).open("rb") as file, cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as into:
                    while part := file.read(COPY_BYTES):
                        into.write(part)
        return time.perf_counter() - started


def _truncate() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure(Path(sys.argv[-1]))
    else:
        run()
