"""Sales and forecasts: series as columns, not as a row a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import F
from strawberry import relay
from strawberry_django import field

from stockhub.demand import models
from stockhub.graphql.errors import bad_input
from stockhub.graphql.types.catalog import Sku, StockPool
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.editable import Scoped

#: Three years and a day of leap: what a chart shows at most.
MAX_DAYS = 1_096


@strawberry.type(description="A series as columns: the value of step n is `values[n]`, at `from` plus n steps.")
class DailySeries:
    from_: dt.date = strawberry.field(name="from", description="The first day.")
    step: str = strawberry.field(description="The step as an ISO-8601 duration: P1D.")
    zone: str = strawberry.field(description="IANA zone that the days belong to.")
    unit: str = strawberry.field(description="What is counted.")
    values: list[Decimal | None] = strawberry.field(description="The values, null where nothing is known.")


@strawberry.type(description="A quantile of every day's demand.")
class QuantileSeries:
    level: Decimal = strawberry.field(description="The probability that demand is at most the value, such as 0.9.")
    series: DailySeries = strawberry.field(description="Its values.")


@strawberry.type(description="What demand stays within with a probability.")
class DemandQuantile:
    level: Decimal = strawberry.field(description="The probability, such as 0.9.")
    value: Decimal = strawberry.field(description="Units.")


@strawberry.type(description="Demand over a lead time as one sum, at the levels of the forecast.")
class LeadTimeDemand:
    days: int = strawberry.field(description="The lead time.")
    quantiles: list[DemandQuantile] = strawberry.field(description="The lowest level first.")


def daily(first: dt.date, numbers: Any, zone: str) -> DailySeries:  # noqa: ANN401 - an array
    """float32 values as the shortest decimals that read back as the same float32."""
    values = [Decimal(str(v)) if v == v else None for v in numbers]  # noqa: PLR0124 - NaN differs from itself
    return DailySeries(from_=first, step="P1D", zone=zone, unit="unit", values=values)


def _zone(row: Any, owner: str) -> str:  # noqa: ANN401 - any series
    """The owner's zone, which lists read with the row: a join to the owner would take the place of what the owner's field prefetches."""
    known = row.__dict__.get("_zone")
    return str(known or getattr(row, owner).time_zone)


@strawberry_django.type(models.SalesSeries, description="Units sold of a SKU on an account, for every business day of all time.")
class SalesSeries(Scoped, relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="What was sold.")
    account: Account = field(description="Where.")
    last_sold_at: dt.datetime | None = field(description="When it last sold.")
    updated_at: dt.datetime = field(description="When it last changed.")

    @field(only=["first_on", "daily", "account_id"], annotate={"_zone": F("account__time_zone")}, description="Units sold a day.")
    def daily(
        self,
        root: strawberry.Parent[Any],
        last_days: Annotated[int, strawberry.argument(description="How many of the latest recorded days, at most 1,096.")] = 90,
    ) -> DailySeries:
        if not 1 <= last_days <= MAX_DAYS:
            raise bad_input(f"`lastDays` is between 1 and {MAX_DAYS}.")
        skipped = max(len(root.daily) - last_days, 0)
        return daily(root.first_on + dt.timedelta(days=skipped), root.daily[skipped:], _zone(root, "account"))


@strawberry_django.type(models.Forecast, description="The current forecast of a SKU in a pool, and the model that really made it.")
class Forecast(Scoped, relay.Node):
    id: relay.NodeID[int]
    sku: Sku = field(description="Of what.")
    pool: StockPool = field(description="From which stock.")
    horizon_days: int = field(description="How many days it reaches.")
    model_used: str = field(description="The forecaster that made it.")
    fallback_reason: str = field(description="Why not the first choice; empty where it was.")
    history_days: int = field(description="Days of history that it was made from.")
    created_at: dt.datetime = field(description="When it was made.")

    @field(only=["first_on", "mean", "pool_id"], annotate={"_zone": F("pool__time_zone")}, description="Expected demand a day.")
    def mean(self, root: strawberry.Parent[Any]) -> DailySeries:
        return daily(root.first_on, root.mean, _zone(root, "pool"))

    @field(
        only=["first_on", "quantiles", "quantile_levels", "pool_id"],
        annotate={"_zone": F("pool__time_zone")},
        description="Quantiles of demand a day, the lowest level first.",
    )
    def quantiles(self, root: strawberry.Parent[Any]) -> list[QuantileSeries]:
        rows = root.quantiles.reshape(len(root.quantile_levels), -1) if len(root.quantile_levels) else []
        return [
            QuantileSeries(level=Decimal(str(level)), series=daily(root.first_on, row, _zone(root, "pool")))
            for level, row in zip(root.quantile_levels, rows, strict=True)
        ]

    lead_time_model: str = field(description="What made the quantiles of lead-time demand: a forecaster, or textbook.")
    lead_time_fallback: str = field(description="Why it was not the lead-time forecaster; empty where it was.")

    @field(
        only=["lead_time_days", "lead_time_levels", "lead_time_quantiles"],
        description="Demand over lead times, the shortest first. Quantiles of days do not add up to these.",
    )
    def lead_time_demand(self, root: strawberry.Parent[Any]) -> list[LeadTimeDemand]:
        levels = [Decimal(str(level)) for level in root.lead_time_levels]
        columns = root.lead_time_quantiles.reshape(len(levels), -1).T if levels else []
        return [
            LeadTimeDemand(
                days=int(days),
                quantiles=[DemandQuantile(level=level, value=Decimal(str(q))) for level, q in zip(levels, column, strict=True)],
            )
            for days, column in zip(root.lead_time_days, columns, strict=True)
        ]
