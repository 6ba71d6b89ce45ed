"""Champions and how well every forecaster did, to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.core.admin_classes import (
    Column,
    ReadOnlyAdmin,
    array_text,
    column,
    json_column,
    status_badge,
)
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.demand.champion_models import Backtest, BacktestSum, Champion, DemandKind, ModelAccuracy
from stockhub.demand.forecaster_names import forecaster_name
from stockhub.demand.track_models import ForecastTrack
from stockhub.formulas.forecasting.monitoring import tracking_signal

_COLOURS = {"keep_incumbent": "info", "take_challenger": "success", "fall_back_to_floor": "warning"}


def _share(field: str, description: object, digits: int = 1) -> Column:
    """A column of a share as per cent; a dash where nothing can be said."""

    @column(description, ordering=field)  # type: ignore[arg-type]  # a lazy text
    def show(row: object) -> str:
        value = getattr(row, field)
        return "–" if value is None else f"{value * 100:.{digits}f} %"

    show.__name__ = f"{field}_share"
    return show


def _number(field: str, description: object, digits: int = 3) -> Column:
    """A column of a number; a dash where nothing can be said."""

    @column(description, ordering=field)  # type: ignore[arg-type]  # a lazy text
    def show(row: object) -> str:
        value = getattr(row, field)
        return "–" if value is None else f"{value:.{digits}f}"

    show.__name__ = f"{field}_number"
    return show


@admin.register(Champion)
class ChampionAdmin(ReadOnlyAdmin):
    list_display = (
        "kind", "shown_model", "decision_badge", _number("score", _("loss"), 1), "shown_challenger",
        _number("challenger_score", _("loss of the best"), 1), _number("floor_score", _("loss of the floor"), 1), "series", "shared",
        "since_at", "shown_mean_model",
    )  # fmt: skip
    ordering = ("kind",)
    fields = (
        "kind", "shown_model", "since_at", "decision", "score", "shown_challenger", "challenger_score", "floor_score", "series", "shared",
        "shown_mean_model", "mean_since_at", "mean_decision", "mean_score", "mean_floor_score", "backtest", "updated_at",
    )  # fmt: skip
    readonly_fields = ("shown_model", "shown_challenger", "shown_mean_model")
    decision_badge = status_badge("decision", _("decision"), _COLOURS)

    @column(_("model"), ordering="model")
    def shown_model(self, champion: Champion) -> str:
        return forecaster_name(champion.model)

    @column(_("model of the mean"), ordering="mean_model")
    def shown_mean_model(self, champion: Champion) -> str:
        return forecaster_name(champion.mean_model)

    @column(_("best in the trial"), ordering="challenger")
    def shown_challenger(self, champion: Champion) -> str:
        return forecaster_name(champion.challenger)


@admin.register(ModelAccuracy)
class ModelAccuracyAdmin(ExportedAdmin, ReadOnlyAdmin):
    export_name = "forecast-accuracy"
    export_filters: ClassVar[Mapping[str, str]] = {
        "kind__exact": "kind",
        "model": "model",
        "is_champion__exact": "champions",
        "is_mean_champion__exact": "champions_of_mean",
    }
    list_display = (
        "shown_model", "shown_kind", "is_champion", "is_mean_champion", _number("relative_loss", _("loss over the textbook's")),
        _number("rmsse", _("RMSSE")),
        _share("wape", _("WAPE a day")), _share("wape_14", _("WAPE of 14 days")), _share("wape_28", _("WAPE of 28 days")),
        _share("bias", _("bias")), _share("coverage_90", _("days within 90 %")), _share("sum_coverage_90", _("lead times within 90 %")),
        _number("rmse", _("RMSE"), 2), _share("mape", _("MAPE")), _number("smape", _("sMAPE")), "series_windows",
        "backtest",
    )  # fmt: skip
    list_filter = ("kind", "model", "is_champion", "is_mean_champion")
    list_select_related = ("backtest",)
    ordering = ("-backtest", "kind", "relative_loss", "model")
    fields = (
        "backtest", "shown_model", "shown_kind", "is_champion", "is_mean_champion", "series_windows", "loss", "relative_loss", "rmsse",
        "wape", "wape_14", "wape_28", "rmse", "mape", "smape", "bias", "coverage_90", "sum_coverage_90", "pinball_90", "seconds",
    )  # fmt: skip
    readonly_fields = ("shown_model", "shown_kind")

    @column(_("model"), ordering="model")
    def shown_model(self, row: ModelAccuracy) -> str:
        return forecaster_name(row.model)

    @column(_("kind of demand"), ordering="kind")
    def shown_kind(self, row: ModelAccuracy) -> str:
        return str(DemandKind(row.kind).label) if row.kind else gettext("All demand")


@admin.register(Backtest)
class BacktestAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "last_on", "horizon_days", "windows", "shown_skus", "class_a_skus", "cycle")
    list_select_related = ("cycle",)
    ordering = ("-last_on", "-pk")
    fields = (
        "cycle", "last_on", "horizon_days", "windows", "lead_times", "shown_skus", "class_a_skus", "class_a_from",
        "shown_left_out",
    )  # fmt: skip
    readonly_fields = ("shown_skus", "shown_left_out")
    shown_left_out = json_column("left_out", _("not judged"))

    @column(_("SKUs looked at"))
    def shown_skus(self, backtest: Backtest) -> int:
        return len(backtest.sku_ids)


@admin.register(BacktestSum)
class BacktestSumAdmin(ReadOnlyAdmin):
    list_display = ("model", "kind", "first_sku_id", "backtest")
    list_select_related = ("backtest",)
    ordering = ("kind", "model", "first_sku_id")
    fields = ("backtest", "kind", "model", "first_sku_id", "shown_values")
    readonly_fields = ("shown_values",)

    @column(_("sums"))
    def shown_values(self, row: BacktestSum) -> SafeString:
        return array_text(row.values, last=200)


@admin.register(ForecastTrack)
class ForecastTrackAdmin(PooledAdmin, ExportedAdmin, ReadOnlyAdmin):
    export_name = "forecast-lean"
    list_display = (
        "sku", "pool", "shown_signal", _number("error_sum", _("actual less forecast"), 0), _number("forecast_sum", _("forecast"), 0),
        "weeks", "updated_at",
    )  # fmt: skip
    list_filter = ("pool",)
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name")
    ordering = ("sku", "pool")
    fields = ("sku", "pool", "shown_signal", "weeks", "error_sum", "mean_error", "forecast_sum", "shown_promised", "updated_at")
    readonly_fields = ("shown_signal", "shown_promised")

    @column(_("tracking signal"))
    def shown_signal(self, track: ForecastTrack) -> str:
        if track.error_sum is None or track.mean_error is None:
            return "–"
        return f"{tracking_signal(track.error_sum, track.mean_error):+.1f}"

    @column(_("units forecast of the first 7, 14 and 30 days"))
    def shown_promised(self, track: ForecastTrack) -> SafeString:
        return format_html_join(
            "",
            "<div>{}: {}</div>",
            (
                (day.isoformat(), " · ".join("–" if np.isnan(qty) else f"{qty:.1f}" for qty in sums))
                for day, sums in zip(track.days, track.sums, strict=True)
            ),
        )
