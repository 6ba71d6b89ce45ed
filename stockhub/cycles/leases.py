"""Leases: who works on a chunk or a cycle, for how long, and how a worker that lost its lease is kept from writing."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from stockhub.cycles.models import Leased

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
#: Nobody holds it: never leased, given back, or the lease ran out.
FREE = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
HEARTBEATS_A_LEASE = 6


class LeaseLostError(Exception):
    """Another worker has taken the row over; this one must not write."""


def worker_name() -> str:
    """A name that no other worker has or will have: host, process, and a random part because process ids come again."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


def lease_end() -> CombinedExpression:
    """The end of a lease that begins now, on the database's clock."""
    return Now() + timedelta(seconds=settings.STOCKHUB_LEASE_SECONDS)


def taking(worker: str) -> dict[str, Any]:
    """What a claim changes: one more attempt, under a new fence."""
    return {"leased_by": worker, "lease_until": lease_end(), "fence": F("fence") + 1, "attempts": F("attempts") + 1}


@contextmanager
def guard(row: Leased) -> Iterator[None]:
    """A transaction that holds the lease of `row`; LeaseLostError where another worker has it."""
    with transaction.atomic():
        held = _held(row).select_for_update(no_key=True).values_list("pk", flat=True).first()
        if held is None:
            raise LeaseLostError(f"{type(row).__name__} {row.pk} was taken over by another worker; this one writes nothing more.")
        yield


def give_up(row: Leased, **changes: Any) -> bool:  # noqa: ANN401 - values of any field
    """Ends the lease of `row` with these changes; False where it was lost before."""
    return bool(_held(row).update(leased_by="", lease_until=None, **changes))


def give_back(row: Leased, **changes: Any) -> None:  # noqa: ANN401 - values of any field
    """Ends the lease as though the row had never been taken: a worker that is told to stop has not failed."""
    give_up(row, attempts=F("attempts") - 1, next_attempt_at=Now(), **changes)


@contextmanager
def kept_alive(row: Leased) -> Iterator[None]:
    """Renews the lease of `row` from a thread of its own for as long as the block runs."""
    done = threading.Event()
    thread = threading.Thread(target=_renew, args=(row, done.wait), name=f"lease-{row.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        # A renewal that hangs on a dead database must not hold the worker.
        thread.join(timeout=5)


def _held(row: Leased) -> Any:  # noqa: ANN401 - a QuerySet of the row's own model
    return type(row)._base_manager.filter(pk=row.pk, fence=row.fence, leased_by=row.leased_by)  # noqa: SLF001 - Django's documented name


def _renew(row: Leased, wait: Callable[[float], bool]) -> None:
    while not wait(settings.STOCKHUB_LEASE_SECONDS / HEARTBEATS_A_LEASE):
        try:
            renewed = _held(row).update(lease_until=lease_end())
        except DatabaseError:
            logger.warning("The lease of %s was not renewed; trying again until it runs out.", row, exc_info=True)
            continue
        finally:
            connection.close()
        if not renewed:
            return
