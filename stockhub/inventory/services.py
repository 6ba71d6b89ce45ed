"""The writes of this area, by use case. Each lives in the file of its subject; `ledger.post` lies beneath them all."""

from stockhub.inventory.adjustments import CountedStock, adjust, count_stock, move_stock
from stockhub.inventory.allocations import AllocationTarget, TargetResult, TargetStatus, serve_owed, set_targets
from stockhub.inventory.disputes import open_dispute, resolve_dispute
from stockhub.inventory.lot_costs import add_costs
from stockhub.inventory.lots import Receipt, UnitCost, receive_lot, receive_lots, receive_return
from stockhub.inventory.observations import Observation, observe_stock
from stockhub.inventory.retirement import delete_sku

__all__ = [
    "AllocationTarget",
    "CountedStock",
    "Observation",
    "Receipt",
    "TargetResult",
    "TargetStatus",
    "UnitCost",
    "add_costs",
    "adjust",
    "count_stock",
    "delete_sku",
    "move_stock",
    "observe_stock",
    "open_dispute",
    "receive_lot",
    "receive_lots",
    "receive_return",
    "resolve_dispute",
    "serve_owed",
    "set_targets",
]
