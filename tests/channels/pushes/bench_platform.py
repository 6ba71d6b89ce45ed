"""A small platform that is really there: an HTTP server with listings, prices and a memory for keys, and faults on demand.

It adds differences where `was` is told, as platforms do that take increments, and does each key once.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class BenchPlatform:
    """`faults` are used up from the front, one a request that is no preview: `lost` does the work and never answers, `down` answers 503
    without doing it, `busy` is a 429, `garbage` does it and answers HTML, `later` takes it and does it when `catch_up` is called.
    """

    stock: dict[str, int] = field(default_factory=dict)
    prices: dict[str, str] = field(default_factory=dict)
    ship_times: dict[str, list[Any]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    read_faults: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    effects: list[tuple[str, str]] = field(default_factory=list)
    previews: int = 0
    reads: int = 0
    pending: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def push(self, kind: str, body: dict[str, Any]) -> tuple[int, bytes] | None:
        if body["preview"]:
            self.previews += 1
            return 200, self._results(kind, body, done=False)
        self.keys.append(body["key"])
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "down":
            return 503, b"<html>down</html>"
        if fault == "busy":
            return 429, b""
        if fault == "later":
            self.pending.append((kind, body))
            return 200, self._results(kind, body, done=False, status="accepted")
        first = body["key"] not in [key for key, _code in self.effects]
        answer = self._results(kind, body, done=first)
        if fault == "lost":
            return None
        return (200, b"<html>fine</html>") if fault == "garbage" else (200, answer)

    def catch_up(self) -> None:
        for kind, body in self.pending:
            self._results(kind, body, done=True)
        self.pending.clear()

    def _results(self, kind: str, body: dict[str, Any], *, done: bool, status: str = "applied") -> bytes:
        told = []
        for index, row in enumerate(body["rows"]):
            code = row["code"]
            if code in self.refused:
                told.append({"index": index, "status": "refused", "code": "locked", "message": f"{code} is locked for a campaign."})
                continue
            if done:
                self._apply(kind, code, row)
                self.effects.append((body["key"], code))
            told.append({"index": index, "status": status, "reference": f"{kind}-{code}"})
        return json.dumps({"results": told}).encode()

    def _apply(self, kind: str, code: str, row: dict[str, Any]) -> None:
        if kind == "stock":
            self.stock[code] = row["qty"] if row["was"] is None else self.stock.get(code, 0) + row["qty"] - row["was"]
        elif kind == "price":
            self.prices[code] = row["price"]
        elif kind == "ship_time":
            self.ship_times[code] = [row["days"], row["presale_until"]]
        elif kind == "removal":
            self.stock[code] = self.stock.get(code, 0) - row["qty"]

    def read(self, path: str, codes: list[str]) -> tuple[int, bytes]:
        self.reads += 1
        if self.read_faults:
            return int(self.read_faults.pop(0)), b""
        source: dict[str, Any] = self.stock if path == "/stock" else self.prices
        return 200, json.dumps({code: source[code] for code in codes if code in source}).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platform: BenchPlatform

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.platform.lock:
            if self.path.startswith("/push/"):
                answer = self.platform.push(self.path.removeprefix("/push/"), body)
            else:
                answer = self.platform.read(self.path, body["codes"])
        if answer is None:
            self.close_connection = True
            self.connection.close()  # the work is done, and the answer never comes
            return
        status, text = answer
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's signature
        """A test that runs says nothing."""


@contextmanager
def bench_platform() -> Iterator[BenchPlatform]:
    platform = BenchPlatform()
    handler = type("Handler", (_Handler,), {"platform": platform})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]  # a connection that is closed on purpose
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
