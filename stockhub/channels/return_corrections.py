"""Returns that came before their order, or whose order is told otherwise now: what came in for them is set right (D2).

A return whose order nobody knows comes in as what its listing delivers on the day of the return. What its order took may be something else.
When the order is told, the difference is posted, on the day of the return: units that should not have come in leave, the others come in.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef

from stockhub.channels.models import Account, CustomerReturn, Order
from stockhub.channels.ordered_parts import load_ordered
from stockhub.channels.resolution import Delivers, Resolution, load_resolution
from stockhub.channels.returns import delivered, receipt_of, reference_of
from stockhub.channels.stock_targets import StockRoutes, load_routes
from stockhub.core import clock
from stockhub.inventory.disputes import Doubt, disputed_pairs, raise_disputes
from stockhub.inventory.lots.receipts import RETURN_BUCKETS, Receipt, receive_lots
from stockhub.inventory.models import DisputeCause, MovementKind
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import Posting
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.inventory.transactions import in_transaction

#: How long ago a return may have come in for `correct_missed` to look at it, and by how much its order may have been there before it.
_LOOKS_BACK: Final = timedelta(days=1)
_AT_ONCE: Final = timedelta(minutes=5)
_ROWS: Final = 1_000


def correct_returns(routes: StockRoutes, order_external_ids: Collection[str]) -> set[int]:
    """Sets the returns of these orders right, in the caller's transaction; gives the SKUs whose stock moved. One query where there is none.

    Units that have gone on since cannot be taken back: they stay, and the stock of their SKU is in dispute until somebody counts it.
    Returns from before it was written down what came in for them stay as they are.
    """
    account = routes.account
    asked = sorted(order_external_ids)
    rows = CustomerReturn.objects.select_for_update().filter(account=account, order_external_id__any_of=asked, parts__isnull=False)
    rows = rows.exclude(order_external_id="").exclude(listing=None).order_by("id")
    found = list(rows) if asked else []
    if not found:
        return set()
    ordered = load_ordered(account, [(row.order_external_id, row.listing_id) for row in found])
    resolution = load_resolution(account, listing_ids={row.listing_id for row in found if row.listing_id is not None})
    # Of an order that does not name the listing nobody has told yet what came back.
    told = [row for row in found if (row.order_external_id, row.listing_id) in ordered]
    changed = [(row, delivered(row, resolution, ordered)) for row in told]
    return _Corrections(routes, resolution).carry_out(changed)


def correct_missed(account: Account) -> int:
    """Looks again at returns that came in at the same time as their order, when neither saw the other; how many orders were looked at."""
    since = clock.now() - _LOOKS_BACK
    its = Order.objects.filter(
        account=account, external_id=OuterRef("order_external_id"), recorded_at__gt=OuterRef("recorded_at") - _AT_ONCE
    )
    late = CustomerReturn.objects.filter(Exists(its), account=account, recorded_at__gt=since).exclude(order_external_id="")
    asked = sorted(set(late.values_list("order_external_id", flat=True)))
    for start in range(0, len(asked), _ROWS):
        chunk = asked[start : start + _ROWS]
        in_transaction(lambda chunk=chunk: correct_returns(load_routes(account), chunk))  # type: ignore[misc]
    return len(asked)


class _Corrections:
    """The differences of some returns, posted together."""

    def __init__(self, routes: StockRoutes, resolution: Resolution) -> None:
        self._routes = routes
        self._resolution = resolution
        self._back: dict[str, tuple[CustomerReturn, Posting]] = {}
        self._receipts: list[Receipt] = []

    def carry_out(self, changed: Collection[tuple[CustomerReturn, Delivers | None]]) -> set[int]:
        rows = [row for row, delivers in changed if self._differs(row, delivers)]
        self._take_back()
        receive_lots(self._receipts)
        CustomerReturn.objects.bulk_update(rows, ["sku", "warehouse", "parts", "corrections"], batch_size=500)
        return {receipt.sku_id for receipt in self._receipts} | {posting.sku_id for _row, posting in self._back.values()}

    def _differs(self, row: CustomerReturn, delivers: Delivers | None) -> bool:
        """Notes what has to leave and to come in, and writes into the row what will have come in; whether anything is to be changed."""
        warehouse_id = self._routes.warehouse(row.returned_at, row.warehouse_id)
        had = {int(sku_id): units for sku_id, units in (row.parts or {}).items()}
        if delivers is None or warehouse_id is None or not delivers.fits(row.qty):
            return False
        if any(self._resolution.is_bundle(sku_id) for sku_id in had):
            # What came in as a SKU that has become a set since lies there no longer.
            return False
        wanted = {sku_id: row.qty * units for sku_id, units in delivers.units}
        if wanted == had:
            return False
        row.corrections += 1
        row.sku_id, row.warehouse_id = delivers.main_sku_id, warehouse_id
        row.parts = {str(sku_id): units for sku_id, units in wanted.items()}
        reference = reference_of(self._routes.account, row)
        for sku_id in sorted(had.keys() | wanted.keys()):
            key = f"return-correction:{row.pk}:{row.corrections}:{sku_id}"
            missing = wanted.get(sku_id, 0) - had.get(sku_id, 0)
            if missing > 0:
                self._receipts.append(receipt_of(row, warehouse_id, sku_id, missing, reference, key))
            elif missing < 0:
                posting = Posting(
                    sku_id=sku_id, warehouse_id=warehouse_id, from_bucket=RETURN_BUCKETS[row.grade], to_bucket=None, qty=-missing,
                    kind=MovementKind.RETURN, key=key, occurred_at=row.returned_at, reference=reference[:120], partial=True,
                )  # fmt: skip
                self._back[key] = (row, posting)
        return True

    def _take_back(self) -> None:
        doubts: list[Doubt] = []
        results = {result.key: result.qty for result in post([posting for _row, posting in self._back.values()])}
        emit_stock_changed({(posting.sku_id, posting.warehouse_id) for _row, posting in self._back.values()})
        for key, (row, posting) in self._back.items():
            staying = posting.qty - results[key]
            if not staying:
                continue
            row.parts = {**(row.parts or {}), str(posting.sku_id): (row.parts or {}).get(str(posting.sku_id), 0) + staying}
            note = f"{posting.reference}: {staying} units came in that were of something else, and have gone on since."
            doubts.append(
                Doubt(
                    sku_id=posting.sku_id, warehouse_id=posting.warehouse_id, cause=DisputeCause.UNBACKED,
                    buckets=(str(posting.from_bucket),), note=note[:300],
                )
            )  # fmt: skip
        known = disputed_pairs([doubt.sku_id for doubt in doubts]) if doubts else set()
        raise_disputes([doubt for doubt in doubts if (doubt.sku_id, doubt.warehouse_id) not in known])
