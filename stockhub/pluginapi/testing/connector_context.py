"""A connector's context for tests: a clock set by hand, plain HTTP, limits and tokens kept in memory. Neither Django nor a database."""

from __future__ import annotations

import http.client
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

from pydantic import BaseModel

from stockhub.pluginapi.connectors import (
    AccountFacts,
    AuthorizationLostError,
    Authorize,
    ConnectorContext,
    Memory,
    Platform,
    RateLimit,
    ThrottledError,
    Tokens,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub.pluginapi.http import HttpError, HttpRequest, HttpResponse, NoHttp
from stockhub.pluginapi.marketplace import MarketplaceConnector

_PIECE: Final = 65_536
_LARGEST_MEMORY: Final = 16 * 1024


class HandSetClock:
    """Says what it was set to, until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 3, 1, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


class PlainHttp:
    """HTTP as a server speaks it, over one connection a host that is kept open. No redirects, no guard: for servers of a test."""

    def __init__(self, timeout: float = 10.0) -> None:
        self.timeout = timeout
        self._open: dict[tuple[str, str], http.client.HTTPConnection] = {}

    def send(self, request: HttpRequest) -> HttpResponse:
        answer = self._exchange(request)
        return HttpResponse(answer.status, _headers_of(answer), self._body(request, answer))

    def download(self, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        """The body of a 2xx answer goes into `into`, in pieces; UnreadableAnswerError beyond `most_bytes`."""
        answer = self._exchange(request)
        if answer.status // 100 != 2:
            return HttpResponse(answer.status, _headers_of(answer), self._body(request, answer))
        size = 0
        while piece := self._body(request, answer, _PIECE):
            size += len(piece)
            if size > most_bytes:
                self.close()
                raise UnreadableAnswerError(f"The document is larger than {most_bytes} bytes.", code="too_large")
            into.write(piece)
        return HttpResponse(answer.status, _headers_of(answer), b"")

    def close(self) -> None:
        """Ends the open connections."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def _exchange(self, request: HttpRequest) -> http.client.HTTPResponse:
        address = urlsplit(request.url)
        key = (address.scheme, address.netloc)
        path = (address.path or "/") + (f"?{address.query}" if address.query else "")
        connection = self._open.get(key) or self._connect(key)
        try:
            connection.request(request.method, path, body=request.body or None, headers=dict(request.headers))
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            # Never sent again from here: it may have been done.
            self._forget(key)
            raise HttpError("unreachable", f"{address.hostname} does not answer: {type(error).__name__}.") from error

    def _body(self, request: HttpRequest, answer: http.client.HTTPResponse, most: int | None = None) -> bytes:
        """What is left of an answer, or `most` of it; a connection that ends in it is no answer."""
        try:
            return answer.read(most)
        except (OSError, http.client.HTTPException) as error:
            address = urlsplit(request.url)
            self._forget((address.scheme, address.netloc))
            raise HttpError("unreachable", f"{address.hostname} did not finish its answer: {type(error).__name__}.") from error

    def _forget(self, key: tuple[str, str]) -> None:
        connection = self._open.pop(key, None)
        if connection is not None:
            connection.close()

    def _connect(self, key: tuple[str, str]) -> http.client.HTTPConnection:
        scheme, netloc = key
        kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
        return self._open.setdefault(key, kind(netloc, timeout=self.timeout))


class KeptInMemory(Memory):
    """A dictionary that takes JSON values of the size that the host takes."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        text = self.values.get(name)
        return None if text is None else json.loads(text)

    def set(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        text = json.dumps(value)
        if len(text.encode()) > _LARGEST_MEMORY:
            raise ValueError(f"{name} is larger than {_LARGEST_MEMORY} bytes")
        if value is None:
            self.values.pop(name, None)
        else:
            self.values[name] = text


class PlainPlatform(Platform):
    """Sends at once, counts calls by operation, and keeps to `limits` by the context's clock: nothing sleeps here either.

    `tokens` are those of the account; where there are none yet, or they can be renewed, `token` asks `authorize`.
    """

    def __init__(
        self, http: PlainHttp, now: Callable[[], datetime], *, limits: Mapping[str, RateLimit] | None = None, tokens: Tokens | None = None
    ) -> None:
        self.http = http
        self.now = now
        self.limits = dict(limits or {})
        self.tokens = tokens
        self.authorize: Callable[[Tokens | None], Tokens] | None = None
        #: (operation, request) of every call that was let through.
        self.calls: list[tuple[str, HttpRequest]] = []
        self._left: dict[str, tuple[float, datetime]] = {}

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:
        self._take(operation)
        self.calls.append((operation, request))
        try:
            return self.http.send(request)
        except HttpError as error:
            raise UnavailableError(error.message, code=error.code) from error

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        self._take(operation)
        self.calls.append((operation, request))
        try:
            return self.http.download(request, into, most_bytes=most_bytes)
        except HttpError as error:
            raise UnavailableError(error.message, code=error.code) from error

    def token(self) -> str:
        if self._has_to_be_renewed():
            if self.authorize is None:
                raise AuthorizationLostError("no_token", "The account was never authorised.")
            self.tokens = self.authorize(self.tokens)
        assert self.tokens is not None  # noqa: S101 - just set
        return self.tokens.access_token

    def operations(self) -> list[str]:
        """Which operations were called, in order."""
        return [operation for operation, _request in self.calls]

    def _has_to_be_renewed(self) -> bool:
        if self.tokens is None:
            return True
        at = self.tokens.renew_at or self.tokens.expires_at
        return at is not None and self.now() >= at

    def _take(self, operation: str) -> None:
        limit = self.limits.get(operation)
        if limit is None:
            return
        left, at = self._left.get(operation, (float(limit.burst), self.now()))
        left = min(float(limit.burst), left + (self.now() - at).total_seconds() * limit.per_second)
        if left < 1:
            raise ThrottledError(
                f"The limit of {operation} is used up.", after_seconds=(1 - left) / limit.per_second, operation=operation
            )  # fmt: skip
        self._left[operation] = (left - 1, self.now())


def connector_context(
    connector: MarketplaceConnector,
    config: BaseModel | Mapping[str, Any],
    *,
    clock: Callable[[], datetime] | None = None,
    tokens: Tokens | None = None,
    keeps_to_limits: bool = False,
    reaches_network: bool = True,
) -> ConnectorContext:
    """A context for one account of a connector. Tokens are obtained from the connector itself, where it can authorise.

    `keeps_to_limits` brings the connector's own rate limits. Without `reaches_network`, `http` refuses everything: for `receive`.
    """
    account = config if isinstance(config, BaseModel) else connector.account_config_model.model_validate(config)
    now = clock or HandSetClock()
    http = PlainHttp()
    limits = connector.rate_limits_of(account) if keeps_to_limits else {}
    platform = PlainPlatform(http, now, limits=limits, tokens=tokens)
    site = connector.sites[0]
    context = ConnectorContext(
        account=AccountFacts(code="TEST", site=site.code, time_zone=site.time_zone, currency=site.currency),
        config=account,
        log=logging.getLogger(f"stockhub.test.{connector.slug}"),
        now=now,
        http=http if reaches_network else NoHttp(),
        platform=platform,
        memory=KeptInMemory(),
    )
    if isinstance(connector, Authorize):
        platform.authorize = lambda old: connector.obtain(context) if old is None else connector.renew(context, old)
    return context


def _headers_of(answer: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.getheaders()}
