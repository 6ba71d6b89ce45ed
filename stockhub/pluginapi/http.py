"""What a plugin needs to speak HTTP: a request, its answer, and a client that the host gives it.

The host's client has a deadline for the whole exchange, a limit on the size of an answer, and refuses addresses that are not public. A
plugin must not bring a client of its own: the host could promise nothing about it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class HttpError(Exception):
    """There is no answer, or none that may be read.

    `code`: `invalid_url`, `address_refused`, `unreachable`, `deadline_exceeded`, `too_large`, `too_many_redirects`. `message` names the
    host at most: paths and queries of addresses hold secrets.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """`url` is `https://…` or `http://…`; `body` is sent as it is."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """Any answer, whatever its status. Names of `headers` are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """The body as JSON; ValueError where it is none."""
        return json.loads(self.body)


class HttpClient(Protocol):
    """What the host gives."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer to the request, redirects of a GET followed. HttpError where there is none."""
        ...


class NoHttp:
    """A client that reaches nobody: for contexts in which a plugin may not use the network."""

    def send(self, request: HttpRequest) -> HttpResponse:
        raise HttpError("unreachable", f"{request.method} was refused: there is no network here.")
