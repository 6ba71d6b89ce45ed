"""What order lines delivered, by what they want of the stock: a set may be of other parts by the time when it is shipped or comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from stockhub.channels.models import NOT_TOLD, Account, Order, OrderLine
from stockhub.channels.resolution import Delivers
from stockhub.core.partitions import in_months
from stockhub.inventory.models import Allocation


@dataclass(frozen=True, slots=True)
class OrderedUnit:
    """One unit of a listing in an order; `delivers` is None where the order took nothing from our own stock."""

    ordered_at: datetime
    delivers: Delivers | None


def as_held(main_sku_id: int | None, qty: int, held: Iterable[tuple[int, int]]) -> Delivers | None:
    """What one unit of a line of `qty` units delivers, by the (SKU, units) that the whole line wants; None where it wants nothing."""
    wanted: dict[int, int] = defaultdict(int)
    for sku_id, wanted_qty in held:
        if wanted_qty:
            wanted[sku_id] += wanted_qty
    if main_sku_id is None or not wanted or any(units % qty for units in wanted.values()):
        return None
    return Delivers(main_sku_id, tuple((sku_id, units // qty) for sku_id, units in wanted.items()))


def load_ordered(account: Account, named: Collection[tuple[str, int | None]]) -> dict[tuple[str, int | None], OrderedUnit]:
    """By (order's id at its source, listing's id), those of the named ones that were told. At most three queries."""
    wanted = {(external_id, listing_id) for external_id, listing_id in named if external_id and listing_id is not None}
    if not wanted:
        return {}
    rows = Order.objects.filter(account=account, external_id__any_of=sorted({external_id for external_id, _listing_id in wanted}))
    orders = {pk: (external_id, recorded_at) for pk, external_id, recorded_at in rows.values_list("id", "external_id", "recorded_at")}
    if not orders:
        return {}
    months = in_months("order_recorded_at", [NOT_TOLD, *(recorded_at for _external_id, recorded_at in orders.values())])
    columns = ("order_id", "listing_id", "id", "sku_id", "qty", "ordered_at")
    of_them = OrderLine.objects.filter(months, order_id__any_of=list(orders)).order_by("id").values_list(*columns)
    lines = [((orders[order_id][0], listing_id), *line) for order_id, listing_id, *line in of_them]
    lines = [line for line in lines if line[0] in wanted]
    held = _held([pk for _key, pk, *_rest in lines])
    found: dict[tuple[str, int | None], OrderedUnit] = {}
    for key, pk, sku_id, qty, ordered_at in lines:
        # Of several lines of one listing the first that took stock: what was cancelled does not come back.
        if key not in found or found[key].delivers is None:
            found[key] = OrderedUnit(ordered_at, as_held(sku_id, qty, held[pk]))
    return found


def _held(line_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """By line, each (SKU, units) that it wants."""
    by_reference = {f"line:{pk}": pk for pk in line_ids}
    held: dict[int, list[tuple[int, int]]] = {pk: [] for pk in line_ids}
    rows = Allocation.objects.filter(reference__any_of=list(by_reference)).order_by("id")
    for reference, sku_id, wanted_qty in rows.values_list("reference", "sku_id", "wanted_qty"):
        held[by_reference[reference]].append((sku_id, wanted_qty))
    return held
