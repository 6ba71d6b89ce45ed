"""Writing SKUs and warehouses."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from strawberry import UNSET, Info
from strawberry.scalars import JSON

from stockhub.catalog import models, services
from stockhub.graphql.metrics import MoneyInput
from stockhub.graphql.mutations.payloads import (
    INPUT,
    ManyWritten,
    Outcome,
    Written,
    split_money,
    to_service,
    to_services,
    write_many,
    write_one,
)
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.catalog import Authority, Sku, Warehouse, WarehouseKind


@strawberry.input(description="A part of a bundle.")
class BundleComponentInput:
    sku: str = strawberry.field(description="The code of the SKU that is taken.")
    qty: Quantity = strawberry.field(description="Units of it that selling one bundle takes.", default=Quantity(1))


@strawberry.input(description="A SKU by its code. A field that is not sent is left alone; null clears it.")
class SkuUpsertInput:
    code: str = strawberry.field(description="Its unique code: an existing one is changed, else one is made.")
    name: str | None = strawberry.field(description="Its name.", default=UNSET)
    product: str | None = strawberry.field(description="The code of its product.", default=UNSET)
    category: str | None = strawberry.field(description="The code of its category.", default=UNSET)
    stage: str | None = strawberry.field(description="The slug of its stage.", default=UNSET)
    brand: str | None = strawberry.field(description="Its brand.", default=UNSET)
    barcode: str | None = strawberry.field(description="Its barcode.", default=UNSET)
    attributes: JSON | None = strawberry.field(description="Values on the product's variant axes, and more: an object.", default=UNSET)
    is_replenished: bool | None = strawberry.field(description="Whether it is bought again.", default=UNSET)
    is_clearance: bool | None = strawberry.field(description="Whether it is being cleared.", default=UNSET)
    unit_cost: MoneyInput | None = strawberry.field(description="What one unit costs.", default=UNSET)
    price: MoneyInput | None = strawberry.field(description="The list price of one unit.", default=UNSET)
    weight_grams: int | None = strawberry.field(description="Weight of one unit.", default=UNSET)
    length_mm: int | None = strawberry.field(description="Length of one unit.", default=UNSET)
    width_mm: int | None = strawberry.field(description="Width of one unit.", default=UNSET)
    height_mm: int | None = strawberry.field(description="Height of one unit.", default=UNSET)
    shelf_life_days: int | None = strawberry.field(description="Days from production to expiry.", default=UNSET)
    launched_on: dt.date | None = strawberry.field(description="When it was first sold.", default=UNSET)
    discontinued_on: dt.date | None = strawberry.field(description="When it is no longer sold.", default=UNSET)
    components: list[BundleComponentInput] | None = strawberry.field(
        description="All parts of a bundle; null makes it none.", default=UNSET
    )
    expected_version: int | None = strawberry.field(
        description="The version that the change was made from; without it, the last writer wins.", default=UNSET
    )

    def to_service(self) -> services.SkuInput:
        parts = self.components
        components = parts if not parts else [services.ComponentInput(sku=part.sku, qty=part.qty) for part in parts]
        money = {**split_money("unit_cost", self.unit_cost), **split_money("price", self.price)}
        return to_service(self, services.SkuInput, components=components, **money)


@strawberry.type(description="The SKU that was written, or why it was not.")
class SkuUpsertPayload(Written):
    @strawberry.field(description="The SKU as it is now; null where there are errors.")
    def sku(self, info: Info) -> Sku | None:
        return self.now(info, models.Sku)


@strawberry.type(description="What became of one row.")
class SkuUpsertResult(Outcome):
    @strawberry.field(description="The SKU as it is now; null where the row was refused.")
    def sku(self, info: Info) -> Sku | None:
        return self.now(info, models.Sku)


@strawberry.input(description="Many SKUs at once.")
class SkusUpsertInput:
    rows: list[SkuUpsertInput] = strawberry.field(description="At most 1,000 SKUs; a bad row is refused alone.")


@strawberry.type(description="What became of the rows.")
class SkusUpsertPayload(ManyWritten):
    results: list[SkuUpsertResult] = strawberry.field(description="A result for each row, in their order.")


@strawberry.input(description="A warehouse by its code. A field that is not sent is left alone; null clears it.")
class WarehouseUpsertInput:
    code: str = strawberry.field(description="Its unique code: an existing one is changed, else one is made.")
    name: str | None = strawberry.field(description="Its name.", default=UNSET)
    kind: WarehouseKind | None = strawberry.field(description="What sort of place it is.", default=UNSET)
    authority: Authority | None = strawberry.field(description="Who counts here.", default=UNSET)
    legal_entity: str | None = strawberry.field(description="The company that holds it.", default=UNSET)
    country: str | None = strawberry.field(description="ISO 3166 code of two letters.", default=UNSET)
    time_zone: str | None = strawberry.field(description="IANA zone of its business days.", default=UNSET)
    capacity_units: int | None = strawberry.field(description="How many units it holds.", default=UNSET)
    capacity_litres: int | None = strawberry.field(description="How many litres it holds.", default=UNSET)
    allows_backorder: bool | None = strawberry.field(description="Whether available stock may go below zero here.", default=UNSET)
    allows_presale: bool | None = strawberry.field(description="Whether presales are promised what is on its way here.", default=UNSET)
    ledger_starts_at: dt.datetime | None = strawberry.field(description="Sales before this move no stock here.", default=UNSET)
    expected_version: int | None = strawberry.field(
        description="The version that the change was made from; without it, the last writer wins.", default=UNSET
    )

    def to_service(self) -> services.WarehouseInput:
        return to_service(self, services.WarehouseInput)


@strawberry.type(description="The warehouse that was written, or why it was not.")
class WarehouseUpsertPayload(Written):
    @strawberry.field(description="The warehouse as it is now; null where there are errors, or where the user has no grant for it yet.")
    def warehouse(self, info: Info) -> Warehouse | None:
        return self.now(info, models.Warehouse)


@strawberry.type(description="What became of one row.")
class WarehouseUpsertResult(Outcome):
    @strawberry.field(description="The warehouse as it is now; null where the row was refused, or where the user has no grant for it yet.")
    def warehouse(self, info: Info) -> Warehouse | None:
        return self.now(info, models.Warehouse)


@strawberry.input(description="Many warehouses at once.")
class WarehousesUpsertInput:
    rows: list[WarehouseUpsertInput] = strawberry.field(description="At most 1,000 warehouses; a bad row is refused alone.")


@strawberry.type(description="What became of the rows.")
class WarehousesUpsertPayload(ManyWritten):
    results: list[WarehouseUpsertResult] = strawberry.field(description="A result for each row, in their order.")


@strawberry.type
class CatalogMutation:
    @root_field("catalog.change_sku", "Makes or changes a SKU.")
    def sku_upsert(self, input: Annotated[SkuUpsertInput, INPUT]) -> SkuUpsertPayload:  # noqa: A002 - its name in the graph
        return write_one(SkuUpsertPayload, lambda: services.upsert_sku(input.to_service()))

    @root_field("catalog.change_sku", "Makes or changes up to 1,000 SKUs.")
    def skus_upsert(self, input: Annotated[SkusUpsertInput, INPUT]) -> SkusUpsertPayload:  # noqa: A002 - its name in the graph
        return write_many(SkusUpsertPayload, SkuUpsertResult, lambda: services.upsert_skus(to_services(input.rows)))

    @root_field("catalog.change_warehouse", "Makes or changes a warehouse.")
    def warehouse_upsert(self, input: Annotated[WarehouseUpsertInput, INPUT]) -> WarehouseUpsertPayload:  # noqa: A002 - its name in the graph
        return write_one(WarehouseUpsertPayload, lambda: services.upsert_warehouse(input.to_service()))

    @root_field("catalog.change_warehouse", "Makes or changes up to 1,000 warehouses.")
    def warehouses_upsert(self, input: Annotated[WarehousesUpsertInput, INPUT]) -> WarehousesUpsertPayload:  # noqa: A002 - its name in the graph
        return write_many(
            WarehousesUpsertPayload, WarehouseUpsertResult, lambda: services.upsert_warehouses([row.to_service() for row in input.rows])
        )
