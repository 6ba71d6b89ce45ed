"""Pushes have a lane of their own through the server: a few threads that keep their database connections, in front of Django's middleware.

A platform counts seconds and pushes in floods, and none of what Django does for a browser (sessions, languages, a connection and a thread
for each request) is of use to it. Measured, that costs more than the work itself, and a flood opened as many connections as it had
requests. What the view `webhooks.receive` does, which other servers than ASGI's use, is the same.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qsl

from django.db import DatabaseError, InterfaceError, connection

from stockhub.channels.webhooks.addresses import PREFIX
from stockhub.channels.webhooks.receiving import BODY_BYTES
from stockhub.core import actor
from stockhub.core.outages import is_outage, remedy
from stockhub.pluginapi.connectors import WebhookRequest
from stockhub.web.correlation import accepted
from stockhub.web.request_metrics import observe
from stockhub.web.webhooks import Answer, answer_to, away, refusal

logger = logging.getLogger(__name__)
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
#: Each keeps a connection. More of them would wait for the database together.
_THREADS: Final = 4
#: Bodies that wait for a thread; beyond it a platform is asked to push again.
_WAITING_BYTES: Final = 64 * 1024 * 1024
#: What a small push occupies beside its body.
_LEAST_BYTES: Final = 4_096
#: A platform sends its body at once. Who drips it holds nothing but his own connection, and not for longer than this.
BODY_SECONDS: Final = 10.0
#: Parameters of an address.
_FIELDS: Final = 100


class WebhookLane:
    """An ASGI application that answers pushes and leaves everything else to another."""

    def __init__(self, others: App) -> None:
        self._others = others
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="webhooks")
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._serve(scope, receive, send)
        else:
            await self._others(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        offered = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-correlation-id"), "")
        correlation = accepted(offered) or uuid.uuid4().hex
        with self._room() as take:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    body = await _body(receive, take)
                if body is None:
                    return
                answer = await asyncio.get_running_loop().run_in_executor(self._threads, _answer, scope, body, correlation)
            except TimeoutError:
                answer = refusal(408, "too_slow", f"The body was not there after {BODY_SECONDS:.0f} seconds.", Connection="close")
            except _FullError:
                answer = away("busy", "Too many pushes wait. Push again later.")
        with actor.acting_as(actor.Actor("webhook"), correlation=correlation):
            observe("webhook", str(scope["method"]), answer.status, time.perf_counter() - started)
        await _send(send, answer, correlation)

    @contextmanager
    def _room(self) -> Iterator[Callable[[int], None]]:
        """Takes room for bytes as they come, and gives it back in the end; _FullError where there is none left."""
        held = 0

        def take(size: int) -> None:
            nonlocal held
            if self._waiting + size > _WAITING_BYTES:
                raise _FullError
            self._waiting += size
            held += size

        try:
            yield take
        finally:
            self._waiting -= held


class _FullError(Exception):
    """All the room for bodies is taken."""


async def _body(receive: Receive, take: Callable[[int], None]) -> bytes | None:
    """The body, or one byte more of it than is allowed; None where the sender went away. Each part takes its room as it comes."""
    take(_LEAST_BYTES)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part: bytes = message.get("body", b"")
        if size <= BODY_BYTES:
            take(len(part))
            parts.append(part)
            size += len(part)
        if not message.get("more_body", False):
            return b"".join(parts)[: BODY_BYTES + 1]


def _answer(scope: Scope, body: bytes, correlation: str) -> Answer:
    """In a thread of the lane. A connection that died since the last push is made anew, once: what is stored twice is there once."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    try:
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True, max_num_fields=_FIELDS))
    except ValueError:
        return refusal(400, "unreadable", f"An address has at most {_FIELDS} parameters.")
    request = WebhookRequest(str(scope["method"]), headers, query, body)
    with actor.acting_as(actor.Actor("webhook"), correlation=correlation):
        try:
            try:
                return answer_to(scope["path"], request)
            except (DatabaseError, InterfaceError) as error:
                connection.close()
                if not is_outage(error):
                    raise
                return answer_to(scope["path"], request)
        except Exception as error:
            connection.close()
            if is_outage(error):
                logger.error("%s", remedy(error))  # noqa: TRY400 - the remedy is what an operator needs
            else:
                logger.exception("A push was not taken; the platform is asked to push again.")
            return away("unavailable", "It cannot be taken at the moment. Push again later.")


async def _send(send: Send, answer: Answer, correlation: str) -> None:
    headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)), "X-Correlation-Id": correlation}
    if answer.status != 200:
        headers |= {**answer.headers, "Cache-Control": "no-store"}
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": answer.body})
