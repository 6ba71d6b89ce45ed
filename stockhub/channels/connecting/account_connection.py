"""Connecting an account, and ending that."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from stockhub.access.scopes import require
from stockhub.channels.accounts import AccountInput, upsert_account
from stockhub.channels.connecting.asking import called, refuse_within_transaction
from stockhub.channels.connecting.contexts import Equipped, equipped
from stockhub.channels.connecting.models import AccountAuthorization, AuthorizationState
from stockhub.channels.connecting.obtaining import obtain_tokens
from stockhub.channels.connecting.tokens import authorization_of
from stockhub.channels.connecting.trying import PERMISSION, Tried, tried
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.outbox.services import emit_event
from stockhub.pluginapi.connectors import Authorize, ConnectorError
from stockhub.values import DomainError

#: The code of a test that a person has to go on with in the browser.
IN_BROWSER = "authorise_in_browser"


def connect_account(row: AccountInput, *, code: str = "") -> tuple[Account, Tried]:
    """Makes or changes the account, obtains its tokens where that can be done here, and tests the connection.

    DomainErrors are those of `upsert_account`, with nothing done. What the platform refuses is in the test: the account is
    there, read-only, and can be corrected.
    """
    refuse_within_transaction()
    account = upsert_account(row)
    return account, authorise_account(account, code=code)


def authorise_account(account: Account, *, code: str = "") -> Tried:
    """Obtains tokens anew, from the configuration or with a code of the browser's authorisation, and tests the connection."""
    require(PERMISSION, account_ids=[account.pk])
    refuse_within_transaction()
    try:
        equipment = equipped(account, by_person=True, seconds=settings.STOCKHUB_TRY_SECONDS)
    except DomainError as error:
        return Tried(ok=False, code=error.code, message=error.message)
    try:
        return _authorised(account, equipment, code)
    except (ConnectorError, DomainError) as error:
        return Tried(ok=False, code=error.code, message=error.message)
    finally:
        equipment.close()


def _authorised(account: Account, equipment: Equipped, code: str) -> Tried:
    if isinstance(equipment.connector, Authorize):
        if not code and authorization_url(account, equipment, state="", redirect_url=""):
            told = gettext("A person authorises this account in the browser: begin the authorisation, and follow its address.")
            return Tried(ok=False, code=IN_BROWSER, message=told)
        obtain_tokens(account, equipment, code)
    else:
        gone = AccountAuthorization.objects.filter(account_id=account.pk, state=AuthorizationState.DISCONNECTED)
        gone.update(state=AuthorizationState.NONE, updated_at=clock.now())
    return tried(account, equipment)


def authorization_url(account: Account, equipment: Equipped, *, state: str, redirect_url: str) -> str:
    """Where a person authorises in the browser; empty where the configuration alone suffices."""
    connector = equipment.connector
    if not isinstance(connector, Authorize):
        return ""
    config = equipment.context.config
    return called(account, equipment, lambda: connector.authorization_url(config, state=state, redirect_url=redirect_url))


def disconnect_account(account: Account) -> AccountAuthorization:
    """Forgets the tokens: nothing is read or pushed until somebody connects the account again. Its configuration and its data stay."""
    require(PERMISSION, account_ids=[account.pk])
    authorization_of(account)
    with transaction.atomic():
        row = AccountAuthorization.objects.select_for_update().get(account_id=account.pk)
        if row.state == AuthorizationState.DISCONNECTED:
            return row
        row.state, row.secrets, row.generation = AuthorizationState.DISCONNECTED, b"", row.generation + 1
        row.expires_at = row.renew_at = row.refresh_expires_at = row.lost_at = row.lease_until = None
        row.reason_code = row.reason = row.request_digest = row.leased_by = ""
        row.updated_at = clock.now()
        row.save()
        payload = {"account": account.code}
        emit_event("channels.account_disconnected.v1", entity="channels.account", entity_id=account.pk, payload=payload)
    return row
