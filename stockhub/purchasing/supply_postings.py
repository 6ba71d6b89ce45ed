"""The postings that make the ledger follow purchase orders and shipments.

A unit is in one place: on order until it is shipped, in transit until the warehouse begins to book it in, receiving until it is booked in,
then available. Each line keeps how much of it each bucket holds; the difference to where it should be is posted.

In a warehouse that the platform counts, what lies there (receiving, available) comes from the platform's figures. What is on order and in
transit is still ours; it leaves `in_transit` as soon as the platform begins to receive, because from then on its own figures hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from stockhub.core import clock
from stockhub.inventory.models import MovementKind
from stockhub.inventory.places import WarehouseFacts
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import AVAILABLE, Posting
from stockhub.purchasing.models import PurchaseOrderLine, PurchaseOrderStatus, Shipment, ShipmentLine, ShipmentStatus

ON_ORDER: Final = "on_order"
IN_TRANSIT: Final = "in_transit"
RECEIVING: Final = "receiving"

_KINDS: Final = {
    ON_ORDER: MovementKind.ORDER,
    IN_TRANSIT: MovementKind.DEPART,
    RECEIVING: MovementKind.MOVE,
    AVAILABLE: MovementKind.RECEIVE,
    None: MovementKind.CANCEL,
}
#: The column of a line that counts what a bucket holds of it.
_SHIPMENT_COLUMNS: Final = {IN_TRANSIT: "posted_qty", RECEIVING: "posted_receiving_qty", AVAILABLE: "posted_received_qty"}


@dataclass(slots=True)
class _Step:
    """One posting and the lines whose buckets it changes."""

    posting: Posting
    source: tuple[PurchaseOrderLine | ShipmentLine, str] | None
    target: tuple[PurchaseOrderLine | ShipmentLine, str] | None


@dataclass(slots=True)
class _Leaving:
    """Units that must leave a line's bucket and have no destination yet."""

    side: tuple[PurchaseOrderLine | ShipmentLine, str]
    qty: int


@dataclass(slots=True)
class Supply:
    """What was posted: stock that moved, and units that came in by shipment line."""

    moved: set[tuple[int, int]] = field(default_factory=set)
    received: list[tuple[ShipmentLine, int]] = field(default_factory=list)


def on_order_target(line: PurchaseOrderLine, *, shipped_qty: int) -> int:
    """Units of a line that the supplier still has: none of a draft, a cancelled or a closed order."""
    order = line.purchase_order
    if order.status != PurchaseOrderStatus.OPEN or order.deleted_at is not None:
        return 0
    return max(line.ordered_qty - shipped_qty, 0)


def shipment_targets(line: ShipmentLine, shipment: Shipment, place: WarehouseFacts) -> dict[str, int]:
    """Units of a shipment's line that each bucket should hold, or in `available` have got."""
    left = max(line.shipped_qty - line.received_qty, 0)
    status = ShipmentStatus(shipment.status)
    targets = {IN_TRANSIT: 0, RECEIVING: 0, AVAILABLE: 0}
    if status in {ShipmentStatus.PLANNED, ShipmentStatus.CANCELLED}:
        return targets
    if status == ShipmentStatus.IN_TRANSIT:
        targets[IN_TRANSIT] = left
    if not place.is_observed:
        targets[RECEIVING] = left if status == ShipmentStatus.RECEIVING else 0
        targets[AVAILABLE] = line.received_qty
    return targets


def post_supply(
    *,
    shipment: Shipment | None,
    shipment_lines: Sequence[ShipmentLine],
    order_lines: Sequence[PurchaseOrderLine],
    shipped: Mapping[int, int],
    places: Mapping[int, WarehouseFacts],
) -> Supply:
    """Posts every difference and brings the lines, in memory, up to date. `shipped` is by order line: units that have left the supplier."""
    missing = {line.pk: on_order_target(line, shipped_qty=shipped.get(line.pk, 0)) - line.posted_qty for line in order_lines}
    orders = {line.pk: line for line in order_lines}
    steps: list[_Step] = []
    if shipment is not None:
        for line in shipment_lines:
            steps += _shipment_steps(line, shipment, orders.get(line.order_line_id or 0), missing, places)
    steps += [step for line in order_lines for step in _order_steps(line, missing[line.pk])]
    return _carry_out(steps, [*order_lines, *shipment_lines])


def _shipment_steps(
    line: ShipmentLine,
    shipment: Shipment,
    order_line: PurchaseOrderLine | None,
    missing: dict[int, int],
    places: Mapping[int, WarehouseFacts],
) -> list[_Step]:
    """Pairs what must leave with what must enter, in the order of the goods' way; what finds no partner goes to or comes from outside."""
    place = places[shipment.warehouse_id]
    targets = shipment_targets(line, shipment, place)
    if shipment.received_on and place.is_before_ledger(shipment.received_on):
        # Opening stock holds them already: they are noted as received, and nothing is posted for them.
        line.posted_received_qty = targets[AVAILABLE]
    deltas: list[tuple[PurchaseOrderLine | ShipmentLine, str, int]] = []
    if order_line is not None and order_line.purchase_order.warehouse_id == shipment.warehouse_id:
        deltas.append((order_line, ON_ORDER, _drawn(missing, order_line, targets, line)))
    deltas += [(line, bucket, targets[bucket] - getattr(line, column)) for bucket, column in _SHIPMENT_COLUMNS.items()]
    leaving = [_Leaving((owner, bucket), -delta) for owner, bucket, delta in deltas if delta < 0]
    steps: list[_Step] = []
    for owner, bucket, delta in deltas:
        need = delta
        while need > 0:
            source = next((item for item in leaving if item.qty > 0), None)
            qty = need if source is None else min(need, source.qty)
            steps.append(_step(line, shipment, place, source.side if source else None, (owner, bucket), qty, len(steps)))
            if source:
                source.qty -= qty
            need -= qty
    steps += [_step(line, shipment, place, item.side, None, item.qty, len(steps) + n) for n, item in enumerate(leaving) if item.qty > 0]
    return steps


def _drawn(missing: dict[int, int], order_line: PurchaseOrderLine, targets: Mapping[str, int], line: ShipmentLine) -> int:
    """The part of an order line's change that this shipment's line causes; several lines may draw on one order line."""
    change = missing[order_line.pk]
    entering = sum(targets[bucket] - getattr(line, column) for bucket, column in _SHIPMENT_COLUMNS.items())
    part: int = max(change, -max(entering, 0)) if change < 0 else min(change, max(-entering, 0))
    missing[order_line.pk] -= part
    return part


def _step(
    line: ShipmentLine,
    shipment: Shipment,
    place: WarehouseFacts,
    source: tuple[PurchaseOrderLine | ShipmentLine, str] | None,
    target: tuple[PurchaseOrderLine | ShipmentLine, str] | None,
    qty: int,
    number: int,
) -> _Step:
    bucket = target[1] if target else None
    arrived = bucket == AVAILABLE and shipment.received_on is not None
    return _Step(
        Posting(
            sku_id=line.sku_id, warehouse_id=shipment.warehouse_id, from_bucket=source[1] if source else None, to_bucket=bucket, qty=qty,
            kind=_KINDS[bucket], key=f"shipment-line:{line.pk}:{line.revision + 1}:{number}",
            occurred_at=_received_at(shipment, place) if arrived else _known_at(place), reference=f"shipment:{shipment.code}"[:120],
            partial=source is not None,
        ),
        source,
        target,
    )  # fmt: skip


def _known_at(place: WarehouseFacts) -> datetime:
    """Supply counts from when we know of it: an order that was placed before the ledger started is still on its way."""
    return max(clock.now(), place.ledger_starts_at)


def _received_at(shipment: Shipment, place: WarehouseFacts) -> datetime:
    return place.instant_of(shipment.received_on) if shipment.received_on else _known_at(place)


def _order_steps(line: PurchaseOrderLine, change: int) -> Iterable[_Step]:
    if not change:
        return
    side = (line, ON_ORDER)
    more = change > 0
    now = clock.now()
    yield _Step(
        Posting(
            sku_id=line.sku_id, warehouse_id=line.purchase_order.warehouse_id, from_bucket=None if more else ON_ORDER,
            to_bucket=ON_ORDER if more else None, qty=abs(change), kind=MovementKind.ORDER if more else MovementKind.CANCEL,
            key=f"order-line:{line.pk}:{line.revision + 1}", occurred_at=max(now, line.purchase_order.warehouse.ledger_starts_at),
            reference=f"purchase_order:{line.purchase_order.code}"[:120], partial=not more,
        ),
        None if more else side,
        side if more else None,
    )  # fmt: skip


def _carry_out(steps: Sequence[_Step], lines: Sequence[PurchaseOrderLine | ShipmentLine]) -> Supply:
    supply = Supply()
    touched: set[int] = set()
    for step, result in zip(steps, post([step.posting for step in steps]), strict=True):
        if not result.qty:
            continue
        supply.moved.add((step.posting.sku_id, step.posting.warehouse_id))
        for side, sign in ((step.source, -1), (step.target, 1)):
            if side is None:
                continue
            owner, bucket = side
            column = "posted_qty" if bucket == ON_ORDER else _SHIPMENT_COLUMNS[bucket]
            setattr(owner, column, getattr(owner, column) + sign * result.qty)
            touched.add(id(owner))
            if bucket == AVAILABLE and sign > 0 and isinstance(owner, ShipmentLine):
                supply.received.append((owner, result.qty))
    for line in lines:
        if id(line) in touched:
            line.revision += 1
    return supply
