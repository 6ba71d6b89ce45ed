"""Stands between a connector and its platform: keeps what the platform answers, and spoils one answer where a test wants it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import BinaryIO, Final

from stockhub.pluginapi.connectors import ConnectorError, Platform, ThrottledError, UnavailableError, UnreadableAnswerError
from stockhub.pluginapi.http import HttpRequest, HttpResponse

#: What a spoiled Retry-After asks for.
WAIT_SECONDS: Final = 17
_HTML: Final = b"<html><head><title>503 Service Temporarily Unavailable</title></head><body>nginx</body></html>"
_JSON: Final = {"content-type": "application/json"}
_HTML_TYPE: Final = {"content-type": "text/html"}


@dataclass(frozen=True, slots=True)
class Fault:
    """`answer` replaces the platform's answer, and may raise; `change` spoils the body that came. `expected` is what a connector raises.

    `after_seconds`: what the error has to say about when to come back. `from_then_on`: all later answers, too.
    """

    name: str
    expected: tuple[type[ConnectorError], ...]
    answer: Callable[[datetime], HttpResponse] | None = None
    change: Callable[[bytes], bytes] | None = None
    after_seconds: float | None = None
    from_then_on: bool = False


def _no_answer(_now: datetime) -> HttpResponse:
    raise UnavailableError("The platform does not answer.", code="unreachable")


def _asks_to_wait(now: datetime) -> HttpResponse:
    return HttpResponse(429, {"retry-after": format_datetime(now + timedelta(seconds=WAIT_SECONDS), usegmt=True)}, b"")


_WAIT: Final = (ThrottledError,)
_COME_BACK: Final = (UnavailableError,)
_UNREADABLE: Final = (UnreadableAnswerError,)
#: Promise 12: what a platform answers instead of what it should.
FAULTS: Final[tuple[Fault, ...]] = (
    Fault("429 with nothing", _WAIT, lambda _now: HttpResponse(429, {}, b"")),
    Fault("429 with seconds", _WAIT, lambda _now: HttpResponse(429, {"retry-after": str(WAIT_SECONDS)}, _HTML), after_seconds=WAIT_SECONDS),
    Fault("429 with a date", _WAIT, _asks_to_wait, after_seconds=WAIT_SECONDS),
    Fault("500", _COME_BACK, lambda _now: HttpResponse(500, {}, b"Internal Server Error")),
    Fault("503 as HTML", _COME_BACK, lambda _now: HttpResponse(503, _HTML_TYPE, _HTML)),
    Fault("no answer", _COME_BACK, _no_answer),
    Fault("200 as HTML", _UNREADABLE, lambda _now: HttpResponse(200, _HTML_TYPE, _HTML)),
    Fault("200 with nothing", _UNREADABLE, lambda _now: HttpResponse(200, _JSON, b"")),
    Fault("null", _UNREADABLE, lambda _now: HttpResponse(200, _JSON, b"null")),
    Fault("garbage", _UNREADABLE, lambda _now: HttpResponse(200, _JSON, bytes(range(256)) * 2)),
    Fault("half an answer", _UNREADABLE, change=lambda body: body[: len(body) // 2]),
)

#: Where it matters only that there is an error.
ONE_OF_EACH: Final = tuple(next(fault for fault in FAULTS if fault.expected == expected) for expected in (_WAIT, _COME_BACK, _UNREADABLE))


class WatchedPlatform(Platform):
    def __init__(self, inner: Platform, now: Callable[[], datetime], fault: Fault | None = None, at: int = 0) -> None:
        self._inner = inner
        self._now = now
        self._fault = fault
        self._at = at
        self.calls = 0
        #: Whether the fault came to anything.
        self.is_spoiled = False
        self.bodies: list[bytes] = []

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:
        fault = self._due()
        if fault is not None and fault.answer is not None:
            self.is_spoiled = True
            return fault.answer(self._now())
        response = self._inner.send(operation, request)
        self.bodies.append(response.body)
        if fault is None or fault.change is None:
            return response
        body = fault.change(response.body)
        self.is_spoiled |= body != response.body
        return HttpResponse(response.status, response.headers, body)

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        """As `send`. Half a document is no fault here: the host's client compares lengths."""
        fault = self._due()
        if fault is None or fault.answer is None:
            kept = io.BytesIO()
            response = self._inner.download(operation, request, kept, most_bytes=most_bytes)
            self.bodies.append(kept.getvalue())
            into.write(kept.getvalue())
            return response
        self.is_spoiled = True
        response = fault.answer(self._now())
        if response.status // 100 == 2:
            into.write(response.body)
            return HttpResponse(response.status, response.headers, b"")
        return response

    def token(self) -> str:
        return self._inner.token()

    def _due(self) -> Fault | None:
        number = self.calls
        self.calls += 1
        if self._fault is None or number < self._at or (number > self._at and not self._fault.from_then_on):
            return None
        return self._fault
