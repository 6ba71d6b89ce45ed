"""The context that plugin authors test their connectors with keeps what the host's context promises."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from stockhub.pluginapi.connectors import RateLimit, ThrottledError, UnavailableError, UnreadableAnswerError
from stockhub.pluginapi.http import HttpError, HttpRequest
from stockhub.pluginapi.testing.connector_context import HandSetClock, KeptInMemory, PlainHttp, PlainPlatform


class _Platform(BaseHTTPRequestHandler):
    asked = 0

    def do_POST(self) -> None:
        type(self).asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/gone":
            self.close_connection = True
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.send_header("Content-Length", str(len(body) + (9 if self.path == "/half" else 0)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Platform)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_request_that_nobody_answers_is_sent_once(url: str) -> None:
    """Promise 13: it may have been done."""
    platform = PlainPlatform(PlainHttp(), HandSetClock())
    assert platform.send("echo", HttpRequest("POST", f"{url}/", body=b"{}")).body == b"{}"
    before = _Platform.asked
    for path in ("/gone", "/half"):
        with pytest.raises(UnavailableError):
            platform.send("echo", HttpRequest("POST", f"{url}{path}", body=b"x"))
    assert _Platform.asked == before + 2
    with pytest.raises(HttpError, match="does not answer"):
        PlainHttp().send(HttpRequest("POST", "http://127.0.0.1:9/"))


def test_documents_go_where_they_are_wanted_up_to_a_size(url: str) -> None:
    platform = PlainPlatform(PlainHttp(), HandSetClock())
    into = io.BytesIO()
    answer = platform.download("doc", HttpRequest("POST", f"{url}/", body=b"a" * 100_000), into, most_bytes=100_000)
    assert (answer.status, answer.body, len(into.getvalue())) == (200, b"", 100_000)
    refused = platform.download("doc", HttpRequest("POST", f"{url}/none", body=b"no"), io.BytesIO(), most_bytes=1)
    assert (refused.status, refused.body) == (404, b"no")
    with pytest.raises(UnreadableAnswerError) as large:
        platform.download("doc", HttpRequest("POST", f"{url}/", body=b"a" * 11), io.BytesIO(), most_bytes=10)
    assert large.value.code == "too_large"


def test_limits_are_kept_by_the_clock_and_nothing_sleeps(url: str) -> None:
    clock = HandSetClock()
    platform = PlainPlatform(PlainHttp(), clock, limits={"slow": RateLimit(0.5, 2)})
    request = HttpRequest("POST", f"{url}/", body=b"1")
    for _number in range(2):
        platform.send("slow", request)
    with pytest.raises(ThrottledError) as throttled:
        platform.send("slow", request)
    assert (throttled.value.operation, throttled.value.after_seconds) == ("slow", 2.0)
    platform.send("free", request)
    clock.move(timedelta(seconds=2))
    platform.send("slow", request)
    assert platform.operations() == ["slow", "slow", "free", "slow"]


def test_memory_keeps_small_json_and_forgets() -> None:
    memory = KeptInMemory()
    memory.set("rows", {"a": [1, 2]})
    assert memory.get("rows") == {"a": [1, 2]}
    memory.set("rows", None)
    assert memory.get("rows") is None
    with pytest.raises(ValueError, match="larger"):
        memory.set("rows", "x" * 20_000)
