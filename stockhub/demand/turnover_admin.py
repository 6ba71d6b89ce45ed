"""Turnover by month and category, cliffs of demand and the figures of stock, to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.pooled_admin import PooledAdmin
from stockhub.core.admin_classes import ReadOnlyAdmin, array_text, column
from stockhub.demand.turnover.months import Months
from stockhub.demand.turnover_models import CategoryTurnover, DemandCliff, StockFigures, TurnoverHistory
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.monthly_flow import yearly_turnover


def _by_month(last_month: date, sold: FloatArray, held: FloatArray, digits: int) -> SafeString:
    """A line a month, the newest first: what was sold, the mean stock, and the turnover that they make."""
    months = Months(last_month)
    turnover = yearly_turnover(sold[None], held[None], months.lengths)[0]
    rows = zip(months.starts[:-1], sold.tolist(), held.tolist(), turnover.tolist(), strict=True)
    lines = [(f"{first:%Y-%m}", _text(s, digits), _text(h, digits), _text(t, 2)) for first, s, h, t in rows]
    return format_html_join("", "<div>{}: {} ÷ {} → {}</div>", reversed(lines))


def _text(number: float, digits: int) -> str:
    return "–" if np.isnan(number) else f"{number:,.{digits}f}"


@admin.register(TurnoverHistory)
class TurnoverHistoryAdmin(PooledAdmin, ReadOnlyAdmin):
    list_display = ("sku", "pool", "last_month", "shown_turnover", "updated_at")
    list_filter = ("pool", "last_month")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name")
    ordering = ("sku", "pool")
    fields = ("sku", "pool", "last_month", "shown_months", "updated_at")
    readonly_fields = ("shown_months",)

    @column(_("turnover a year"))
    def shown_turnover(self, row: TurnoverHistory) -> str:
        return _last_turnover(row.last_month, row.sold, row.held)

    @column(_("units sold and mean stock by month"))
    def shown_months(self, row: TurnoverHistory) -> SafeString:
        return _by_month(row.last_month, row.sold.astype(np.float64), row.held.astype(np.float64), 1)


@admin.register(CategoryTurnover)
class CategoryTurnoverAdmin(PooledAdmin, ReadOnlyAdmin):
    list_display = ("category", "pool", "last_month", "shown_turnover", "skus", "updated_at")
    list_filter = ("pool",)
    list_select_related = ("category", "pool")
    search_fields = ("category__code", "category__name")
    ordering = ("pool", "category")
    fields = ("category", "pool", "last_month", "skus", "median", "shown_months", "updated_at")
    readonly_fields = ("shown_months",)

    @column(_("turnover a year"))
    def shown_turnover(self, row: CategoryTurnover) -> str:
        return _last_turnover(row.last_month, row.cogs, row.inventory)

    @column(_("cost of sales and mean stock by month"))
    def shown_months(self, row: CategoryTurnover) -> SafeString:
        return _by_month(row.last_month, row.cogs, row.inventory, 0)


def _last_turnover(last_month: date, sold: Sequence[float], held: Sequence[float]) -> str:
    days = ((last_month + timedelta(days=32)).replace(day=1) - last_month).days
    return _text(float(yearly_turnover(np.array([sold[-1]]), np.array([held[-1]]), days)[0]), 2) if len(sold) else "–"


@admin.register(DemandCliff)
class DemandCliffAdmin(PooledAdmin, ReadOnlyAdmin):
    list_display = ("sku", "pool", "broke_on", "rate_before", "rate_after", "p_value", "detected_at")
    list_filter = ("pool", "broke_on")
    list_select_related = ("sku", "pool")
    search_fields = ("sku__code", "sku__name")
    ordering = ("-detected_at", "-id")


@admin.register(StockFigures)
class StockFiguresAdmin(PooledAdmin, ReadOnlyAdmin):
    list_display = ("day", "pool", "category", "cycle")
    list_filter = ("pool", "day")
    list_select_related = ("pool", "category", "cycle")
    ordering = ("-day", "pool", "category", "chunk")
    fields = ("day", "pool", "category", "cycle", "chunk", "shown_figures")
    readonly_fields = ("shown_figures",)

    @column(_("figures"))
    def shown_figures(self, row: StockFigures) -> SafeString:
        return array_text(row.figures, last=40)
