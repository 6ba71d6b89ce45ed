"""Reading how good forecasts are, and what they mean for stock."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from django.conf import settings
from strawberry import Info

from stockhub.catalog.models import Sku, StockPool
from stockhub.core import clock
from stockhub.demand.champion_models import Backtest, Champion, DemandKind
from stockhub.demand.mini_reviews import mini_reviews
from stockhub.demand.track_models import ForecastTrack
from stockhub.graphql.pagination import rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.demand import PoolCode
from stockhub.graphql.queries.inventory import SkuCode
from stockhub.graphql.types.accuracy import DepletionCurve, ForecastAccuracy, ForecastChampion, ForecastLean, MiniReview
from stockhub.overview.depletion import depletion

Kind = Annotated[DemandKind | None, strawberry.argument(description="Of this kind of demand; of all of it together without one.")]


def _place(info: Info, sku: str, pool: str) -> tuple[Sku, StockPool] | None:
    """The SKU and the pool, where the user sees both."""
    found = rows_of(Sku, info).filter(code=sku).first(), rows_of(StockPool, info).filter(code=pool).first()
    return (found[0], found[1]) if found[0] and found[1] else None


@strawberry.type
class AccuracyQuery:
    @root_field("demand.view_champion", "The forecaster in use for each kind of demand, those chosen so far.")
    def forecast_champions(self) -> list[ForecastChampion]:
        return [ForecastChampion.of(row) for row in Champion.objects.order_by("kind")]

    @root_field(
        "demand.view_modelaccuracy",
        "How well each forecaster did in the newest backtest of all SKUs, the best first.",
    )
    def forecast_accuracies(self, kind: Kind = None) -> list[ForecastAccuracy]:
        newest = Backtest.objects.filter(cycle__sku_codes=[], accuracies__isnull=False).order_by("-last_on", "-pk").first()
        if newest is None:
            return []
        rows = newest.accuracies.filter(kind=kind.value if kind else "").select_related("backtest")
        return [
            ForecastAccuracy.of(row)
            for row in sorted(rows, key=lambda row: (row.relative_loss is None, row.relative_loss or 0.0, row.model))
        ]

    @root_field(
        "demand.view_forecasttrack", "Whether the forecasts of a SKU in a pool lean to one side; null where none has been kept yet."
    )
    def forecast_lean(self, info: Info, sku: SkuCode, pool: PoolCode) -> ForecastLean | None:
        row = rows_of(ForecastTrack, info).filter(sku__code=sku, pool__code=pool).first()
        return ForecastLean.of(row) if row else None

    @root_field(
        "inventory.view_balance", "How the stock of a SKU in a pool runs down along its forecast; null where it is not in the pool."
    )
    def depletion_curve(self, info: Info, sku: SkuCode, pool: PoolCode) -> DepletionCurve | None:
        if (place := _place(info, sku, pool)) is None:
            return None
        now = clock.now()
        found = depletion(sku_id=place[0].pk, pool_id=place[1].pk, as_of=now)
        return DepletionCurve.of(found, place[1].time_zone, now) if found else None

    @root_field(
        "demand.view_forecasttrack",
        "Forecast against actual of the first week and the first month from a day on: the forecast in force on that day. Nothing where "
        "no forecast was kept.",
    )
    def mini_reviews(
        self,
        info: Info,
        sku: SkuCode,
        pool: PoolCode,
        since: Annotated[dt.date, strawberry.argument(description="A launch, or any other day from which on to compare.")],
    ) -> list[MiniReview]:
        if (place := _place(info, sku, pool)) is None:
            return []
        today = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)
        return [MiniReview.of(each) for each in mini_reviews(sku_id=place[0].pk, pool_id=place[1].pk, since=since, today=today)]
