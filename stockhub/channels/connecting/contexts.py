"""What a connector is given to work with for one account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.conf import settings
from pydantic import BaseModel

from stockhub.channels.accounts import account_config
from stockhub.channels.connecting.memory import AccountMemory
from stockhub.channels.connecting.platform import AccountPlatform, NoPlatform
from stockhub.channels.connecting.rate_limits import scope_of
from stockhub.channels.connecting.redacting_log import Hidden, RedactingLogger
from stockhub.channels.connecting.tokens import current_token, token_instead_of
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.pluginapi import MarketplaceConnector, NoHttp
from stockhub.pluginapi.connectors import AccountFacts, AuthorizationLostError, ConnectorContext
from stockhub.pluginhost.calls import find
from stockhub.pluginhost.config_models import secret_fields
from stockhub.pluginhost.kinds import Kind


def connector_of(account: Account) -> MarketplaceConnector:
    """The account's connector. ProviderFailedError `unknown_provider` names those that are installed."""
    return cast("MarketplaceConnector", find(Kind.MARKETPLACE, account.marketplace).provider)


def context_for(account: Account, *, with_network: bool = True) -> ConnectorContext:
    """The context of an account, for its connector only. Without the network, whatever reaches out is refused.

    DomainError `invalid_configuration`, `encryption_key_missing` or `unknown_provider`.
    """
    return hidden_context_for(account, with_network=with_network)[0]


def hidden_context_for(account: Account, *, with_network: bool = True) -> tuple[ConnectorContext, Hidden]:
    """The context, and what must not be told of what happens with it."""
    connector = connector_of(account)
    config = account_config(account)
    hidden = Hidden(_secrets(config))
    context = ConnectorContext(
        account=AccountFacts(account.code, account.site, account.time_zone, account.currency),
        config=config, log=RedactingLogger(f"stockhub.connectors.{connector.slug}", hidden), now=clock.now, http=NoHttp(),
        platform=NoPlatform(), memory=AccountMemory(account),
    )  # fmt: skip
    return (_reaching_out(account, connector, context, hidden) if with_network else context), hidden


def _reaching_out(account: Account, connector: MarketplaceConnector, context: ConnectorContext, hidden: Hidden) -> ConnectorContext:
    # Imported where something is sent: `manage.py check` needs no TLS.
    from stockhub.core.outgoing.client import OutgoingHttp
    from stockhub.core.outgoing.kept_connections import KeptConnections

    http = OutgoingHttp(
        allowed_hosts=settings.STOCKHUB_ALLOW_PRIVATE_URLS, seconds=settings.STOCKHUB_CONNECT_SECONDS,
        most_bytes=settings.STOCKHUB_CONNECT_MOST_MIB * 2**20, download_seconds=settings.STOCKHUB_DOWNLOAD_SECONDS, kept=KeptConnections(),
    )  # fmt: skip
    paced: dict[str, Any] = {
        "own_scope": scope_of(account.pk, account.marketplace, ""),
        "scope": scope_of(account.pk, account.marketplace, connector.rate_scope(context.config)),
        "limits": connector.rate_limits_of(context.config),
        "http": http,
    }
    # Obtaining and renewing tokens has none.
    tokenless = replace(context, http=http, platform=AccountPlatform(**paced, token=_no_token))

    def token(refused: str) -> str:
        hidden.add(refused)
        found = token_instead_of(refused, account, connector, tokenless) if refused else current_token(account, connector, tokenless)
        hidden.add(found)
        return found

    return replace(context, http=http, platform=AccountPlatform(**paced, token=token))


def _no_token(_refused: str) -> str:
    raise AuthorizationLostError("no_token", "There is no token while one is obtained.")


def _secrets(config: BaseModel) -> list[str]:
    found = (getattr(config, name) for name in secret_fields(type(config)))
    return [value.get_secret_value() for value in found if value is not None]
