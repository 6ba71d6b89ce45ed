"""Units that leave for good, and units that are booked in without a document."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.catalog.models import Sku, Warehouse
from stockhub.graphql.errors import UserError
from stockhub.graphql.metrics import MoneyInput
from stockhub.graphql.mutations.inventory import MovementRecordPayload
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import named
from stockhub.graphql.pagination import rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.single import by_key
from stockhub.graphql.together import read_together
from stockhub.graphql.types.inventory import Grade, Lot, Movement
from stockhub.graphql.types.lots import CostKind
from stockhub.graphql.types.transfers import Transfer
from stockhub.inventory import models, services
from stockhub.inventory.lots.receipts import lot_code_of
from stockhub.inventory.posting.postings import PostingResult, PostingStatus
from stockhub.values import DomainError

_KEY = "Sent again with the same key, it has no second effect; with other values it is refused."


@strawberry.input(description="Units that leave the stock.")
class StockRemoveInput:
    sku: str = strawberry.field(description="The SKU's code; a bundle is named by its components.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    bucket: str = strawberry.field(description="The bucket that they leave.", default="available")
    qty: Quantity = strawberry.field(description="How many; positive.")
    to_warehouse: str | None = strawberry.field(
        description="The code of the warehouse of ours that they go to: then it is a transfer, which a platform's warehouse may be the "
        "source of. Null where they go back to their owner.",
        default=None,
    )
    reason: str = strawberry.field(description="Why, in words.")
    reference: str = strawberry.field(description="What caused it, such as a document of the ERP.", default="")
    occurred_at: dt.datetime | None = strawberry.field(description="When it happened; now where it is not sent.", default=None)
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input(description="Units that are destroyed.")
class StockDisposeInput:
    sku: str = strawberry.field(description="The SKU's code; a bundle is named by its components.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    bucket: str = strawberry.field(description="The bucket that they leave.", default="unsellable")
    qty: Quantity = strawberry.field(description="How many; positive.")
    reason: str = strawberry.field(description="Why, in words.")
    reference: str = strawberry.field(description="What caused it, such as a document of the ERP.", default="")
    occurred_at: dt.datetime | None = strawberry.field(description="When it happened; now where it is not sent.", default=None)
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type(description="What was removed, or why it was not.")
class StockRemovePayload:
    posted: strawberry.Private[PostingResult | None]
    moved: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was removed where there are any.")

    @strawberry.field(description="The movement; null where there are errors, or a transfer.")
    def movement(self, info: Info) -> Movement | None:
        return by_key(info, models.Movement, key=self.posted.key) if self.posted else None

    @strawberry.field(description="The transfer; null where there are errors, or no destination.")
    def transfer(self, info: Info) -> Transfer | None:
        return read_together(info, models.Transfer, self.moved, [self.moved or 0])


@strawberry.input(description="Units that a customer sent back.")
class ReturnRecordInput:
    sku: str = strawberry.field(description="The SKU's code; a bundle comes in as its components.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    qty: Quantity = strawberry.field(description="How many; positive.")
    grade: Grade | None = strawberry.field(description="Their condition; null where they are to be inspected first.", default=None)
    returned_at: dt.datetime | None = strawberry.field(description="When they came back; now where it is not sent.", default=None)
    reason: str = strawberry.field(description="Why, in words.", default="")
    reference: str = strawberry.field(description="What caused it, such as return:dy-main:123.", default="")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type(description="What came back, or why it was not booked in.")
class ReturnRecordPayload:
    posted: strawberry.Private[list[PostingResult] | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was booked in where there are any.")

    @strawberry.field(description="A movement for each SKU; none where there are errors, or where the platform counts the warehouse.")
    def movements(self, info: Info) -> list[Movement]:
        keys = [result.key for result in self.posted or ()]
        return list(rows_of(models.Movement, info).filter(key__in=keys).select_related("sku", "warehouse").order_by("id"))

    @strawberry.field(description="Whether the key had recorded it before, so that nothing changed now.")
    def was_recorded_before(self) -> bool:
        return bool(self.posted) and all(result.status == PostingStatus.DUPLICATE for result in self.posted or ())


@strawberry.input(description="A part of what one unit of a receipt cost.")
class ReceiptCostInput:
    kind: CostKind = strawberry.field(description="Which part.")
    unit_cost: MoneyInput = strawberry.field(description="For one unit.")
    rate_on: dt.date | None = strawberry.field(
        description="The day whose exchange rate applies; that of the receipt if empty.", default=None
    )


@strawberry.input(description="Units that come in as one lot.")
class ReceiptRecordInput:
    sku: str = strawberry.field(description="The SKU's code; a bundle is named by its components.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    qty: Quantity = strawberry.field(description="How many; positive.")
    bucket: str = strawberry.field(description="The bucket that they enter.", default="available")
    lot_code: str = strawberry.field(
        description="The lot's code: receipts with the same one add up. Made from the key if empty.", default=""
    )
    received_on: dt.date | None = strawberry.field(
        description="Its age counts from this day of the warehouse's zone; that of `occurredAt` if empty.", default=None
    )
    produced_on: dt.date | None = strawberry.field(description="When it was made; a day of the warehouse's zone.", default=None)
    expires_on: dt.date | None = strawberry.field(description="When it expires; a day of the warehouse's zone.", default=None)
    grade: Grade = strawberry.field(description="Its condition.", default=Grade.NEW)
    costs: list[ReceiptCostInput] = strawberry.field(description="What one unit cost; none where it is not known.", default_factory=list)
    occurred_at: dt.datetime | None = strawberry.field(description="When it happened; now where it is not sent.", default=None)
    reason: str = strawberry.field(description="Why, in words.", default="")
    reference: str = strawberry.field(description="What caused it, such as a document of the ERP.", default="")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type(description="What was booked in, or why it was not.")
class ReceiptRecordPayload:
    posted: strawberry.Private[PostingResult | None]
    made: strawberry.Private[tuple[int, int, str] | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was booked in where there are any.")

    @strawberry.field(description="The movement; null where there are errors, or where the platform counts the warehouse.")
    def movement(self, info: Info) -> Movement | None:
        return by_key(info, models.Movement, key=self.posted.key) if self.posted else None

    @strawberry.field(description="The lot; null where there are errors.")
    def lot(self, info: Info) -> Lot | None:
        return by_key(info, models.Lot, sku_id=self.made[0], warehouse_id=self.made[1], code=self.made[2]) if self.made else None

    @strawberry.field(description="Whether the key had recorded it before, so that nothing changed now.")
    def was_recorded_before(self) -> bool:
        return self.posted is not None and self.posted.status == PostingStatus.DUPLICATE


def _place(info: Info, given: StockRemoveInput | StockDisposeInput | ReturnRecordInput | ReceiptRecordInput) -> tuple[int, int]:
    """The ids of the SKU and the warehouse that an input names."""
    sku, warehouse = named(info, Sku, "sku", given.sku), named(info, Warehouse, "warehouse", given.warehouse)
    if given.qty < 1:
        raise DomainError("invalid_quantity", _("Name at least one unit."), path=("qty",), params={"qty": given.qty})
    return sku.pk, warehouse.pk


def _remove(info: Info, given: StockRemoveInput) -> PostingResult | models.Transfer:
    sku_id, warehouse_id = _place(info, given)
    if given.to_warehouse is None:
        return services.remove_stock(
            sku_id=sku_id, warehouse_id=warehouse_id, bucket=given.bucket, qty=given.qty, reason=given.reason, reference=given.reference,
            idempotency_key=given.idempotency_key, occurred_at=given.occurred_at,
        )  # fmt: skip
    destination = named(info, Warehouse, "to_warehouse", given.to_warehouse)
    return services.remove_stock_to(
        sku_id=sku_id, warehouse_id=warehouse_id, to_warehouse_id=destination.pk, bucket=given.bucket, qty=given.qty, reason=given.reason,
        idempotency_key=given.idempotency_key, occurred_at=given.occurred_at,
    )  # fmt: skip


def _dispose(info: Info, given: StockDisposeInput) -> PostingResult:
    sku_id, warehouse_id = _place(info, given)
    return services.dispose_stock(
        sku_id=sku_id, warehouse_id=warehouse_id, bucket=given.bucket, qty=given.qty, reason=given.reason, reference=given.reference,
        idempotency_key=given.idempotency_key, occurred_at=given.occurred_at,
    )  # fmt: skip


def _return(info: Info, given: ReturnRecordInput) -> list[PostingResult]:
    sku_id, warehouse_id = _place(info, given)
    return services.record_return(
        sku_id=sku_id, warehouse_id=warehouse_id, qty=given.qty, grade=given.grade or "", returned_at=given.returned_at,
        reason=given.reason, reference=given.reference, idempotency_key=given.idempotency_key,
    )  # fmt: skip


def _receive(info: Info, given: ReceiptRecordInput) -> tuple[PostingResult, tuple[int, int, str]]:
    sku_id, warehouse_id = _place(info, given)
    costs = tuple(
        services.UnitCost(kind=cost.kind, unit_amount=cost.unit_cost.amount, currency=cost.unit_cost.currency, rate_on=cost.rate_on)
        for cost in given.costs
    )
    receipt = services.Receipt(
        sku_id=sku_id, warehouse_id=warehouse_id, qty=given.qty, bucket=given.bucket, lot_code=given.lot_code,
        received_on=given.received_on, produced_on=given.produced_on, expires_on=given.expires_on, grade=given.grade, costs=costs,
        occurred_at=given.occurred_at, reason=given.reason, reference=given.reference, idempotency_key=given.idempotency_key,
    )  # fmt: skip
    return services.record_receipt(receipt), (sku_id, warehouse_id, lot_code_of(receipt))


@strawberry.type
class StockMutation:
    @root_field("inventory.add_movement", "Takes units out of the stock: back to their owner, or to another warehouse as a transfer.")
    def stock_remove(self, info: Info, input: Annotated[StockRemoveInput, INPUT]) -> StockRemovePayload:  # noqa: A002 - its name in the graph
        done, errors = attempt(lambda: _remove(info, input))
        moved = done.pk if isinstance(done, models.Transfer) else None
        return StockRemovePayload(posted=done if isinstance(done, PostingResult) else None, moved=moved, errors=errors)

    @root_field("inventory.add_movement", "Takes units out of the stock that are destroyed.")
    def stock_dispose(self, info: Info, input: Annotated[StockDisposeInput, INPUT]) -> MovementRecordPayload:  # noqa: A002 - its name in the graph
        posted, errors = attempt(lambda: _dispose(info, input))
        return MovementRecordPayload(posted=posted, errors=errors)

    @root_field("inventory.add_movement", "Books in what a customer sent back, by its condition.")
    def return_record(self, info: Info, input: Annotated[ReturnRecordInput, INPUT]) -> ReturnRecordPayload:  # noqa: A002 - its name in the graph
        posted, errors = attempt(lambda: _return(info, input))
        return ReturnRecordPayload(posted=posted, errors=errors)

    @root_field("inventory.add_movement", "Books in units as one lot, with what they cost.")
    def receipt_record(self, info: Info, input: Annotated[ReceiptRecordInput, INPUT]) -> ReceiptRecordPayload:  # noqa: A002 - its name in the graph
        done, errors = attempt(lambda: _receive(info, input))
        posted, made = done or (None, None)
        return ReceiptRecordPayload(posted=posted, made=made, errors=errors)
