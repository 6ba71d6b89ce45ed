"""An end for network calls that have none: libraries limit each read, so that a server which sends a byte a second keeps them for ever."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class Deadline:
    """A block whose sockets are shut down after some seconds; whoever waits for them goes on with an error then."""

    def __init__(self, seconds: float) -> None:
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._passed = False
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    @property
    def has_passed(self) -> bool:
        return self._passed

    def covers(self, its: socket.socket) -> None:
        """Puts a socket under the deadline."""
        with self._lock:
            self._sockets.append(its)
            passed = self._passed
        if passed:
            _shut(its)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()

    def _pass(self) -> None:
        with self._lock:
            self._passed = True
            sockets = list(self._sockets)
        for each in sockets:
            _shut(each)


def _shut(its: socket.socket) -> None:
    # One that is closed or not connected yet has nobody waiting for it.
    with contextlib.suppress(OSError):
        its.shutdown(socket.SHUT_RDWR)
