"""Asking a platform in an account's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from stockhub.channels.connecting.contexts import context_for
from stockhub.channels.models import Account
from stockhub.pluginapi.connectors import ConnectorContext, TokenRefusedError

T = TypeVar("T")


def asking(account: Account, work: Callable[[ConnectorContext], T]) -> T:
    try:
        return work(context_for(account))
    except TokenRefusedError:
        return work(context_for(account))
