"""Which units of which SKUs an order line is counted as in the sales facts, and what changes in them when it is told again.

A line remembers the parts that it was taken with. What is taken back is therefore what was counted, whatever its set consists of by then,
and the changes of a cancelled order add up to nothing.
"""

from __future__ import annotations

from stockhub.channels.order_states import LineState, OrderState, demand_qty
from stockhub.channels.ordered_parts import parts_of_text, parts_text
from stockhub.channels.resolution import Delivers, Resolution
from stockhub.channels.sales_facts import SalesFacts


def count(
    facts: SalesFacts, resolution: Resolution, order: OrderState, line: LineState, was: LineState | None, *, keeping: bool = True
) -> None:
    """Sets what is counted of a line that was stored as `was`, None for a new one, and adds the difference to the facts.

    While it is of the same listing, SKU and time the line keeps its parts (`keeping`); else it takes those of today.
    """
    counted = None if was is None else _counted(resolution, was)
    delivers = _kept(line, was) if keeping else None
    if delivers is None:
        delivers = resolution.delivers(line.listing_id, line.ordered_at)
    target = 0 if delivers is None else demand_qty(order, line)
    if was is not None and counted is not None:
        facts.add(counted, was.ordered_at, -was.counted_qty)
    if delivers is not None:
        facts.add(delivers, line.ordered_at, target)
    is_same = was is not None and (was.counted_qty, was.ordered_at, counted) == (target, line.ordered_at, delivers)
    if delivers is not None and not is_same:
        line.parts = parts_text(line.sku_id, delivers)
    line.counted_qty = target


def is_counted_right(resolution: Resolution, order: OrderState, line: LineState, was: LineState) -> bool:
    """Whether an unchanged line is counted as it should be today: so many units, and of the parts of today."""
    delivers = resolution.delivers(line.listing_id, line.ordered_at)
    if was.counted_qty != (0 if delivers is None else demand_qty(order, line)):
        return False
    counted = _counted(resolution, was)
    return delivers is None or counted is None or dict(counted.units) == dict(delivers.units)


def _counted(resolution: Resolution, was: LineState) -> Delivers | None:
    """What one unit of a stored line is counted as; None where nothing is. Where nobody wrote it down, what the listing delivers."""
    if not was.counted_qty:
        return None
    return parts_of_text(was.sku_id, was.parts) or resolution.delivers(was.listing_id, was.ordered_at)


def _kept(line: LineState, was: LineState | None) -> Delivers | None:
    if was is None or (was.listing_id, was.sku_id, was.ordered_at) != (line.listing_id, line.sku_id, line.ordered_at):
        return None
    return parts_of_text(line.sku_id, was.parts)
