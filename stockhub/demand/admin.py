"""Sales, stock-out days and forecasts, to look at; the forecast settings, to change."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.core.admin_classes import ReadOnlyAdmin, array_text, column
from stockhub.demand import accuracy_admin  # noqa: F401 - its pages register themselves
from stockhub.demand.models import Forecast, ForecastSettings, SalesSeries, StockoutSeries
from stockhub.outbox.recorded_admin import RecordedAdmin


@admin.register(SalesSeries)
class SalesSeriesAdmin(ScopedAdmin, ReadOnlyAdmin):
    account_path = "account"
    list_display = ("sku", "account", "first_on", "shown_total", "last_sold_at", "updated_at")
    list_filter = ("account",)
    list_select_related = ("sku", "account")
    search_fields = ("sku__code", "sku__name")
    ordering = ("sku", "account")
    fields = ("sku", "account", "first_on", "last_sold_at", "shown_total", "shown_daily", "first_hour_at", "shown_hourly", "updated_at")
    readonly_fields = ("shown_total", "shown_daily", "shown_hourly")

    @column(_("units in all"))
    def shown_total(self, series: SalesSeries) -> str:
        return f"{series.daily.sum():g}"

    @column(_("units a day"))
    def shown_daily(self, series: SalesSeries) -> SafeString:
        return array_text(series.daily)

    @column(_("units an hour"))
    def shown_hourly(self, series: SalesSeries) -> SafeString:
        return array_text(series.hourly, last=48)


@admin.register(StockoutSeries)
class StockoutSeriesAdmin(PooledAdmin, ReadOnlyAdmin):
    list_display = ("sku", "pool", "first_on", "shown_out", "updated_at")
    list_filter = ("pool",)
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code",)
    ordering = ("sku", "pool")
    fields = ("sku", "pool", "first_on", "shown_out", "shown_in_stock", "updated_at")
    readonly_fields = ("shown_out", "shown_in_stock")

    @column(_("days out of stock"))
    def shown_out(self, series: StockoutSeries) -> int:
        return int((series.in_stock == 0).sum())

    @column(_("in stock, per cent of the day"))
    def shown_in_stock(self, series: StockoutSeries) -> SafeString:
        return array_text(series.in_stock)


@admin.register(Forecast)
class ForecastAdmin(PooledAdmin, ReadOnlyAdmin):
    list_display = ("sku", "pool", "shown_rate", "first_on", "horizon_days", "model_used", "fallback_reason", "created_at")
    list_filter = ("model_used", "pool")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name")
    ordering = ("sku", "pool")
    fields = (
        "sku", "pool", "model_used", "fallback_reason", "first_on", "horizon_days", "history_days", "shown_rate", "error_sd",
        "shown_mean", "shown_quantiles", "cycle", "created_at",
    )  # fmt: skip
    readonly_fields = ("shown_rate", "shown_mean", "shown_quantiles")

    @column(_("units a day"))
    def shown_rate(self, forecast: Forecast) -> str:
        return f"{forecast.mean.mean():.2f}" if len(forecast.mean) else ""

    @column(_("mean a day"))
    def shown_mean(self, forecast: Forecast) -> SafeString:
        return array_text(forecast.mean.round(2), last=400)

    @column(_("quantiles a day"))
    def shown_quantiles(self, forecast: Forecast) -> SafeString:
        days = max(int(forecast.horizon_days), 1)
        lines = [
            format_html("<b>{}</b>{}", f"{level:.0%}", array_text(forecast.quantiles[n * days : (n + 1) * days].round(2), last=28))
            for n, level in enumerate(forecast.quantile_levels.tolist())
        ]
        return SafeString("".join(lines))


@admin.register(ForecastSettings)
class ForecastSettingsAdmin(RecordedAdmin):
    list_display = ("__str__", "horizon_days", "history_days", "updated_at")
    fields = ("chain", ("horizon_days", "history_days"), "quantile_levels", ("uses_champions", "backtest_minutes"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row."""
        return super().has_add_permission(request) and not ForecastSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: ForecastSettings | None = None) -> bool:  # noqa: ARG002 - Django's
        return False
