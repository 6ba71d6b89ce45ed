"""The one HTTP client for addresses that come from configuration: a deadline, a limit on sizes, and the checks of `addresses`."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from typing import Final
from urllib.parse import urljoin

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.response import HTTPResponse

from stockhub.core.outgoing.addresses import Destination, destination, parts_of
from stockhub.core.outgoing.deadlines import Deadline
from stockhub.pluginapi import HttpError, HttpRequest, HttpResponse

logger = logging.getLogger(__name__)
MOST_REDIRECTS: Final = 3
MOST_BYTES: Final = 2**20
SECONDS: Final = 10.0
_PIECE: Final = 2**16
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_USER_AGENT: Final = "StockHub"


@dataclass(frozen=True, slots=True)
class OutgoingHttp:
    """A client. `allowed_hosts` may be private; `seconds` is for all of an exchange, redirects included; no environment variable counts.

    It keeps no connection: what it sends goes out a few times a minute.
    """

    allowed_hosts: Collection[str] = ()
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer, whatever its status. Redirects of GET are followed, each one checked; others are the answer themselves."""
        until = time.monotonic() + self.seconds
        for _turn in range(MOST_REDIRECTS + 1):
            place = destination(request.url, self.allowed_hosts)
            response = self._exchange(request, place, until)
            location = response.headers.get("location", "")
            if request.method not in ("GET", "HEAD") or response.status not in _REDIRECTS or not location:
                return response
            request = _redirected(request, place, location)
        raise HttpError("too_many_redirects", f"{place.host} redirects more than {MOST_REDIRECTS} times.")

    def _exchange(self, request: HttpRequest, place: Destination, until: float) -> HttpResponse:
        started = time.monotonic()
        if started >= until:
            raise _late(place, self.seconds)
        connection = _connection(place, until - started)
        with Deadline(until - started) as deadline:
            try:
                connection.connect()
                deadline.covers(connection.sock)
                connection.request(
                    request.method, place.target, request.body or None, _headers(request.headers, place),
                    preload_content=False, decode_content=False,
                )  # fmt: skip
                response = self._read(connection.getresponse(), place, deadline)
            except (OSError, HTTPException, Urllib3Error, ValueError) as error:
                if deadline.has_passed or isinstance(error, TimeoutError):
                    raise _late(place, self.seconds) from None
                raise HttpError("unreachable", f"{place.host} gave no answer: {type(error).__name__}.") from None
            finally:
                connection.close()
        took = time.monotonic() - started
        logger.debug("%s to %s: status %s after %.2f s", request.method, place.host, response.status, took)
        return response

    def _read(self, response: HTTPResponse, place: Destination, deadline: Deadline) -> HttpResponse:
        body = bytearray()
        while piece := response.read(_PIECE, decode_content=False):
            body += piece
            if len(body) > self.most_bytes:
                raise HttpError("too_large", f"{place.host} answered with more than {self.most_bytes} bytes.")
        if deadline.has_passed:
            # What ended the answer was our own end of the connection.
            raise _late(place, self.seconds)
        return HttpResponse(response.status, {name.lower(): value for name, value in response.headers.items()}, bytes(body))


def _connection(place: Destination, seconds: float) -> HTTPConnection:
    """To the address that was checked, in the name of the host: what the name stands for now is not asked again."""
    address = place.addresses[0]
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


def _late(place: Destination, seconds: float) -> HttpError:
    return HttpError("deadline_exceeded", f"{place.host} gave no whole answer within {seconds:g} s.")
