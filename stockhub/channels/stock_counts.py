"""What platforms and third-party warehouses count, on its way into the ledger as observations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Authority, Warehouse
from stockhub.channels import quarantine as quarantining
from stockhub.channels.feeds import record_success
from stockhub.channels.listing_counts import Told, counts_of
from stockhub.channels.models import Account
from stockhub.channels.order_intake import (
    NO_WAREHOUSE,
    NOT_LINKED,
    QTY_MAX,
    TOO_MANY,
    WRONG_CODE,
    WRONG_TYPE,
    Refusal,
    RefusedError,
    is_storable,
    require_happened,
)
from stockhub.channels.payloads import AnyRecord
from stockhub.channels.pushes.shown import Seen, note_shown
from stockhub.channels.resolution import Resolution, load_resolution
from stockhub.channels.returns import SimpleResult
from stockhub.inventory.buckets import BUCKETS
from stockhub.inventory.counting import note_counts
from stockhub.inventory.models import Bucket
from stockhub.inventory.observations import observe_stock
from stockhub.pluginapi.records import StockCountRecord

#: What a platform offers to buyers.
_FOR_SALE: Final = frozenset(terms.slug for terms in BUCKETS if terms.is_sellable)


def ingest_stock(*, account: Account, counts: Sequence[StockCountRecord]) -> SimpleResult:
    """Takes counts over for warehouses that the platform counts. A SKU or bucket that is not named stays as it is: it is never zero.

    Of a warehouse that we count, and of the shop as a whole (no warehouse), it is what the platform shows for sale: an observation of the
    listing, which the ledger does not follow.
    """
    resolution = load_resolution(account, {(r.code_kind, r.code) for r in counts if _is_code(r)})
    observed = dict(Warehouse.objects.filter(deleted_at=None).values_list("code", "authority"))
    buckets = set(Bucket.objects.values_list("slug", flat=True))
    refused: list[tuple[AnyRecord, Refusal]] = []
    good: list[StockCountRecord] = []
    told: list[Told] = []
    counted: list[Told] = []
    shown: list[Seen] = []
    for record in counts:
        try:
            _check(record, observed, buckets)
            if record.is_count and observed.get(record.warehouse) == Authority.LEDGER:
                counted += _told(resolution, record)
            elif observed.get(record.warehouse) == Authority.SNAPSHOT:
                told += _told(resolution, record)
            else:
                shown += _seen(resolution, record)
            good.append(record)
        except RefusedError as error:
            refused.append((record, Refusal.of(f"{record.warehouse}/{record.code}"[:200], error)))
    wanted, changed = counts_of(account, told), 0
    for (warehouse_id, at), cells in sorted(wanted.items()):
        changed += observe_stock(warehouse_id=warehouse_id, counts=cells, observed_at=at, reference=f"account:{account.code}").changed
    changed += note_shown(shown) + _noted(counted, account)
    quarantining.quarantine(account=account, kind="stock", refused=refused)
    if good:
        quarantining.resolve(account=account, kind="stock", external_ids={f"{r.warehouse}/{r.code}" for r in good})
        record_success(account=account, kind="stock", rows=len(good), data_until_at=max(r.observed_at for r in good))
    total = len(counted) + sum(len(cells) for cells in wanted.values()) + len({(one.listing_id, one.warehouse) for one in shown})
    return SimpleResult(0, changed, total - changed, len(refused), tuple(refusal for _record, refusal in refused))


def _told(resolution: Resolution, record: StockCountRecord) -> list[Told]:
    listing_id = resolution.listings[record.code_kind, record.code]
    delivers = resolution.delivers(listing_id, record.observed_at)
    if delivers is None:
        raise RefusedError("unmapped", NOT_LINKED)
    if len(delivers.units) != 1:
        raise RefusedError("set", _("The code is a set of several SKUs; its stock cannot be told apart. Link it to one SKU."))
    if not all(delivers.fits(qty) for _bucket, qty in record.quantities):
        raise RefusedError("quantity", TOO_MANY, most=QTY_MAX)
    sku_id, units = delivers.units[0]
    warehouse_id = resolution.warehouses[record.warehouse]
    return [Told(listing_id, warehouse_id, bucket, sku_id, units, qty, record.observed_at) for bucket, qty in record.quantities]


def _noted(counted: Sequence[Told], account: Account) -> int:
    """What warehouses of ours say of themselves, for the daily difference: listings of one SKU are its units together."""
    shelves: dict[tuple[int, datetime], dict[int, int]] = {}
    for each in counted:
        if each.bucket == "available":
            cells = shelves.setdefault((each.warehouse_id, each.observed_at), {})
            cells[each.sku_id] = cells.get(each.sku_id, 0) + each.units * each.qty
    return sum(
        note_counts(warehouse_id=warehouse_id, counts=cells, counted_at=at, source=f"account:{account.code}")
        for (warehouse_id, at), cells in sorted(shelves.items())
    )


def _seen(resolution: Resolution, record: StockCountRecord) -> list[Seen]:
    """What is for sale of a listing; nothing where the record tells of other buckets only. It needs no link to a SKU."""
    qty = [units for bucket, units in record.quantities if bucket in _FOR_SALE]
    listing_id = resolution.listings[record.code_kind, record.code]
    return [Seen(listing_id, record.warehouse, sum(qty), record.observed_at)] if qty else []


def _is_code(record: StockCountRecord) -> bool:
    texts = (record.code, record.code_kind)
    return (
        all(isinstance(text, str) and is_storable(text) for text in texts) and 0 < len(record.code) <= 120 and len(record.code_kind) <= 20
    )


def _check(record: StockCountRecord, authorities: dict[str, str], buckets: set[str]) -> None:
    try:
        if not _is_code(record):
            raise RefusedError("sku", WRONG_CODE)
        if record.warehouse and record.warehouse not in authorities:
            raise RefusedError("unknown_warehouse", NO_WAREHOUSE, code=record.warehouse[:60])
        for bucket, qty in record.quantities:
            if bucket not in buckets or bucket in ("on_order", "in_transit"):
                raise RefusedError("bucket", _("The bucket is unknown or cannot be observed."))
            if type(qty) is not int or not 0 <= qty <= QTY_MAX:
                raise RefusedError("quantity", _("A count must be a whole number from 0 to %(most)d."), most=QTY_MAX)
        require_happened(record.observed_at)
    except (TypeError, AttributeError, ValueError) as error:
        raise RefusedError("malformed", WRONG_TYPE, type=type(error).__name__) from error
