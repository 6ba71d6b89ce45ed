"""What a connector is given: the account's configuration, a clock, and the ways to the platform, which the host paces."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from pydantic import BaseModel

from stockhub.pluginapi.http import HttpClient, HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A bucket of `burst` calls that fills with `per_second` a second. One call in 179 s is 0.0056."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the host knows of the account that a connector may need: no ids of rows."""

    code: str
    site: str
    time_zone: str
    currency: str


class Platform(ABC):
    """The ways to the platform, for one account. Every call that is not to a pre-signed address names its operation.

    An operation is a name of the connector's `rate_limits`. Where its limit is used up, here or in another process, ThrottledError comes
    at once and says for how long: nothing sleeps. The host stores what was read so far and comes back.
    """

    @abstractmethod
    def send(self, operation: str, request: HttpRequest) -> HttpResponse:
        """The answer, whatever its status. ThrottledError; UnavailableError where there is no answer."""

    @abstractmethod
    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        """As `send`, but the body of a 2xx answer is written to `into`, in pieces: for documents that do not fit into memory.

        The answer's `body` is empty then. UnreadableAnswerError `too_large` beyond `most_bytes`. Nothing is decompressed.
        """

    @abstractmethod
    def token(self) -> str:
        """The access token that holds now, renewed before it ends. AuthorizationLostError, UnavailableError, ThrottledError."""


class Memory(ABC):
    """A few small JSON values that the connector wants to have again: the row count of the last good report, say. No facts, no secrets."""

    @abstractmethod
    def get(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        """The value, or None."""

    @abstractmethod
    def set(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        """Keeps a value of at most 16 KiB; None forgets it."""


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """`config` is an instance of the connector's `account_config_model`, secrets included; `log` redacts them; `now` is the host's clock
    in UTC.

    `http` is for what has no operation and needs no token, such as renewing tokens.
    """

    account: AccountFacts
    config: BaseModel
    log: logging.Logger
    now: Callable[[], datetime]
    http: HttpClient
    platform: Platform
    memory: Memory
