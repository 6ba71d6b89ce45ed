"""Many writers at once, in processes and threads of their own, on a scratch copy of the test database (promises 8, 16, 17)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[2]
STOCK = 500


@pytest.fixture
def database_url(db: None, tmp_path: Path) -> Iterator[str]:
    """A copy of the migrated test database: what these tests commit must not be seen by others."""
    if connection.vendor == "postgresql":
        yield from _postgresql_copy()
        return
    path = tmp_path / "scratch.sqlite3"
    path.write_bytes(connection.connection.serialize())
    yield f"sqlite:///{path}"
    path.unlink()


def _postgresql_copy() -> Iterator[str]:
    import psycopg
    from psycopg import sql

    own = connection.settings_dict
    name = f"{own['NAME']}_concurrency"
    # A database is copied only while nobody is connected to it.
    connection.close()
    address = {"host": own["HOST"], "port": own["PORT"] or 5432, "user": own["USER"], "password": own["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(own["NAME"])))
        secret = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
        try:
            yield f"postgres://{own['USER']}{secret}@{address['host']}:{address['port']}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def start(database_url: str, *arguments: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])}
    command = [sys.executable, str(Path(__file__).with_name("ledger_worker.py")), *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> Any:  # noqa: ANN401 - what a worker tells
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def test_a_thousand_orders_on_one_sku_reserve_exactly_what_is_there(database_url: str) -> None:
    processes, threads, times = (2, 8, 64) if database_url.startswith("postgres") else (3, 3, 80)
    assert finish(start(database_url, "prepare")) == ["posted"]
    answers = [finish(worker) for worker in [start(database_url, "reserve", n, threads, times) for n in range(processes)]]
    assert [answer["errors"] for answer in answers] == [[]] * processes
    told: Counter[str] = sum((Counter(answer["told"]) for answer in answers), Counter())
    asked = processes * threads * times
    # Released units are reserved again while writers are still at it.
    assert told["release posted"] == 20
    reserved_again = told["reserve posted"] - STOCK
    assert 0 <= reserved_again <= 20
    assert told["reserve insufficient"] == asked - STOCK - reserved_again
    state = finish(start(database_url, "verify"))
    assert state == {
        "asked": {"lines": 0, "wanted": None, "reserved": None},
        "balances": {"available": 20 - reserved_again, "reserved": STOCK - 20 + reserved_again},
        "discrepancies": [],
    }


def test_h83_new_lines_from_many_writers_at_once_share_the_stock_exactly(database_url: str) -> None:
    """Promise 16: the same line from all writers at once is one line, and no unit is reserved twice."""
    processes, threads, times = (2, 8, 40) if database_url.startswith("postgres") else (2, 3, 90)
    assert finish(start(database_url, "prepare")) == ["posted"]
    workers = [start(database_url, "lines", n, threads, times) for n in range(processes)]
    assert [finish(worker) for worker in workers] == [[]] * processes
    lines = processes * threads * times + times
    assert lines > STOCK
    assert finish(start(database_url, "verify")) == {
        "asked": {"lines": lines, "wanted": lines, "reserved": STOCK},
        "balances": {"available": 0, "reserved": STOCK},
        "discrepancies": [],
    }
