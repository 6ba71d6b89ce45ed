"""The export of what presales are promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.exports.export import Column, Export, Kind, Row
from stockhub.exports.filters import Filter
from stockhub.exports.past import codes_of_all
from stockhub.exports.shared import IN_STOCK, SKU, WAREHOUSE
from stockhub.inventory.presale import presale_positions


class PresalePositions(Export):
    """A row for each SKU and warehouse with something on its way or promised."""

    name: ClassVar[str] = "presale-positions"
    about: ClassVar[str] = "How much of what is on its way is promised to presales, and how much can still be, where presales are allowed."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_balance", *IN_STOCK)
    columns: ClassVar[tuple[Column, ...]] = (
        Column("sku", Kind.TEXT, "The SKU's code."),
        Column("warehouse", Kind.TEXT, "The warehouse's code."),
        Column("incoming_qty", Kind.INTEGER, "Units on order, in transit and being received."),
        Column("owed_qty", Kind.INTEGER, "Units that ordinary orders are owed, which are served from it as well."),
        Column("promised_qty", Kind.INTEGER, "Units that presales are owed."),
        Column("reserved_qty", Kind.INTEGER, "Units that presales hold already, out of stock that has come in."),
        Column("available_to_promise_qty", Kind.INTEGER, "Units that can still be promised; below 0 where too many are."),
        Column("oversold_qty", Kind.INTEGER, "Units promised that nothing on its way covers."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (SKU, WAREHOUSE)

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        seen, named = visible_warehouse_ids(viewer), chosen.get(WAREHOUSE.name)
        # What is named was checked against what the viewer sees.
        found = presale_positions(sku_ids=chosen.get(SKU.name), warehouse_ids=seen if named is None else named)
        skus, warehouses = codes_of_all()
        return (
            [
                skus[each.sku_id], warehouses[each.warehouse_id], each.incoming_qty, each.owed_qty, each.promised_qty, each.reserved_qty,
                each.available_to_promise_qty, each.oversold_qty,
            ]
            for each in found
        )  # fmt: skip
