"""What came in of a shipment against what it said: the differences become variances that a person decides about (H83)."""

from __future__ import annotations

from collections.abc import Sequence

from stockhub.inventory.models import StockVariance, VarianceKind
from stockhub.inventory.places import warehouse_facts
from stockhub.inventory.transfers.variances import PERMISSION, Told, note_variances
from stockhub.purchasing.models import Shipment, ShipmentLine, ShipmentStatus


def note_differences(shipment: Shipment, lines: Sequence[ShipmentLine]) -> None:
    """Brings the shipment's variances up to date. What came in before the ledger started is in the opening stock, whatever it said."""
    place = warehouse_facts([shipment.warehouse_id])[shipment.warehouse_id]
    early = shipment.received_on is not None and place.is_before_ledger(shipment.received_on)
    note_variances(
        kind=VarianceKind.SHIPMENT,
        reference=f"shipment:{shipment.code}",
        warehouse_id=shipment.warehouse_id,
        lines=[Told(line.line_no, line.sku_id, line.shipped_qty, line.received_qty) for line in lines],
        is_complete=shipment.status == ShipmentStatus.RECEIVED and not early,
    )


class ShipmentDocument:
    """Missing units have left the ledger already, as they were never ours: accepting the loss moves nothing."""

    def accept(self, variance: StockVariance) -> None:
        """Nothing is left to do."""

    def find(self, variance: StockVariance, qty: int) -> None:
        from stockhub.purchasing.shipments import receive_more

        code = variance.reference.removeprefix("shipment:")
        receive_more(code=code, line_no=variance.line_no, qty=qty, permission=PERMISSION)
