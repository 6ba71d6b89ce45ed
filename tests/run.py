"""`make test`: every test on SQLite, then those that touch the database engine again on PostgreSQL, where there is one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg

REPOSITORY = Path(__file__).resolve().parents[1]
DEFAULT_POSTGRESQL = "postgres://postgres@127.0.0.1:5432/stockhub"
#: What a developer's shell may have set; a test run decides these itself. Bytecode is kept: without it each of the many processes that a
#: run starts would compile everything again, assertions included.
DECIDED_HERE = (
    "DATABASE_URL", "BROKER_URL", "REDIS_URL", "DEBUG", "SECRET_KEY", "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE",
)  # fmt: skip
PYTEST_NO_TESTS = 5


def main() -> int:
    """The worst exit status of the two runs."""
    environment = {k: v for k, v in os.environ.items() if k not in DECIDED_HERE}
    environment["STOCKHUB_VAR"] = str(REPOSITORY / "var" / "test")
    environment.setdefault("LOG_LEVEL", "WARNING")
    # One thread a process. Four pytest workers on two cores: the system tests mostly wait.
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    print("== Every test, on SQLite ==", flush=True)
    statuses = [_pytest(environment)]
    url = os.environ.get("TEST_DATABASE_URL", DEFAULT_POSTGRESQL)
    if problem := _unreachable(url):
        required = os.environ.get("STOCKHUB_REQUIRE_SERVICES") == "1"
        print(f"== PostgreSQL is {'absent although required' if required else 'absent, its run is skipped'}: {problem} ==", flush=True)
        statuses.append(int(required))
    else:
        print("== What touches the database engine, on PostgreSQL ==", flush=True)
        statuses.append(_pytest(environment | {"DATABASE_URL": url}, "-m", "both_databases"))
    return max(statuses)


def _pytest(environment: dict[str, str], *options: str) -> int:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--durations",
        "25",
        "-n",
        "4",
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        *options,
        *sys.argv[1:],
    ]
    status = subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode
    return 0 if status == PYTEST_NO_TESTS and sys.argv[1:] else status


def _unreachable(url: str) -> str:
    """Why nobody answers at the address of a server's maintenance database; empty where somebody does."""
    try:
        psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error).strip().splitlines()[0]
    return ""


if __name__ == "__main__":
    sys.exit(main())
