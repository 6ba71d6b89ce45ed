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
    """One unit of a listing in an order: what it took from our own stock, else what it was taken with; None where neither is known."""

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


def parts_text(sku_id: int | None, delivers: Delivers) -> str:
    """Parts as a line keeps them: `12:2,15:1`, two units of SKU 12 and one of SKU 15; empty for one unit of the line's own SKU."""
    return "" if delivers.units == ((sku_id, 1),) else ",".join(f"{part}:{units}" for part, units in delivers.units)


def parts_of_text(main_sku_id: int | None, text: str | None) -> Delivers | None:
    """The parts of a line of this SKU; None where it has none, or where nobody wrote its parts down."""
    if main_sku_id is None or text is None:
        return None
    if not text:
        return Delivers(main_sku_id, ((main_sku_id, 1),))
    pairs = (each.split(":") for each in text.split(","))
    return Delivers(main_sku_id, tuple((int(part), int(units)) for part, units in pairs))


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
    columns = ("order_id", "listing_id", "id", "sku_id", "qty", "parts", "ordered_at")
    of_them = OrderLine.objects.filter(months, order_id__any_of=list(orders)).order_by("id").values_list(*columns)
    lines = [((orders[order_id][0], listing_id), *line) for order_id, listing_id, *line in of_them]
    lines = [line for line in lines if line[0] in wanted]
    held = _held([pk for _key, pk, *_rest in lines])
    found: dict[tuple[str, int | None], OrderedUnit] = {}
    taking: set[tuple[str, int | None]] = set()
    for key, pk, sku_id, qty, counted, ordered_at in lines:
        # Of several lines of one listing the first that took stock: what was cancelled does not come back.
        if key in taking:
            continue
        taken = as_held(sku_id, qty, held[pk])
        if taken is not None:
            taking.add(key)
        if taken is not None or key not in found:
            found[key] = OrderedUnit(ordered_at, taken or parts_of_text(sku_id, counted))
    return found


def _held(line_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """By line, each (SKU, units) that it wants."""
    by_reference = {f"line:{pk}": pk for pk in line_ids}
    held: dict[int, list[tuple[int, int]]] = {pk: [] for pk in line_ids}
    rows = Allocation.objects.filter(reference__any_of=list(by_reference)).order_by("id")
    for reference, sku_id, wanted_qty in rows.values_list("reference", "sku_id", "wanted_qty"):
        held[by_reference[reference]].append((sku_id, wanted_qty))
    return held
