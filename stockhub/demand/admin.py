"""Sales, stock-out days and forecasts, to look at; the forecast settings, to change."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.core.admin_classes import ReadOnlyAdmin, array_text, column, json_column
from stockhub.demand import accuracy_admin, plan_admin, turnover_admin  # noqa: F401 - Django imports this module alone
from stockhub.demand.basis import NO_DAY, SHOWN_LABELS
from stockhub.demand.models import Forecast, ForecastBasis, ForecastSettings, LeadTimeCalibration, SalesSeries, StockoutSeries
from stockhub.demand.reason_texts import reason_lines
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
    list_display = (
        "sku", "pool", "shown_rate", "first_on", "horizon_days", "model_used", "fallback_reason", "lead_time_model", "lead_time_fallback",
        "created_at",
    )  # fmt: skip
    list_filter = ("model_used", "lead_time_model", "pool")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name")
    ordering = ("sku", "pool")
    fields = (
        "sku", "pool", "model_used", "fallback_reason", "first_on", "horizon_days", "history_days", "shown_rate", "error_sd", "own_sd",
        "spike_days", "spike_rate", "spike_before", "shown_mean", "shown_quantiles",
        "lead_time_model", "lead_time_fallback", "shown_lead_times", "cycle", "created_at",
    )  # fmt: skip
    readonly_fields = ("shown_rate", "shown_mean", "shown_quantiles", "shown_lead_times")

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

    @column(_("lead-time demand"))
    def shown_lead_times(self, forecast: Forecast) -> SafeString:
        levels, days = forecast.lead_time_levels.tolist(), forecast.lead_time_days.tolist()
        if not levels:
            return SafeString("")
        table = forecast.lead_time_quantiles.reshape(len(levels), -1)
        head = format_html_join("", '<th scope="col">{}</th>', ((f"{level:.1%}",) for level in levels))
        lines = format_html_join(
            "",
            '<tr><th scope="row">{}</th>{}</tr>',
            (
                (
                    ngettext("%(number)d day", "%(number)d days", day) % {"number": day},
                    format_html_join("", "<td>{}</td>", ((f"{value:.1f}",) for value in table[:, at].tolist())),
                )
                for at, day in enumerate(days)
            ),
        )
        return format_html('<table class="sh-array"><thead><tr><th></th>{}</tr></thead><tbody>{}</tbody></table>', head, lines)


@admin.register(LeadTimeCalibration)
class LeadTimeCalibrationAdmin(ReadOnlyAdmin):
    list_display = (
        "cycle", "forecaster", "last_on", "series_count", "history_days", "shown_size", "error", "costly_forecaster", "costly_seconds",
        "costly_error", "created_at",
    )  # fmt: skip
    list_filter = ("forecaster",)
    list_select_related = ("cycle",)
    ordering = ("-created_at",)
    fields = (
        "cycle", "forecaster", "last_on", "series_count", "history_days", "shown_size", "error", "costly_forecaster", "costly_seconds",
        "costly_error", "shown_champion_errors", "created_at",
    )  # fmt: skip
    readonly_fields = ("shown_size", "shown_champion_errors")
    shown_champion_errors = json_column("champion_errors", _("errors of champions"))

    @column(_("bytes learned"))
    def shown_size(self, calibration: LeadTimeCalibration) -> int:
        return len(calibration.learned)


@admin.register(ForecastBasis)
class ForecastBasisAdmin(PooledAdmin, ReadOnlyAdmin):
    """Why a forecast is not its model's alone."""

    pool_path = "forecast__pool"
    list_display = ("shown_sku", "shown_pool", "is_new", "shown_count", "shown_reasons")
    list_filter = ("is_new", "forecast__pool")
    list_select_related = ("forecast__sku", "forecast__pool")
    search_fields = ("forecast__sku__code", "forecast__sku__name")
    ordering = ("forecast__sku__code", "forecast__pool")
    fields = ("forecast", "is_new", "shown_reasons", "shown_base", "labels_from", "shown_labels")
    readonly_fields = ("shown_reasons", "shown_base", "shown_labels")

    @column(_("SKU"))
    def shown_sku(self, basis: ForecastBasis) -> str:
        return str(basis.forecast.sku)

    @column(_("pool"))
    def shown_pool(self, basis: ForecastBasis) -> str:
        return str(basis.forecast.pool)

    @column(_("reasons"))
    def shown_count(self, basis: ForecastBasis) -> int:
        return len(basis.reasons)

    @column(_("why"))
    def shown_reasons(self, basis: ForecastBasis) -> SafeString:
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in reason_lines(basis.reasons)))

    @column(_("mean a day before the reasons"))
    def shown_base(self, basis: ForecastBasis) -> SafeString:
        return array_text(basis.base_mean.round(2), last=400)

    @column(_("days that were not ordinary"))
    def shown_labels(self, basis: ForecastBasis) -> str:
        days = [
            f"{basis.labels_from + timedelta(days=number)} {SHOWN_LABELS[code]}"
            for number, code in enumerate(basis.day_labels.tolist())
            if code not in (0, NO_DAY)
        ]
        return ", ".join(days)


@admin.register(ForecastSettings)
class ForecastSettingsAdmin(RecordedAdmin):
    list_display = ("__str__", "horizon_days", "history_days", "updated_at")
    fields = (
        "chain", ("horizon_days", "history_days"), "quantile_levels", ("uses_champions", "backtest_minutes"), "lead_time_forecaster",
        "lead_time_days", "lead_time_levels", ("costly_forecaster", "costly_minutes"), "costly_accounts", "costly_categories",
        "velocity_weights", "looks_back_two_years", ("seasons_by_category", "season_categories"),
        ("cut_outliers", "least_in_stock_percent", "infers_stockouts"),
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row."""
        return super().has_add_permission(request) and not ForecastSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: ForecastSettings | None = None) -> bool:  # noqa: ARG002 - Django's
        return False
