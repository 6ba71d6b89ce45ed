"""Authorisation in the browser: a person goes to the platform with a state that is his own, holds for ten minutes, and is taken once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels.connecting.account_connection import authorise_account, authorization_url
from stockhub.channels.connecting.asking import called
from stockhub.channels.connecting.contexts import equipped
from stockhub.channels.connecting.models import AccountAuthorization
from stockhub.channels.connecting.tokens import authorization_of
from stockhub.channels.connecting.trying import PERMISSION, Tried
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.pluginapi.connectors import Authorize
from stockhub.values import DomainError

HOLDS: Final = timedelta(minutes=10)
_SALT: Final = "stockhub.channels.connecting"


def start_authorization(*, account: Account, user_id: int, base_url: str = "") -> str:
    """The address at which this user authorises the account. A state that was given before does not hold any more.

    `base_url` is where this server was asked, for where STOCKHUB_PUBLIC_URL does not say. DomainError `no_browser_authorization`.
    """
    require(PERMISSION, account_ids=[account.pk])
    base = settings.STOCKHUB_PUBLIC_URL or base_url.rstrip("/")
    if not base:
        raise DomainError(
            "public_url_missing", _("Set STOCKHUB_PUBLIC_URL to where people reach this server: the platform sends them back there.")
        )
    nonce = secrets.token_urlsafe(24)
    state = Signer(salt=_SALT).sign_object({"account": account.pk, "user": user_id, "nonce": nonce})
    equipment = equipped(account, by_person=True)
    url = authorization_url(account, equipment, state=state, redirect_url=f"{base}/connect/{quote(account.code, safe='')}/callback/")
    if not url:
        told = _("The connector %(marketplace)s is authorised by its configuration alone: test the connection instead.")
        raise DomainError("no_browser_authorization", told, params={"marketplace": account.marketplace})
    if urlsplit(url).scheme not in ("http", "https"):
        raise DomainError("invalid_url", _("The address at which the account is authorised is no web address: correct the configuration."))
    AccountAuthorization.objects.filter(pk=authorization_of(account).pk).update(
        request_digest=_digest(nonce), requested_by_id=user_id, requested_at=clock.now()
    )
    return url


def finish_authorization(*, account: Account, user_id: int, query: Mapping[str, str]) -> Tried:
    """Takes the code with which the platform sent a person back. DomainError `invalid_state` or `state_used`; nothing was done then."""
    require(PERMISSION, account_ids=[account.pk])
    _take_state(account, user_id, query.get("state", ""))
    equipment = equipped(account, by_person=True)
    connector = equipment.connector
    code = called(account, equipment, lambda: connector.code_of(query)) if isinstance(connector, Authorize) else ""
    if not code:
        told = gettext("The platform sent no code back: the authorisation was refused or given up there. Begin it again.")
        return Tried(ok=False, code="refused_at_platform", message=told)
    return authorise_account(account, code=code)


def _take_state(account: Account, user_id: int, state: str) -> None:
    try:
        found: Any = Signer(salt=_SALT).unsign_object(state)
    except (BadSignature, ValueError):
        found = {}
    if found.get("account") != account.pk or found.get("user") != user_id:
        told = _("This answer belongs to no authorisation that you began for this account here. Begin it again.")
        raise DomainError("invalid_state", told, path=("state",))
    begun = AccountAuthorization.objects.filter(account_id=account.pk, requested_by_id=user_id, requested_at__gt=clock.now() - HOLDS)
    taken = begun.filter(request_digest=_digest(str(found.get("nonce"))))
    if not taken.update(request_digest="", requested_by_id=None, requested_at=None):
        told = _("This authorisation was ended already, or was begun more than ten minutes ago. Begin it again.")
        raise DomainError("state_used", told, path=("state",))


def _digest(nonce: str) -> str:
    return sha256(nonce.encode()).hexdigest()
