"""What a connector is given for an account."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, BinaryIO

from stockhub.channels.accounts import account_config
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.pluginapi.connectors import AccountFacts, ConnectorContext, Memory, Platform, UnavailableError
from stockhub.pluginapi.http import HttpClient, HttpError, HttpRequest, HttpResponse
from stockhub.pluginhost.notifying import outgoing_http


@dataclass
class _Platform(Platform):
    http: HttpClient

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        try:
            return self.http.send(request)
        except HttpError as error:
            raise UnavailableError(error.message, code=error.code) from error

    def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:  # noqa: ARG002
        answer = self.send(operation, request)
        into.write(answer.body)
        return answer

    def token(self) -> str:
        return "local"


class _Memory(Memory):
    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        return self._values.get(name)

    def set(self, name: str, value: Any) -> None:
        self._values[name] = value


def context_for(account: Account) -> ConnectorContext:
    facts = AccountFacts(account.code, account.site, account.time_zone, account.currency)
    http = outgoing_http()
    return ConnectorContext(facts, account_config(account), logging.getLogger("stockhub.connector"), clock.now, http, _Platform(http), _Memory())
