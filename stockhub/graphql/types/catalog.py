"""SKUs, products, categories, warehouses and stock pools."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.scalars import JSON
from strawberry_django import field

from stockhub.catalog import models
from stockhub.graphql.labels import Slugged, graphql_enum, slugged
from stockhub.graphql.metrics import Money, money
from stockhub.graphql.references import ExternalRef, external_refs
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.editable import Editable, Scoped
from stockhub.values import Label

if TYPE_CHECKING:
    # These modules import this one; strawberry.lazy finds them by name.
    from stockhub.graphql.types.channels import ListingComponent
    from stockhub.graphql.types.demand import Forecast, SalesSeries
    from stockhub.graphql.types.inventory import Balance, Lot
    from stockhub.graphql.types.suppliers import Offer

WarehouseKind = models.WarehouseKind
graphql_enum(
    WarehouseKind,
    "What sort of place a warehouse is.",
    {
        "OWN": ("Own warehouse", "自营仓"),
        "STORE": ("Store", "门店"),
        "FBA": ("Fulfilled by Amazon", "亚马逊 FBA 仓"),
        "PLATFORM_CLOUD": ("Platform cloud warehouse", "平台云仓"),
        "THIRD_PARTY": ("Third-party logistics", "第三方仓"),
        "CONSIGNED": ("Consigned", "寄售仓"),
        "DROP_SHIP": ("Supplier drop-ship", "供应商代发"),
    },
)
Authority = models.Authority
graphql_enum(
    Authority,
    "Who counts the stock of a warehouse.",
    {
        "LEDGER": ("We count: orders reserve here", "自行记账：订单在此预占"),
        "SNAPSHOT": ("The platform counts: its figures are observed", "平台记账：以平台库存快照为准"),
    },
)


@strawberry_django.type(models.Category, description="A node of the seller's own category tree.")
class Category(relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    name: str = field(description="Its name.")
    parent: Category | None = field(description="The category above it.")
    external_refs: list[ExternalRef] = external_refs("catalog.category")


@strawberry_django.type(models.Product, description="The parent of SKUs that differ along its variant axes.")
class Product(relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    name: str = field(description="Its name.")
    brand: str = field(description="Its brand, or empty.")
    category: Category | None = field(description="Its category.")
    variant_axes: JSON = field(description='What its SKUs differ in, such as ["colour", "size"].')
    attributes: JSON = field(description="Further attributes by name.")
    external_refs: list[ExternalRef] = external_refs("catalog.product")


@strawberry_django.type(models.BundleComponent, description="A part of a bundle.")
class BundleComponent:
    qty: Quantity = field(description="Units of the component that selling one bundle takes.")
    component: Sku = field(description="The SKU that is taken.")


@strawberry_django.type(models.Sku, description="The unit that is counted, bought and sold. Quantities of it are whole base units.")
class Sku(relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    name: str = field(description="Its name.")
    brand: str = field(description="Its brand, or empty.")
    barcode: str = field(description="Its barcode, or empty.")
    attributes: JSON = field(description="Values on the product's variant axes, and more.")
    product: Product | None = field(description="The product that it is a variant of.")
    category: Category | None = field(description="Its category.")
    is_bundle: bool = field(description="Whether it has no stock of its own, only components.")
    is_replenished: bool = field(description="Whether it is bought again; if not, it raises no shortage.")
    is_clearance: bool = field(description="Whether it is being cleared: its stage is liquidation then.")
    weight_grams: int | None = field(description="Weight of one unit.")
    length_mm: int | None = field(description="Length of one unit.")
    width_mm: int | None = field(description="Width of one unit.")
    height_mm: int | None = field(description="Height of one unit.")
    shelf_life_days: int | None = field(description="Days from production to expiry.")
    launched_on: dt.date | None = field(description="When it was first sold; a day of the site's zone.")
    discontinued_on: dt.date | None = field(description="When it is no longer sold; a day of the site's zone.")
    components: list[BundleComponent] = field(description="What a bundle takes; empty for other SKUs.")
    external_refs: list[ExternalRef] = external_refs("catalog.sku")
    balances: list[Annotated[Balance, strawberry.lazy("stockhub.graphql.types.inventory")]] = field(
        description="Its stock in every bucket of every warehouse that the user sees."
    )
    lots: list[Annotated[Lot, strawberry.lazy("stockhub.graphql.types.inventory")]] = field(
        description="Units that came in together, with their age, in the warehouses that the user sees."
    )
    offers: list[Annotated[Offer, strawberry.lazy("stockhub.graphql.types.suppliers")]] = field(description="Suppliers' terms for it.")
    listing_components: list[Annotated[ListingComponent, strawberry.lazy("stockhub.graphql.types.channels")]] = field(
        description="The listings that deliver it, on the accounts that the user sees."
    )
    sales: list[Annotated[SalesSeries, strawberry.lazy("stockhub.graphql.types.demand")]] = field(
        description="Its sales on each account that the user sees."
    )
    forecasts: list[Annotated[Forecast, strawberry.lazy("stockhub.graphql.types.demand")]] = field(
        description="Its current forecast in each pool that the user sees."
    )

    @field(only=["stage_id"], select_related=["stage"], description="The stage of its life: plugins can add stages.")
    def stage(self, root: strawberry.Parent[Any]) -> Slugged | None:
        stage = root.stage
        return None if stage is None else slugged(stage.slug, Label(stage.name_en, stage.name_zh))

    @field(only=["unit_cost_amount", "unit_cost_currency"], description="What one unit costs; null where it is unknown.")
    def unit_cost(self, root: strawberry.Parent[Any]) -> Money | None:
        return money(root.unit_cost_amount, root.unit_cost_currency)

    @field(only=["price_amount", "price_currency"], description="The list price of one unit; null where it is unknown.")
    def price(self, root: strawberry.Parent[Any]) -> Money | None:
        return money(root.price_amount, root.price_currency)


@strawberry_django.type(models.Warehouse, description="A place that holds stock.")
class Warehouse(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    name: str = field(description="Its name.")
    kind: WarehouseKind = field(description="What sort of place it is.")
    authority: Authority = field(description="Who counts here.")
    legal_entity: str = field(description="The company that holds it, or empty.")
    country: str = field(description="ISO 3166 code of two letters, or empty.")
    time_zone: str = field(description="IANA zone of its business days.")
    capacity_units: int | None = field(description="How many units it holds.")
    capacity_litres: int | None = field(description="How many litres it holds.")
    allows_backorder: bool = field(description="Whether available stock may go below zero here.")
    allows_presale: bool = field(description="Whether presales are promised what is on its way here.")
    ledger_starts_at: dt.datetime = field(description="Sales before this moved no stock here.")
    external_refs: list[ExternalRef] = external_refs("catalog.warehouse")


@strawberry_django.type(
    models.StockPool, description="The unit of decision: stock of one or more warehouses that serves the same accounts."
)
class StockPool(Scoped, relay.Node, Editable):
    id: relay.NodeID[int]
    code: str = field(description="Its unique code.")
    name: str = field(description="Its name.")
    time_zone: str = field(description="IANA zone of its business days.")
    warehouses: list[Warehouse] = field(description="Its warehouses, those that the user sees.")
    external_refs: list[ExternalRef] = external_refs("catalog.stockpool")
