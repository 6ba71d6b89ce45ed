"""`make test`: every test on SQLite, and those that touch the database engine again on PostgreSQL, where there is one.

Three runs of pytest. One has all that computes. Beside it go the tests that mostly wait for processes of their own, which need few modules,
and after these the tests on PostgreSQL: so neither core is idle at an end, and fewer processes collect everything.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from tests import migrated
from tests.conftest import WAITING
from tests.services import POSTGRES

REPOSITORY = Path(__file__).resolve().parents[1]
DEFAULT_POSTGRESQL = "postgres://postgres@127.0.0.1:5432/stockhub"
#: What a developer's shell may have set; a test run decides these itself. Bytecode is kept: without it each of the many processes that a
#: run starts would compile everything again, assertions included.
DECIDED_HERE = (
    "DATABASE_URL", "BROKER_URL", "REDIS_URL", "DEBUG", "SECRET_KEY", "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE",
)  # fmt: skip
PYTEST_NO_TESTS = 5


def main() -> int:
    """The worst exit status of the runs."""
    environment = {k: v for k, v in os.environ.items() if k not in DECIDED_HERE}
    environment["STOCKHUB_VAR"] = str(REPOSITORY / "var" / "test")
    environment.setdefault("LOG_LEVEL", "WARNING")
    # One thread a process: there are more processes than cores.
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    # What one of the runs has migrated the others copy.
    environment[migrated.SHARED_BY_RUNS] = run = f"together{os.getpid()}"
    url = os.environ.get("TEST_DATABASE_URL", DEFAULT_POSTGRESQL)
    try:
        return max(_chosen(environment, url, sys.argv[1:]) if sys.argv[1:] else _all(environment, url))
    finally:
        migrated.take_away(run, *(migrated.server_of(server) for server in {url, POSTGRES}))


def _all(environment: dict[str, str], url: str) -> list[int]:
    """What computes, which prints as it goes; what else there is goes on beside it and is printed when all have ended."""
    with ThreadPoolExecutor(1) as beside:
        others = beside.submit(_beside, environment, url)
        print("== On SQLite, what computes. Printed after it: what waits, and what is on PostgreSQL ==", flush=True)
        statuses = [_pytest(environment, "-n", "2", *(f"--ignore={path}" for path in WAITING)).returncode]
        for title, status, output in others.result():
            print(f"== {title} ==\n{output}", flush=True)
            statuses.append(status)
    return statuses


def _beside(environment: dict[str, str], url: str) -> list[tuple[str, int, str]]:
    """Title, exit status and output of each run that goes on beside the first."""
    waiting = _pytest(environment, "-n", "2", *WAITING, stdout=subprocess.PIPE)
    done = [("On SQLite, what waits for processes of its own", waiting.returncode, waiting.stdout)]
    if problem := _unreachable(url):
        return [*done, (_without_postgresql(problem), _required(), "")]
    touching = _pytest(environment | {"DATABASE_URL": url}, "-n", "3", "-m", "both_databases", stdout=subprocess.PIPE)
    return [*done, ("On PostgreSQL, what touches the database engine", touching.returncode, touching.stdout)]


def _chosen(environment: dict[str, str], url: str, options: list[str]) -> list[int]:
    """The tests that the command line chooses, which may be none on either database."""
    runs = [_pytest(environment, "-n", "4", *options)]
    if problem := _unreachable(url):
        print(f"== {_without_postgresql(problem)} ==", flush=True)
    else:
        runs.append(_pytest(environment | {"DATABASE_URL": url}, "-n", "4", "-m", "both_databases", *options))
    return [_required() if problem else 0, *(0 if run.returncode == PYTEST_NO_TESTS else run.returncode for run in runs)]


def _pytest(environment: dict[str, str], *options: str, stdout: int | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "--durations", "25", "--dist", "loadfile", "--no-loadscope-reorder", *options]
    stderr = None if stdout is None else subprocess.STDOUT
    return subprocess.run(command, cwd=REPOSITORY, env=environment, check=False, stdout=stdout, stderr=stderr, text=True)


def _without_postgresql(problem: str) -> str:
    return f"PostgreSQL is {'absent although required' if _required() else 'absent, its run is skipped'}: {problem}"


def _required() -> int:
    return int(os.environ.get("STOCKHUB_REQUIRE_SERVICES") == "1")


def _unreachable(url: str) -> str:
    """Why nobody answers at the address of a server's maintenance database; empty where somebody does."""
    try:
        psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error).strip().splitlines()[0]
    return ""


if __name__ == "__main__":
    sys.exit(main())
