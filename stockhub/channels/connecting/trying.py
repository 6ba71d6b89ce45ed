"""A test of the connection: something cheap is asked, with the account's own token, and an operator reads what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Warehouse
from stockhub.channels.connecting.asking import asked_with, refuse_within_transaction
from stockhub.channels.connecting.contexts import Equipped, equipped
from stockhub.channels.connecting.models import AccountAuthorization, AuthorizationState
from stockhub.channels.connecting.tokens import authorization_of, refuse_another_shop
from stockhub.channels.models import Account
from stockhub.channels.spoken import told
from stockhub.core import clock
from stockhub.outbox.services import emit_event
from stockhub.pluginapi.connectors import Authorize, ConnectionReport, ConnectorError, ReadWarehouses
from stockhub.pluginapi.platform_records import WarehouseRecord
from stockhub.values import DomainError

PERMISSION = "channels.change_account"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class OfferedWarehouse:
    """A warehouse as the platform knows it. `is_known`: there is one with its code here."""

    code: str
    name: str
    is_platforms: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """What a test found. Where it is not `ok`, `code` and `message` say what is wrong and what to do."""

    ok: bool
    code: str = ""
    message: str = ""
    subject: str = ""
    name: str = ""
    remarks: tuple[str, ...] = ()
    warehouses: tuple[OfferedWarehouse, ...] = ()


def try_account(account: Account) -> Tried:
    """Tries the connection, whatever the state of the authorisation. A test that succeeds ends a loss."""
    require(PERMISSION, account_ids=[account.pk])
    refuse_within_transaction()
    try:
        equipment = equipped(account, by_person=True, seconds=settings.STOCKHUB_TRY_SECONDS)
    except DomainError as error:
        return Tried(ok=False, code=error.code, message=told(error.message))
    try:
        return tried(account, equipment)
    finally:
        equipment.close()


def tried(account: Account, equipment: Equipped) -> Tried:
    """The same, with a context that the caller has made."""
    try:
        report, warehouses = asked_with(account, equipment, lambda _context: _asked(account, equipment))
    except (ConnectorError, DomainError) as error:
        return Tried(ok=False, code=error.code, message=told(error.message))
    restore(account)
    remarks = tuple(told(str(remark)[:_LONGEST]) for remark in report.remarks[:50])
    return Tried(
        ok=True, subject=str(report.subject)[:200], name=str(report.name)[:_LONGEST], remarks=remarks, warehouses=_offered(warehouses)
    )


def restore(account: Account) -> None:
    """The platform answers: what was lost is found again."""
    lost = AccountAuthorization.objects.filter(account_id=account.pk, state=AuthorizationState.LOST)
    if lost.update(state=AuthorizationState.AUTHORISED, reason_code="", reason="", lost_at=None, updated_at=clock.now()):
        payload = {"account": account.code, "subject": authorization_of(account).subject}
        emit_event("channels.account_authorised.v1", entity="channels.account", entity_id=account.pk, payload=payload)


def _asked(account: Account, equipment: Equipped) -> tuple[ConnectionReport, Sequence[WarehouseRecord]]:
    connector, context = equipment.connector, equipment.context
    if not isinstance(connector, Authorize):
        raise DomainError(
            "no_test", _("The connector %(marketplace)s has no test of its connection."), params={"marketplace": account.marketplace}
        )
    report = connector.test_connection(context)
    refuse_another_shop(account, authorization_of(account), connector.subject_of(context.config), report.subject)
    warehouses = connector.read_warehouses(context) if isinstance(connector, ReadWarehouses) else ()
    return report, warehouses


def _offered(warehouses: Sequence[WarehouseRecord]) -> tuple[OfferedWarehouse, ...]:
    known = set(Warehouse.objects.filter(code__in=[each.code for each in warehouses], deleted_at=None).values_list("code", flat=True))
    return tuple(OfferedWarehouse(each.code, each.name, each.is_platforms, each.code in known) for each in warehouses)
