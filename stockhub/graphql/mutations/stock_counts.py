"""Counting stock, and the disputes that come of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import UNSET, Info

from stockhub.catalog import models as catalog
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import ids_by_code, named
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import MAX_ROWS, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.together import read_together
from stockhub.graphql.types.catalog import Sku
from stockhub.graphql.types.stock_counts import StockDispute
from stockhub.inventory import models, services
from stockhub.inventory.disputes import deviation_of
from stockhub.values import DomainError

_KEY = "Sent again with the same key, it has no second effect; with other values it is refused."


@strawberry.input(description="What was counted of a SKU, on the shelf or in a bucket.")
class StockCountRowInput:
    sku: str = strawberry.field(description="The SKU's code.")
    bucket: str | None = strawberry.field(
        description="The bucket's slug. Null where the shelf was counted: what is available and what orders hold, together.", default=None
    )
    qty: Quantity = strawberry.field(description="Units counted, from 0 on.")


@strawberry.input(description="A stock count of a warehouse, or of a part of it.")
class StockCountRecordInput:
    warehouse: str = strawberry.field(description="The warehouse's code.")
    rows: list[StockCountRowInput] = strawberry.field(
        description="What was counted, at most 1,000 rows; what is not named was not counted."
    )
    counted_at: dt.datetime | None = strawberry.field(
        description="When: what has moved since stands. Now where it is not sent.", default=UNSET
    )
    reason: str = strawberry.field(description="Which count it is, in words.", default="")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type(description="What a count of one SKU came to.")
class StockCountOutcome:
    counted: strawberry.Private[services.CountedStock]
    together: strawberry.Private[tuple[int, ...]]

    @strawberry.field(description="The SKU.")
    def sku(self, info: Info) -> Sku | None:
        return read_together(info, catalog.Sku, self.counted.sku_id, self.together)

    @strawberry.field(description="The bucket's slug; null where the shelf was counted.")
    def bucket(self) -> str | None:
        return self.counted.bucket

    @strawberry.field(description="What the book said at the time of the count.")
    def book_qty(self) -> Quantity:
        return Quantity(self.counted.book_qty)

    @strawberry.field(description="What was counted.")
    def counted_qty(self) -> Quantity:
        return Quantity(self.counted.counted_qty)

    @strawberry.field(description="What was posted of the difference; below zero where units lack.")
    def posted_qty(self) -> Quantity:
        return Quantity(self.counted.posted_qty)

    @strawberry.field(description="Missing units that could not be taken, because orders hold them or they have left since; a dispute.")
    def unposted_qty(self) -> Quantity:
        return Quantity(self.counted.unposted_qty)

    @strawberry.field(description="How far the count is from the book, in per cent of the book; below zero where units lack.")
    def deviation_pct(self) -> Decimal:
        return deviation_of([self.counted])


@strawberry.type(description="What the count came to, or why it was not taken over.")
class StockCountRecordPayload:
    counted: strawberry.Private[tuple[services.CountedStock, ...]]
    warehouse_id: strawberry.Private[int]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was recorded where there are any.")

    @strawberry.field(description="A row for each that was sent; empty where there are errors.")
    def results(self) -> list[StockCountOutcome]:
        together = tuple(sorted({row.sku_id for row in self.counted}))
        return [StockCountOutcome(counted=row, together=together) for row in self.counted]

    @strawberry.field(description="Disputes of the counted SKUs that hold decisions now.")
    def disputes(self, info: Info) -> list[StockDispute]:
        skus = {row.sku_id for row in self.counted}
        open_ = rows_of(models.StockDispute, info).filter(warehouse_id=self.warehouse_id, sku_id__in=skus, resolved_at=None)
        found = tuple(open_.order_by("id").values_list("id", flat=True))
        return [read_together(info, models.StockDispute, pk, found) for pk in found]


@strawberry.input(description="Says that the stock of a SKU in a warehouse is doubted: nothing acts on it by itself until it is settled.")
class StockDisputeOpenInput:
    sku: str = strawberry.field(description="The SKU's code.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    note: str = strawberry.field(description="Why: what the next person reads.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input(description="Says that a dispute is settled: decisions go on.")
class StockDisputeResolveInput:
    id: strawberry.ID = strawberry.field(description="The dispute's id.")
    resolution: str = strawberry.field(description="How it was settled.")


@strawberry.type(description="The dispute as it is now, or why nothing was done.")
class StockDisputePayload:
    changed: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The dispute; null where there are errors.")
    def stock_dispute(self, info: Info) -> StockDispute | None:
        return read_together(info, models.StockDispute, self.changed, [self.changed or 0])


def _count(info: Info, given: StockCountRecordInput) -> tuple[int, list[services.CountedStock]]:
    warehouse = named(info, catalog.Warehouse, "warehouse", given.warehouse)
    if not 1 <= len(given.rows) <= MAX_ROWS:
        raise DomainError("invalid_rows", _("Send 1 to %(most)s rows."), path=("rows",), params={"most": MAX_ROWS})
    ids = ids_by_code(info, catalog.Sku, [row.sku for row in given.rows], "rows")
    counts: dict[tuple[int, str | None], int] = {}
    for index, row in enumerate(given.rows):
        cell = (ids[row.sku], row.bucket)
        if cell in counts:
            raise DomainError("invalid_rows", _("A SKU is counted once in each bucket, and once on the shelf."), path=("rows", str(index)))
        counts[cell] = row.qty
    try:
        counted = services.count_stock(
            warehouse_id=warehouse.pk,
            counts=counts,
            idempotency_key=given.idempotency_key,
            counted_at=given.counted_at or None,
            reason=given.reason,
        )
    except DomainError as error:
        if error.path[:1] != ("counts",):
            raise
        # The counts are the rows, in their order.
        raise error.at("rows", *error.path[1:]) from error
    return warehouse.pk, counted


def _open(info: Info, given: StockDisputeOpenInput) -> models.StockDispute:
    sku = named(info, catalog.Sku, "sku", given.sku)
    warehouse = named(info, catalog.Warehouse, "warehouse", given.warehouse)
    return services.open_dispute(sku_id=sku.pk, warehouse_id=warehouse.pk, note=given.note, idempotency_key=given.idempotency_key)


def _resolve(info: Info, given: StockDisputeResolveInput) -> models.StockDispute:
    pk = primary_key(given.id, "StockDispute")
    if not rows_of(models.StockDispute, info).filter(pk=pk).exists():
        raise DomainError("not_found", _("There is no such dispute, or you may not see it."), path=("id",))
    return services.resolve_dispute(dispute_id=pk, resolution=given.resolution)


@strawberry.type
class StockCountsMutation:
    @root_field("inventory.add_movement", "Takes over a stock count: posts what it differs by, and disputes what it differs by too much.")
    def stock_count_record(self, info: Info, input: Annotated[StockCountRecordInput, INPUT]) -> StockCountRecordPayload:  # noqa: A002 - its name in the graph
        done, errors = attempt(lambda: _count(info, input))
        warehouse_id, counted = done or (0, [])
        return StockCountRecordPayload(counted=tuple(counted), warehouse_id=warehouse_id, errors=errors)

    @root_field("inventory.add_stockdispute", "Holds automatic decisions about a SKU in a warehouse.")
    def stock_dispute_open(self, info: Info, input: Annotated[StockDisputeOpenInput, INPUT]) -> StockDisputePayload:  # noqa: A002 - its name in the graph
        dispute, errors = attempt(lambda: _open(info, input))
        return StockDisputePayload(changed=dispute.pk if dispute else None, errors=errors)

    @root_field("inventory.change_stockdispute", "Settles a dispute: automatic decisions go on.")
    def stock_dispute_resolve(self, info: Info, input: Annotated[StockDisputeResolveInput, INPUT]) -> StockDisputePayload:  # noqa: A002 - its name in the graph
        dispute, errors = attempt(lambda: _resolve(info, input))
        return StockDisputePayload(changed=dispute.pk if dispute else None, errors=errors)
