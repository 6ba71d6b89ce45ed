"""Kill -9 of a worker in a backfill: each record is there once. `make soak` kills fifty times."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.channels.feeds.wire_platform import PlatformServer, order, serving
from tests.scratch import scratch_copy
from tests.system.kill_trial import environment

#: Slow: processes start, are killed and start again.
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.slow]
KILLS = int(os.environ.get("STOCKHUB_KILLS", "2"))
READER = Path(__file__).parent / "reader.py"
PAGES_A_KILL = 12


def test_d2_a_worker_killed_in_a_backfill_loses_and_doubles_nothing(tmp_path: Path) -> None:
    number = (KILLS + 1) * PAGES_A_KILL * 10
    dice = random.Random(int(os.environ.get("STOCKHUB_SEED", "1")))  # noqa: S311 - when to kill
    for url in scratch_copy(tmp_path):
        with serving([order(n) for n in range(number)]) as platform:
            allowed = {"DATABASE_URL": url, "STOCKHUB_ALLOW_PRIVATE_URLS": "127.0.0.1", "STOCKHUB_LEASE_SECONDS": "1"}
            surroundings = environment(tmp_path, allowed)
            _run(surroundings, "prepare", platform.url)
            for _ in range(KILLS):
                _kill_one(surroundings, platform, dice)
            told = _run(surroundings, "read")
        assert told == {
            "received": number, "orders": number, "ids": number, "quarantined": 0, "records": number, "done": number, "total": number,
            "cursor": str(number), "error": "",
        }  # fmt: skip
        again = len(platform.asked) - number // 10
        assert 0 <= again <= KILLS
        sys.stdout.write(f"{KILLS} kills (feeds), {number} orders, {again} pages asked for again\n")


def _kill_one(surroundings: dict[str, str], platform: PlatformServer, dice: random.Random) -> None:
    wanted = len(platform.asked) + dice.randint(1, PAGES_A_KILL - 2)
    process = subprocess.Popen([sys.executable, str(READER), "read"], env=surroundings, stdout=subprocess.DEVNULL)
    try:
        _until(lambda: len(platform.asked) >= wanted or process.poll() is not None)
        # Anywhere between the platform's answer and the end of the transaction.
        time.sleep(dice.uniform(0.0, 0.03))
    finally:
        process.kill()
        process.wait()


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not reached():
        assert time.monotonic() < end, "The reader did not read."
        time.sleep(0.002)


def _run(surroundings: dict[str, str], *arguments: str) -> Any:  # noqa: ANN401 - any JSON value
    command = [sys.executable, str(READER), *arguments]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])
