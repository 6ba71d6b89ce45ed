"""A burst while a full warning cycle runs: 1,000 orders in 10 seconds, and how long each takes from its commit to its alert's.

100 posts of 10 orders come in at the door of every connector, one every tenth of a second, whether or not the last one was answered in
time. Each order is of a SKU of its own whose stock lies on its line, so each must open an alert. The dispatcher is the production's own
process, and so is the full cycle. A look every ten milliseconds tells when an alert can be seen, which is a little after its commit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.cycle_world import fill
from benchmarks.embedded_copy import read_rows, write_rows
from benchmarks.fsync import fsync_milliseconds
from benchmarks.scratch import scratch_database

REPOSITORY: Final = Path(__file__).resolve().parents[1]
SKUS: Final = int(os.environ.get("BENCH_BURST_SKUS", "100000"))
EMBEDDED_SKUS: Final = int(os.environ.get("BENCH_BURST_EMBEDDED_SKUS", "10000"))
POSTS, ORDERS = 100, 10
SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.01
#: An alert that is not there after so long is counted as lost.
_PATIENCE_SECONDS: Final = 60.0
_CYCLE_BEFORE_SECONDS: Final = 2.0
#: The priority of the worker that runs full cycles.
_AS_BULK: Final = ("nice", "-n", "5")
#: By the primary key: looking through all alerts a hundred times a second would take half of the machine that is measured.
_LAST: Final = "SELECT coalesce(max(id), 0) FROM alerts_alert"
_LOOK: Final = "SELECT sku_id FROM alerts_alert WHERE id > {last} AND kind = 'below-threshold'"


def run() -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    with scratch_database("stockhub_bench_burst"):
        fill(SKUS, now)
        p95, p99, _locked = _measured(os.environ["DATABASE_URL"], f"{SKUS:,} SKUs, PostgreSQL")
    results = [
        _result(f"burst on {SKUS:,} SKUs: order to alert, p95 s", p95, 1.0),
        _result(f"burst on {SKUS:,} SKUs: order to alert, p99 s", p99, 2.0),
    ]
    with tempfile.TemporaryDirectory() as made:
        with scratch_database("stockhub_bench_burst"):
            fill(EMBEDDED_SKUS, now)
            write_rows(Path(made) / "rows")
        # Another process, because one that has begun on PostgreSQL stays there.
        url = f"sqlite:///{made}/stockhub.sqlite3"
        command = [sys.executable, "-m", "benchmarks.burst", "--embedded", made]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=os.environ | {"DATABASE_URL": url}, check=True, stdout=subprocess.PIPE, text=True
        )
    *told, last = done.stdout.splitlines()
    print("\n".join(told), flush=True)
    p95, _p99, locked = json.loads(last)
    return [
        *results,
        _result(f"burst on {EMBEDDED_SKUS:,} SKUs, embedded: order to alert, p95 s", p95, 2.0),
        _result("burst, embedded: processes that found the database locked", locked, 0.0),
    ]


def _embedded(folder: Path) -> tuple[float, float, float]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    read_rows(folder / "rows")
    return _measured(os.environ["DATABASE_URL"], f"{EMBEDDED_SKUS:,} SKUs, embedded")


def _measured(url: str, name: str) -> tuple[float, float, float]:
    """p95 and p99 in seconds, and how many processes found the database locked."""
    with tempfile.TemporaryDirectory() as made:
        environment = os.environ | {"DATABASE_URL": url, "STOCKHUB_VAR": made, "LOG_LEVEL": "WARNING"}
        skus = _lines_at_their_stock()
        # What there is to say before the burst is said, so that the cycle beside it is a steady one.
        first = _manage(environment, Path(made) / "first.log", "run_cycle", "warnings")
        if first.wait():
            raise RuntimeError((Path(made) / "first.log").read_text()[-2000:])
        with _running(environment, Path(made) / "dispatcher.log", "dispatcher"):
            time.sleep(5)
            with _running(environment, Path(made) / "cycle.log", "run_cycle", "warnings", before=_AS_BULK) as cycle:
                time.sleep(_CYCLE_BEFORE_SECONDS)
                sent, late = _burst(skus, url)
                still = cycle.poll() is None
        locked = sum("database is locked" in path.read_text() for path in Path(made).glob("*.log"))
    waits = np.array([late.get(sku, _PATIENCE_SECONDS + at) - at for sku, at in sent.items()])
    p50, p95, p99 = np.percentile(waits, [50, 95, 99])
    begun = np.array(list(sent.values())) - min(sent.values())
    took = begun.max()
    by_second = [f"{waits[begun.astype(int) == second].max():.1f}" for second in range(int(took) + 1)]
    print(
        f"  {name}: {len(sent)} orders in {took:.1f} s, {len(sent) - len(late)} without an alert; order to alert p50 {p50:.2f} s, p95 "
        f"{p95:.2f} s, p99 {p99:.2f} s, most {waits.max():.2f} s; the full cycle {'outlasted' if still else 'ended within'} the burst; "
        f"load {os.getloadavg()[0]:.1f}, an fsync takes {fsync_milliseconds():.2f} ms; the longest wait of each second's orders: "
        f"{' '.join(by_second)}",
        flush=True,
    )
    return float(p95), float(p99), float(locked)


def _lines_at_their_stock() -> list[int]:
    """The SKUs of the burst, spread over the catalogue: each has a line where its stock lies."""
    from stockhub.catalog.models import StockPolicy, StockPool
    from stockhub.inventory.models import Balance

    there = list(
        Balance.objects.filter(warehouse__code="w0", bucket_id="available", qty__gte=2).order_by("sku_id").values_list("sku_id", "qty")
    )
    step = len(there) // (POSTS * ORDERS)
    chosen = there[:: max(step, 1)][: POSTS * ORDERS]
    pool = StockPool.objects.get(code="p0")
    StockPolicy.objects.bulk_create(
        [StockPolicy(sku_id=sku, pool=pool, safety_stock_method="statistical", alert_threshold_qty=qty) for sku, qty in chosen]
    )
    skus = [sku for sku, _qty in chosen]
    np.random.default_rng(1).shuffle(skus)
    return skus


def _burst(skus: list[int], url: str) -> tuple[dict[int, float], dict[int, float]]:
    """When each SKU's order was committed, and when its alert was seen."""
    from stockhub.channels.models import Account
    from stockhub.channels.services import ingest_orders

    account = Account.objects.get(code="a0")
    sent: dict[int, float] = {}
    with _watching(url) as seen:
        started = time.perf_counter()
        for post in range(POSTS):
            time.sleep(max(0.0, started + post * SECONDS / POSTS - time.perf_counter()))
            part = skus[post * ORDERS : (post + 1) * ORDERS]
            told = ingest_orders(account=account, orders=[_order(sku) for sku in part], source="api")
            if told.new != len(part):
                raise RuntimeError(f"Of {len(part)} orders {told.new} were taken.")
            sent |= dict.fromkeys(part, time.perf_counter())
        deadline = time.perf_counter() + _PATIENCE_SECONDS
        while not sent.keys() <= seen.keys() and time.perf_counter() < deadline:
            time.sleep(0.05)
        return sent, {sku: at for sku, at in seen.items() if sku in sent}


def _order(sku: int) -> Any:  # noqa: ANN401 - a record
    from stockhub.pluginapi.records import OrderLineRecord, OrderRecord

    now = datetime.now(UTC)
    line = OrderLineRecord(code=f"L{sku}", qty=1, line_id="1")
    return OrderRecord(external_id=f"burst-{sku}", status="paid", ordered_at=now, paid_at=now, currency="CNY", lines=(line,))


@contextmanager
def _watching(url: str) -> Iterator[dict[int, float]]:
    """When the alert of each SKU was first seen, by a connection of its own."""
    seen: dict[int, float] = {}
    over = threading.Event()

    def watch() -> None:
        look, close = _looker(url)
        while not over.wait(_LOOK_SECONDS):
            found = look()
            now = time.perf_counter()
            for (sku,) in found:
                seen.setdefault(sku, now)
        close()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _looker(url: str) -> tuple[Callable[[], list[Any]], Callable[[], None]]:
    """What tells the SKUs of the alerts that came since, and what ends it."""
    if url.startswith("sqlite"):
        import sqlite3

        database: Any = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60, isolation_level=None)
    else:
        import psycopg

        database = psycopg.connect(url, autocommit=True)
    look = _LOOK.format(last=database.execute(_LAST).fetchone()[0])
    return lambda: database.execute(look).fetchall(), database.close


def _manage(environment: dict[str, str], log: Path, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    command = [*before, sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log.open("ab"), stderr=subprocess.STDOUT)


@contextmanager
def _running(environment: dict[str, str], log: Path, *arguments: str, before: tuple[str, ...] = ()) -> Iterator[subprocess.Popen[bytes]]:
    process = _manage(environment, log, *arguments, before=before)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _result(name: str, value: float, goal: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "goal": goal, "better": "lower", "ok": value <= goal}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--embedded"]:
        print(json.dumps(_embedded(Path(sys.argv[2]))))
    else:
        print(run())
