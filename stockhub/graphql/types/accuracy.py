"""How good forecasts are, who makes them, and what they mean for stock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import strawberry
from django.conf import settings

from stockhub.demand.champion_models import Champion, Decision, DemandKind, ModelAccuracy
from stockhub.demand.forecaster_names import forecaster_name
from stockhub.demand.mini_reviews import MiniReview as Review
from stockhub.demand.track_models import ForecastTrack as Track
from stockhub.formulas.forecasting.monitoring import FORECAST_LEANS, forecast_lean, tracking_signal
from stockhub.graphql.labels import Slugged, graphql_enum, slugged
from stockhub.graphql.metrics import Metric, metric
from stockhub.graphql.types.demand import DailySeries, daily
from stockhub.overview.depletion import Depletion
from stockhub.values import Label

graphql_enum(
    DemandKind,
    "What a champion is chosen for: the kind of demand by how often and how unevenly something is sold, and class A with regular demand.",
    {
        "SMOOTH": ("Smooth", "平稳"),
        "ERRATIC": ("Erratic", "波动"),
        "INTERMITTENT": ("Intermittent", "间歇"),
        "LUMPY": ("Lumpy", "块状"),
        "NO_DEMAND": ("No demand", "无需求"),
        "CLASS_A": ("Class A, regular", "A类常规"),
    },
)
graphql_enum(
    Decision,
    "Why a champion is in use.",
    {
        "KEPT": ("Kept: no other is better by enough", "保留：其他模型优势不足"),
        "TAKEN": ("Taken: better by enough, often enough", "更换：优势足够且稳定"),
        "FLOOR": ("The floor: nothing beats the seasonal naive forecast", "底线：均未优于季节性朴素预测"),
    },
)

_LEANS = {
    "unbiased": Label("Unbiased", "无偏差"),
    "over_optimistic": Label("Too high", "预测偏高"),
    "over_pessimistic": Label("Too low", "预测偏低"),
}


def _model(slug: str) -> Slugged:
    return Slugged(slug=slug, label=forecaster_name(slug), severity=0)


@strawberry.type(description="The forecasters in use for a kind of demand: of its sums over lead times, and of its mean.")
class ForecastChampion:
    kind: DemandKind = strawberry.field(description="Which kind.")
    model: Slugged = strawberry.field(description="Who makes the quantiles of lead-time demand, which decisions rest on.")
    mean_model: Slugged | None = strawberry.field(description="Who forecasts the mean a day; null until a backtest has chosen one.")
    mean_since: dt.datetime | None = strawberry.field(description="Since when it does.")
    mean_decision: Decision | None = strawberry.field(description="Why it does.")
    since: dt.datetime = strawberry.field(description="Since when.")
    decision: Decision = strawberry.field(description="Why.")
    series_judged: int = strawberry.field(description="Series of this kind in the last trial.")
    judged_with_all: bool = strawberry.field(description="There were too few of them, so that all series decided together.")

    @classmethod
    def of(cls, row: Champion) -> ForecastChampion:
        return cls(
            kind=DemandKind(row.kind),
            model=_model(row.model),
            mean_model=_model(row.mean_model) if row.mean_model else None,
            mean_since=row.mean_since_at,
            mean_decision=Decision(row.mean_decision) if row.mean_decision else None,
            since=row.since_at,
            decision=Decision(row.decision),
            series_judged=row.series,
            judged_with_all=row.shared,
        )


@strawberry.type(
    description="How well a forecaster did in the newest backtest. Shares are of 1; null where nothing can be said. A champion's own "
    "figures are those that it was chosen by, and so a little too good."
)
class ForecastAccuracy:
    model: Slugged = strawberry.field(description="The forecaster.")
    kind: DemandKind | None = strawberry.field(description="The kind of demand; null for all of it.")
    is_champion: bool = strawberry.field(description="Whether it is in use for this kind.")
    is_mean_champion: bool = strawberry.field(description="Whether it forecasts the mean of this kind.")
    last_on: dt.date = strawberry.field(description="The last day of the history that was tried.")
    horizon_days: int = strawberry.field(description="How far ahead it was tried.")
    windows: int = strawberry.field(description="From how many past days.")
    series_windows: int = strawberry.field(description="Series times windows that were judged.")
    relative_loss: Decimal | None = strawberry.field(description="Pinball of lead-time sums over that of independent normal days.")
    rmsse: Decimal | None = strawberry.field(description="Root mean squared scaled error a day, the mean over series.")
    rmse: Decimal | None = strawberry.field(description="Root mean squared error, units a day.")
    mape: Decimal | None = strawberry.field(description="Mean absolute percentage error over days with demand; nothing is chosen by it.")
    smape: Decimal | None = strawberry.field(
        description="Symmetric percentage error a day, twice the error over forecast and actual together: 0 to 2; nothing is chosen by it."
    )
    wape: Decimal | None = strawberry.field(description="Absolute errors a day over units sold.")
    wape14: Decimal | None = strawberry.field(description="The same of sums over 14 days.")
    wape28: Decimal | None = strawberry.field(description="The same of sums over 28 days.")
    bias: Decimal | None = strawberry.field(description="Forecast less actual over units sold; above 0 is too much.")
    coverage90: Decimal | None = strawberry.field(description="The share of days within their 90 % quantile.")
    sum_coverage90: Decimal | None = strawberry.field(description="The share of lead times within their 90 % quantile.")
    pinball90: Decimal | None = strawberry.field(description="Pinball of the 90 % quantile a day over units sold.")

    @classmethod
    def of(cls, row: ModelAccuracy) -> ForecastAccuracy:
        test = row.backtest
        return cls(
            model=_model(row.model),
            kind=DemandKind(row.kind) if row.kind else None,
            is_champion=row.is_champion,
            is_mean_champion=row.is_mean_champion,
            last_on=test.last_on,
            horizon_days=test.horizon_days,
            windows=test.windows,
            series_windows=row.series_windows,
            relative_loss=_number(row.relative_loss),
            rmsse=_number(row.rmsse),
            rmse=_number(row.rmse),
            mape=_number(row.mape),
            smape=_number(row.smape),
            wape=_number(row.wape),
            wape14=_number(row.wape_14),
            wape28=_number(row.wape_28),
            bias=_number(row.bias),
            coverage90=_number(row.coverage_90),
            sum_coverage90=_number(row.sum_coverage_90),
            pinball90=_number(row.pinball_90),
        )


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 6)))


@strawberry.type(description="How far forecasts of a SKU in a pool leaned to one side over the last weeks that can be compared.")
class ForecastLean:
    tracking_signal: Metric = strawberry.field(description="Actual less forecast over the mean error; beyond ±4 is no chance.")
    lean: Slugged = strawberry.field(description="unbiased, over_optimistic or over_pessimistic.")
    weeks: int = strawberry.field(description="Weeks compared; those with a stock-out are not.")
    error_qty: Decimal | None = strawberry.field(description="Units sold less units forecast.")
    forecast_qty: Decimal | None = strawberry.field(description="Units forecast for these weeks.")

    @classmethod
    def of(cls, row: Track) -> ForecastLean:
        known = row.error_sum is not None and row.mean_error is not None
        error, mean = row.error_sum or 0.0, row.mean_error or 0.0
        slug = FORECAST_LEANS[int(forecast_lean(error, mean))]
        return cls(
            tracking_signal=metric(
                tracking_signal(error, mean) if known else None, "ratio", as_of=row.updated_at, reason="NO_TRACKED_FORECAST"
            ),
            lean=slugged(slug, _LEANS[slug], severity=0 if slug == FORECAST_LEANS[0] else 1),
            weeks=row.weeks,
            error_qty=_number(row.error_sum),
            forecast_qty=_number(row.forecast_sum),
        )


@strawberry.type(description="Stock by day along the forecast: what is free to sell now, then the end of each day ahead.")
class DepletionCurve:
    stock: DailySeries | None = strawberry.field(description="The curve; null with a reason. Its first day is today.")
    stockout_day: Metric = strawberry.field(description="Days until nothing is left; null where stock outlasts the forecast.")
    stockout_on: dt.date | None = strawberry.field(description="The day on which nothing is left.")
    gone_early_on: dt.date | None = strawberry.field(
        description="P10: by its end nothing is left with one chance in ten; null beyond the forecast, or where no quantiles are known."
    )
    gone_median_on: dt.date | None = strawberry.field(description="P50: as likely as not, nothing is left by its end.")
    gone_late_on: dt.date | None = strawberry.field(description="P90: nothing is left by its end with nine chances in ten.")

    @classmethod
    def of(cls, found: Depletion, zone: str, as_of: dt.datetime) -> DepletionCurve:
        return cls(
            stock=None if found.reason else daily(found.today, found.stock.astype("float32"), zone or settings.STOCKHUB_TIME_ZONE),
            stockout_day=metric(found.stockout_day, "day", as_of=as_of, reason=found.reason or "BEYOND_FORECAST"),
            stockout_on=found.stockout_on,
            gone_early_on=found.gone_by.get(0.1),
            gone_median_on=found.gone_by.get(0.5),
            gone_late_on=found.gone_by.get(0.9),
        )


@strawberry.type(description="Forecast and actual of the first days after a date: a mini-review of the first week or the first month.")
class MiniReview:
    days: int = strawberry.field(description="7 or 30.")
    first_on: dt.date = strawberry.field(description="The first day of the forecast that was in force.")
    due_on: dt.date = strawberry.field(description="The day after the last one, on which it can be told.")
    forecast_qty: Decimal | None = strawberry.field(description="Units forecast; null where the forecast was shorter.")
    actual_qty: Decimal | None = strawberry.field(description="Units sold; null until the days are over.")
    difference_share: Decimal | None = strawberry.field(description="Actual less forecast over forecast.")
    stockout_days: int = strawberry.field(description="Days on which it could not be sold: then what was sold proves less.")
    reason: str = strawberry.field(description="Why a number is not there; empty where all are.")

    @classmethod
    def of(cls, found: Review) -> MiniReview:
        return cls(
            days=found.days,
            first_on=found.first_on,
            due_on=found.due_on,
            forecast_qty=_number(found.forecast_qty),
            actual_qty=_number(found.actual_qty),
            difference_share=_number(found.share),
            stockout_days=found.stockout_days,
            reason=found.reason,
        )
