"""Real sales travel the whole way on a real database and broker, and the cycles are beat's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests.conftest import absent
from tests.system.conftest import POSTGRES
from tests.system.real_day import RealDay, live

pytestmark = pytest.mark.slow
#: Lines of each file; `python -m tests.system.real_day` takes all.
LINES = 4000
#: Must be empty: it is flushed.
REDIS = os.environ.get("STOCKHUB_TEST_REDIS_REAL_DAY", "redis://127.0.0.1:6379/14")


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.services)])
def services(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Variables that name database and broker."""
    if request.param == "embedded":
        yield {}
        return
    name = f"stockhub_real_day_{os.getpid()}"
    broker = redis.Redis.from_url(REDIS)
    try:
        if broker.dbsize():
            absent(f"An empty Redis database ({REDIS})")
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except (redis.ConnectionError, psycopg.OperationalError):
        absent("PostgreSQL or Redis")
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {"DATABASE_URL": f"{POSTGRES.rpartition('/')[0]}/{name}", "BROKER_URL": REDIS}
    finally:
        broker.flushdb()
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_d2_h26_h27_real_sales_become_a_today_whose_numbers_explain_themselves(
    services: dict[str, str], shared: Path, tmp_path: Path
) -> None:
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "BROKER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")}
    day = RealDay(shared, tmp_path, clean | {"STOCKHUB_VAR": str(tmp_path / "var"), "LOG_LEVEL": "WARNING"} | services, lines=LINES)
    today = live(day)
    assert {line["alert"]["sku"]["code"][:2] for line in today["shortage"]["lines"]} == {"R-", "G-"}
    assert {feed["kind"] for feed in today["feeds"]} >= {"orders"}
