"""Promise 11: a flood over a real server while no worker runs: each push is acknowledged and stored, and applied once a worker is back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.scratch import scratch_copy
from tests.webhooks.bazaar import Bazaar, body_of, pushed_order
from tests.webhooks.flood import REPOSITORY, flood, serving

#: Slow: a server and a worker start.
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
#: `python -m tests.soak` sends many more.
PUSHES = int(os.environ.get("STOCKHUB_FLOOD_PUSHES", "120"))
ORDERS = PUSHES // 3


@pytest.fixture
def environment(db: object, bazaar: Bazaar, tmp_path: Path) -> Iterator[dict[str, str]]:
    """For processes on a database of their own, in which there is a shop on the bazaar."""
    for url in scratch_copy(tmp_path):
        keys = ",".join(settings.STOCKHUB_ENCRYPTION_KEYS)
        yield os.environ | {"DATABASE_URL": url, "STOCKHUB_VAR": str(tmp_path), "STOCKHUB_ENCRYPTION_KEYS": keys, "LOG_LEVEL": "WARNING"}


def ran(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, capture_output=True, text=True, timeout=900).stdout


def test_promise_11_a_flood_without_a_worker_is_acknowledged_stored_and_applied_later(environment: dict[str, str], tmp_path: Path) -> None:
    ran(environment, "tests.webhooks.shop_on_the_bazaar")
    # Every order is pushed three times, by pushes that overlap.
    bodies = [body_of(pushed_order(number % ORDERS)) for number in range(PUSHES)]
    with serving(environment, tmp_path / "web.log") as port:
        # How long it takes is measured by the benchmark: other tests run on this machine meanwhile.
        _seconds, statuses = flood(port, bodies, a_second=60)
    assert statuses == [200] * PUSHES
    told = json.loads(ran(environment, "tests.webhooks.worker", "all").splitlines()[-1])
    assert told == {"messages": ORDERS, "done": ORDERS, "orders": ORDERS, "applied": ORDERS}
