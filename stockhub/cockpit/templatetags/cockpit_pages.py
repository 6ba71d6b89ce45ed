"""Parts that the cockpit adds to the pages of other areas."""

from __future__ import annotations

from typing import Any

from django import template

from stockhub.cockpit.accuracy_page import AccuracyPage, accuracy_page
from stockhub.cockpit.forecast_page import ForecastPage, forecast_page
from stockhub.cockpit.season_page import SeasonCard, season_cards
from stockhub.cockpit.stage_page import StagePage, stage_page
from stockhub.demand.champion_models import DemandKind

register = template.Library()


@register.simple_tag(takes_context=True)
def forecast_charts(context: dict[str, Any], forecast: Any) -> ForecastPage | None:  # noqa: ANN401 - whatever the page shows
    """The charts of the forecast on the page; None on a page without one."""
    return forecast_page(forecast, context["request"].user) if forecast is not None else None


@register.simple_tag(takes_context=True)
def stage_evidence(context: dict[str, Any], state: Any) -> StagePage | None:  # noqa: ANN401 - whatever the page shows
    """The weeks and the evidence of the stage on the page; None on a page without one."""
    return stage_page(state, context["request"].user) if state is not None else None


@register.simple_tag(takes_context=True)
def season_index(context: dict[str, Any], row: Any) -> list[SeasonCard]:  # noqa: ANN401 - whatever the page shows
    """How the months of the year sell, of the SKU or the category whose stage is on the page; nothing on a page without one."""
    return season_cards(row, context["request"].user) if row is not None else []


@register.simple_tag(takes_context=True)
def accuracy_charts(context: dict[str, Any]) -> AccuracyPage:
    """The charts of the kind of demand that the list is narrowed to."""
    kind = context["request"].GET.get("kind__exact", "")
    return accuracy_page(kind if kind in DemandKind.values else "")
