"""Asking an account's platform something: the connector with all that it needs, outside of any transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from django.conf import settings

from stockhub.channels.accounts import account_config
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.core.outgoing.client import OutgoingHttp
from stockhub.pluginapi import HttpError, HttpRequest, HttpResponse, MarketplaceConnector
from stockhub.pluginapi.connectors import AccountFacts, AuthorizationLostError, ConnectorContext, Memory, Platform, UnavailableError
from stockhub.pluginhost.registry import registry
from stockhub.values.errors import DomainError

T = TypeVar("T")


class _Unpaced(Platform):
    """Sends at once, with no token."""

    def __init__(self, http: OutgoingHttp) -> None:
        self._http = http

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - nothing is paced
        try:
            return self._http.send(request)
        except HttpError as error:
            raise UnavailableError(error.message, code=error.code) from error

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        response = self.send(operation, request)
        into.write(response.body[:most_bytes])
        return HttpResponse(response.status, response.headers, b"")

    def token(self) -> str:
        raise AuthorizationLostError("no_token", "Authorise the account first.")


class _Forgetful(Memory):
    """Keeps what it is told while one question is asked."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def get(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        return self._kept.get(name)

    def set(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        self._kept[name] = value


def asking(account: Account, work: Callable[[MarketplaceConnector, ConnectorContext], T]) -> T:
    """What `work` gives with the account's connector. Any ConnectorError; DomainError `unknown_marketplace`."""
    connector = registry().marketplaces.get(account.marketplace)
    if connector is None:
        raise DomainError("unknown_marketplace", f"No connector {account.marketplace!r} is installed.", path=("account",))
    http = OutgoingHttp(allowed_hosts=settings.STOCKHUB_ALLOW_PRIVATE_URLS)
    facts = AccountFacts(account.code, account.site, account.time_zone, account.currency)
    context = ConnectorContext(
        account=facts, config=account_config(account), log=logging.getLogger(__name__), now=clock.now, http=http, platform=_Unpaced(http),
        memory=_Forgetful(),
    )  # fmt: skip
    return work(connector, context)
