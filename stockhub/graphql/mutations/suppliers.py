"""Writing suppliers and their offers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry import UNSET, Info

from stockhub.catalog.services import RowResult
from stockhub.graphql.mutations.payloads import INPUT, ManyWritten, Outcome, Written, to_service, to_services, write_many, write_one
from stockhub.graphql.mutations.visibility import require_visible_pools
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.suppliers import Offer, Supplier
from stockhub.suppliers import models, services


@strawberry.input(description="A supplier by its code. A field that is not sent is left alone; null clears it.")
class SupplierUpsertInput:
    code: str = strawberry.field(description="Its unique code: an existing one is changed, else one is made.")
    name: str | None = strawberry.field(description="Its name.", default=UNSET)
    country: str | None = strawberry.field(description="ISO 3166 code of two letters.", default=UNSET)
    time_zone: str | None = strawberry.field(description="IANA zone of its business days.", default=UNSET)
    currency: str | None = strawberry.field(description="The currency it invoices in, ISO 4217.", default=UNSET)
    is_local: bool | None = strawberry.field(description="Near enough for a delivery within a day.", default=UNSET)
    is_active: bool | None = strawberry.field(description="Whether we still buy there.", default=UNSET)
    contact_name: str | None = strawberry.field(description="Whom to speak to.", default=UNSET)
    email: str | None = strawberry.field(description="Address for orders.", default=UNSET)
    phone: str | None = strawberry.field(description="Telephone.", default=UNSET)
    notes: str | None = strawberry.field(description="Notes of the buyers.", default=UNSET)
    expected_version: int | None = strawberry.field(
        description="The version that the change was made from; without it, the last writer wins.", default=UNSET
    )

    def to_service(self) -> services.SupplierInput:
        return to_service(self, services.SupplierInput)


@strawberry.type(description="The supplier that was written, or why it was not.")
class SupplierUpsertPayload(Written):
    @strawberry.field(description="The supplier as it is now; null where there are errors.")
    def supplier(self, info: Info) -> Supplier | None:
        return self.now(info, models.Supplier)


@strawberry.type(description="What became of one row.")
class SupplierUpsertResult(Outcome):
    @strawberry.field(description="The supplier as it is now; null where the row was refused.")
    def supplier(self, info: Info) -> Supplier | None:
        return self.now(info, models.Supplier)


@strawberry.input(description="Many suppliers at once.")
class SuppliersUpsertInput:
    rows: list[SupplierUpsertInput] = strawberry.field(description="At most 1,000 suppliers; a bad row is refused alone.")


@strawberry.type(description="What became of the rows.")
class SuppliersUpsertPayload(ManyWritten):
    results: list[SupplierUpsertResult] = strawberry.field(description="A result for each row, in their order.")


@strawberry.input(description="The unit price from a quantity on.")
class PriceBreakInput:
    min_qty: Quantity = strawberry.field(description="From this quantity on.")
    unit_price_amount: Decimal = strawberry.field(description="The price of one unit, in the offer's currency.")


@strawberry.input(description="One leg of a lead time; legs add up in their order.")
class LeadTimeLegInput:
    name: str = strawberry.field(description="Its name, such as production.")
    days: Decimal = strawberry.field(description="How long it takes.")
    sd_days: Decimal = strawberry.field(description="Standard deviation of how long it takes.", default=Decimal(0))


@strawberry.input(description="A supplier's terms for a SKU. A field that is not sent is left alone; null clears it.")
class OfferUpsertInput:
    supplier: str = strawberry.field(description="The supplier's code.")
    sku: str = strawberry.field(description="The SKU's code.")
    pool: str | None = strawberry.field(description="The code of the pool delivered to; null for every pool.", default=None)
    supplier_sku: str | None = strawberry.field(description="The supplier's code for the SKU.", default=UNSET)
    unit_price_amount: Decimal | None = strawberry.field(
        description="The price of one unit below the first price break, in `currency`.", default=UNSET
    )
    currency: str | None = strawberry.field(description="ISO 4217; a new offer takes the supplier's.", default=UNSET)
    moq: Quantity | None = strawberry.field(description="The smallest quantity that can be ordered.", default=UNSET)
    case_pack: Quantity | None = strawberry.field(description="Units in a case.", default=UNSET)
    lead_time_days: Decimal | None = strawberry.field(description="Days from order to stock, where no legs are given.", default=UNSET)
    lead_time_sd_days: Decimal | None = strawberry.field(description="Standard deviation of the lead time.", default=UNSET)
    preference: int | None = strawberry.field(description="The lowest number is asked first.", default=UNSET)
    is_active: bool | None = strawberry.field(description="Whether it can be used.", default=UNSET)
    valid_from: dt.date | None = strawberry.field(description="First day.", default=UNSET)
    valid_to: dt.date | None = strawberry.field(description="Last day.", default=UNSET)
    price_breaks: list[PriceBreakInput] | None = strawberry.field(description="All prices by quantity; null for none.", default=UNSET)
    legs: list[LeadTimeLegInput] | None = strawberry.field(description="All legs of the lead time, in order; null for none.", default=UNSET)
    expected_version: int | None = strawberry.field(
        description="The version that the change was made from; without it, the last writer wins.", default=UNSET
    )

    def to_service(self) -> services.OfferInput:
        breaks = self.price_breaks
        legs = self.legs
        return to_service(
            self,
            services.OfferInput,
            price_breaks=[to_service(b, services.PriceBreakInput) for b in breaks] if breaks else breaks,
            legs=[services.LegInput(name=x.name, days=float(x.days), sd_days=float(x.sd_days)) for x in legs] if legs else legs,
            lead_time_days=float(self.lead_time_days) if isinstance(self.lead_time_days, Decimal) else self.lead_time_days,
            lead_time_sd_days=float(self.lead_time_sd_days) if isinstance(self.lead_time_sd_days, Decimal) else self.lead_time_sd_days,
        )


@strawberry.type(description="The offer that was written, or why it was not.")
class OfferUpsertPayload(Written):
    @strawberry.field(description="The offer as it is now; null where there are errors.")
    def offer(self, info: Info) -> Offer | None:
        return self.now(info, models.Offer)


@strawberry.type(description="What became of one row.")
class OfferUpsertResult(Outcome):
    @strawberry.field(description="The offer as it is now; null where the row was refused.")
    def offer(self, info: Info) -> Offer | None:
        return self.now(info, models.Offer)


@strawberry.input(description="Many offers at once.")
class OffersUpsertInput:
    rows: list[OfferUpsertInput] = strawberry.field(description="At most 1,000 offers; a bad row is refused alone.")


@strawberry.type(description="What became of the rows.")
class OffersUpsertPayload(ManyWritten):
    results: list[OfferUpsertResult] = strawberry.field(description="A result for each row, in their order.")


@strawberry.type
class SuppliersMutation:
    @root_field("suppliers.change_supplier", "Makes or changes a supplier.")
    def supplier_upsert(self, input: Annotated[SupplierUpsertInput, INPUT]) -> SupplierUpsertPayload:  # noqa: A002 - its name in the graph
        return write_one(SupplierUpsertPayload, lambda: services.upsert_supplier(input.to_service()))

    @root_field("suppliers.change_supplier", "Makes or changes up to 1,000 suppliers.")
    def suppliers_upsert(self, input: Annotated[SuppliersUpsertInput, INPUT]) -> SuppliersUpsertPayload:  # noqa: A002 - its name in the graph
        return write_many(
            SuppliersUpsertPayload, SupplierUpsertResult, lambda: services.upsert_suppliers([row.to_service() for row in input.rows])
        )

    @root_field("suppliers.change_offer", "Makes or changes a supplier's terms for a SKU.")
    def offer_upsert(self, info: Info, input: Annotated[OfferUpsertInput, INPUT]) -> OfferUpsertPayload:  # noqa: A002 - its name in the graph
        def work() -> models.Offer:
            require_visible_pools(info, [input.pool], bulk=False)
            return services.upsert_offer(input.to_service())

        return write_one(OfferUpsertPayload, work)

    @root_field("suppliers.change_offer", "Makes or changes up to 1,000 offers.")
    def offers_upsert(self, info: Info, input: Annotated[OffersUpsertInput, INPUT]) -> OffersUpsertPayload:  # noqa: A002 - its name in the graph
        def work() -> list[RowResult]:
            require_visible_pools(info, [row.pool for row in input.rows], bulk=True)
            return services.upsert_offers(to_services(input.rows))

        return write_many(OffersUpsertPayload, OfferUpsertResult, work)
