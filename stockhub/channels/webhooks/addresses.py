"""Where platforms push to."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from stockhub.channels.models import Account
from stockhub.pluginapi.connectors import ReceiveWebhook
from stockhub.pluginhost.registry import registry

PREFIX: Final = "/webhooks/"


def webhook_path(account: Account) -> str:
    """The path of an account's address, to be given to its platform; empty where its connector takes no pushes."""
    if not isinstance(registry().marketplaces.get(account.marketplace), ReceiveWebhook):
        return ""
    return f"{PREFIX}{quote(account.marketplace, safe='')}/{quote(account.code, safe='')}/"
