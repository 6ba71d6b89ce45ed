"""What an order becomes when another record about it arrives. Pure: states in, a state out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from stockhub.channels.models import OrderKind, OrderStatus
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord

#: How far on an order is. Of two records of one version the one that is further on is the news, so a cancellation that came first stays.
RANK: dict[str, int] = {
    OrderStatus.CREATED.value: 0,
    OrderStatus.PAID.value: 1,
    OrderStatus.SHIPPED.value: 2,
    OrderStatus.COMPLETED.value: 3,
    OrderStatus.CANCELLED.value: 4,
}
CREATED, PAID, CANCELLED = OrderStatus.CREATED.value, OrderStatus.PAID.value, OrderStatus.CANCELLED.value
LEFT = frozenset((OrderStatus.SHIPPED.value, OrderStatus.COMPLETED.value))
DEMAND_KINDS = frozenset((OrderKind.SALE.value, OrderKind.B2B.value))
#: These move no stock: transfers have documents of their own, and excluded lines are no goods at all.
STOCKLESS_KINDS = frozenset((OrderKind.INTERNAL.value, OrderKind.EXCLUDED.value))
#: Cancelled because we could not deliver: somebody wanted it, so it stays demand.
LOST_REASONS = frozenset(("stock_out", "late_shipment"))


@dataclass(slots=True)
class LineState:
    """A line as the database holds it or will hold it. `price` is in millionths; `id` 0 and `counted_qty` 0 before it is written.

    `order_recorded_at` says where it is stored, as it is stored; None before it is.
    """

    id: int
    key: str
    master_line: str
    listing_id: int | None
    sku_id: int | None
    warehouse_id: int | None
    kind: str
    status: str
    qty: int
    price: int | None
    promo: str
    ordered_at: datetime
    counted_qty: int
    order_recorded_at: datetime | None = field(default=None, compare=False)
    #: What one unit delivers, as the line was taken, in the words of `ordered_parts.parts_text`; None where nobody wrote it down.
    parts: str | None = None


@dataclass(slots=True)
class OrderState:
    """An order and its lines by their keys. `recorded_at` is None before it is written."""

    id: int
    external_id: str
    kind: str
    status: str
    version: int
    presale_kind: str
    fulfilled_by: str
    currency: str
    ordered_at: datetime
    paid_at: datetime | None
    ship_by_at: datetime | None
    shipped_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    buyer_hash: str
    province: str
    live_room: str
    live_author: str
    lines: dict[str, LineState] = field(default_factory=dict)
    recorded_at: datetime | None = None

    def own(self) -> tuple[object, ...]:
        """Everything about the order itself, to see whether it changed."""
        return (
            self.kind, self.status, self.version, self.presale_kind, self.fulfilled_by, self.currency, self.ordered_at, self.paid_at,
            self.ship_by_at, self.shipped_at, self.cancelled_at, self.cancel_reason, self.buyer_hash, self.province, self.live_room,
            self.live_author,
        )  # fmt: skip

    @property
    def is_paid(self) -> bool:
        return self.paid_at is not None or (self.status not in (CREATED, CANCELLED))


@dataclass(slots=True)
class ResolvedLine:
    """A line record with what its codes mean here. `price` is in millionths."""

    record: OrderLineRecord
    key: str
    listing_id: int | None
    sku_id: int | None
    warehouse_id: int | None
    price: int | None


def decide(before: OrderState | None, record: OrderRecord, lines: list[ResolvedLine], buyer_hash: str) -> OrderState:
    """The order after `record`: itself where the record is old news, a new state otherwise. `before` is left alone."""
    if before is None:
        order = _new(record, buyer_hash)
        order.lines = {line.key: _new_line(order, record, line) for line in lines}
        return order
    news = _is_news(before, record)
    order = _with_news(before, record, buyer_hash) if news else _with_old_news(before, record, buyer_hash)
    if not record.is_complete:
        order.ordered_at = min(before.ordered_at, record.ordered_at)
    elif not before.lines:
        order.ordered_at = record.ordered_at
    order.lines = _lines_after(before, order, record, lines, news=news)
    return order


def _new(record: OrderRecord, buyer_hash: str) -> OrderState:
    return OrderState(
        0, record.external_id, record.kind, record.status, record.version, record.presale_kind, record.fulfilled_by, record.currency,
        record.ordered_at, record.paid_at, record.ship_by_at, record.shipped_at, record.cancelled_at, record.cancel_reason, buyer_hash,
        record.province, record.live_room, record.live_author,
    )  # fmt: skip


def _is_news(before: OrderState, record: OrderRecord) -> bool:
    if record.version != before.version:
        return record.version > before.version
    return RANK[record.status] >= RANK[before.status]


def _with_news(before: OrderState, record: OrderRecord, buyer_hash: str) -> OrderState:
    """What the record says; where it says nothing, what was known."""
    revived = before.status == CANCELLED != record.status
    return OrderState(
        before.id,
        before.external_id,
        record.kind,
        record.status,
        record.version,
        record.presale_kind or before.presale_kind,
        record.fulfilled_by,
        record.currency,
        record.ordered_at,
        record.paid_at or before.paid_at,
        record.ship_by_at or before.ship_by_at,
        record.shipped_at or before.shipped_at,
        None if revived else record.cancelled_at or before.cancelled_at,
        record.cancel_reason or ("" if revived else before.cancel_reason),
        buyer_hash or before.buyer_hash,
        record.province or before.province,
        record.live_room or before.live_room,
        record.live_author or before.live_author,
        recorded_at=before.recorded_at,
    )


def _with_old_news(before: OrderState, record: OrderRecord, buyer_hash: str) -> OrderState:
    """What is known already; where that says nothing, what the older record says: a cancellation may come before its shipment."""
    return replace(
        before,
        presale_kind=before.presale_kind or record.presale_kind,
        paid_at=before.paid_at or record.paid_at,
        ship_by_at=before.ship_by_at or record.ship_by_at,
        shipped_at=before.shipped_at or record.shipped_at,
        buyer_hash=before.buyer_hash or buyer_hash,
        province=before.province or record.province,
        live_room=before.live_room or record.live_room,
        live_author=before.live_author or record.live_author,
    )


def _status(order: OrderState, record: OrderRecord, line: OrderLineRecord) -> str:
    return CANCELLED if order.status == CANCELLED else line.status or record.status


def _new_line(order: OrderState, record: OrderRecord, line: ResolvedLine) -> LineState:
    of = line.record
    return LineState(
        0, line.key, of.master_line, line.listing_id, line.sku_id, line.warehouse_id, of.kind or record.kind, _status(order, record, of),
        of.qty, line.price, of.promo, of.ordered_at or record.ordered_at, 0,
    )  # fmt: skip


def _lines_after(
    before: OrderState, order: OrderState, record: OrderRecord, lines: list[ResolvedLine], *, news: bool
) -> dict[str, LineState]:
    after = dict(before.lines)
    for line in lines:
        stored = before.lines.get(line.key)
        if stored is None:
            # An older record of an order that is only known by its cancellation still says what was ordered and when.
            if news or not record.is_complete or not before.lines:
                after[line.key] = _new_line(order, record, line)
            continue
        # By what the record itself says: every line of a cancelled order is cancelled, also one that an earlier record tells of.
        told_rank = RANK[line.record.status or record.status]
        stored_rank = RANK[before.status if _is_gone(stored) else stored.status]
        if record.version > before.version or (record.version == before.version and told_rank >= stored_rank):
            after[line.key] = _told_again(stored, _new_line(order, record, line))
    if news:
        _follow(before, order, record, {line.key for line in lines}, after)
    return after


def _follow(before: OrderState, order: OrderState, record: OrderRecord, named: set[str], after: dict[str, LineState]) -> None:
    """What news of an order means for lines that the record does not name."""
    if record.is_complete and named:
        # They are gone from the order, as though nobody had ever told of them: whoever hears the news first will not.
        for key, stored in before.lines.items():
            if key not in named and not _is_gone(stored):
                after[key] = replace(stored, status=CANCELLED, kind=OrderKind.EXCLUDED.value)
    elif order.status == CANCELLED:
        for key, stored in before.lines.items():
            if key not in named and stored.status != CANCELLED:
                after[key] = replace(stored, status=CANCELLED)
    elif not named:
        # Nothing is said about lines: they follow the order, except those that were cancelled by themselves.
        for key, stored in before.lines.items():
            if stored.status not in (order.status, CANCELLED) or before.status == CANCELLED:
                after[key] = replace(stored, status=order.status)


def _is_gone(line: LineState) -> bool:
    """Whether news of the order, as far on as the order is, left the line out."""
    return (line.status, line.kind) == (CANCELLED, OrderKind.EXCLUDED.value)


def _told_again(stored: LineState, told: LineState) -> LineState:
    """The line as told now, with its row, what is counted of it, and what is not told again."""
    told.id, told.counted_qty, told.order_recorded_at = stored.id, stored.counted_qty, stored.order_recorded_at
    told.parts = stored.parts
    told.master_line = told.master_line or stored.master_line
    told.warehouse_id = told.warehouse_id or stored.warehouse_id
    told.price = stored.price if told.price is None else told.price
    told.promo = told.promo or stored.promo
    if (told.listing_id, told.ordered_at) == (stored.listing_id, stored.ordered_at) and stored.sku_id is not None:
        # What a listing delivers on a day is settled when the line is first seen or when its listing is linked, not by a repetition.
        told.sku_id = stored.sku_id
    return told


def demand_qty(order: OrderState, line: LineState) -> int:
    """Units of the line that are demand on the day of the order: gross, less cancellations that were not our fault."""
    if line.sku_id is None or line.kind not in DEMAND_KINDS or order.kind not in DEMAND_KINDS:
        return 0
    if line.status == CANCELLED and order.cancel_reason not in LOST_REASONS:
        return 0
    return line.qty


def stock_qty(order: OrderState, line: LineState, *, reduce_on_pay: bool, is_promised: bool = False) -> tuple[int, int]:
    """Units of the listing that the line wants from our own stock, and how many of them have left.

    What the platform fulfils never comes from our stock. A presale takes future supply: it wants some where its warehouse promises what is
    on its way (`is_promised`), and elsewhere nothing until it ships. What left before a cancellation has left: it comes back as a return.
    """
    if line.sku_id is None or line.kind in STOCKLESS_KINDS or order.kind in STOCKLESS_KINDS or order.fulfilled_by != "merchant":
        return 0, 0
    if line.status in LEFT or (line.status == CANCELLED and order.shipped_at is not None):
        return line.qty, line.qty
    if line.status == CANCELLED or (order.presale_kind and not is_promised) or (reduce_on_pay and not order.is_paid):
        return 0, 0
    return line.qty, 0
