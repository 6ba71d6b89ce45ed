"""Orders between the database and their states: read under lock, written in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Cast

from stockhub.channels.models import NOT_TOLD, Account, Order, OrderLine, OrderStatusChange
from stockhub.channels.order_states import CANCELLED, LEFT, PAID, LineState, OrderState
from stockhub.core.bulk import insert_new, insert_rows, update_rows
from stockhub.core.partitions import in_months

_STATE_COLUMNS = (
    "external_id", "kind", "status", "source_version", "presale_kind", "fulfilled_by", "currency", "ordered_at", "paid_at", "ship_by_at",
    "shipped_at", "cancelled_at", "cancel_reason", "buyer_hash", "province", "live_room", "live_author",
)  # fmt: skip
#: Orders whose lines get their months in one transaction.
_ORDERS_AT_ONCE = 1_000
_LINE_COLUMNS = (
    "line_key",
    "master_line",
    "listing_id",
    "sku_id",
    "warehouse_id",
    "kind",
    "status",
    "qty",
    "promo",
    "ordered_at",
    "counted_qty",
    "parts",
)


@dataclass(slots=True)
class Writes:
    """What a batch changes in orders and lines."""

    new_orders: list[OrderState] = field(default_factory=list)
    changed_orders: list[OrderState] = field(default_factory=list)
    new_lines: list[tuple[OrderState, LineState]] = field(default_factory=list)
    changed_lines: list[LineState] = field(default_factory=list)
    statuses: list[OrderState] = field(default_factory=list)
    #: Orders of which anything changed.
    touched: list[OrderState] = field(default_factory=list)
    #: Orders whose lines' targets are set again, changed or not.
    anew: list[OrderState] = field(default_factory=list)


def load_orders(account: Account, external_ids: Iterable[str]) -> dict[str, OrderState]:
    """These orders of the account, locked in the order of their ids, with their lines."""
    rows = Order.objects.select_for_update().filter(account=account, external_id__any_of=list(external_ids)).order_by("id")
    orders = _states(rows)
    if orders:
        for order_id, line in _lines(_lines_of(orders)):
            orders[order_id].lines[line.key] = line
    return {order.external_id: order for order in orders.values()}


def load_orders_of_listings(listing_ids: Sequence[int], after_id: int, limit: int) -> list[OrderState]:
    """The next orders, by id, that have a line of these listings, locked, with those lines only."""
    lines = OrderLine.objects.filter(listing_id__in=listing_ids, order_id__gt=after_id)
    ids = lines.order_by("order_id").values_list("order_id", flat=True)
    chosen = list(ids.distinct()[:limit])
    rows = Order.objects.select_for_update().filter(id__in=chosen).order_by("id")
    orders = _states(rows)
    for order_id, line in _lines(_lines_of(orders).filter(listing_id__in=listing_ids)):
        orders[order_id].lines[line.key] = line
    return list(orders.values())


def _states(rows: models.QuerySet[Order]) -> dict[int, OrderState]:
    found: dict[int, OrderState] = {}
    for pk, *columns, recorded_at in rows.values_list("id", *_STATE_COLUMNS, "recorded_at"):
        found[pk] = order = OrderState(pk, *columns)
        order.recorded_at = recorded_at
    return found


def _lines_of(orders: dict[int, OrderState]) -> models.QuerySet[OrderLine]:
    """Their lines, looked for in the months of these orders alone, and among lines that a writer put down without one."""
    months = in_months("order_recorded_at", [NOT_TOLD, *(order.recorded_at for order in orders.values() if order.recorded_at)])
    return OrderLine.objects.filter(months, order_id__any_of=list(orders))


def _lines(rows: models.QuerySet[OrderLine]) -> Iterable[tuple[int, LineState]]:
    # The amount as it is stored: comparing integers is exact and cheap.
    scaled = rows.annotate(price=Cast("unit_price_amount", models.BigIntegerField()))
    for order_id, pk, price, *rest in scaled.values_list("order_id", "id", "price", *_LINE_COLUMNS, "order_recorded_at"):
        key, master, listing, sku, warehouse, kind, status, qty, promo, ordered_at, counted, parts, stored_at = rest
        line = LineState(pk, key, master, listing, sku, warehouse, kind, status, qty, price, promo, ordered_at, counted, stored_at, parts)
        yield order_id, line


def insert_orders(account: Account, orders: Sequence[OrderState], now: datetime) -> list[OrderState]:
    """Adds orders and gives them ids; returns those that somebody else has added in the meantime."""
    columns = ("account_id", *_STATE_COLUMNS, "recorded_at", "updated_at")
    # In one order for all, so that two imports of the same orders wait for each other instead of dying together.
    rows = [(account.pk, *_row(order), now, now) for order in sorted(orders, key=lambda order: order.external_id)]
    added = insert_new(Order, columns, rows, returning="external_id")
    collided: list[OrderState] = []
    for order in orders:
        if (pk := added.get(order.external_id)) is None:
            collided.append(order)
        else:
            order.id, order.recorded_at = pk, now
    return collided


def write_changes(writes: Writes, now: datetime) -> None:
    """Everything about orders that have ids."""
    update_rows(Order, (*_STATE_COLUMNS, "updated_at"), [(*_row(order), now, order.id) for order in writes.changed_orders])
    insert_rows(
        OrderLine,
        ("order_id", *_LINE_COLUMNS, "unit_price_amount", "recorded_at", "order_recorded_at"),
        [(order.id, *_line_row(line), line.price, now, order.recorded_at) for order, line in writes.new_lines],
    )
    changed = sorted(writes.changed_lines, key=lambda line: line.id)
    update_rows(
        OrderLine,
        (*_LINE_COLUMNS, "unit_price_amount"),
        [(*_line_row(line), line.price, line.id, line.order_recorded_at) for line in changed],
        found_by=("id", "order_recorded_at"),
    )
    insert_rows(
        OrderStatusChange,
        ("order_id", "status", "occurred_at", "recorded_at"),
        [(order.id, order.status, _since(order, now), now) for order in writes.statuses],
    )


def give_ids(pairs: Sequence[tuple[OrderState, LineState]]) -> None:
    """Looks up the ids of lines that were just added."""
    missing = {(order.id, line.key): line for order, line in pairs if not line.id}
    if not missing:
        return
    rows = _lines_of({order.id: order for order, line in pairs if not line.id})
    for order_id, key, pk in rows.values_list("order_id", "line_key", "id"):
        if line := missing.get((order_id, key)):
            line.id = pk


def tell_months() -> int:
    """Fills in `order_recorded_at` of lines that were put down without it; returns how many there were.

    A release from before the column may write some while the next one is deployed. Nothing waits for this: such lines are found, too.
    """
    its = Subquery(Order.objects.filter(id=OuterRef("order_id")).values("recorded_at"))
    lines = OrderLine.objects.filter(order_recorded_at=NOT_TOLD)
    told = 0
    while ids := list(lines.order_by("order_id").values_list("order_id", flat=True).distinct()[:_ORDERS_AT_ONCE]):
        with transaction.atomic():
            # Whoever changes a line holds its order, and would miss a line that moves to another partition under it.
            list(Order.objects.select_for_update().filter(id__in=ids).order_by("id").values_list("id"))
            told += lines.filter(order_id__in=ids).update(order_recorded_at=its)
    return told


def _row(order: OrderState) -> tuple[object, ...]:
    return (order.external_id, *order.own())


def _line_row(line: LineState) -> tuple[object, ...]:
    return (
        line.key, line.master_line, line.listing_id, line.sku_id, line.warehouse_id, line.kind, line.status, line.qty, line.promo,
        line.ordered_at, line.counted_qty, line.parts,
    )  # fmt: skip


def _since(order: OrderState, now: datetime) -> datetime:
    """When the status began, as far as it was told."""
    if order.status == CANCELLED:
        return order.cancelled_at or now
    if order.status in LEFT:
        return order.shipped_at or order.paid_at or order.ordered_at
    return (order.paid_at or order.ordered_at) if order.status == PAID else order.ordered_at
