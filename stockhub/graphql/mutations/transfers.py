"""Moving stock between warehouses, and resolving what did not come in."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import UNSET, Info

from stockhub.catalog.models import Sku, Warehouse
from stockhub.graphql.errors import UserError
from stockhub.graphql.metrics import MoneyInput
from stockhub.graphql.mutations.payloads import INPUT, Written, attempt, split_money, to_service, write_one
from stockhub.graphql.mutations.visibility import ids_by_code, named
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import MAX_ROWS, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.together import read_together
from stockhub.graphql.types.transfers import StockVariance, Transfer, TransferStatus
from stockhub.inventory import models, services
from stockhub.inventory.transfers.variances import VarianceOutcome
from stockhub.values import DomainError


@strawberry.input(
    description="Units of a SKU in a transfer; of a bundle all quantities are bundles. A field that is not sent is left alone."
)
class TransferLineInput:
    sku: str = strawberry.field(description="The SKU's code.")
    line_no: int | None = strawberry.field(description="Its number; its place in the list where it is not sent.", default=None)
    planned_qty: Quantity | None = strawberry.field(description="Units that are planned.", default=UNSET)
    shipped_qty: Quantity | None = strawberry.field(description="Units that have left.", default=UNSET)
    received_qty: Quantity | None = strawberry.field(description="Units that have come in, damaged ones included.", default=UNSET)
    damaged_qty: Quantity | None = strawberry.field(description="Of the received units, those that cannot be sold.", default=UNSET)
    bucket: str | None = strawberry.field(description="The bucket that the units leave; available where it is not sent.", default=UNSET)
    freight: MoneyInput | None = strawberry.field(description="Freight of one unit; null for none.", default=UNSET)

    def to_service(self) -> services.TransferLineInput:
        # A quantity cannot be cleared: null is as if it were not sent.
        names = ("planned_qty", "shipped_qty", "received_qty", "damaged_qty", "bucket")
        kept = {name: UNSET for name in names if getattr(self, name) is None}
        return to_service(self, services.TransferLineInput, **kept, **_freight(self.freight))


def _freight(freight: MoneyInput | None) -> dict[str, object]:
    columns = dict(split_money("freight", freight))
    return columns if freight else columns | ({"freight_currency": ""} if columns else {})


@strawberry.input(description="A transfer by its code. A field that is not sent is left alone; null clears it.")
class TransferUpsertInput:
    code: str = strawberry.field(description="Its unique code: an existing one is changed, else one is made.")
    from_warehouse: str | None = strawberry.field(
        description="The code of the warehouse that it leaves; a new one needs it.", default=UNSET
    )
    to_warehouse: str | None = strawberry.field(description="The code of the warehouse that it goes to; a new one needs it.", default=UNSET)
    status: TransferStatus | None = strawberry.field(description="How far it is.", default=UNSET)
    mode: str | None = strawberry.field(description="How it travels: sea, air, express, truck.", default=UNSET)
    shipped_on: dt.date | None = strawberry.field(description="When it left; a day of the source's zone.", default=UNSET)
    expected_on: dt.date | None = strawberry.field(description="When it should arrive; a day of the destination's zone.", default=UNSET)
    received_on: dt.date | None = strawberry.field(description="When it came in; a day of the destination's zone.", default=UNSET)
    lines: list[TransferLineInput] | None = strawberry.field(
        description="All its lines, at most 1,000; a new one needs them.", default=UNSET
    )
    occurred_at: dt.datetime | None = strawberry.field(
        description="When it came into the state that is sent, now where it is not sent: with it, states may come in any order.",
        default=None,
    )
    idempotency_key: str = strawberry.field(
        description="Sent again with the same key, it has no second effect; with other values it is refused.", default=""
    )
    expected_version: int | None = strawberry.field(
        description="The version that the change was made from; without it, the last writer wins.", default=None
    )


@strawberry.type(description="The transfer that was written, or why it was not.")
class TransferUpsertPayload(Written):
    @strawberry.field(description="The transfer as it is now; null where there are errors.")
    def transfer(self, info: Info) -> Transfer | None:
        return self.now(info, models.Transfer)


@strawberry.input(description="What a person found out about an open variance.")
class StockVarianceResolveInput:
    id: strawberry.ID = strawberry.field(description="The variance's id.")
    outcome: VarianceOutcome = strawberry.field(description="What was found out.")
    qty: Quantity | None = strawberry.field(description="Units that were found; all that are missing where it is not sent.", default=None)
    note: str = strawberry.field(description="Why, in words.", default="")
    idempotency_key: str = strawberry.field(
        description="Sent again with the same key, it has no second effect; with other values it is refused."
    )


@strawberry.type(description="The variance as it is now, or why it was not resolved.")
class StockVarianceResolvePayload:
    resolved: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was changed where there are any.")

    @strawberry.field(description="The variance; null where there are errors.")
    def stock_variance(self, info: Info) -> StockVariance | None:
        return read_together(info, models.StockVariance, self.resolved, [self.resolved or 0])


def _upsert(info: Info, given: TransferUpsertInput) -> models.Transfer:
    if models.Transfer.objects.filter(code=given.code).exists() and not rows_of(models.Transfer, info).filter(code=given.code).exists():
        message = _("There is no such code, or you may not see it.")
        raise DomainError("not_found", message, path=("code",), params={"value": given.code[:200]})
    for name in ("from_warehouse", "to_warehouse"):
        if getattr(given, name):
            _require_visible_end(info, given, name)
    lines = given.lines
    if lines and len(lines) > MAX_ROWS:
        raise DomainError("too_many_rows", _("Name at most %(most)s lines."), path=("lines",), params={"most": MAX_ROWS})
    if lines:
        ids_by_code(info, Sku, [line.sku for line in lines], "lines")
    rows = [line.to_service() for line in lines] if lines else UNSET
    # What cannot be cleared is left alone where null is sent.
    kept = {name: UNSET for name in ("from_warehouse", "to_warehouse", "status") if getattr(given, name) is None}
    return services.upsert_transfer(to_service(given, services.TransferInput, lines=rows, **kept))


def _require_visible_end(info: Info, given: TransferUpsertInput, name: str) -> None:
    """A warehouse that the user does not see is not there for him, unless it is that of a transfer which he sees."""
    code = getattr(given, name)
    if not models.Transfer.objects.filter(code=given.code, **{f"{name}__code": code}).exists():
        named(info, Warehouse, name, code)


def _resolve(info: Info, given: StockVarianceResolveInput) -> models.StockVariance:
    pk = primary_key(given.id, "StockVariance")
    if not rows_of(models.StockVariance, info).filter(pk=pk).exists():
        raise DomainError("not_found", _("There is no such variance, or you may not see it."), path=("id",))
    return services.resolve_variance(
        variance_id=pk, resolution=given.outcome, qty=given.qty, note=given.note, idempotency_key=given.idempotency_key
    )


@strawberry.type
class TransfersMutation:
    @root_field(
        "inventory.change_transfer", "Makes or changes a transfer, and moves stock as far as it says. Sent again, it changes nothing."
    )
    def transfer_upsert(self, info: Info, input: Annotated[TransferUpsertInput, INPUT]) -> TransferUpsertPayload:  # noqa: A002 - its name in the graph
        return write_one(TransferUpsertPayload, lambda: _upsert(info, input))

    @root_field("inventory.change_stockvariance", "Accepts a variance, which writes missing units off, or receives units that were found.")
    def stock_variance_resolve(
        self,
        info: Info,
        input: Annotated[StockVarianceResolveInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> StockVarianceResolvePayload:
        row, errors = attempt(lambda: _resolve(info, input))
        return StockVarianceResolvePayload(resolved=row.pk if row else None, errors=errors)
