"""Many writers at once, in processes and threads of their own, on a scratch copy of the test database (promises 8, 16, 17)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.scratch import scratch_copy

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]

STOCK = 500
ORDERS = 1_000
#: `make soak` does it twenty times.
RUNS = int(os.environ.get("STOCKHUB_ORDER_RUNS", "1"))


@pytest.fixture
def database_url(db: None, tmp_path: Path) -> Iterator[str]:
    yield from scratch_copy(tmp_path)


def start(database_url: str, *arguments: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])}
    command = [sys.executable, str(Path(__file__).with_name("ledger_worker.py")), *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> Any:  # noqa: ANN401 - what a worker tells
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])


@pytest.fixture
def books(database_url: str) -> Iterator[Callable[[str], Any]]:
    """A process that prepares the shop before the writers begin and looks at it when they have ended: a start takes seconds."""
    with start(database_url, "keep") as keeper:
        to, told, errors = keeper.stdin, keeper.stdout, keeper.stderr

        def ask(action: str) -> Any:  # noqa: ANN401 - what it tells
            assert to
            assert told
            assert errors
            to.write(f"{action}\n")
            to.flush()
            answer = told.readline()
            assert answer, errors.read()
            return json.loads(answer)

        yield ask
        # Nothing more to read: it ends.
        keeper.communicate(timeout=60)


def test_a_thousand_postings_on_one_sku_reserve_exactly_what_is_there(database_url: str, books: Callable[[str], Any]) -> None:
    processes, threads, times = (2, 8, 64) if database_url.startswith("postgres") else (3, 3, 80)
    assert books("prepare") == ["posted"]
    answers = [finish(worker) for worker in [start(database_url, "reserve", n, threads, times) for n in range(processes)]]
    assert [answer["errors"] for answer in answers] == [[]] * processes
    told: Counter[str] = sum((Counter(answer["told"]) for answer in answers), Counter())
    asked = processes * threads * times
    # Released units are reserved again while writers are still at it.
    assert told["release posted"] == 20
    reserved_again = told["reserve posted"] - STOCK
    assert 0 <= reserved_again <= 20
    assert told["reserve insufficient"] == asked - STOCK - reserved_again
    state = books("verify")
    assert state == {
        "asked": {"lines": 0, "wanted": None, "reserved": None},
        "balances": {"available": 20 - reserved_again, "reserved": STOCK - 20 + reserved_again},
        # These postings are for no order; nothing else may be wrong.
        "discrepancies": [f"VIRAL in SH: {STOCK - 20 + reserved_again} units are reserved, order lines hold 0."],
    }


def test_h83_new_lines_from_many_writers_at_once_share_the_stock_exactly_while_damage_is_repaired(
    database_url: str, books: Callable[[str], Any]
) -> None:
    """Promise 16: the same line from all writers at once is one line, and no unit is reserved twice. A repair holds them off meanwhile."""
    processes, threads, times = (2, 8, 40) if database_url.startswith("postgres") else (2, 3, 90)
    assert books("prepare") == ["posted"]
    workers = [start(database_url, "lines", n, threads, times) for n in range(processes)]
    mender = start(database_url, "mend", 4)
    assert [finish(worker) for worker in workers] == [[]] * processes
    assert finish(mender) == 4
    lines = processes * threads * times + times
    assert lines > STOCK
    assert books("verify") == {
        "asked": {"lines": lines, "wanted": lines, "reserved": STOCK},
        "balances": {"available": 0, "reserved": STOCK},
        "discrepancies": [],
    }


@pytest.mark.parametrize("run", range(RUNS))
def test_u18_f16_a_thousand_orders_at_once_on_one_sku_with_500_in_stock_reserve_exactly_500(
    database_url: str, books: Callable[[str], Any], run: int
) -> None:
    """The way of production: orders come in at one door, every tenth of them twice, and all writers start at once."""
    processes, threads = (2, 8) if database_url.startswith("postgres") else (3, 3)
    assert books("prepare_orders") == ["posted"]
    answers = [finish(worker) for worker in [start(database_url, "order", n, processes, threads, ORDERS) for n in range(processes)]]
    assert [answer["errors"] for answer in answers] == [[]] * processes
    told: Counter[str] = sum((Counter(answer["told"]) for answer in answers), Counter())
    assert told == {"new": ORDERS, "unchanged": ORDERS // 10}
    assert books("verify_orders") == {
        "orders": ORDERS,
        "balances": {"available": 0, "reserved": STOCK},
        "lines": {"reserved": STOCK, "owed": ORDERS - STOCK},
        "movements": {"opening": 1, "reserve": STOCK},
        "keys": STOCK + 1,
        "discrepancies": [],
    }
