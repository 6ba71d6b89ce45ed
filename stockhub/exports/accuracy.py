"""Exports of how good forecasts are: figures of the backtests, and forecasts against what was sold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from stockhub.access.models import User
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.demand.champion_models import DemandKind, ModelAccuracy
from stockhub.demand.track_models import ForecastTrack
from stockhub.exports.export import CHUNK, Column, Export, Kind, Row, Table, TableExport
from stockhub.exports.filters import Choice, Exactly, Filter, Flag
from stockhub.exports.shared import POOL, SKU, SKU_CODE
from stockhub.formulas.forecasting.monitoring import tracking_signal


def _of_no_shop(rows: QuerySet[Any], viewer: User) -> QuerySet[Any]:  # noqa: ARG001 - figures of forecasters belong to no shop
    return rows


class ForecastAccuracies(TableExport):
    """Every figure of every backtest."""

    name: ClassVar[str] = "forecast-accuracy"
    about: ClassVar[str] = "Figures of every forecaster in every backtest, by kind of demand over all shops."
    permissions: ClassVar[tuple[str, ...]] = ("demand.view_modelaccuracy",)
    columns: ClassVar[tuple[Column, ...]] = (
        Column("last_on", Kind.DAY, "The last day of the history that was tried.", "backtest__last_on"),
        Column("horizon_days", Kind.INTEGER, "Days ahead.", "backtest__horizon_days"),
        Column("windows", Kind.INTEGER, "Past days from which was forecast.", "backtest__windows"),
        Column("model", Kind.TEXT, "The forecaster's slug."),
        Column("kind", Kind.TEXT, "The kind of demand; empty for all of it."),
        Column("is_champion", Kind.FLAG, "Whether it was in use for the kind from then on."),
        Column("is_mean_champion", Kind.FLAG, "Whether it forecast the mean from then on."),
        Column("series_windows", Kind.INTEGER, "Series times windows judged."),
        Column("relative_loss", Kind.NUMBER, "Pinball of lead-time sums over that of independent normal days."),
        Column("rmsse", Kind.NUMBER, "Root mean squared scaled error, the mean over series."),
        Column("rmse", Kind.NUMBER, "Root mean squared error, units a day."),
        Column("mape", Kind.NUMBER, "Mean absolute percentage error over days with demand."),
        Column("smape", Kind.NUMBER, "Symmetric mean absolute percentage error a day, 0 to 2."),
        Column("wape", Kind.NUMBER, "Absolute errors a day over units sold."),
        Column("wape_14", Kind.NUMBER, "The same of 14-day sums."),
        Column("wape_28", Kind.NUMBER, "The same of 28-day sums."),
        Column("bias", Kind.NUMBER, "Forecast less actual over units sold."),
        Column("coverage_90", Kind.NUMBER, "Share of days within their 90 % quantile."),
        Column("sum_coverage_90", Kind.NUMBER, "Share of lead times within their 90 % quantile."),
        Column("pinball_90", Kind.NUMBER, "Pinball of the 90 % quantile a day over units sold."),
        Column("seconds", Kind.NUMBER, "Seconds a series and window."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        Choice("kind", "Only these kinds of demand.", "kind", lambda: DemandKind.values),
        Exactly("model", "Only of the forecaster with this slug.", "model"),
        Flag("champions", "Only what was in use from then on, or only what was not.", holds=Q(is_champion=True)),
        Flag("champions_of_mean", "Only what forecast the mean from then on, or only what did not.", holds=Q(is_mean_champion=True)),
    )
    table: ClassVar[Table] = Table(ModelAccuracy, _of_no_shop, order=("-backtest__last_on", "kind", "model", "pk"))


class ForecastErrors(Export):
    """Forecasts that were kept, week by week."""

    name: ClassVar[str] = "forecast-lean"
    about: ClassVar[str] = "How far the forecasts of each SKU and pool leaned to one side over the last weeks that can be compared."
    permissions: ClassVar[tuple[str, ...]] = ("demand.view_forecasttrack", "catalog.view_sku", "catalog.view_stockpool")
    columns: ClassVar[tuple[Column, ...]] = (
        SKU_CODE,
        Column("pool", Kind.TEXT, "The pool's code."),
        Column("tracking_signal", Kind.NUMBER, "Actual less forecast over the mean error; beyond 4 either way is no chance."),
        Column("weeks", Kind.INTEGER, "Weeks compared; those with a stock-out are not."),
        Column("error_qty", Kind.NUMBER, "Units sold less units forecast."),
        Column("mean_error_qty", Kind.NUMBER, "The mean size of a week's error."),
        Column("forecast_qty", Kind.NUMBER, "Units forecast for these weeks."),
        Column("updated_at", Kind.INSTANT, "When it was compared."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (SKU, POOL)

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        found = ForecastTrack.objects.all()
        if (pools := visible_pool_ids(viewer)) is not None:
            found = found.filter(pool_id__in=pools)
        for each in self.filters:
            if each.name in chosen:
                found = found.filter(each.condition(chosen[each.name]))
        found = found.select_related("sku", "pool").order_by("sku__code", "pool__code")
        return (_lean(track) for track in found.iterator(chunk_size=CHUNK))


def _lean(track: ForecastTrack) -> Row:
    error, mean = track.error_sum, track.mean_error
    signal = None if error is None or mean is None else tracking_signal(error, mean)
    return [
        track.sku.code, track.pool.code, signal, track.weeks, track.error_sum, track.mean_error, track.forecast_sum, track.updated_at,
    ]  # fmt: skip
