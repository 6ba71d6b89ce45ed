"""A platform of the tests' own: a real HTTP server on 127.0.0.1 that gives tokens, takes them back, throttles and misbehaves when told to."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Market:
    """`answers` are given to the next calls of `/shop` in place of the truth: (status, headers, body). `valid`: tokens that it takes."""

    port: int = 0
    shop: str = "shop-1"
    secret: str = "s3cret-of-the-app"
    life: float = 3600.0
    refresh_life: float | None = 30 * 86400.0
    renew_from: float | None = None
    slow_token: float = 0.0
    revoked: bool = False
    token_status: int = 200
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    refreshes: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    renewals: int = 0
    obtained: int = 0
    calls: list[tuple[str, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pair(self) -> dict[str, Any]:
        number = next(self.numbers)
        access, refresh = f"access-token-{number:04}", f"refresh-token-{number:04}"
        self.valid = {access}
        self.refreshes.add(refresh)
        return {
            "access_token": access, "refresh_token": refresh, "expires_in": self.life, "refresh_expires_in": self.refresh_life,
            "renew_in": self.renew_from, "shop": self.shop,
        }  # fmt: skip

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        time.sleep(self.slow_token)
        with self.lock:
            if self.token_status != 200:
                return self.token_status, {"error": "busy"}
            if asked.get("secret") != self.secret or self.revoked:
                return 400, {"error": "revoked" if self.revoked else "bad_secret"}
            if "refresh_token" in asked:
                self.renewals += 1
                return (200, self.pair()) if asked["refresh_token"] in self.refreshes else (400, {"error": "bad_refresh"})
            if "code" in asked:
                if asked["code"] not in self.codes:
                    return 400, {"error": "bad_code"}
                self.codes.discard(asked["code"])
            self.obtained += 1
            return 200, self.pair()

    def seen(self, path: str) -> int:
        return sum(1 for called, _peer in self.calls if called == path)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def market(self) -> Market:
        found: Market = self.server.market  # type: ignore[attr-defined]
        return found

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.market.calls.append((self.path, self.client_address[1]))
        status, answer = self.market.token(json.loads(body))
        self.answer(status, {}, json.dumps(answer).encode())

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.market.calls.append((parts.path, self.client_address[1]))
        if parts.path == "/document":
            self.answer(200, {}, b"x" * int(parse_qs(parts.query)["size"][0]))
        elif self.market.answers:
            self.answer(*self.market.answers.pop(0))
        elif self.headers.get("authorization", "").removeprefix("Bearer ") not in self.market.valid:
            self.answer(401, {}, b'{"error": "token"}')
        else:
            self.answer(200, {}, json.dumps({"shop": self.market.shop, "name": "The shop"}).encode())

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
        pass


@contextmanager
def serving(**changes: Any) -> Iterator[Market]:  # noqa: ANN401 - any field
    market = Market(**changes)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.market = market  # type: ignore[attr-defined]
    market.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield market
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
