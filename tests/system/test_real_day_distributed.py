"""Real sales travel the whole way on PostgreSQL and Redis, and the cycles are beat's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests.conftest import absent
from tests.system.conftest import POSTGRES
from tests.system.real_day import assert_real_sales_become_today

pytestmark = [pytest.mark.slow, pytest.mark.services]
#: Must be empty: it is flushed.
REDIS = os.environ.get("STOCKHUB_TEST_REDIS_REAL_DAY", "redis://127.0.0.1:6379/14")


@pytest.fixture
def services() -> Iterator[dict[str, str]]:
    """Variables that name a database made for this and a broker."""
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
    assert_real_sales_become_today(shared, tmp_path, services)
