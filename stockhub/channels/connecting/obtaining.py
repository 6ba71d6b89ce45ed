"""Tokens because a person wants them: with the code of a browser's authorisation, or from the configuration alone."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.channels.connecting.asking import called
from stockhub.channels.connecting.contexts import Equipped
from stockhub.channels.connecting.models import AccountAuthorization
from stockhub.channels.connecting.tokens import authorization_of, lease_to, refuse_another_shop, store_tokens
from stockhub.channels.feeds.ensuring import ensure_feeds
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.cycles.leases import FREE, worker_name
from stockhub.pluginapi.connectors import Authorize, ConnectorError, Tokens
from stockhub.values import DomainError


def obtain_tokens(account: Account, equipment: Equipped, code: str) -> None:
    """Obtains and keeps a first pair. ConnectorError where there is none: what was kept before stays, and still counts.

    DomainError `token_busy` where another process renews at this moment.
    """
    row = authorization_of(account)
    worker = worker_name()
    if not AccountAuthorization.objects.filter(FREE, pk=row.pk).update(**lease_to(worker)):
        raise DomainError("token_busy", _("The account's token is being renewed at this moment. Try again in a minute."))
    held = Q(leased_by=worker)
    try:
        tokens = called(account, equipment, lambda: _obtained(account, row, equipment, code))
    except BaseException as error:
        changes = {"reason_code": error.code[:60], "reason": error.message[:2000]} if isinstance(error, ConnectorError) else {}
        AccountAuthorization.objects.filter(held, pk=row.pk).update(leased_by="", lease_until=None, updated_at=clock.now(), **changes)
        raise
    equipment.hidden.add(tokens.access_token, tokens.refresh_token)
    if not store_tokens(account, tokens, only=held):
        raise DomainError("token_busy", _("Another process obtained a token at the same time. Test the connection."))
    # A person did something: what was refused is tried again, also where the account was authorised before.
    ensure_feeds(account)


def _obtained(account: Account, row: AccountAuthorization, equipment: Equipped, code: str) -> Tokens:
    connector, context = equipment.connector, equipment.tokenless
    if not isinstance(connector, Authorize):
        raise DomainError(
            "no_authorization",
            _("The connector %(marketplace)s needs no authorisation: test the connection."),
            params={"marketplace": account.marketplace},
        )
    tokens = connector.obtain(context, code=code)
    refuse_another_shop(account, row, connector.subject_of(context.config), tokens.subject)
    return tokens
