"""One migrated database for all processes of a test run: a migration takes seconds, and every worker and every site needs one.

Only a run of several workers has it; its controller, which ends last, takes it away. The runs of `make test` share one, which `tests.run`
takes away. Whoever is first makes it.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from psycopg.conninfo import conninfo_to_dict

REPOSITORY: Final = Path(__file__).resolve().parents[1]
#: Names what several runs have together; where it is not set, each run is for itself.
SHARED_BY_RUNS: Final = "STOCKHUB_TEST_RUN"
#: Django's name of the SQLite database that a test process keeps in its memory.
_IN_MEMORY: Final = "file:memorydb_default?mode=memory&cache=shared"


def sqlite_file() -> Path | None:
    """A migrated database to copy; nobody may write to it. None where the run is one process."""
    if not (run := _run()):
        return None
    path = _folder(run) / "migrated.sqlite3"
    with _alone(run):
        if not path.exists():
            making = path.with_suffix(".making")
            making.unlink(missing_ok=True)
            _migrate(f"sqlite:///{making}")
            # A copy in memory cannot have a log beside it.
            with sqlite3.connect(making) as database:
                database.execute("PRAGMA journal_mode=DELETE")
            database.close()
            making.rename(path)
    return path


@contextmanager
def in_memory() -> Iterator[None]:
    """Puts the copy where Django's test database will be; it has then nothing left to migrate."""
    if (path := sqlite_file()) is None:
        yield
        return
    held = sqlite3.connect(_IN_MEMORY, uri=True)
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as source:
            source.backup(held)
        source.close()
        yield
    finally:
        held.close()


def postgresql_template(settings: dict[str, Any]) -> str | None:
    """The name of a migrated database on that server, for `CREATE DATABASE … TEMPLATE`. None where the run is one process."""
    if not (run := _run()):
        return None
    name = _template_name(run)
    with _alone(run), _server(settings) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            making = f"{name}_making"
            server.execute(f'DROP DATABASE IF EXISTS "{making}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{making}"')
            secret = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
            _migrate(f"postgres://{settings['USER']}{secret}@{settings['HOST']}:{settings['PORT'] or 5432}/{making}")
            server.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')
    return name


def template_of(url: str) -> str | None:
    """The same on the server of an address; None as well where nobody answers there."""
    import psycopg

    try:
        return postgresql_template(server_of(url))
    except psycopg.OperationalError:
        return None


def server_of(url: str) -> dict[str, Any]:
    """The server of an address, as Django's settings name it."""
    at = conninfo_to_dict(url)
    return {
        "HOST": at.get("host", "127.0.0.1"), "PORT": at.get("port"), "USER": at.get("user", "postgres"), "PASSWORD": at.get("password", ""),
    }  # fmt: skip


def take_away(run: str, *servers: dict[str, Any]) -> None:
    """The last act of a run; of several that share, of whoever started them. `servers` of PostgreSQL are where a copy may be."""
    folder = _folder(run)
    for path in folder.glob("*"):
        path.unlink()
    folder.rmdir()
    import psycopg

    for settings in servers:
        # A run that has met no server has left nothing on it.
        with suppress(psycopg.OperationalError), _server(settings) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{_template_name(run)}" WITH (FORCE)')


def _run() -> str | None:
    return os.environ.get(SHARED_BY_RUNS) or os.environ.get("PYTEST_XDIST_TESTRUNUID")


def _migrate(url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "stockhub.config.settings"}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=REPOSITORY, env=environment, check=True, timeout=600)


def _folder(run: str) -> Path:
    folder = Path(tempfile.gettempdir()) / f"stockhub-migrated-{run}"
    folder.mkdir(exist_ok=True)
    return folder


def _template_name(run: str) -> str:
    return f"stockhub_migrated_{run[:16]}"


@contextmanager
def _alone(run: str) -> Iterator[None]:
    with (_folder(run) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _server(settings: dict[str, Any]) -> Iterator[Any]:
    import psycopg

    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"] or 5432, user=settings["USER"], password=settings["PASSWORD"] or None,
        dbname="postgres", autocommit=True, connect_timeout=3,
    ) as server:  # fmt: skip
        yield server
