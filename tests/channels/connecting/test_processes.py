"""U25, promise 12: a token is renewed once, and a limit is kept, over real processes and threads, on both databases and in Redis."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from redis import Redis

from tests.channels.connecting.conftest import KEY
from tests.channels.connecting.market_server import Market
from tests.conftest import REPOSITORY, absent
from tests.scratch import scratch_copy
from tests.services import AbsentError, redis_database

# Each starts processes of its own, which takes seconds.
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]


@pytest.fixture
def database_url(db: None, tmp_path: Path) -> Iterator[str]:
    yield from scratch_copy(tmp_path)


def run(database_url: str, *arguments: object, processes: int = 2, redis_url: str = "") -> Counter[str]:
    """What all processes together told; they run at the same time."""
    environment = {
        **os.environ, "DATABASE_URL": database_url, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path]), "REDIS_URL": redis_url,
        "STOCKHUB_ENCRYPTION_KEYS": KEY, "STOCKHUB_ALLOW_PRIVATE_URLS": "127.0.0.1", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = [sys.executable, str(Path(__file__).with_name("worker.py")), *map(str, arguments)]
    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _number in range(processes)
    ]
    told: Counter[str] = Counter()
    for process in started:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        told += Counter(json.loads(out.splitlines()[-1] if out else "{}"))
    return told


def with_account(database_url: str, market: Market) -> None:
    """An account whose token the platform does not take any more."""
    pair = market.pair()
    market.valid.clear()
    market.slow_token = 0.3
    config = {"base_url": market.url, "secret": market.secret}
    given = {"config": config, "access": pair["access_token"], "refresh": pair["refresh_token"]}
    assert run(database_url, "prepare", json.dumps(given), processes=1) == Counter()


def test_u25_eight_callers_in_two_processes_renew_a_refused_token_once(database_url: str, market: Market) -> None:
    with_account(database_url, market)
    told = run(database_url, "ask", 4, 1)
    assert market.renewals == 1
    assert sum(told.values()) == 8
    assert set(told) <= {"200", "throttled"}
    assert told["200"] >= 1
    assert run(database_url, "ask", 4, 1) == {"200": 8}
    assert market.renewals == 1


def test_u25_a_limit_is_kept_over_two_processes_and_sixteen_threads(database_url: str) -> None:
    assert run(database_url, "take", 8, 10) == {"taken": 20, "throttled": 140}


def test_u25_a_limit_is_kept_in_redis_over_two_processes(database_url: str) -> None:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(redis_database())
        except AbsentError as error:
            absent(str(error))
        assert run(database_url, "take", 8, 10, redis_url=url) == {"taken": 20, "throttled": 140}
        with closing(Redis.from_url(url)) as server:
            assert 19_900_000 < server.pttl("stockhub:rate:{shared}:orders") <= 20_001_000


def test_where_redis_is_away_the_database_counts(database_url: str) -> None:
    assert run(database_url, "take", 4, 10, redis_url="redis://127.0.0.1:9/0") == {"taken": 20, "throttled": 60}
