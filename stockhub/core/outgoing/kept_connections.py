"""Connections that are used again: a shop's first backfill asks the same server some thousand times."""

from __future__ import annotations

import threading
import time
from typing import Final

from urllib3.connection import HTTPConnection
from urllib3.util.wait import wait_for_read

from stockhub.core.outgoing.addresses import Destination

#: Servers close what is idle for longer, some without a word.
_IDLE_SECONDS: Final = 10.0
_MOST: Final = 8
_Key = tuple[str, str, int, str]


class KeptConnections:
    """Idle connections of one account's calls, each to the address that was checked for its host. Its owner closes it."""

    def __init__(self) -> None:
        self._idle: dict[_Key, tuple[HTTPConnection, float]] = {}
        self._lock = threading.Lock()
        self._closed = False

    def take(self, place: Destination) -> HTTPConnection | None:
        """One that leads to an address that `place` stands for now, if its other end is still there. Nobody else has it then."""
        for address in place.addresses:
            with self._lock:
                found = self._idle.pop((place.scheme, place.host, place.port, address), None)
            if found is None:
                continue
            connection, since = found
            # Nothing was asked, so what can be read is the end.
            if time.monotonic() - since < _IDLE_SECONDS and connection.sock is not None and not wait_for_read(connection.sock, timeout=0):
                return connection
            connection.close()
        return None

    def keep(self, place: Destination, connection: HTTPConnection) -> bool:
        """Whether it is kept; False where the server ended it, or there are enough."""
        if connection.sock is None:
            return False
        key = (place.scheme, place.host, place.port, str(connection.host))
        with self._lock:
            if self._closed or key in self._idle or len(self._idle) >= _MOST:
                return False
            self._idle[key] = (connection, time.monotonic())
        return True

    def close(self) -> None:
        """Ends all that are idle; those in use end with their exchange."""
        with self._lock:
            self._closed = True
            idle, self._idle = [connection for connection, _since in self._idle.values()], {}
        for connection in idle:
            connection.close()

    def __del__(self) -> None:
        self.close()
