"""Stock positions. All arguments and results are units; the ledger's buckets are disjoint."""

from stockhub.formulas.elementwise import N, explained


@explained(unit="unit")
def on_hand(available: N, reserved: N) -> N:
    """What is physically there and sellable: free to sell plus allocated to open orders."""
    return available + reserved


@explained(unit="unit")
def inventory_position(available: N, on_order: N, in_transit: N, receiving: N) -> N:
    """Everything that can still be sold: on hand − reserved + all inbound (science.md §0)."""
    return available + on_order + in_transit + receiving


@explained(unit="unit")
def position_within(available: N, inbound: N) -> N:
    """What can be sold inside a horizon: on hand − reserved + the inbound that lands inside it (E2)."""
    return available + inbound


@explained(unit="unit")
def units_below_line(stock: N, line: N) -> N:
    """How far stock is below a line that a user drew; negative above it (H13)."""
    return line - stock
