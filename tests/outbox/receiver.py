"""A real HTTP server on 127.0.0.1 that keeps what it is posted, and answers what it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.body)


@dataclass
class Receiver:
    """`status`, `answer` and `headers` are what comes back. `drips` sends a byte of it a tenth of a second, `hangs` nothing."""

    port: int = 0
    status: int = 200
    answer: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False
    hangs: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self._keep(self.rfile.read(int(self.headers.get("content-length") or 0)))

    def do_GET(self) -> None:
        self._keep(b"")

    def _keep(self, body: bytes) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        receiver.received.append(Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        if receiver.hangs.is_set():
            receiver.released.wait(20)
            return
        self.send_response(receiver.status)
        for name, value in receiver.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(receiver.answer)))
        self.end_headers()
        self._answer(receiver)

    def _answer(self, receiver: Receiver) -> None:
        if not receiver.drips:
            self.wfile.write(receiver.answer)
            return
        for place in range(len(receiver.answer)):
            try:
                self.wfile.write(receiver.answer[place : place + 1])
                self.wfile.flush()
            except OSError:
                return  # whoever asked has had enough
            time.sleep(0.1)

    def log_message(self, *_arguments: object) -> None:
        """Tests are quiet."""


@contextmanager
def receiving(**options: Any) -> Iterator[Receiver]:  # noqa: ANN401 - a receiver's fields
    """A receiver that listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    receiver = Receiver(port=server.server_address[1], **options)
    server.receiver = receiver  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
