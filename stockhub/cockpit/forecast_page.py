"""What the page of one forecast shows: the fan chart, how stock runs down along it, and how past forecasts did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from stockhub.access.models import User
from stockhub.alerts.units import amount_of_unit
from stockhub.alerts.wording import money_text
from stockhub.catalog.models import Season, Sku
from stockhub.cockpit.charts.depletion import depletion_chart
from stockhub.cockpit.charts.fan import Event, Fan, fan_chart
from stockhub.core import clock
from stockhub.demand.basis import PROBABLE_STOCKOUT, SHOWN_LABELS
from stockhub.demand.forecaster_names import forecaster_name
from stockhub.demand.frames import Rows, demand_of, in_stock_of
from stockhub.demand.models import Forecast, ForecastBasis
from stockhub.demand.plans.events import events_between
from stockhub.demand.plans.lifts import KnownLifts
from stockhub.demand.plans.stand_ins import stand_in_events
from stockhub.demand.plans.targets import TargetRows
from stockhub.demand.track_models import ForecastTrack
from stockhub.formulas.forecasting.monitoring import tracking_signal
from stockhub.overview.cover_target import cover_target
from stockhub.overview.depletion import PROBABILITIES, Depletion, depletion
from stockhub.values import Metric, Money

#: Days of history beside the forecast.
HISTORY_DAYS = 90


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """Everything that the template needs."""

    fan: SafeString
    model: str
    levels: Sequence[str]
    out_days: int
    perhaps_out_days: int
    has_events: bool
    stands_in: bool
    next_28_qty: float
    track: ForecastTrack | None
    signal: str
    depletion: Depletion | None
    depletion_chart: SafeString
    gone_by: Sequence[tuple[Any, date | None]]
    cover: Sequence[tuple[str, str]]


def forecast_page(forecast: Forecast, user: User | AnonymousUser) -> ForecastPage:
    """The page; stock only for those who may see it."""
    rows = Rows(np.array([forecast.sku_id], np.int64), np.array([forecast.pool_id], np.int64))
    first_on = forecast.first_on - timedelta(days=HISTORY_DAYS)
    history = demand_of(rows, last_on=forecast.first_on - timedelta(days=1), days=HISTORY_DAYS).values[0].astype(np.float64)
    in_stock = in_stock_of(rows, first_on=first_on, days=HISTORY_DAYS)[0]
    out = np.where(np.isnan(in_stock), False, in_stock == 0) & ~(np.nan_to_num(history) > 0)
    perhaps_out = _perhaps_out(forecast, first_on) & ~out
    levels = tuple(float(level) for level in forecast.quantile_levels)
    last_on = forecast.first_on + timedelta(days=len(forecast.mean) - 1)
    fan = Fan(
        first_on=first_on,
        history=history,
        out_of_stock=out,
        mean=forecast.mean.astype(np.float64),
        levels=levels,
        quantiles=forecast.quantiles.astype(np.float64).reshape(len(levels), -1) if levels else np.zeros((0, len(forecast.mean))),
        events=list(events_of(forecast.sku, rows, first_on, last_on)),
        perhaps_out=perhaps_out,
    )
    track = ForecastTrack.objects.filter(sku_id=forecast.sku_id, pool_id=forecast.pool_id).first()
    stock = _stock(forecast, user)
    return ForecastPage(
        fan=fan_chart(fan),
        model=forecaster_name(forecast.model_used),
        levels=[f"{level * 100:g} %" for level in levels],
        out_days=int(out.sum()),
        perhaps_out_days=int(perhaps_out.sum()),
        has_events=any(not event.stands_in for event in fan.events),
        stands_in=any(event.stands_in for event in fan.events),
        next_28_qty=float(forecast.mean[:28].sum()),
        track=track,
        signal=_signal(track),
        depletion=stock,
        depletion_chart=_depletion_chart(stock),
        gone_by=_gone_by(stock),
        cover=_cover(forecast, user),
    )


def _perhaps_out(forecast: Forecast, first_on: date) -> NDArray[np.bool_]:
    """The days (HISTORY_DAYS,) from `first_on` on that the forecast took for probable stock-outs."""
    found = np.zeros(HISTORY_DAYS, np.bool_)
    basis = ForecastBasis.objects.filter(forecast=forecast).first()
    if basis is not None:
        places = (basis.labels_from - first_on).days + np.flatnonzero(basis.day_labels == SHOWN_LABELS.index(PROBABLE_STOCKOUT))
        found[places[(places >= 0) & (places < HISTORY_DAYS)]] = True
    return found


def _cover(forecast: Forecast, user: User | AnonymousUser) -> Sequence[tuple[str, str]]:
    """The cover that costs least (N6), with what it and the present one cost a month; each number or why there is none."""
    if not user.has_perm("inventory.view_balance"):
        return ()
    found = cover_target(sku_id=forecast.sku_id, pool_id=forecast.pool_id, as_of=clock.now())
    if found is None:
        return ()

    def told(metric: Metric) -> str:
        if metric.value is None:
            return f"– {metric.reason}"
        return (
            amount_of_unit(metric.value, "day")
            if metric.unit == "day"
            else money_text(Money(Decimal(str(metric.value)).quantize(Decimal("0.01")), metric.unit))
        )

    return [
        (_("Cheapest cover"), told(found.best)),
        (_("costs a month"), told(found.cost_at_best)),
        (_("The present cover costs a month"), told(found.cost_at_present)),
    ]


def events_of(sku: Sku, rows: Rows, first_on: date, last_on: date) -> Iterable[Event]:
    """What moves the demand of a SKU within these days: its season, what is planned for it, festivals that are known to move demand, and
    outages of others that it stands in for.

    `rows` is its row in the pool of the forecast.
    """
    if sku.season is not None:
        yield from _season_days(sku.season, first_on, last_on)
    language, known, targets = get_language() or "en", KnownLifts(), TargetRows(rows, first_on + timedelta(days=HISTORY_DAYS - 1))
    events, _problems = events_between(first_on, last_on)
    for event in events:
        if known.moves_demand(event) and targets.share_of(event).any():
            yield Event(max(event.first_on, first_on), min(event.last_on, last_on), event.label.text(language))
    for event in stand_in_events(rows, first_on=first_on, last_on=first_on + timedelta(days=HISTORY_DAYS - 1)):
        if targets.share_of(event).any():
            yield Event(event.first_on, min(event.last_on, last_on), event.label.text(language), stands_in=True)


def _season_days(season: Season, first_on: date, last_on: date) -> Iterable[Event]:
    """The season of each year that touches the days; one that crosses New Year belongs to the year in which it begins."""
    for year in range(first_on.year - 1, last_on.year + 1):
        begins = _day(year, season.starts_month, season.starts_day)
        crosses = (season.ends_month, season.ends_day) < (season.starts_month, season.starts_day)
        ends = _day(year + crosses, season.ends_month, season.ends_day)
        if begins <= last_on and ends >= first_on:
            yield Event(max(begins, first_on), min(ends, last_on), season.name)


def _day(year: int, month: int, day: int) -> date:
    """The 29th of February is the 28th in most years."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month + 1, 1) - timedelta(days=1)


def _signal(track: ForecastTrack | None) -> str:
    if track is None or track.error_sum is None or track.mean_error is None:
        return ""
    return f"{tracking_signal(track.error_sum, track.mean_error):+.1f}"


def _stock(forecast: Forecast, user: User | AnonymousUser) -> Depletion | None:
    if not user.has_perm("inventory.view_balance"):
        return None
    return depletion(sku_id=forecast.sku_id, pool_id=forecast.pool_id, as_of=clock.now())


def _gone_by(stock: Depletion | None) -> list[tuple[Any, date | None]]:
    """The days by which nothing is left, from the early one to the late one; nothing where no quantiles are known or all are far off."""
    if stock is None or not any(stock.gone_by.values()):
        return []
    names = (_("early, one chance in ten:"), _("the middle:"), _("late, nine chances in ten:"))
    return list(zip(names, (stock.gone_by[probability] for probability in PROBABILITIES), strict=True))


def _depletion_chart(stock: Depletion | None) -> SafeString:
    if stock is None or stock.reason:
        return SafeString("")
    arguments: dict[str, Any] = {"safety_stock": stock.safety_stock, "runs_out_on": stock.stockout_on, "arrivals": stock.arrivals}
    return depletion_chart(stock.today, stock.stock, **arguments)
