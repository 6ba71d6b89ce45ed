"""Reasons of a forecast as lines that a person reads, on the pages of forecasts and of alerts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import get_language, gettext, gettext_noop

from stockhub.demand.models import ForecastBasis

_ORIGINS: Final = {
    "stated": gettext_noop("stated"),
    "learned": gettext_noop("learned"),
    "unknown": gettext_noop("nobody knows its lift yet"),
}
_PROBLEMS: Final = {
    "NOT_A_NUMBER": gettext_noop("Days without a number were left out."),
    "NEGATIVE_SALES": gettext_noop("Days with sales below zero were left out."),
    "IMPLAUSIBLE_QUANTITY": gettext_noop("Days with quantities that cannot be were left out."),
    "FUTURE_SALES": gettext_noop("Sales dated in the future were left out."),
    "STOCK_CONTRADICTS_SALES": gettext_noop("It sold while its stock history says that there was none: that history was not used."),
}
#: What has told of an event, where that was no person: the calendars of the core.
_CALENDARS: Final = {
    "commerce-festivals": gettext_noop("calendar of online commerce"),
    "public-holidays": gettext_noop("calendar of public holidays"),
}
#: Of a new SKU: what its first week says of the weeks to come (D13).
_PLATEAU: Final = {"middle": "plateau_week", "low": "plateau_week_low", "high": "plateau_week_high"}


def reason_lines(reasons: Sequence[dict[str, Any]]) -> list[str]:
    """A line for each reason: what, by how much, when, why, who."""
    return [_line(reason) for reason in reasons]


def forecast_reason_lines(sku_id: int | None, pool_id: int | None) -> list[str]:
    """The reasons of the forecast of a SKU in a pool; none where there is no such forecast, or it has none."""
    if sku_id is None or pool_id is None:
        return []
    basis = ForecastBasis.objects.filter(forecast__sku_id=sku_id, forecast__pool_id=pool_id).only("reasons").first()
    return reason_lines(basis.reasons) if basis else []


def _line(reason: dict[str, Any]) -> str:
    if reason["code"] in _PROBLEMS:
        return gettext(_PROBLEMS[reason["code"]])
    chinese = (get_language() or "").startswith("zh")
    parts = [reason["label"]["zh" if chinese else "en"]]
    if reason["factor"] is not None:
        parts.append(f"× {reason['factor']:.3g}")
    values = reason.get("values") or {}
    if (units := values.get("units_a_day")) is not None:
        parts.append(gettext("%(units)g units a day") % {"units": units})
    if (units := values.get("units")) is not None:
        parts.append(gettext("%(units)g units in all") % {"units": units})
    if (scale := values.get("scale")) is not None:
        parts.append(gettext("%(scale)g times what it sold") % {"scale": scale})
    if all(name in values for name in _PLATEAU.values()):
        plateau = {place: round(values[name], 1) for place, name in _PLATEAU.items()}
        parts.append(gettext("settles at %(middle)g units a week, between %(low)g and %(high)g") % plateau)
    if origin := _ORIGINS.get(reason.get("origin", "")):
        parts.append(gettext(origin))
    if days := " – ".join(day for day in (reason["first_on"], reason["last_on"]) if day):
        parts.append(days)
    made_by = reason.get("made_by", "")
    told = gettext(_CALENDARS[made_by]) if made_by in _CALENDARS else made_by
    parts += [text for text in (reason["why"], told) if text]
    return " · ".join(parts)
