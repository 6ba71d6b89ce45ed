"""Returns that came before their order, or whose order is told otherwise now: what came in for them is set right (D2).

A return whose order nobody knows comes in as what its listing delivers on the day of the return. What its order took may be something else.
When the order is told, the units move: those that should not have come in leave, and the others come in.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef

from stockhub.channels.models import Account, CustomerReturn, Order
from stockhub.channels.ordered_parts import OrderedUnit, load_ordered
from stockhub.channels.resolution import Resolution, load_resolution
from stockhub.channels.returns import delivered, receive_waiting, wanted_of
from stockhub.channels.stock_targets import StockRoutes, load_routes
from stockhub.core import clock
from stockhub.inventory.lots.moves import WantedReceipts, move_receipts
from stockhub.inventory.transactions import in_transaction

#: How long ago a return may have come in for `correct_missed` to look at it, and by how much its order may have been there before it.
_LOOKS_BACK: Final = timedelta(days=1)
_AT_ONCE: Final = timedelta(minutes=5)
_ROWS: Final = 1_000


def correct_returns(routes: StockRoutes, order_external_ids: Collection[str]) -> set[int]:
    """Sets the returns of these orders right, in the caller's transaction; gives the SKUs that units of them became.

    One query where there is no return, and nothing where they are right. Units that have gone on since are disputed.
    """
    account = routes.account
    asked = sorted(order_external_ids)
    rows = CustomerReturn.objects.select_for_update(of=("self",)).filter(account=account, order_external_id__any_of=asked)
    found = list(rows.exclude(order_external_id="").exclude(listing=None).order_by("id")) if asked else []
    if not found:
        return set()
    ordered = load_ordered(account, [(row.order_external_id, row.listing_id) for row in found])
    resolution = load_resolution(account, listing_ids={row.listing_id for row in found if row.listing_id is not None})
    known: list[CustomerReturn] = []
    waiting: set[int] = set()
    wanted: list[WantedReceipts] = []
    for row in found:
        unit = ordered.get((row.order_external_id, row.listing_id))
        # Of an order that does not name the listing nobody has told yet what came back.
        if unit is None or row.listing_id is None:
            continue
        if row.sku_id is None:
            waiting.add(row.listing_id)
            continue
        delivers = delivered(row, resolution, ordered)
        if delivers is None or not delivers.fits(row.qty) or _has_become_a_set(resolution, unit):
            continue
        row.sku_id = delivers.main_sku_id
        known.append(row)
        wanted += wanted_of(account, row, f"return-of-order:{row.pk}", delivers)
    CustomerReturn.objects.bulk_update(known, ["sku"], batch_size=500)
    changed = move_receipts(wanted).changed
    if waiting:
        receive_waiting(account, sorted(waiting))
    return {sku_id for each in wanted if each.key in changed for sku_id in each.units}


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


def _has_become_a_set(resolution: Resolution, unit: OrderedUnit) -> bool:
    """What came in as a SKU that has become a set since lies there no longer, and stays as it came."""
    return unit.delivers is not None and any(resolution.is_bundle(sku_id) for sku_id, _units in unit.delivers.units)
