"""Configurations of accounts that end on a day that is known: a secret of an app, which only a person can rotate (U24)."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from stockhub.channels.accounts import account_config
from stockhub.channels.connecting.models import AuthorizationState
from stockhub.channels.models import Account
from stockhub.pluginapi.connectors import Authorize
from stockhub.pluginhost.registry import registry
from stockhub.values import DomainError

logger = logging.getLogger(__name__)


def ending_credentials() -> dict[int, tuple[str, date]]:
    """By account in use: its code, and the day from which the platform takes its configuration no longer.

    One that was disconnected is not asked about. A configuration that cannot be read is another fault, and told where the account is read.
    """
    found: dict[int, tuple[str, date]] = {}
    rows = Account.objects.filter(is_active=True, deleted_at=None).exclude(authorization__state=AuthorizationState.DISCONNECTED)
    for account in rows.order_by("id"):
        connector: Any = registry().marketplaces.get(account.marketplace)
        if not isinstance(connector, Authorize):
            continue
        try:
            ends_on = connector.credentials_end_on(account_config(account))
        except DomainError as error:
            # Of an account that was never connected that is no fault.
            logger.info("The configuration of %s cannot be read: %s", account.code, error.code)
            continue
        except Exception as error:  # noqa: BLE001 - whatever a connector raises: the other accounts are looked at
            logger.warning("The connector of %s does not say when its configuration ends: %s", account.code, type(error).__name__)
            continue
        if isinstance(ends_on, date):
            found[account.pk] = (account.code, ends_on)
    return found
