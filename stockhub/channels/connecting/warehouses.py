"""Warehouses as the platform knows them, made here because a person wants them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.inputs import WarehouseInput
from stockhub.catalog.models import Authority, Warehouse, WarehouseKind
from stockhub.catalog.places import upsert_warehouses
from stockhub.channels.connecting.asking import asking
from stockhub.channels.connecting.contexts import connector_of
from stockhub.channels.connecting.trying import PERMISSION
from stockhub.channels.models import Account
from stockhub.pluginapi.connectors import ConnectorError, ReadWarehouses
from stockhub.pluginapi.platform_records import WarehouseRecord
from stockhub.values import DomainError


def adopt_warehouses(account: Account, codes: Sequence[str]) -> list[Warehouse]:
    """Makes the warehouses with these codes of the platform's; one that is here already stays as it is. Gives all of them.

    Where the platform counts the stock it is observed, otherwise we count it. DomainError `not_found` names what the platform has not.
    """
    require(PERMISSION, account_ids=[account.pk])
    connector = connector_of(account)
    if not isinstance(connector, ReadWarehouses):
        raise DomainError(
            "no_warehouses",
            _("The connector %(marketplace)s tells of no warehouses. Make them by hand."),
            path=("account",),
            params={"marketplace": account.marketplace},
        )
    try:
        offered = {each.code: each for each in asking(account, connector.read_warehouses)}
    except ConnectorError as error:
        raise DomainError(error.code, error.message, path=("account",)) from None
    for index, code in enumerate(codes):
        if code not in offered:
            raise DomainError(
                "not_found", _("The platform has no such warehouse."), path=("codes", str(index)), params={"value": code[:200]}
            )
    known = set(Warehouse.objects.filter(code__in=codes).values_list("code", flat=True))
    results = upsert_warehouses([_input(account, offered[code]) for code in dict.fromkeys(codes) if code not in known])
    for result in results:
        if result.error is not None:
            raise result.error
    return list(Warehouse.objects.filter(code__in=codes, deleted_at=None).order_by("code"))


def _input(account: Account, record: WarehouseRecord) -> WarehouseInput:
    unsaid = WarehouseKind.PLATFORM_CLOUD if record.is_platforms else WarehouseKind.OWN
    return WarehouseInput(
        code=record.code, name=record.name or record.code, kind=record.kind if record.kind in WarehouseKind.values else unsaid,
        authority=Authority.SNAPSHOT if record.is_platforms else Authority.LEDGER, time_zone=account.time_zone,
    )  # fmt: skip
