"""`make soak`: what takes too long for `make test`. Prints `N passed, N failed` alone on the last line.

Kills workers and pool processes in the middle of cycles round after round, on both pairs of database and broker, runs the first day of
a seller with every line of both shared event files, and asks whether tests notice faults in the formulas that cost most when wrong.
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
from tests.system.conftest import POSTGRES, REDIS
from tests.system.real_day import REPOSITORY, RealDay, live

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "20"))


def main() -> int:
    """1 where a round failed."""
    shared = Path(os.environ.get("STOCKHUB_SHARED", REPOSITORY.parent / "shared"))
    trials: list[tuple[str, Callable[[], None]]] = [(f"faults, round {n}", _faults) for n in range(1, ROUNDS + 1)]
    if shared.is_dir():
        trials += [
            ("a whole real day, embedded", lambda: _day(shared, {})),
            ("a whole real day, distributed", lambda: _distributed_day(shared)),
        ]
    trials += [(f"tests that notice faults: {subject}", partial(mutation.check, subject)) for subject in mutation.SUBJECTS]
    failed = 0
    for name, trial in trials:
        started = time.monotonic()
        try:
            trial()
        except (AssertionError, OSError, subprocess.SubprocessError, psycopg.Error, redis.RedisError) as error:
            failed += 1
            print(f"{name}: FAILED: {error}", flush=True)
        else:
            print(f"{name}: passed in {time.monotonic() - started:.0f} s", flush=True)
    print(f"{len(trials) - failed} passed, {failed} failed")
    return int(failed > 0)


def _faults() -> None:
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/system/test_faults.py"], cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL
    )


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
    name = f"stockhub_soak_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            _day(shared, {"DATABASE_URL": f"{POSTGRES.rpartition('/')[0]}/{name}", "BROKER_URL": REDIS})
        finally:
            redis.Redis.from_url(REDIS).flushdb()
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


if __name__ == "__main__":
    sys.exit(main())
