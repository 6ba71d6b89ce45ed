"""How an account is authorised, stays so, and is tried out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import BaseModel

from stockhub.pluginapi.connectors.capability import Capability
from stockhub.pluginapi.connectors.context import ConnectorContext


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the platform gave. The host keeps it encrypted, whole or not at all; an instant of None means that it does not say.

    `renew_at`: not before then does the platform give a new pair; None where it always does.
    """

    access_token: str = field(repr=False)
    expires_at: datetime | None
    refresh_token: str = field(default="", repr=False)
    refresh_expires_at: datetime | None = None
    renew_at: datetime | None = None
    #: The shop or seller that it is for, as the platform calls it; the host compares it with the account's.
    subject: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What a test of the connection found: the shop's id and name, and what is allowed or missing, a line each."""

    subject: str
    name: str = ""
    remarks: tuple[str, ...] = ()


class Authorize(Capability, ABC):
    """Obtains and renews access. Called for one account by one process at a time, whatever the number of workers."""

    @abstractmethod
    def obtain(self, context: ConnectorContext, *, code: str = "") -> Tokens:
        """The first tokens: with the code of a browser's authorisation, or from the configuration alone. `context.platform` has no token.

        AuthorizationLostError where the configuration or the code is no good, UnavailableError, ThrottledError.
        """

    @abstractmethod
    def renew(self, context: ConnectorContext, tokens: Tokens) -> Tokens:
        """New tokens from the old ones. Called again with the same ones where the answer was lost."""

    @abstractmethod
    def test_connection(self, context: ConnectorContext) -> ConnectionReport:
        """Asks the platform for something cheap, with the account's token. Any ConnectorError says what is wrong."""

    def credentials_end_on(self, config: BaseModel) -> date | None:  # noqa: ARG002 - for those whose configuration ends
        """The day from which the platform no longer takes what the configuration holds, whatever is renewed meanwhile: a secret that a
        person has to rotate. Asked without the network. None where nothing ends, or nobody entered when it began.
        """
        return None

    def authorization_url(self, config: BaseModel, *, state: str, redirect_url: str) -> str:  # noqa: ARG002 - for those that have one
        """Where a person authorises in the browser; the platform sends him back to `redirect_url` with `state` and a code.

        Empty where the configuration alone suffices.
        """
        return ""

    def code_of(self, query: Mapping[str, str]) -> str:
        """The code in the query with which the platform sends a person back; empty where it refused."""
        return query.get("code", "")
