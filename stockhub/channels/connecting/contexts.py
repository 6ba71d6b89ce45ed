"""What a connector is given for an account."""

from __future__ import annotations

import logging
from typing import Any, BinaryIO

from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.pluginapi import HttpRequest, HttpResponse
from stockhub.pluginapi.connectors import AccountFacts, ConnectorContext, Memory, Platform, UnavailableError
from stockhub.pluginapi.http import NoHttp
from stockhub.pluginhost.configuration import Stored, load
from stockhub.pluginhost.notifying import outgoing_http
from stockhub.pluginhost.registry import registry
from stockhub.values import DomainError


def context_for(account: Account, *, with_network: bool = True) -> ConnectorContext:
    """The context; DomainError `unknown_provider`, `invalid_configuration`, `encryption_key_missing`."""
    connector = registry().marketplaces.get(account.marketplace)
    if connector is None:
        raise DomainError("unknown_provider", f"No connector named {account.marketplace!r} is installed.")
    config = load(connector.account_config_model, Stored(account.config, bytes(account.secrets)))
    facts = AccountFacts(account.code, account.site, account.time_zone, account.currency)
    http = outgoing_http() if with_network else NoHttp()
    log = logging.getLogger(f"stockhub.connectors.{connector.slug}")
    return ConnectorContext(facts, config, log, clock.now, http, _NoPlatform(), _Forgetful())


class _NoPlatform(Platform):
    def send(self, operation: str, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - the port's signature
        raise UnavailableError(f"{operation} was refused: there is no network here.")

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:  # noqa: ARG002
        raise UnavailableError(f"{operation} was refused: there is no network here.")

    def token(self) -> str:
        raise UnavailableError("There is no token where there is no network.")


class _Forgetful(Memory):
    def get(self, name: str) -> Any:  # noqa: ANN401, ARG002 - the port's signature
        return None

    def set(self, name: str, value: Any) -> None:  # noqa: ANN401
        """Nothing is kept of one request."""
