"""Liveness says that the process answers; readiness that it can work: its database is there and migrated."""

from __future__ import annotations

from datetime import datetime

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from stockhub.channels import feeds, inbox
from stockhub.channels.feeds.staleness import stopped_feeds
from stockhub.core import clock, partitions
from stockhub.cycles import selectors
from stockhub.cycles.models import ProcessKind
from stockhub.inventory.proof.proofs import last_proof

_migrated: set[str] = set()


def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """200 while the process answers at all; touches nothing else."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """200 with the checks, or 503 with the one that failed.

    What workers, beat and the dispatcher do is information: a server without them answers, so a load balancer must not take it away.
    """
    try:
        if pending := _pending_migrations():
            return JsonResponse({"status": "unavailable", "database": "reachable", "pending_migrations": pending}, status=503)
        return JsonResponse({"status": "ready", "database": "reachable", "pending_migrations": 0, **_work()})
    except Error:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)


def _pending_migrations() -> int:
    """Counted until there are none: reading all migrations is slow, and a running process gets no new ones."""
    if connection.alias in _migrated:
        return 0
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not pending:
        _migrated.add(connection.alias)
    return pending


def _work() -> dict[str, object]:
    """Who works and when each was last seen, which kinds of process nobody is, what has waited longest, how old the oldest feed is, the
    months that are made, and the last proof of the ledger.
    """
    since = selectors.waiting_since()
    processes = selectors.processes()
    seen = [
        {"name": one.name, "kind": one.kind, "seen_at": one.seen_at.isoformat(), "ok": not one.is_missing, "message": one.message}
        for one in processes
    ]
    alive = {one.kind for one in processes if not one.is_missing}
    lag = selectors.dispatcher_lag_seconds()
    proof = last_proof()
    proved = (
        None
        if proof is None
        else {
            "proved_at": proof.started_at.isoformat(),
            "seconds": proof.duration_seconds,
            "discrepancies": proof.discrepancy_count,
        }
    )
    grown = [
        {"table": each.table, "made_until": each.made_until and each.made_until.date().isoformat(), "rows_without_month": each.strays}
        for each in partitions.watch(clock.wall())
    ]
    return {
        "checks": seen,
        "not_running": [kind for kind in ProcessKind.values if kind not in alive],
        "dispatcher_lag_seconds": None if lag is None else round(lag, 1),
        "oldest_due_work_seconds": _age(since),
        "oldest_received_record_seconds": _age(inbox.waiting_since()),
        "stalest_feed_seconds": _age(feeds.stalest_at()),
        "stopped_feeds": sum(1 for _ in stopped_feeds(clock.now())),
        "partitions": grown,
        "ledger": proved,
    }


def _age(since: datetime | None) -> float | None:
    return None if since is None else max(0.0, round((clock.now() - since).total_seconds(), 1))
