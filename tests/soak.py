"""`make soak`: what takes too long for `make test`. Prints `N passed, N failed` alone on the last line.

Kills workers and pool processes in the middle of cycles round after round, on both pairs of database and broker, and a hundred times each
on three pairs while orders come in; floods a server with webhooks while no worker runs; brings a thousand orders at once twenty times; has
a supplier of a thousand SKUs deliver late; holds the ledger against its model hundreds of times; crashes a database; imports files of
200,000 rows with faults; takes all migrations back and forth over rows; runs the first day of a seller with every line of both shared event
files; and asks whether tests notice faults in the formulas that cost most when wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
import redis

from tests.formulas import mutation
from tests.imports import bad_rows
from tests.run import DEFAULT_POSTGRESQL
from tests.services import AbsentError, postgres_database, redis_database
from tests.system.real_day import REPOSITORY, RealDay, live

CONCURRENCY = "tests/inventory/test_ledger_concurrency.py"
MACHINE = "tests/inventory/test_ledger_machine.py"
TRANSFERS = "tests/inventory/test_transfer_machine.py"
KILLED = "tests/system/test_killed_ingestion.py"
FLOOD = "tests/webhooks/test_flood.py"
KILLED_READING = "tests/channels/feeds/test_killed_reading.py"
STORM = "tests/alerts/test_late_supplier.py"
PARTITIONS = "tests/inventory/test_partitions.py"
DATABASE_FAULTS = "tests/system/test_database_faults.py"
TEST_DATABASE = os.environ.get("TEST_DATABASE_URL", DEFAULT_POSTGRESQL)
ROUNDS = int(os.environ.get("SOAK_ROUNDS", "20"))


def main() -> int:
    """1 where a round failed."""
    shared = Path(os.environ.get("STOCKHUB_SHARED", REPOSITORY.parent / "shared"))
    trials: list[tuple[str, Callable[[], None]]] = [(f"faults, round {n}", _faults) for n in range(1, ROUNDS + 1)]
    trials += [(f"a hundred kills while orders come in, {pair}", partial(_kills, pair)) for pair in ("embedded", "redis", "rabbitmq")]
    for database, url in (("SQLite", ""), ("PostgreSQL", TEST_DATABASE)):
        trials += [
            (f"a thousand orders at once, twenty times, {database}", partial(_tests, CONCURRENCY, url, STOCKHUB_ORDER_RUNS="20")),
            (f"the ledger and its model, {database}", partial(_tests, MACHINE, url, STOCKHUB_MACHINE_EXAMPLES="300")),
            (f"transfers and their model, {database}", partial(_tests, TRANSFERS, url, STOCKHUB_MACHINE_EXAMPLES="100")),
            (f"killed while orders are taken in, {database}", partial(_tests, KILLED, url, STOCKHUB_KILLS="50")),
            (f"a late supplier of a thousand SKUs, {database}", partial(_tests, STORM, url, STOCKHUB_STORM_SKUS="1000")),
            (f"a flood of webhooks, {database}", partial(_tests, FLOOD, url, STOCKHUB_FLOOD_PUSHES="6000")),
            (f"killed in a backfill, {database}", partial(_tests, KILLED_READING, url, STOCKHUB_KILLS="50")),
        ]
    trials += [("tables cut and put together again", partial(_tests, PARTITIONS, TEST_DATABASE, STOCKHUB_WAYS_BACK="3"))]
    trials += [("a database that crashes twenty times", partial(_tests, DATABASE_FAULTS, "", STOCKHUB_KILLS="20"))]
    if shared.is_dir():
        trials += [
            ("200,000 rows with 1 % bad", bad_rows.run),
            ("a whole real day, embedded", lambda: _day(shared, {})),
            ("a whole real day, distributed", lambda: _distributed_day(shared)),
        ]
    trials += [(f"tests that notice faults: {subject}", partial(mutation.check, subject)) for subject in mutation.SUBJECTS]
    failed = 0
    for name, trial in trials:
        started = time.monotonic()
        try:
            trial()
        except (AssertionError, OSError, subprocess.SubprocessError, psycopg.Error, redis.RedisError, AbsentError) as error:
            failed += 1
            print(f"{name}: FAILED: {error}", flush=True)
        else:
            print(f"{name}: passed in {time.monotonic() - started:.0f} s", flush=True)
    print(f"{len(trials) - failed} passed, {failed} failed")
    return int(failed > 0)


def _faults() -> None:
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/system/test_faults.py"],
        cwd=REPOSITORY,
        env=os.environ | {"STOCKHUB_GONE_SECONDS": "30", "STOCKHUB_STORM_SKUS": "1000"},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _kills(pair: str) -> None:
    """Prints the figures itself."""
    subprocess.run([sys.executable, "-m", "tests.system.kill_soak", pair], cwd=REPOSITORY, check=True)


def _tests(path: str, database_url: str, **variables: str) -> None:
    """Tests of `make test` again, with larger numbers; what they print of figures is passed on."""
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | variables
    if database_url:
        environment["DATABASE_URL"] = database_url
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-n0", path]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stdout[-6000:])
    print("\n".join(line for line in done.stdout.splitlines() if " kills (" in line), flush=True)


def _day(shared: Path, services: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BROKER_URL", "REDIS_URL")}
        day = RealDay(
            shared, folder, clean | {"STOCKHUB_VAR": str(folder / "var"), "LOG_LEVEL": "WARNING", "STOCKHUB_LEASE_SECONDS": "5"} | services
        )
        live(day, kills=True)
        print(day.seconds, flush=True)


def _distributed_day(shared: Path) -> None:
    with postgres_database("soak") as database, redis_database() as broker:
        _day(shared, {"DATABASE_URL": database, "BROKER_URL": broker})


if __name__ == "__main__":
    sys.exit(main())
