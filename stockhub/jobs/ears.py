"""How the dispatcher hears the doorbell: LISTEN on PostgreSQL; on SQLite it watches the file's version, which every commit changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from stockhub.jobs.doorbell import CHANNEL, LOOK_AGAIN_SECONDS

_POLL_SECONDS = 0.05


class Ear(Protocol):
    def wait(self, seconds: float) -> None:
        """Returns when something may have happened, at the latest after `seconds`."""


class Listener:
    """A connection of its own, because a notification reaches only a session that is outside of transactions."""

    def __init__(self, own: BaseDatabaseWrapper) -> None:
        self._own = own
        #: When to look once more because of the last ring; None where that is done.
        self._again_at: float | None = None
        session: Any = own.connection
        with own.wrap_database_errors:
            session.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> None:
        """A ring is worth two looks: who commits soon after it does not ring again."""
        until = time.monotonic() + seconds
        if self._again_at is not None:
            until = min(until, self._again_at)
        if self._heard(max(until - time.monotonic(), 0)):
            self._again_at = time.monotonic() + LOOK_AGAIN_SECONDS
        elif self._again_at is not None and time.monotonic() >= self._again_at:
            self._again_at = None

    def _heard(self, seconds: float) -> bool:
        session: Any = self._own.connection
        with self._own.wrap_database_errors:
            rings = list(session.notifies(timeout=seconds, stop_after=1))
            # A burst of rings is one look.
            return bool(rings + list(session.notifies(timeout=0)))


class Watcher:
    def __init__(self) -> None:
        self._version = _data_version()

    def wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (version := _data_version()) == self._version and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        self._version = version


@contextmanager
def listen() -> Iterator[Ear]:
    if connection.vendor != "postgresql":
        yield Watcher()
        return
    own = connections.create_connection("default")
    try:
        own.ensure_connection()
        yield Listener(own)
    finally:
        own.close()


def _data_version() -> int:
    """Changes when another connection has written; reading it touches no table."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])
