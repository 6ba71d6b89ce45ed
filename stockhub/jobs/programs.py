"""The processes that make up a StockHub: what `up` starts, and what a service manager would."""

from __future__ import annotations

import sys

from stockhub.jobs import nudges
from stockhub.jobs.supervisor import Program

_CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "stockhub.config.celery")
#: Full cycles take what orders, alerts and the server leave of the processor.
_PATIENT = ("nice", "-n", "5")
#: `up` has run Django's checks, for which every worker would load the server's URLs and the GraphQL schema.
_CHECKED = {"CELERY_SKIP_CHECKS": "1"}


def programs(*, host: str, port: int, web: bool, fast: int, bulk: int) -> list[Program]:
    """`fast` and `bulk` are the pool processes of the two workers. First requests and schedules end, then the workers."""
    server = (sys.executable, "-m", "uvicorn", "stockhub.config.asgi:application", "--host", host, "--port", str(port))
    options = ("--no-access-log", "--lifespan", "off", "--timeout-graceful-shutdown", "8")
    found = [Program("web", (*server, *options), stop_with=1)] if web else []
    return [
        *found,
        Program("beat", (*_CELERY, "beat", "--pidfile="), stop_with=1, environment=_CHECKED),
        Program("dispatcher", (sys.executable, "-m", "django", "dispatcher"), stop_with=1),
        _worker(nudges.FAST, fast),
        _worker(nudges.BULK, bulk),
    ]


def _worker(queue: str, processes: int) -> Program:
    # A pool process is replaced after so many tasks, which gives back what a leaking plugin took.
    pool = ("--pool", "prefork", "--concurrency", str(processes), "--max-tasks-per-child", "500")
    quiet = ("--without-gossip", "--without-mingle")
    return Program(
        queue,
        (*(_PATIENT if queue == nudges.BULK else ()), *_CELERY, "worker", "--hostname", f"{queue}@%h", "--queues", queue, *pool, *quiet),
        stop_with=2,
        grace_seconds=60,
        environment=_CHECKED,
    )
