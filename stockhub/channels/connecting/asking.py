"""Asking the connector of an account for something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from stockhub.channels.connecting.contexts import context_for
from stockhub.channels.models import Account
from stockhub.pluginapi import MarketplaceConnector
from stockhub.pluginapi.connectors import ConnectorContext
from stockhub.pluginhost.registry import registry

T = TypeVar("T")


def asking(account: Account, work: Callable[[MarketplaceConnector, ConnectorContext], T]) -> T:
    """What `work` gives, called with the account's connector and a context that reaches its platform. Any ConnectorError; DomainError."""
    context = context_for(account)
    return work(registry().marketplaces[account.marketplace], context)
