"""What platforms tell beside orders and stock: shipments to them, ages, fees, charges, visitors, what the market shows, scores."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django import field

from stockhub.channels import fact_models, models
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import Money, money
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.catalog import Sku, Warehouse
from stockhub.graphql.types.channels import Account, Listing
from stockhub.graphql.types.demand import DailySeries
from stockhub.graphql.types.editable import Scoped

ListingSignalKind = fact_models.ListingSignalKind
graphql_enum(
    ListingSignalKind,
    "What the market shows of a listing.",
    {
        "SALES_RANK": ("Sales rank; 1 is the best", "销售排名"),
        "FEATURED_PRICE": ("The price that the platform features", "推荐报价"),
        "LOWEST_PRICE": ("The lowest price offered", "最低价"),
        "REVIEWS": ("Reviews in all", "评价总数"),
        "RATING": ("The mean of the ratings", "评分"),
    },
)


@strawberry_django.type(fact_models.PlatformShipment, description="A shipment to a platform, as the platform knows it.")
class PlatformShipment(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="Whose platform.")
    external_id: str = field(description="By what the platform knows it.")
    name: str = field(description="Its name there, or empty.")
    told_at: dt.datetime = field(description="When it was in the state that is told.")

    @field(only=["shipment__code"], select_related=["shipment"], description="The code of our shipment that stands for it.")
    def shipment_code(self, root: strawberry.Parent[Any]) -> str:
        return str(root.shipment.code)

    @field(only=["shipment__status"], select_related=["shipment"], description="planned, in_transit, receiving, received or cancelled.")
    def status(self, root: strawberry.Parent[Any]) -> str:
        return str(root.shipment.status)

    @field(only=["shipment__expected_on"], select_related=["shipment"], description="The day on which it is expected.")
    def expected_on(self, root: strawberry.Parent[Any]) -> dt.date | None:
        day: dt.date | None = root.shipment.expected_on
        return day


@strawberry.type(description="Units of an age.")
class AgeBracket:
    first_day: int = strawberry.field(description="The first day of age.")
    last_day: int | None = strawberry.field(description="The last; null where it has no end.")
    units: Quantity = strawberry.field(description="Units of that age.")


@strawberry_django.type(fact_models.StockAge, description="How old the stock of a listing was in a warehouse that the platform counts.")
class StockAge(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="Who told it.")
    listing: Listing = field(description="The listing that it was told of.")
    sku: Sku = field(description="What it is, in whose units.")
    warehouse: Warehouse = field(description="Where it lies.")
    units: Quantity = field(description="Units in all.")
    excess_qty: Quantity | None = field(description="Units that are too many by the platform's count.")
    stranded_qty: Quantity | None = field(description="Units that no active offer sells, by the platform's count; null where not told.")
    low_fee_exempt: bool | None = field(description="Whether the platform says that it is exempt from the low-inventory fee.")
    low_fee_applied: bool | None = field(description="Whether the platform says that it charges that fee this week.")
    health: str | None = field(description="The platform's own word for the level of stock; null where it has none. No score of ours.")
    observed_at: dt.datetime = field(description="When it was so.")
    recorded_at: dt.datetime = field(description="When we were told.")

    @field(only=["brackets"], description="Units by age, the youngest first.")
    def brackets(self, root: strawberry.Parent[Any]) -> list[AgeBracket]:
        return [AgeBracket(first_day=first, last_day=last, units=Quantity(units)) for first, last, units in root.brackets]

    @field(only=["surcharge_amount", "currency"], description="What the platform expected to charge for their age at its next snapshot.")
    def surcharge(self, root: strawberry.Parent[Any]) -> Money | None:
        return money(root.surcharge_amount, root.currency)

    @field(only=["storage_amount", "currency"], description="What their room costs a month.")
    def storage(self, root: strawberry.Parent[Any]) -> Money | None:
        return money(root.storage_amount, root.currency)

    @field(only=["supply_days_30"], description="Days of supply by the platform's short view of what was sold; null where not told.")
    def supply_days_30(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return _measured(root.supply_days_30)

    @field(only=["supply_days_90"], description="The same by its long view. Both below 28 cost the low-inventory fee.")
    def supply_days_90(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return _measured(root.supply_days_90)

    @field(only=["supply_days_ahead"], description="Days that the stock lasts by the platform's forecast.")
    def supply_days_ahead(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return _measured(root.supply_days_ahead)

    @field(only=["sell_through"], description="Units sold a unit held over 90 days, as the platform reckons.")
    def sell_through(self, root: strawberry.Parent[Any]) -> Decimal | None:
        return _measured(root.sell_through)


def _measured(number: float | None) -> Decimal | None:
    """A stored measure as it was told."""
    return None if number is None else Decimal(repr(number))


@strawberry.type(description="A part of what a platform expects to charge.")
class EstimatedFee:
    name: str = strawberry.field(description="The platform's name of it.")
    amount: Money = strawberry.field(description="How much; below 0 is a discount.")


@strawberry_django.type(fact_models.FeeEstimate, description="What a platform expected to charge for one of a listing sold at a price.")
class FeeEstimate(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="Whose platform.")
    listing: Listing = field(description="What would be sold.")
    sku: Sku = field(description="What it delivers.")
    sku_units: Quantity = field(description="Units of the SKU in one of the listing.")
    observed_at: dt.datetime = field(description="When it was so.")
    recorded_at: dt.datetime = field(description="When we were told.")

    @field(only=["price_amount", "currency"], description="The price that was asked about.")
    def price(self, root: strawberry.Parent[Any]) -> Money:
        return Money(amount=root.price_amount, currency=root.currency)

    @field(only=["total_amount", "currency"], description="The fees in all.")
    def total(self, root: strawberry.Parent[Any]) -> Money:
        return Money(amount=root.total_amount, currency=root.currency)

    @field(only=["fees", "currency"], description="Each fee by the platform's name.")
    def fees(self, root: strawberry.Parent[Any]) -> list[EstimatedFee]:
        return [EstimatedFee(name=name, amount=Money(amount=Decimal(amount), currency=root.currency)) for name, amount in root.fees]


@strawberry_django.type(fact_models.Settlement, description="A charge or credit as a platform settled it.")
class SettledCharge(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="Who was charged.")
    external_id: str = field(description="By what the platform knows it.")
    fee: str = field(description="The fee: as `StockHub` names it where it does, else as the platform does.")
    sku: Sku | None = field(description="For what; null where it is for no code, or for a set.")
    qty: Quantity | None = field(description="Units of the SKU; null where it is not told.")
    order_external_id: str = field(description="The order, or empty.")
    posted_at: dt.datetime = field(description="When it was posted.")
    recorded_at: dt.datetime = field(description="When we were told.")

    @field(only=["amount", "currency"], description="What we paid; below 0 is what we got.")
    def amount(self, root: strawberry.Parent[Any]) -> Money:
        return Money(amount=root.amount, currency=root.currency)


@strawberry_django.type(
    fact_models.ListingSignal, description="What the market showed of a listing, or of a rival of it: a row where it changed."
)
class ListingSignal(Scoped, relay.Node):
    id: relay.NodeID[int]
    listing: Listing = field(description="Of which listing.")
    kind: ListingSignalKind = field(description="What was seen.")
    subject: str = field(description="The category of a rank, or empty.")
    rival: str = field(description="Of which rival; empty for the listing itself.")
    currency: str = field(description="The currency of a price; empty for what is none.")
    observed_at: dt.datetime = field(description="When it was so.")
    recorded_at: dt.datetime = field(description="When we were told.")

    @field(only=["value"], description="The value, as a string.")
    def value(self, root: strawberry.Parent[Any]) -> Decimal:
        number: Decimal = root.value
        return number


@strawberry.type(description="A part of a score.")
class ScorePart:
    name: str = strawberry.field(description="The platform's name of it.")
    score: Decimal = strawberry.field(description="Its number.")


@strawberry_django.type(models.ExperienceScore, description="How a platform judged a shop.")
class ExperienceScore(Scoped, relay.Node):
    id: relay.NodeID[int]
    account: Account = field(description="The shop.")
    occurred_at: dt.datetime = field(description="When it was so.")
    recorded_at: dt.datetime = field(description="When we were told.")

    @field(only=["score"], description="The score, from 0 to 100.")
    def score(self, root: strawberry.Parent[Any]) -> Decimal:
        return Decimal(repr(root.score))

    @field(only=["parts"], description="Its parts; empty where none was told.")
    def parts(self, root: strawberry.Parent[Any]) -> list[ScorePart]:
        return [ScorePart(name=name, score=Decimal(repr(number))) for name, number in root.parts or []]


@strawberry.type(description="What visitors of a listing did, a number a business day of the account. Null is unknown, and never zero.")
class ListingTraffic:
    listing: Listing = strawberry.field(description="Of which listing.")
    views: DailySeries = strawberry.field(description="Views.")
    visitors: DailySeries = strawberry.field(description="Visitors.")
    clicks: DailySeries = strawberry.field(description="Clicks.")
    carts: DailySeries = strawberry.field(description="How often it was put into a cart.")
    advertising: DailySeries = strawberry.field(description="What advertising it cost, in the currency that is its unit.")
    as_of: dt.datetime | None = strawberry.field(description="When we were last told; null where never.")
