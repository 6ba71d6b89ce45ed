"""Units that come back: supply with a grade, never negative demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.channels import quarantine as quarantining
from stockhub.channels.feeds import record_success
from stockhub.channels.models import Account, CustomerReturn
from stockhub.channels.order_intake import (
    NO_WAREHOUSE,
    QTY_MAX,
    TOO_MANY,
    WRONG_TYPE,
    Refusal,
    RefusedError,
    is_storable,
    require_happened,
)
from stockhub.channels.ordered_parts import OrderedUnit, load_ordered
from stockhub.channels.payloads import AnyRecord
from stockhub.channels.resolution import Delivers, Resolution, load_resolution
from stockhub.channels.stock_targets import StockRoutes, load_routes
from stockhub.inventory.lots.moves import WantedReceipts, move_receipts, reference_of, source_key
from stockhub.inventory.lots.receipts import RETURN_BUCKETS, Receipt, receive_lots
from stockhub.inventory.models import Grade, MovementKind
from stockhub.pluginapi.records import ReturnRecord

_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True)
class SimpleResult:
    """Records that were new, changed, unchanged and refused."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    quarantined: int = 0
    refusals: tuple[Refusal, ...] = ()
    #: Of listings: the (kind, code) of those that were new or changed.
    touched: frozenset[tuple[str, str]] = frozenset()


def ingest_returns(*, account: Account, returns: Sequence[ReturnRecord]) -> SimpleResult:
    """Takes returns in, once for each (account, id). Since the ledger's start each becomes a lot; before, it is a fact only."""
    good: list[ReturnRecord] = []
    refused: list[tuple[AnyRecord, Refusal]] = []
    for record in returns:
        try:
            _check(record)
            good.append(record)
        except RefusedError as error:
            refused.append((record, Refusal.of(str(record.external_id)[:200], error)))
    routes = load_routes(account)
    new = 0
    for start in range(0, len(good), _ROWS):
        new += _take(routes, good[start : start + _ROWS], refused)
    quarantining.quarantine(account=account, kind="return", refused=refused)
    refused_ids = {refusal.external_id for _record, refusal in refused}
    good = [record for record in good if record.external_id not in refused_ids]
    if good:
        quarantining.resolve(account=account, kind="return", external_ids={record.external_id for record in good})
        record_success(account=account, kind="returns", rows=len(good), data_until_at=max(record.returned_at for record in good))
    return SimpleResult(new, 0, len(returns) - new - len(refused), len(refused), tuple(refusal for _record, refusal in refused))


def receive_waiting(account: Account, listing_ids: Sequence[int]) -> int:
    """Takes in returns that came before anybody knew which SKU their listing is of, as if they came now; how many were. Repeating it
    changes nothing.
    """
    routes, resolution = load_routes(account), load_resolution(account, listing_ids=listing_ids)
    taken, after = 0, 0
    while True:
        with transaction.atomic():
            waiting = CustomerReturn.objects.select_for_update(of=("self",)).filter(account=account, sku=None, listing__in=listing_ids)
            rows = list(waiting.filter(id__gt=after).select_related("listing").order_by("id")[:_ROWS])
            if not rows:
                return taken
            known: list[CustomerReturn] = []
            wanted: list[WantedReceipts] = []
            receipts: dict[str, list[Receipt]] = {}
            ordered = load_ordered(account, [(row.order_external_id, row.listing_id) for row in rows])
            for row in rows:
                delivers = delivered(row, resolution, ordered)
                if delivers is not None and delivers.fits(row.qty) and row.listing is not None:
                    receipts[_move_key(row, row.listing.version)] = _settle(row, routes, delivers)
                    wanted += wanted_of(account, row, _move_key(row, row.listing.version), delivers)
                    known.append(row)
            CustomerReturn.objects.bulk_update(known, ["sku", "warehouse"], batch_size=500)
            # One that was taken back when its listing delivered nothing has lots already.
            earlier = move_receipts(wanted).known
            receive_lots([receipt for key, its in receipts.items() if key not in earlier for receipt in its])
            taken, after = taken + len(known), rows[-1].pk


def move_returns(account: Account, listing_id: int, version: int) -> int:
    """Moves what has come in of a listing to what it delivers now, in the caller's transaction; returns how many returns moved.

    Where it delivers nothing any more, their units are taken back and they wait. `version` is the listing's new one. Repeating it changes
    nothing.
    """
    resolution = load_resolution(account, listing_ids=[listing_id])
    received = CustomerReturn.objects.select_for_update(of=("self",)).filter(account=account, listing=listing_id).exclude(sku=None)
    moved, after = 0, 0
    while rows := list(received.filter(id__gt=after).order_by("id")[:_ROWS]):
        ordered = load_ordered(account, [(row.order_external_id, row.listing_id) for row in rows])
        wanted: list[WantedReceipts] = []
        renamed: list[CustomerReturn] = []
        for row in rows:
            delivers = delivered(row, resolution, ordered)
            if delivers is not None and not delivers.fits(row.qty):
                delivers = None
            wanted += wanted_of(account, row, _move_key(row, version), delivers)
            if row.sku_id != (main_sku_id := delivers.main_sku_id if delivers else None):
                row.sku_id = main_sku_id
                renamed.append(row)
        CustomerReturn.objects.bulk_update(renamed, ["sku"], batch_size=500)
        moved, after = moved + len(move_receipts(wanted).changed), rows[-1].pk
    return moved


def wanted_of(account: Account, row: CustomerReturn, key: str, delivers: Delivers | None) -> list[WantedReceipts]:
    """What the return is to have brought to where it came in; nothing of one that brought no stock of ours anywhere."""
    if row.warehouse_id is None:
        return []
    units = {sku_id: row.qty * each for sku_id, each in delivers.units} if delivers else {}
    return [
        WantedReceipts(
            source=_source(account, row), warehouse_id=row.warehouse_id, units=units, bucket=RETURN_BUCKETS[row.grade],
            key=key,
        )
    ]  # fmt: skip


def _source(account: Account, row: CustomerReturn) -> str:
    return f"return:{account.code}:{row.external_id}"


def _move_key(row: CustomerReturn, version: int) -> str:
    """Of the return under one version of its listing."""
    return f"moved-return:{row.pk}:v{version}"


def _take(routes: StockRoutes, records: Sequence[ReturnRecord], refused: list[tuple[AnyRecord, Refusal]]) -> int:
    account = routes.account
    with transaction.atomic():
        told = CustomerReturn.objects.filter(account=account, external_id__in={r.external_id for r in records})
        known = set(told.values_list("external_id", flat=True))
        fresh = list({record.external_id: record for record in records if record.external_id not in known}.values())
        resolution = load_resolution(account, {(record.code_kind, record.code) for record in fresh})
        ordered = load_ordered(account, [(r.order_external_id, resolution.listings[r.code_kind, r.code]) for r in fresh])
        rows: list[CustomerReturn] = []
        receipts: list[Receipt] = []
        for record in fresh:
            if record.warehouse and record.warehouse not in resolution.warehouses:
                error = RefusedError("unknown_warehouse", NO_WAREHOUSE, code=record.warehouse[:60])
                refused.append((record, Refusal.of(record.external_id, error)))
                continue
            row = _row(account, resolution, record)
            delivers = delivered(row, resolution, ordered)
            if delivers is not None and not delivers.fits(row.qty):
                refused.append((record, Refusal.of(record.external_id, RefusedError("quantity", TOO_MANY, most=QTY_MAX))))
                continue
            receipts += _settle(row, routes, delivers)
            rows.append(row)
        CustomerReturn.objects.bulk_create(rows, batch_size=500)
        if receipts:
            receive_lots(receipts)
    # Told again, or applied again, after its listing was linked.
    if known and (waiting := sorted({row.listing_id for row in told.filter(sku=None).only("listing") if row.listing_id is not None})):
        receive_waiting(account, waiting)
    return len(rows)


def _row(account: Account, resolution: Resolution, record: ReturnRecord) -> CustomerReturn:
    """As told: the warehouse where one is named, and no SKU yet."""
    return CustomerReturn(
        account=account,
        external_id=record.external_id,
        order_external_id=record.order_external_id,
        listing_id=resolution.listings[record.code_kind, record.code],
        warehouse_id=resolution.warehouses.get(record.warehouse) if record.warehouse else None,
        qty=record.qty,
        grade=record.grade,
        reason=record.reason,
        returned_at=record.returned_at,
    )


def delivered(row: CustomerReturn, resolution: Resolution, ordered: Mapping[tuple[str, int | None], OrderedUnit]) -> Delivers | None:
    """What came back with one unit: the parts that its order took from the stock, else what the listing delivered on the day of the order.

    Where nobody told of the order, what it delivers on the day of the return: `return_corrections` sets it right when the order is told.
    """
    told = ordered.get((row.order_external_id, row.listing_id))
    if told is None:
        return resolution.delivers(row.listing_id, row.returned_at)
    took = resolution.stocked(told.delivers) if told.delivers is not None else None
    return took or resolution.delivers(row.listing_id, told.ordered_at)


def _settle(row: CustomerReturn, routes: StockRoutes, delivers: Delivers | None) -> list[Receipt]:
    """Says which SKU came back and where to, as far as that is known, and gives what is to be received: a set comes back as its parts."""
    warehouse_id = routes.warehouse(row.returned_at, row.warehouse_id)
    row.sku_id, row.warehouse_id = delivers.main_sku_id if delivers else None, warehouse_id or row.warehouse_id
    if delivers is None or warehouse_id is None:
        return []
    source = _source(routes.account, row)
    return [
        Receipt(
            sku_id=sku_id,
            warehouse_id=warehouse_id,
            qty=row.qty * units,
            idempotency_key=source_key(source, sku_id),
            kind=MovementKind.RETURN,
            bucket=RETURN_BUCKETS[row.grade],
            occurred_at=row.returned_at,
            grade=Grade(row.grade),
            reference=reference_of(source),
        )
        for sku_id, units in delivers.units
    ]


def _check(record: ReturnRecord) -> None:
    try:
        if not 0 < len(record.external_id) <= 120 or not is_storable(record.external_id) or len(record.order_external_id) > 120:
            raise RefusedError("return_id", _("The return's id must have 1 to 120 characters that can be stored."))
        if not 0 < len(record.code) <= 120 or not is_storable(record.code):
            raise RefusedError("sku", _("The SKU's code must have 1 to 120 characters that can be stored."))
        if len(record.code_kind) > 20 or not is_storable(record.code_kind + record.order_external_id):
            raise RefusedError("text_too_long", _("The kind of code has more than 20 characters, or a text holds a NUL."))
        if type(record.qty) is not int or not 0 < record.qty <= QTY_MAX:
            raise RefusedError("quantity", _("The quantity must be a whole number from 1 to %(most)d."), most=QTY_MAX)
        if record.grade not in RETURN_BUCKETS:
            raise RefusedError("grade", _("The grade must be new, like_new, damaged or defective."))
        if len(record.reason) > 120 or not is_storable(record.reason):
            raise RefusedError("text_too_long", _("The reason has more than 120 characters or a NUL."))
        require_happened(record.returned_at)
    except (TypeError, AttributeError, ValueError) as error:
        raise RefusedError("malformed", WRONG_TYPE, type=type(error).__name__) from error
