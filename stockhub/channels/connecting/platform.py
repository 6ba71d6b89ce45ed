"""The ways to the platform that the host gives a connector: paced, limited, and with errors that say what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO, Protocol

from stockhub.channels.connecting.buckets import Bucket
from stockhub.channels.connecting.rate_limits import bucket_of, note_throttled, take
from stockhub.pluginapi import HttpError, HttpRequest, HttpResponse
from stockhub.pluginapi.connectors import (
    ConnectorError,
    Platform,
    RateLimit,
    RequestRefusedError,
    ThrottledError,
    UnavailableError,
    UnreadableAnswerError,
)

#: Addresses that will be no better until somebody changes a setting.
_FINAL = frozenset({"invalid_url", "address_refused", "too_many_redirects"})


class Downloads(Protocol):
    """What a client has to be able to."""

    def send(self, request: HttpRequest) -> HttpResponse: ...

    def download(self, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse: ...


class AccountPlatform(Platform):
    """Of one account. `own_scope` is the account's own, `scope` that of whom it shares its limits with.

    `token` gives the token that holds now, or one instead of a refused one.
    """

    def __init__(
        self, *, own_scope: str, scope: str, limits: Mapping[str, RateLimit], http: Downloads, token: Callable[[str], str]
    ) -> None:
        self._whole = Bucket(own_scope, "")
        self._scope = scope
        self._limits = limits
        self._http = http
        self._token = token
        #: The token that was given out last.
        self.given = ""

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:
        self._take(operation)
        try:
            return self._http.send(request)
        except HttpError as error:
            raise as_connector_error(error) from None

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        self._take(operation)
        try:
            return self._http.download(request, into, most_bytes=most_bytes)
        except HttpError as error:
            raise as_connector_error(error) from None

    def token(self) -> str:
        return self.renew_token("")

    def renew_token(self, refused: str) -> str:
        """The token that holds now, or another one than a refused one."""
        self.given = self._token(refused)
        return self.given

    def note(self, error: ThrottledError) -> None:
        """The platform refused more calls: nobody makes one until it may be made."""
        whole = not error.operation
        note_throttled(self._whole if whole else self._bucket(error.operation), error.after_seconds)

    def _take(self, operation: str) -> None:
        # An address that is signed beforehand is no operation of the platform's.
        if operation:
            take(self._bucket(operation), self._whole)

    def _bucket(self, operation: str) -> Bucket:
        return bucket_of(self._scope, operation, self._limits.get(operation))


class NoPlatform(Platform):
    """For contexts in which a connector may reach nobody, such as the check of a webhook."""

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - the interface's
        raise _not_here()

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:  # noqa: ARG002 - the interface's
        raise _not_here()

    def token(self) -> str:
        raise _not_here()


def as_connector_error(error: HttpError) -> ConnectorError:
    """What no answer means to a connector. The messages name the host at most, and the setting that helps."""
    if error.code in _FINAL:
        return RequestRefusedError(error.code, error.message)
    if error.code == "too_large":
        return UnreadableAnswerError(error.message, code="too_large")
    return UnavailableError(error.message, code=error.code)


def _not_here() -> RequestRefusedError:
    return RequestRefusedError("no_network", "The connector asked its platform where it must reach nobody.")
