"""The one HTTP client for addresses that come from configuration: a deadline, a limit on sizes, and the checks of `addresses`."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException
from typing import BinaryIO, Final
from urllib.parse import urljoin

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.response import HTTPResponse

from stockhub.core.outgoing.addresses import Destination, destination, parts_of
from stockhub.core.outgoing.deadlines import Deadline
from stockhub.core.outgoing.decoding import decoded
from stockhub.core.outgoing.kept_connections import KeptConnections
from stockhub.pluginapi import HttpError, HttpRequest, HttpResponse

logger = logging.getLogger(__name__)
MOST_REDIRECTS: Final = 3
MOST_BYTES: Final = 2**20
SECONDS: Final = 10.0
_PIECE: Final = 2**16
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_USER_AGENT: Final = "StockHub"
#: What may go out twice without doing anything twice.
_REPEATABLE: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class OutgoingHttp:
    """A client. `allowed_hosts` may be private; `seconds` is for all of an exchange, redirects included; no environment variable counts.

    It keeps no connection unless it is given somewhere to keep them: `kept`, which its owner closes. Even then every request is checked
    anew: only a connection to an address that the name stands for now is used again.
    """

    allowed_hosts: Collection[str] = ()
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES
    download_seconds: float = SECONDS
    kept: KeptConnections | None = field(default=None, repr=False)
    #: The end of all exchanges of this client together, on the clock of `time.monotonic`.
    until: float | None = None

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer, whatever its status. Redirects of GET are followed, each one checked; others are the answer themselves."""
        return decoded(self._followed(request, None, self.most_bytes, self.seconds), self.most_bytes, _host(request))

    def download(self, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        """As `send`, but the body of a 2xx is written to `into` as it comes, up to `most_bytes`; what an error left there is of no use."""
        return self._followed(request, into, most_bytes, self.download_seconds)

    def _followed(self, request: HttpRequest, into: BinaryIO | None, most_bytes: int, seconds: float) -> HttpResponse:
        until = min(time.monotonic() + seconds, self.until or float("inf"))
        for _turn in range(MOST_REDIRECTS + 1):
            place = destination(request.url, self.allowed_hosts)
            exchange = _Exchange(request, place, into, most_bytes, until, seconds)
            response = self._exchange(exchange)
            location = response.headers.get("location", "")
            if request.method not in _REPEATABLE or response.status not in _REDIRECTS or not location:
                return response
            request = _redirected(request, place, location)
        raise HttpError("too_many_redirects", f"{place.host} redirects more than {MOST_REDIRECTS} times.")

    def _exchange(self, exchange: _Exchange) -> HttpResponse:
        connection = self.kept.take(exchange.place) if self.kept is not None else None
        if connection is not None:
            try:
                return self._answered(exchange, connection)
            except HttpError as error:
                # It may have been closed at the other end just now. What may have an effect is not sent again.
                if error.code != "unreachable" or exchange.request.method not in _REPEATABLE or exchange.has_begun:
                    raise
        return self._answered(exchange, None)

    def _answered(self, exchange: _Exchange, connection: HTTPConnection | None) -> HttpResponse:
        place, started = exchange.place, time.monotonic()
        if started >= exchange.until:
            raise _late(place, exchange.seconds)
        keep = False
        with Deadline(exchange.until - started) as deadline:
            try:
                connection = connection or _connected(place, exchange.until)
                deadline.covers(connection.sock)
                connection.timeout = max(exchange.until - started, 0.001)
                connection.sock.settimeout(connection.timeout)
                connection.request(
                    exchange.request.method, place.target, exchange.request.body or None, _headers(exchange.request.headers, place),
                    preload_content=False, decode_content=False,
                )  # fmt: skip
                response = exchange.read(connection.getresponse(), deadline)
                keep = True
            except (OSError, HTTPException, Urllib3Error, ValueError) as error:
                if deadline.has_passed or isinstance(error, TimeoutError):
                    raise _late(place, exchange.seconds) from None
                raise HttpError("unreachable", f"{place.host} gave no answer: {type(error).__name__}.") from None
            finally:
                if connection is not None and not (keep and self.kept is not None and self.kept.keep(place, connection)):
                    connection.close()
        took = time.monotonic() - started
        logger.debug("%s to %s: status %s after %.2f s", exchange.request.method, place.host, response.status, took)
        return response


@dataclass(slots=True)
class _Exchange:
    """One request to one place. `has_begun`: a part of the answer has come."""

    request: HttpRequest
    place: Destination
    into: BinaryIO | None
    most_bytes: int
    until: float
    seconds: float
    has_begun: bool = False

    def read(self, response: HTTPResponse, deadline: Deadline) -> HttpResponse:
        self.has_begun = True
        body = bytearray()
        into = self.into if 200 <= response.status < 300 else None
        for piece in self._pieces(response):
            if into is None:
                body += piece
            else:
                into.write(piece)
        if deadline.has_passed:
            # What ended the answer was our own end of the connection.
            raise _late(self.place, self.seconds)
        return HttpResponse(response.status, {name.lower(): value for name, value in response.headers.items()}, bytes(body))

    def _pieces(self, response: HTTPResponse) -> Iterator[bytes]:
        size = 0
        while piece := response.read(_PIECE, decode_content=False):
            size += len(piece)
            if size > self.most_bytes:
                raise HttpError("too_large", f"{self.place.host} answered with more than {self.most_bytes} bytes.")
            yield piece


def _connected(place: Destination, until: float) -> HTTPConnection:
    """To the first of the checked addresses that answers, in the name of the host: what the name stands for now is not asked again."""
    last: Exception | None = None
    for address in place.addresses:
        connection = _connection(place, address, max(until - time.monotonic(), 0.001))
        try:
            connection.connect()
        except (OSError, Urllib3Error) as error:
            connection.close()
            last = error
        else:
            return connection
    assert last is not None  # noqa: S101 - a name stands for one address at least
    raise last


def _connection(place: Destination, address: str, seconds: float) -> HTTPConnection:
    if place.scheme == "http":
        return HTTPConnection(address, place.port, timeout=seconds)
    return HTTPSConnection(
        address, place.port, timeout=seconds, ssl_context=_trusted(), server_hostname=place.host, assert_hostname=place.host
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The system's authorities, those of SSL_CERT_FILE, and Mozilla's where a system has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _headers(given: Mapping[str, str], place: Destination) -> dict[str, str]:
    headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity", **given, "Host": place.host_header}
    for name, value in headers.items():
        if any(char in "\r\n\0" for char in name + value):
            raise HttpError("invalid_url", "A header holds a line break.")
    return headers


def _redirected(request: HttpRequest, place: Destination, location: str) -> HttpRequest:
    """The next request. What was meant for the first host alone, such as a token, does not go on to another."""
    url = urljoin(request.url, location)
    same = parts_of(url)[:3] == (place.scheme, place.host, place.port)
    return HttpRequest(request.method, url, request.headers if same else {})


def _host(request: HttpRequest) -> str:
    return parts_of(request.url)[1]


def _late(place: Destination, seconds: float) -> HttpError:
    return HttpError("deadline_exceeded", f"{place.host} gave no whole answer within {seconds:g} s.")
