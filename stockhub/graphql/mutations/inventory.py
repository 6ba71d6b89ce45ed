"""Writing stock by hand."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import UNSET, Info

from stockhub.catalog.models import Sku, Warehouse
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import named
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.single import by_key
from stockhub.graphql.types.inventory import Movement
from stockhub.inventory import models, services
from stockhub.inventory.posting.movement_lookup import posted_under
from stockhub.inventory.posting.postings import PostingResult, PostingStatus
from stockhub.values import DomainError


@strawberry.input(description="Units that leave a bucket, enter one, or both. Name at least one of the two.")
class MovementRecordInput:
    sku: str = strawberry.field(description="The SKU's code.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    qty: Quantity = strawberry.field(description="How many; positive.")
    from_bucket: str | None = strawberry.field(description="The bucket that they leave; null where they come from outside.", default=None)
    to_bucket: str | None = strawberry.field(description="The bucket that they enter; null where they go outside.", default=None)
    reason: str = strawberry.field(description="Why, in words.")
    reference: str = strawberry.field(description="What caused it, such as a document of the ERP.", default="")
    occurred_at: dt.datetime | None = strawberry.field(description="When it happened; now where it is not sent.", default=UNSET)
    idempotency_key: str = strawberry.field(
        description="Sent again with the same key, it has no second effect; with other values it is refused."
    )


@strawberry.type(description="The movement that was recorded, or why it was not.")
class MovementRecordPayload:
    posted: strawberry.Private[PostingResult | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was recorded where there are any.")

    @strawberry.field(description="The movement; null where there are errors.")
    def movement(self, info: Info) -> Movement | None:
        where = posted_under(self.posted.key) if self.posted else None
        return by_key(info, models.Movement, **where) if where else None

    @strawberry.field(description="Whether the key had recorded it before, so that nothing changed now.")
    def was_recorded_before(self) -> bool:
        return self.posted is not None and self.posted.status == PostingStatus.DUPLICATE


def _record(info: Info, given: MovementRecordInput) -> PostingResult:
    sku = named(info, Sku, "sku", given.sku)
    warehouse = named(info, Warehouse, "warehouse", given.warehouse)
    if given.qty < 1:
        raise DomainError("invalid_quantity", _("A movement has at least one unit."), path=("qty",))
    at = given.occurred_at or None
    if given.from_bucket is not None and given.to_bucket is not None:
        return services.move_stock(
            sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=given.from_bucket, to_bucket=given.to_bucket, qty=given.qty,
            reason=given.reason, reference=given.reference, idempotency_key=given.idempotency_key, occurred_at=at,
        )  # fmt: skip
    bucket = given.to_bucket or given.from_bucket
    if bucket is None:
        raise DomainError("required", _("Name the bucket that the units leave, the one that they enter, or both."), path=("to_bucket",))
    return services.adjust(
        sku_id=sku.pk, warehouse_id=warehouse.pk, bucket=bucket, delta_qty=given.qty if given.to_bucket else -given.qty,
        reason=given.reason, reference=given.reference, idempotency_key=given.idempotency_key, occurred_at=at,
    )  # fmt: skip


@strawberry.type
class InventoryMutation:
    @root_field("inventory.add_movement", "Records a movement of stock: an adjustment, or a move between two buckets.")
    def movement_record(self, info: Info, input: Annotated[MovementRecordInput, INPUT]) -> MovementRecordPayload:  # noqa: A002 - its name in the graph
        posted, errors = attempt(lambda: _record(info, input))
        return MovementRecordPayload(posted=posted, errors=errors)
