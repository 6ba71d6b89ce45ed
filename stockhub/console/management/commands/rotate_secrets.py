"""`manage.py rotate_secrets`: everything that is encrypted, under the first of the keys."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from stockhub.channels.connecting.models import AccountAuthorization
from stockhub.channels.models import Account
from stockhub.channels.webhooks.models import UnreadableWebhook
from stockhub.core.encryption import rotate_rows
from stockhub.outbox.models import Endpoint
from stockhub.pluginhost.models import Plugin
from stockhub.values.errors import DomainError


class Command(BaseCommand):
    help = (
        "Encrypts anew the secrets of plugins, accounts and endpoints, accounts' tokens, and pushes that nobody could read, under the "
        "first of STOCKHUB_ENCRYPTION_KEYS. "
        "Put a new key first, keep the old ones behind it, run this, then take the old ones away."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 - Django's signature
        try:
            plugins, accounts, endpoints = rotate_rows(Plugin), rotate_rows(Account), rotate_rows(Endpoint)
            tokens, pushes = rotate_rows(AccountAuthorization), rotate_rows(UnreadableWebhook)
        except DomainError as error:
            self.stderr.write(error.message)
            sys.exit(1)
        self.stdout.write(
            f"Under the first key now: {plugins} plugins, {accounts} accounts, {endpoints} endpoints, {tokens} tokens, {pushes} pushes."
        )
