"""Writing what lots cost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.catalog.models import Sku, Warehouse
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import named
from stockhub.graphql.pagination import MAX_ROWS
from stockhub.graphql.permissions import root_field
from stockhub.graphql.single import by_key
from stockhub.graphql.types.inventory import Lot
from stockhub.graphql.types.lots import CostKind
from stockhub.inventory import models, services
from stockhub.values import DomainError


@strawberry.input(description="A part of what a unit of a lot cost.")
class LotCostInput:
    kind: CostKind = strawberry.field(description="What it was for.")
    unit_amount: Decimal = strawberry.field(
        description="The amount a unit, at most six decimal places: an invoice divided by its units. Below zero for a credit."
    )
    currency: str = strawberry.field(description="Its currency, ISO 4217.")
    rate_on: dt.date | None = strawberry.field(
        description="The day whose exchange rate converts it, such as the invoice's; the day of receipt where it is not sent.", default=None
    )


@strawberry.input(description="A late invoice for a lot.")
class LotCostsRecordInput:
    sku: str = strawberry.field(description="The SKU's code.")
    warehouse: str = strawberry.field(description="The warehouse's code.")
    lot: str = strawberry.field(description="The lot's code.")
    costs: list[LotCostInput] = strawberry.field(description="What it adds to the cost of a unit.")
    idempotency_key: str = strawberry.field(
        description="Sent again with the same key, it has no second effect; with other values it is refused."
    )


@strawberry.type(description="The lot with its costs, or why none were added.")
class LotCostsRecordPayload:
    lot_id: strawberry.Private[int | None]
    added: strawberry.Private[int]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was recorded where there are any.")

    @strawberry.field(description="The lot as it is now; null where there are errors.")
    def lot(self, info: Info) -> Lot | None:
        return by_key(info, models.Lot, pk=self.lot_id) if self.lot_id is not None else None

    @strawberry.field(description="Whether the key had recorded them before, so that nothing changed now.")
    def was_recorded_before(self) -> bool:
        return self.lot_id is not None and self.added == 0


def _record(info: Info, given: LotCostsRecordInput) -> tuple[int, int]:
    sku = named(info, Sku, "sku", given.sku)
    warehouse = named(info, Warehouse, "warehouse", given.warehouse)
    lot = models.Lot.objects.filter(sku=sku, warehouse=warehouse, code=given.lot).first()
    if lot is None:
        raise DomainError("not_found", _("There is no such lot."), path=("lot",), params={"value": given.lot[:200]})
    if len(given.costs) > MAX_ROWS:
        raise DomainError("too_many", _("At most %(most)s costs at a time."), path=("costs",), params={"most": MAX_ROWS})
    costs = [services.UnitCost(kind=c.kind, unit_amount=c.unit_amount, currency=c.currency, rate_on=c.rate_on) for c in given.costs]
    return lot.pk, len(services.add_costs(lot_id=lot.pk, costs=costs, idempotency_key=given.idempotency_key))


@strawberry.type
class LotsMutation:
    @root_field("inventory.add_lotcost", "Adds what became known late of what a lot cost, such as freight or duty. Nothing is overwritten.")
    def lot_costs_record(self, info: Info, input: Annotated[LotCostsRecordInput, INPUT]) -> LotCostsRecordPayload:  # noqa: A002 - its name in the graph
        done, errors = attempt(lambda: _record(info, input))
        lot_id, added = done if done is not None else (None, 0)
        return LotCostsRecordPayload(lot_id=lot_id, added=added, errors=errors)
