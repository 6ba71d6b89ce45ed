"""Sales and forecasts: series as columns, not as a row a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import strawberry
import strawberry_django
from django.db.models import F
from django.utils.translation import gettext
from strawberry import relay
from strawberry_django import field

from stockhub.demand import models
from stockhub.demand.basis import SHOWN_LABELS
from stockhub.graphql.errors import bad_input
from stockhub.graphql.labels import Slugged, language, slugged
from stockhub.graphql.types.catalog import Sku, StockPool
from stockhub.graphql.types.channels import Account
from stockhub.graphql.types.editable import Scoped
from stockhub.values import Label

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
            raise bad_input(gettext("`lastDays` is between 1 and %(most)d.") % {"most": MAX_DAYS})
        skipped = max(len(root.daily) - last_days, 0)
        return daily(root.first_on + dt.timedelta(days=skipped), root.daily[skipped:], _zone(root, "account"))


@strawberry.type(description="What a factor was taken from, such as the ranks before and after.")
class ReasonValue:
    name: str = strawberry.field(description="Of what.")
    value: Decimal = strawberry.field(description="The number.")


@strawberry.type(description="Why a forecast is not its model's alone.")
class ForecastReason:
    kind: Slugged = strawberry.field(description="event, after_event, signal, adjustment, lock, analogues, day_mark or data.")
    code: str = strawberry.field(description="The plan, the event type, or the code of a problem with the figures.")
    label: str = strawberry.field(description="What it is, in the language of the request.")
    first_on: dt.date | None = strawberry.field(description="The first day that it changes; null where it is about all of them.")
    last_on: dt.date | None = strawberry.field(description="The last day that it changes, after which it has expired; null likewise.")
    factor: Decimal | None = strawberry.field(description="What the days are multiplied by; null where it is no factor or nobody knows.")
    origin: str = strawberry.field(description="stated, learned, or unknown where no past event says what to expect; empty otherwise.")
    samples: int = strawberry.field(description="How many past events or launches it was learned from.")
    why: str = strawberry.field(description="What the person said who made it, or the SKUs that it was learned from.")
    made_by: str = strawberry.field(description="Who said so: a user, or a part of the system; empty where it was learned.")
    values: list[ReasonValue] = strawberry.field(description="The numbers behind it.")


REASON_LABELS = {
    "event": Label("Event", "活动"),
    "after_event": Label("After an event", "活动后回落"),
    "signal": Label("Signal", "市场信号"),
    "adjustment": Label("Adjustment", "人工调整"),
    "lock": Label("Lock", "锁定"),
    "analogues": Label("Similar launches", "相似新品"),
    "day_mark": Label("Marked day", "人工标记日"),
    "data": Label("Figures left out", "异常数据"),
}


def _reason(stored: dict[str, Any]) -> ForecastReason:
    label = Label(stored["label"]["en"], stored["label"]["zh"])
    return ForecastReason(
        kind=slugged(stored["kind"], REASON_LABELS.get(stored["kind"])),
        code=stored["code"],
        label=label.text(language()),
        first_on=_day(stored["first_on"]),
        last_on=_day(stored["last_on"]),
        factor=None if stored["factor"] is None else Decimal(str(stored["factor"])),
        origin=stored["origin"],
        samples=stored["samples"],
        why=stored["why"],
        made_by=stored["made_by"],
        values=[ReasonValue(name=name, value=Decimal(str(value))) for name, value in stored["values"].items()],
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@strawberry.type(
    description="Days of the past that were not ordinary: out of stock or probably so, of a promotion, or far from all others."
)
class DayLabels:
    from_: dt.date = strawberry.field(name="from", description="The first day.")
    step: str = strawberry.field(description="The step as an ISO-8601 duration: P1D.")
    values: list[str | None] = strawberry.field(
        description="regular, promotion, censored, outlier or probable_stockout; null before the first day with data."
    )


def _basis(forecast: Any) -> Any:  # noqa: ANN401 - a row or None
    return getattr(forecast, "basis", None)


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
        only=["first_on", "mean", "pool_id"],
        select_related=["basis"],
        annotate={"_zone": F("pool__time_zone")},
        description="What the model alone expected a day, before the reasons.",
    )
    def base_mean(self, root: strawberry.Parent[Any]) -> DailySeries:
        basis = _basis(root)
        return daily(root.first_on, root.mean if basis is None else basis.base_mean, _zone(root, "pool"))

    @field(select_related=["basis"], description="Why it is not the model's alone, in the order in which they were applied.")
    def reasons(self, root: strawberry.Parent[Any]) -> list[ForecastReason]:
        basis = _basis(root)
        return [] if basis is None else [_reason(stored) for stored in basis.reasons]

    @field(select_related=["basis"], description="Whether the SKU is in its first eight weeks and thirty units.")
    def is_new(self, root: strawberry.Parent[Any]) -> bool:
        basis = _basis(root)
        return basis is not None and basis.is_new

    @field(select_related=["basis"], description="What the last 90 days before it were; null where all were ordinary.")
    def day_labels(self, root: strawberry.Parent[Any]) -> DayLabels | None:
        basis = _basis(root)
        if basis is None:
            return None
        values = [SHOWN_LABELS[code] if code < len(SHOWN_LABELS) else None for code in basis.day_labels.tolist()]
        return DayLabels(from_=basis.labels_from, step="P1D", values=values)

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
