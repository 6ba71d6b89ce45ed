"""A transfer keeps age (U16): which lots left is written down when they leave, and what arrives makes the same lots at the destination.

What left is what settling takes out of the source's lots, so that the source keeps exactly the lots that stay. Arrivals take the lots in
the order in which they left; only how many units have arrived counts, so that parts may be received in any order. Units without a lot at
the source have none at the destination: an unknown age stays unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db.models import Q

from stockhub.core import clock
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.history.stock_as_of import held_as_of
from stockhub.inventory.lots.ageing import held_now
from stockhub.inventory.lots.receipts import Receipt, UnitCost, add_lots
from stockhub.inventory.lots.rows import Held, LotTable, Remaining, read_lots, what_remains
from stockhub.inventory.models import CostKind, LotCost
from stockhub.inventory.places import WarehouseFacts
from stockhub.inventory.transfers.models import UNDER_WAY, Transfer, TransferLine, TransferLot

#: (lot's id or None for units of unknown age, units) in the order in which they left.
Left = list[tuple[int | None, int]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The lots of some SKUs in one warehouse, with what is left in each."""

    lots: LotTable
    left: Remaining


def lots_there(sku_ids: Collection[int], warehouse_id: int) -> Shelf:
    """What the lots of these SKUs hold now. The caller has locked their balances."""
    lots = read_lots(sorted(sku_ids), [warehouse_id])
    return Shelf(lots, what_remains(lots, held_now(sorted(sku_ids), [warehouse_id])))


def lots_that_left(before: Shelf, after: Shelf) -> dict[int, Left]:
    """By SKU, in the order in which lots leave, the units of each that are there before and not after.

    First come those of unknown age, which count as the oldest.
    """
    left: dict[int, Left] = defaultdict(list)
    for sku_id, qty in _unknown(before).items():
        if (gone := qty - _unknown(after).get(sku_id, 0)) > 0:
            left[sku_id].append((None, gone))
    lots = before.lots
    gone_of = before.left.qty - after.left.qty
    for place in np.lexsort((lots.lot_ids, lots.received_on, lots.expires_on, lots.sku_ids)).tolist():
        if gone_of[place] > 0:
            left[int(lots.sku_ids[place])].append((int(lots.lot_ids[place]), int(gone_of[place])))
    return left


def lots_that_would_leave(qty_of: Mapping[int, int], warehouse_id: int, at: datetime) -> dict[int, Left]:
    """By SKU, the lots that `qty_of` units take when they leave a warehouse that the platform counts.

    Its figures may lack the units already, or not yet: the stock is taken as it was at `at`, so that both orders give the same lots.
    """
    sku_ids = sorted(qty_of)
    lots = read_lots(sku_ids, [warehouse_id])
    held = held_as_of(Moment(at), sku_ids=sku_ids, warehouse_ids=[warehouse_id])
    taken = np.array([qty_of[sku_id] for sku_id in held.sku_ids.tolist()], np.int64)
    rest = Held(held.sku_ids, held.warehouse_ids, held.qty - taken, held.unsellable_qty)
    left = lots_that_left(Shelf(lots, what_remains(lots, held)), Shelf(lots, what_remains(lots, rest)))
    for sku_id, qty in qty_of.items():
        # The platform's figures may know of fewer units than were sent.
        if (unknown := qty - sum(each for _lot, each in left[sku_id])) > 0:
            left[sku_id].insert(0, (None, unknown))
    return left


def _unknown(shelf: Shelf) -> dict[int, int]:
    return dict(zip(shelf.left.unknown_sku_ids.tolist(), shelf.left.unknown_qty.tolist(), strict=True))


def note_departure(lines: Sequence[TransferLine], changes: Mapping[int, int], left: dict[int, Left]) -> None:
    """Writes down which lots left with each line, or takes back what has not left after all.

    `changes` is units by line id; `left` by SKU, shared out among the lines of a SKU in their order.
    """
    changed = [line for line in lines if changes.get(line.pk)]
    if not changed:
        return
    noted: dict[int, list[TransferLot]] = defaultdict(list)
    for row in TransferLot.objects.filter(line__in=changed).order_by("line_id", "position"):
        noted[row.line_id].append(row)
    made: list[TransferLot] = []
    for line in changed:
        if changes[line.pk] > 0:
            position = noted[line.pk][-1].position + 1 if noted[line.pk] else 0
            taken = _take(left.get(line.sku_id, []), changes[line.pk])
            made += [TransferLot(line=line, position=position + n, lot_id=lot_id, qty=qty) for n, (lot_id, qty) in enumerate(taken)]
        else:
            _give_back(noted[line.pk], -changes[line.pk])
    TransferLot.objects.bulk_create(made)


def _take(left: Left, wanted: int) -> Left:
    """The first units of the list, which loses them; what the list lacks is of unknown age."""
    taken: Left = []
    while wanted and left:
        lot_id, there = left[0]
        qty = min(there, wanted)
        taken.append((lot_id, qty))
        wanted -= qty
        left[0] = (lot_id, there - qty)
        if there == qty:
            left.pop(0)
    return [*taken, (None, wanted)] if wanted else taken


def _give_back(rows: Sequence[TransferLot], qty: int) -> None:
    """The last to leave are the first to be back, as the source's lots fill up again."""
    for row in reversed(rows):
        back = min(row.qty - row.arrived_qty, qty)
        row.qty -= back
        qty -= back
    TransferLot.objects.bulk_update(rows, ["qty"])
    TransferLot.objects.filter(pk__in=[row.pk for row in rows], qty=0).delete()


def note_arrival(transfer: Transfer, arrived: Mapping[int, int], destination: WarehouseFacts, *, day: date, makes_lots: bool) -> None:
    """Makes the lots of what has arrived. `arrived` is by line id: units so far, more than left included, which have no lot.

    `day` is when they came, for the rate of the freight. Without `makes_lots` (opening stock holds them) they are only noted.
    """
    rows = TransferLot.objects.filter(line__in=arrived).select_related("line", "lot").order_by("line_id", "position")
    rest = dict(arrived)
    grown: list[tuple[TransferLot, int]] = []
    for row in rows:
        so_far = min(row.qty, rest[row.line_id])
        rest[row.line_id] -= so_far
        if so_far > row.arrived_qty:
            grown.append((row, so_far - row.arrived_qty))
            row.arrived_qty = so_far
    if not grown:
        return
    known = [(row, qty) for row, qty in grown if row.lot is not None and makes_lots]
    today = clock.business_day(clock.now(), destination.time_zone)
    if known:
        costs = _costs_of({row.lot_id for row, _qty in known if row.lot_id})
        add_lots([_receipt(transfer, row, qty, costs, (day, today)) for row, qty in known], {destination.id: destination})
    TransferLot.objects.bulk_update([row for row, _qty in grown], ["arrived_qty"])


def _code(transfer: Transfer, row: TransferLot, today: date) -> str:
    """A lot's code at the destination: one for each line, lot and day, as freight may differ, and other lots come in between."""
    return f"{transfer.code[:50]}/{row.line.line_no}/{row.line_id}.{row.position}/{today}"


def _costs_of(lot_ids: Collection[int]) -> dict[int, list[UnitCost]]:
    costs: dict[int, list[UnitCost]] = defaultdict(list)
    for cost in LotCost.objects.filter(lot_id__in=lot_ids).order_by("id"):
        costs[cost.lot_id].append(
            UnitCost(kind=CostKind(cost.kind), unit_amount=cost.unit_amount, currency=cost.currency, rate_on=cost.rate_on)
        )
    return costs


def _receipt(transfer: Transfer, row: TransferLot, qty: int, costs: Mapping[int, list[UnitCost]], days: tuple[date, date]) -> Receipt:
    """`days`: that whose rate the freight has, and that on which we book the units in."""
    lot, line = row.lot, row.line
    assert lot is not None  # noqa: S101 - the caller chose rows with a lot
    freight: list[UnitCost] = []
    if line.freight_amount is not None:
        freight = [UnitCost(kind=CostKind.FREIGHT, unit_amount=line.freight_amount, currency=line.freight_currency, rate_on=days[0])]
    return Receipt(
        sku_id=line.sku_id,
        warehouse_id=transfer.to_warehouse_id,
        qty=qty,
        idempotency_key=f"transfer-lot:{row.pk}:{row.arrived_qty}",
        lot_code=_code(transfer, row, days[1]),
        origin_id=lot.pk,
        received_on=lot.received_on,
        produced_on=lot.produced_on,
        expires_on=lot.expires_on,
        grade=lot.grade,  # type: ignore[arg-type]  # the column's text is the grade
        costs=(*costs.get(lot.pk, ()), *freight),
        reference=transfer.reference,
    )


@dataclass(frozen=True, slots=True)
class LotUnderWay:
    """Units of a lot on the way to a warehouse; without `lot_id` their age is not known."""

    transfer_id: int
    sku_id: int
    to_warehouse_id: int
    lot_id: int | None
    received_on: date | None
    qty: int


def lots_under_way(sku_ids: Collection[int] | None = None) -> list[LotUnderWay]:
    """What has left with a transfer and not arrived, by lot: with the lots of all warehouses it is all stock, each unit once."""
    of = Q() if sku_ids is None else Q(line__sku_id__in=sku_ids)
    rows = TransferLot.objects.filter(of, line__transfer__status__in=UNDER_WAY).order_by("line__transfer_id", "line_id", "position")
    columns = ("line__transfer_id", "line__sku_id", "line__transfer__to_warehouse_id", "lot_id", "lot__received_on", "qty", "arrived_qty")
    return [
        LotUnderWay(transfer, sku, warehouse, lot, day, qty - arrived)
        for transfer, sku, warehouse, lot, day, qty, arrived in rows.values_list(*columns)
        if qty > arrived
    ]
