"""The writes of this area, by use case. Each lives in the file of its subject; `ledger.post` lies beneath them all."""

from stockhub.inventory.adjustments import adjust, move_stock
from stockhub.inventory.allocations import AllocationTarget, TargetResult, TargetStatus, serve_owed, set_targets
from stockhub.inventory.counting import CountedStock, count_stock
from stockhub.inventory.disputes import open_dispute, resolve_dispute
from stockhub.inventory.lots.costs import add_costs
from stockhub.inventory.lots.hand_receipts import record_receipt, record_return
from stockhub.inventory.lots.receipts import Receipt, UnitCost, receive_lot, receive_lots, receive_return
from stockhub.inventory.observations import Observation, observe_stock
from stockhub.inventory.removals import dispose_stock, remove_stock, remove_stock_to
from stockhub.inventory.transfers.documents import upsert_transfer
from stockhub.inventory.transfers.inputs import TransferInput, TransferLineInput
from stockhub.inventory.transfers.variances import resolve_variance

__all__ = [
    "AllocationTarget",
    "CountedStock",
    "Observation",
    "Receipt",
    "TargetResult",
    "TargetStatus",
    "TransferInput",
    "TransferLineInput",
    "UnitCost",
    "add_costs",
    "adjust",
    "count_stock",
    "dispose_stock",
    "move_stock",
    "observe_stock",
    "open_dispute",
    "receive_lot",
    "receive_lots",
    "receive_return",
    "record_receipt",
    "record_return",
    "remove_stock",
    "remove_stock_to",
    "resolve_dispute",
    "resolve_variance",
    "serve_owed",
    "set_targets",
    "upsert_transfer",
]
