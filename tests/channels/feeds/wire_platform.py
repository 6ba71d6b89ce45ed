"""A small marketplace behind a real HTTP server on 127.0.0.1: orders by pages, and every fault that a platform can show."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

UNTIL = datetime(2026, 3, 11, tzinfo=UTC)


@dataclass
class Answer:
    """What comes back instead of the page that was asked for. `cut` promises more bytes than come; `silent` sends none at all."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    silent: bool = False


def order(number: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    return {"id": f"o-{number}", "status": "paid", "at": "2026-03-10T06:30:00+00:00", "code": "a-1", "qty": 1, "price": "9.90"} | changes


@dataclass
class PlatformServer:
    """`orders` are told `size` a page; `stock` is told whole. `faults` are answered first, one a request."""

    orders: list[dict[str, Any]] = field(default_factory=list)
    stock: list[dict[str, Any]] = field(default_factory=list)
    size: int = 10
    faults: deque[Answer] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)
    #: Cursors that the next answers name instead of their own.
    cursors: deque[str] = field(default_factory=deque)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, target: str) -> Answer:
        self.asked.append(target)
        if self.faults:
            return self.faults.popleft()
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/stock":
            return _json({"stock": self.stock, "last": True})
        start = int(query.get("cursor") or 0)
        found = self.orders[start : start + self.size]
        until = min(start + self.size, len(self.orders))
        page = {"orders": found, "next": str(until), "last": until >= len(self.orders), "total": len(self.orders), "done": until}
        if self.cursors:
            page |= {"next": self.cursors.popleft(), "last": False}
        return _json(page | {"until": UNTIL.isoformat()})


def _json(value: object) -> Answer:
    return Answer(body=json.dumps(value).encode(), headers={"Content-Type": "application/json"})


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        given: Answer = self.server.platform.answer(self.path)  # type: ignore[attr-defined]
        if given.silent:
            self.close_connection = True
            return
        self.send_response(given.status)
        for name, value in given.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(given.body) + (1000 if given.cut else 0)))
        self.end_headers()
        self.wfile.write(given.body)
        if given.cut:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Tests need no log of it."""


@contextmanager
def serving(orders: Sequence[dict[str, Any]] = (), **options: Any) -> Iterator[PlatformServer]:  # noqa: ANN401 - fields of PlatformServer
    platform = PlatformServer(list(orders), **options)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.platform = platform  # type: ignore[attr-defined]
    platform.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
