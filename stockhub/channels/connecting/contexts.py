"""What a connector is given to work with for one account."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from pydantic import BaseModel

from stockhub.channels.accounts import account_config
from stockhub.channels.connecting.memory import AccountMemory
from stockhub.channels.connecting.platform import AccountPlatform, NoPlatform
from stockhub.channels.connecting.rate_limits import scope_of
from stockhub.channels.connecting.redacting_log import Hidden, RedactingLogger
from stockhub.channels.connecting.tokens import TokenSource
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.pluginapi import MarketplaceConnector, NoHttp
from stockhub.pluginapi.connectors import AccountFacts, AuthorizationLostError, ConnectorContext
from stockhub.pluginhost.calls import find
from stockhub.pluginhost.config_models import secret_fields
from stockhub.pluginhost.kinds import Kind

if TYPE_CHECKING:
    from stockhub.core.outgoing.kept_connections import KeptConnections


def connector_of(account: Account) -> MarketplaceConnector:
    """The account's connector. ProviderFailedError `unknown_provider` names those that are installed."""
    return cast("MarketplaceConnector", find(Kind.MARKETPLACE, account.marketplace).provider)


@dataclass(frozen=True, slots=True)
class Equipped:
    """A context with what the host has to know of it: what must not be told, and the context in which tokens are obtained."""

    connector: MarketplaceConnector
    context: ConnectorContext
    tokenless: ConnectorContext
    hidden: Hidden
    kept: KeptConnections | None = None

    def close(self) -> None:
        """Ends the connections that are kept."""
        if self.kept is not None:
            self.kept.close()


def context_for(account: Account, *, with_network: bool = True) -> ConnectorContext:
    """The context of an account, for its connector only. Without the network, whatever reaches out is refused.

    DomainError `invalid_configuration`, `encryption_key_missing` or `unknown_provider`.
    """
    return (equipped(account) if with_network else _offline(account)).context


def equipped(account: Account, *, by_person: bool = False, seconds: float | None = None) -> Equipped:
    """The context of an account with the network. `by_person`: somebody tries out an account whose authorisation was lost.

    `seconds` is for everything that is asked with it together. DomainError as `context_for`.
    """
    # Imported where something is sent: `manage.py check` needs no TLS.
    from stockhub.core.outgoing.client import OutgoingHttp
    from stockhub.core.outgoing.kept_connections import KeptConnections

    offline, kept = _offline(account), KeptConnections()
    connector, hidden = offline.connector, offline.hidden
    http = OutgoingHttp(
        allowed_hosts=settings.STOCKHUB_ALLOW_PRIVATE_URLS, seconds=settings.STOCKHUB_CONNECT_SECONDS, kept=kept,
        most_bytes=settings.STOCKHUB_CONNECT_MOST_MIB * 2**20, download_seconds=settings.STOCKHUB_DOWNLOAD_SECONDS,
        until=None if seconds is None else time.monotonic() + seconds,
    )  # fmt: skip
    paced: dict[str, Any] = {
        "own_scope": scope_of(account.pk, account.marketplace, ""),
        "scope": scope_of(account.pk, account.marketplace, connector.rate_scope(offline.context.config)),
        "limits": connector.rate_limits_of(offline.context.config),
        "http": http,
    }
    tokenless = replace(offline.context, http=http, platform=AccountPlatform(**paced, token=_no_token))

    def token(refused: str) -> str:
        hidden.add(refused)
        source = TokenSource(account, connector, tokenless, by_person=by_person, hidden=hidden)
        found = source.instead_of(refused) if refused else source.current()
        hidden.add(found)
        return found

    context = replace(offline.context, http=http, platform=AccountPlatform(**paced, token=token))
    return Equipped(connector, context, tokenless, hidden, kept)


def _offline(account: Account) -> Equipped:
    connector = connector_of(account)
    config = account_config(account)
    hidden = Hidden(_secrets(config))
    context = ConnectorContext(
        account=AccountFacts(account.code, account.site, account.time_zone, account.currency),
        config=config, log=RedactingLogger(f"stockhub.connectors.{connector.slug}", hidden), now=clock.now, http=NoHttp(),
        platform=NoPlatform(), memory=AccountMemory(account),
    )  # fmt: skip
    return Equipped(connector, context, context, hidden)


def _no_token(_refused: str) -> str:
    raise AuthorizationLostError("no_token", "There is no token while one is obtained.")


def _secrets(config: BaseModel) -> list[str]:
    found = (getattr(config, name) for name in secret_fields(type(config)))
    return [value.get_secret_value() for value in found if value is not None]
