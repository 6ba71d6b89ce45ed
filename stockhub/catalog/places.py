"""Warehouses and the pools that they form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import ScopeKind
from stockhub.access.scopes import require
from stockhub.access.services import grant_makers
from stockhub.catalog.inputs import PoolInput, WarehouseInput
from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse
from stockhub.catalog.stock_left import stock_left
from stockhub.core.unset import Unset
from stockhub.editing.undoable import Undoable
from stockhub.editing.upserts import (
    Change,
    RowResult,
    assign_columns,
    codes,
    collect,
    require_size,
    required,
    results,
    the_one,
    valid,
    write,
)
from stockhub.values.errors import DomainError

_WAREHOUSE_COLUMNS = (
    "name", "kind", "authority", "legal_entity", "country", "time_zone", "capacity_units", "capacity_litres", "allows_backorder",
    "allows_presale", "ledger_starts_at",
)  # fmt: skip


def upsert_warehouse(row: WarehouseInput) -> Warehouse:
    return Warehouse.objects.get(pk=the_one(upsert_warehouses([row])))


def upsert_warehouses(rows: Sequence[WarehouseInput]) -> list[RowResult]:
    """Makes or changes warehouses, one result for each row."""
    require_size(rows)
    with transaction.atomic():
        found = Warehouse.objects.select_for_update().filter(code__in=[row.code for row in rows]).order_by("id")
        existing = {warehouse.code: warehouse for warehouse in found}
        require("catalog.change_warehouse", warehouse_ids=[warehouse.pk for warehouse in existing.values()])
        changes, errors = collect(
            rows, key=lambda row: row.code, existing=existing, new=lambda row: Warehouse(code=row.code), assign=_assign_warehouse
        )
        write(Warehouse, changes, noun="catalog.warehouse")
        grant_makers(ScopeKind.WAREHOUSE, [change.obj.pk for change in changes if change.is_new])
    return results(rows, changes, errors)


WAREHOUSE_CHANGES: Final = Undoable(
    noun="catalog.warehouse",
    model=Warehouse,
    permission="catalog.change_warehouse",
    warehouse_ids=lambda warehouses: [warehouse.pk for warehouse in warehouses],
    obstacle=stock_left,
)


def _assign_warehouse(change: Change[Warehouse], row: WarehouseInput) -> None:
    _assign_named(change, row)
    assign_columns(change, row, _WAREHOUSE_COLUMNS)
    _require_zone(change.obj.time_zone)


def _assign_named(change: Change[Warehouse] | Change[StockPool], row: WarehouseInput | PoolInput) -> None:
    if change.is_new:
        valid(change.obj, "code", row.code)
        if isinstance(row.name, Unset):
            change.set("name", row.code)


def _require_zone(name: str) -> None:
    if name not in available_timezones():
        raise DomainError(
            "unknown_time_zone", _("Use a name of the IANA list such as Asia/Shanghai."), path=("time_zone",), params={"value": name}
        )


def upsert_pool(row: PoolInput) -> StockPool:
    return StockPool.objects.get(pk=the_one(upsert_pools([row])))


def upsert_pools(rows: Sequence[PoolInput]) -> list[RowResult]:
    """Makes or changes stock pools, one result for each row. Their accounts are set where accounts are known."""
    require_size(rows)
    with transaction.atomic():
        existing = {
            pool.code: pool for pool in StockPool.objects.select_for_update().filter(code__in=[row.code for row in rows]).order_by("id")
        }
        warehouses = codes(Warehouse, [code for row in rows if not isinstance(row.warehouses, Unset) for code in row.warehouses])
        members = _members(existing)
        require("catalog.change_stockpool", warehouse_ids={*warehouses.values(), *(pk for ids in members.values() for pk in ids)})
        changes, errors = collect(
            rows,
            key=lambda row: row.code,
            existing=existing,
            new=lambda row: StockPool(code=row.code),
            assign=lambda change, row: _assign_pool(change, row, warehouses, members),
        )
        write(StockPool, changes, noun="catalog.pool")
        _write_members(changes)
    return results(rows, changes, errors)


def _members(existing: Mapping[str, StockPool]) -> dict[int, list[int]]:
    """The warehouses of each pool, first the one that is taken from first."""
    members: dict[int, list[int]] = {}
    rows = PoolWarehouse.objects.filter(pool__in=existing.values()).order_by("priority", "id")
    for pool_id, warehouse_id in rows.values_list("pool_id", "warehouse_id"):
        members.setdefault(pool_id, []).append(warehouse_id)
    return members


def _assign_pool(change: Change[StockPool], row: PoolInput, warehouses: Mapping[str, int], members: Mapping[int, list[int]]) -> None:
    _assign_named(change, row)
    assign_columns(change, row, ("name", "time_zone"))
    _require_zone(change.obj.time_zone)
    if isinstance(row.warehouses, Unset):
        return
    ids = [required(warehouses, "warehouse", code) for code in row.warehouses]
    if len(set(ids)) < len(ids):
        raise DomainError("duplicate_warehouse", _("Name each warehouse once."), path=("warehouses",))
    before = members.get(change.obj.pk or 0, [])
    if ids != before:
        change.fields["warehouses"] = (before, ids)


def _write_members(changes: Sequence[Change[StockPool]]) -> None:
    changed = [change for change in changes if "warehouses" in change.fields]
    if not changed:
        return
    PoolWarehouse.objects.filter(pool__in=[change.obj for change in changed]).delete()
    PoolWarehouse.objects.bulk_create(
        PoolWarehouse(pool=change.obj, warehouse_id=warehouse_id, priority=priority)
        for change in changed
        for priority, warehouse_id in enumerate(change.fields["warehouses"][1], 1)
    )
