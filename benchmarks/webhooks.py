"""1,000 pushes in 10 seconds to a real server, while a worker ingests: how long each takes to be acknowledged.

Each push comes when it is due, whether or not the last one was answered, over a connection of its own. A worker applies a backlog of orders
and what is pushed at the same time, on the same machine. An acknowledged push is a stored one, which is counted afterwards.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.fsync import fsync_milliseconds
from benchmarks.scratch import scratch_database

REPOSITORY: Final = Path(__file__).resolve().parents[1]
PUSHES: Final = int(os.environ.get("BENCH_WEBHOOKS", "1000"))
A_SECOND: Final = 100.0
#: Orders that wait when the pushes begin, so that the worker has no idle moment.
BACKLOG: Final = int(os.environ.get("BENCH_WEBHOOKS_BACKLOG", "20000"))
_GOAL_MILLISECONDS: Final = 500.0


def run() -> list[dict[str, Any]]:
    with scratch_database("stockhub_bench_webhooks"), tempfile.TemporaryDirectory() as made:
        from tests.webhooks import shop_on_the_bazaar

        shop_on_the_bazaar.make()
        _wait_for_a_worker(BACKLOG)
        seconds, lost, busy = _measured(Path(made))
    p50, p95, p99 = np.percentile(np.array(seconds) * 1000, [50, 95, 99])
    print(
        f"  {PUSHES} pushes: acknowledged p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms, most {max(seconds) * 1000:.0f} ms; the "
        f"worker {busy}; load {os.getloadavg()[0]:.1f}, an fsync takes {fsync_milliseconds():.2f} ms",
        flush=True,
    )
    return [
        _result(
            f"webhooks: {PUSHES:,} in {PUSHES / A_SECOND:.0f} s while a worker ingests, acknowledged p99 ms", float(p99), _GOAL_MILLISECONDS
        ),
        _result("webhooks: pushes that were not acknowledged, or not stored", lost, 0.0),
    ]


def _measured(folder: Path) -> tuple[list[float], int, str]:
    from django.conf import settings

    from stockhub.channels.webhooks.models import WebhookMessage
    from tests.webhooks.bazaar import body_of, pushed_order
    from tests.webhooks.flood import flood, serving

    keys = ",".join(settings.STOCKHUB_ENCRYPTION_KEYS)
    environment = os.environ | {"STOCKHUB_VAR": str(folder), "STOCKHUB_ENCRYPTION_KEYS": keys, "LOG_LEVEL": "ERROR"}
    bodies = [body_of(pushed_order(1_000_000 + number)) for number in range(PUSHES)]
    with serving(environment, folder / "web.log") as port:
        flood(port, [body_of(pushed_order(number)) for number in range(20)], a_second=20)
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.webhooks.worker", "forever"],
            cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert worker.stdout is not None
        worker.stdout.readline()
        try:
            seconds, statuses = flood(port, bodies, a_second=A_SECOND)
        finally:
            worker.terminate()
            told = json.loads(worker.communicate(timeout=120)[0].splitlines()[-1])
    acknowledged = statuses.count(200)
    stored = WebhookMessage.objects.count() - 20
    busy = f"applied {told['applied']} orders and worked on {told['done']} messages meanwhile"
    return seconds, (PUSHES - acknowledged) + max(0, acknowledged - stored), busy


def _wait_for_a_worker(number: int) -> None:
    """Puts orders into the inbox that nobody has applied yet."""
    from stockhub.channels.inbox import ACCEPT_ROWS, accept_records
    from stockhub.channels.models import Account
    from stockhub.pluginapi.records import OrderLineRecord, OrderRecord

    account, now = Account.objects.get(code="dy-main"), datetime.now(UTC)
    line = (OrderLineRecord(code="a-1", qty=1, line_id="1"),)
    for start in range(0, number, ACCEPT_ROWS):
        numbers = range(start, min(start + ACCEPT_ROWS, number))
        records = [OrderRecord(f"backlog-{each}", "paid", now, "CNY", line) for each in numbers]
        accept_records(account=account, kind="order", records=records, source="backfill")


def _result(name: str, value: float, goal: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "goal": goal, "better": "lower", "ok": value <= goal}


if __name__ == "__main__":
    print(run())
