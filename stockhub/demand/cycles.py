"""The cycles of this area: `sync` brings sales facts up to date, `forecast` makes the forecasts that every decision rests on."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date, datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.channels.models import SalesDelta
from stockhub.core import clock
from stockhub.core.columns import INT, read
from stockhub.core.kept_texts import Said
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.demand.actuals import actuals_of
from stockhub.demand.calibration import calibrate, calibration_of, history_days_in
from stockhub.demand.champion_sums import by_champions, learned_of
from stockhub.demand.champions.in_use import champions_in_use, champions_of
from stockhub.demand.costly_lead_times import improve
from stockhub.demand.forecasting import DEFAULT_CHAIN, run_chain
from stockhub.demand.frames import DemandFrame, Rows, rows_of
from stockhub.demand.lead_times import asked_of, lead_times_of
from stockhub.demand.models import ForecastSettings
from stockhub.demand.own_deviations import own_deviations
from stockhub.demand.plans.lifts import pool_lifts, save_event_sales
from stockhub.demand.plans.order_promotions import record_order_promotions
from stockhub.demand.plans.signals import expire_unfollowed
from stockhub.demand.services import apply_sales_deltas
from stockhub.demand.signals.recording import record_observed_signals
from stockhub.demand.spikes import spikes_of
from stockhub.demand.stockouts import mark_stockout_days
from stockhub.demand.tracking import track_forecasts
from stockhub.demand.true_demand import TrueDemand, true_demand_of
from stockhub.demand.turnover.categories import keep_category_turnover
from stockhub.demand.turnover.cliffs import keep_cliffs
from stockhub.demand.turnover.histories import keep_turnover
from stockhub.demand.velocity import kept_of
from stockhub.demand.writing import Made, write
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.history.daily_stock import extend_stock_history
from stockhub.inventory.lots.settlement import settle_lots
from stockhub.pluginhost.registry import registry
from stockhub.values import Label

logger = logging.getLogger(__name__)
DEFAULT_QUANTILES = (0.1, 0.5, 0.8, 0.9, 0.95, 0.98)
#: Tracks written in one transaction on either database.
TRACKED_BATCH = 1000


def sku_ids(cycle: Cycle) -> NDArray[np.int64]:
    """The SKUs that the cycle is for, sorted."""
    ids: NDArray[np.int64] = read(_skus_of(cycle).order_by("id"), {"id": INT})["id"]
    return ids


def _skus_of(cycle: Cycle) -> QuerySet[Sku]:
    skus = Sku.objects.filter(deleted_at=None, is_bundle=False)
    return skus.filter(code__in=cycle.sku_codes) if cycle.sku_codes else skus


def forecast_settings() -> ForecastSettings:
    """The one row of settings; its defaults where an operator has set nothing."""
    wanted = ForecastSettings.objects.first() or ForecastSettings()
    wanted.chain = wanted.chain or [slug for slug in DEFAULT_CHAIN if slug in registry().forecasters]
    wanted.quantile_levels = wanted.quantile_levels or list(DEFAULT_QUANTILES)
    return wanted


def _changed_sku_ids(cycle: Cycle) -> NDArray[np.int64]:  # noqa: ARG001 - what has changed is wanted, whatever the run was asked for
    """The SKUs whose sales have changed since somebody looked."""
    return np.fromiter(SalesDelta.objects.order_by("sku_id").values_list("sku_id", flat=True).distinct(), np.int64)


def _sync_chunk(work: Work) -> None:
    with work.step("sales"):
        changes = apply_sales_deltas(first_sku_id=work.chunk.first_sku_id, last_sku_id=work.chunk.last_sku_id)
    work.count("sales_changes", changes)


def _apply_sales(cycle: Cycle) -> None:
    cycle.counts["sales_changes"] = apply_sales_deltas()


def _record_the_day(work: Work, ids: list[int], rows: Rows, days: int) -> None:
    """Writes down what yesterday's close can still tell: stock by day, lots, stock-out days; and gives owed orders what has come in."""
    with work.step("daily_stock"), work.guard():
        work.count("stock_histories", extend_stock_history(ids))
    with work.step("lots"):
        work.count("lots_settled", settle_lots(ids))
        work.count("owed_units_served", serve_owed(sku_ids=ids, has_arrived=False))
    if len(rows):
        with work.step("stockout_days"), work.guard():
            work.count("stockout_series", mark_stockout_days(rows, last_on=_yesterday(work), days=days))


def _prepare_forecasts(cycle: Cycle) -> None:
    """Sales first, because a signal that they do not follow ends before it moves anything."""
    _apply_sales(cycle)
    with clock.at(cycle.as_of), transaction.atomic():
        cycle.counts["signals_expired"] = expire_unfollowed(_day_before(cycle.as_of))
        cycle.counts["promotions_seen"] = record_order_promotions(_day_before(cycle.as_of))
        cycle.counts["signals_seen"], problems = record_observed_signals(_day_before(cycle.as_of))
        cycle.counts["signal_sources_failed"] = len(problems)
    for problem in problems:
        logger.warning("%s", problem)
    calibrate(cycle, forecast_settings())


def _finish_forecasts(cycle: Cycle) -> Said:
    with clock.at(cycle.as_of), transaction.atomic():
        cycle.counts["event_lifts"] = pool_lifts()
        cycle.counts["category_turnovers"] = keep_category_turnover(_day_before(cycle.as_of))
    return _forecast_message(cycle)


def _yesterday(work: Work) -> date:
    return _day_before(work.as_of)


def _day_before(moment: datetime) -> date:
    return clock.business_day(moment, settings.STOCKHUB_TIME_ZONE) - timedelta(days=1)


def sku_range(work: Work) -> list[int]:
    """The ids of the chunk, without those that its cycle was not asked for."""
    skus = _skus_of(work.cycle).filter(id__gte=work.chunk.first_sku_id, id__lte=work.chunk.last_sku_id)
    return list(skus.order_by("id").values_list("id", flat=True))


def _forecast_chunk(work: Work) -> None:
    wanted, ids = forecast_settings(), sku_range(work)
    with clock.at(work.as_of):
        rows, days = rows_of(ids), history_days_in(work.cycle, wanted)
        _record_the_day(work, ids, rows, days)
        if not len(rows):
            return
        with work.step("load"):
            truth = true_demand_of(rows, wanted, last_on=_yesterday(work), days=days)
            panel = truth.panel()
        with work.step("forecast"):
            levels = tuple(wanted.quantile_levels)
            first = champions_of(champions_in_use(wanted), rows.sku_ids, truth.frame.values, _yesterday(work))
            points = run_chain(
                panel, chain=wanted.chain, horizon=wanted.horizon_days, quantile_levels=levels, champions=first.mean, kept=kept_of(wanted)
            )
        with work.step("lead_times"):
            calibrated, error = calibration_of(work.cycle)
            lead_times = lead_times_of(panel, points, asked_of(wanted), calibrated, error=error)
        with work.step("champions_of_sums"):
            failed = by_champions(lead_times, panel, points, first.sums, learned_of(work.cycle, lead_times.asked), wanted)
        with work.step("costly_lead_times"):
            costly = improve(work, lead_times, panel, truth.targets, wanted)
        work.errors += [f"forecaster {slug}: {message}" for slug, message in points.failures.items()] + truth.problems
        work.errors += [f"lead-time forecaster {lead_times.asked.forecaster}: {message}" for message in {error, lead_times.failure} - {""}]
        work.errors += [f"champion of sums {slug}: {message}" for slug, message in failed.items() if slug not in points.failures]
        work.errors += [f"costly lead-time forecaster {wanted.costly_forecaster}: {costly}"] if costly else []
        with work.step("adjust"):
            truth.settle(points, lead_times)
            learned = truth.learned()
        own_sd = own_deviations(panel, truth.base, points.mean, lead_times.asked)
        first_on = _yesterday(work) + timedelta(days=1)
        made = Made(rows, points, lead_times, _history_days(truth.frame), own_sd, spikes_of(truth.demand), work.cycle.pk, first_on, levels)
        with work.step("write"):
            _write(work, made)
            with work.guard():
                work.count("forecasts_with_reasons", truth.keep())
                work.count("events_learned", save_event_sales(learned))
        work.count("series_with_bad_figures", len(truth.demand.problems))
        with work.step("track"):
            actuals = actuals_of(rows, truth.frame, truth.believed_in_stock, truth.least_share)
            work.count("tracked", track_forecasts(rows, made.first_on, points.mean, actuals, guard=work.guard, batch=TRACKED_BATCH))
        _keep_turnover(work, rows, truth)


def _keep_turnover(work: Work, rows: Rows, truth: TrueDemand) -> None:
    """What the rules of turnover look back on: months of sales and stock, and where demand has fallen at once."""
    with work.step("turnover"):
        work.count("turnovers", keep_turnover(rows, last_on=_yesterday(work), guard=work.guard, batch=TRACKED_BATCH))
        ordinary = np.where(truth.demand.observed, truth.demand.baseline, np.nan)
        work.count("cliffs", keep_cliffs(rows, ordinary, last_on=_yesterday(work), guard=work.guard))


def _history_days(frame: DemandFrame) -> NDArray[np.int64]:
    return np.asarray(np.count_nonzero(~np.isnan(frame.values), axis=1), np.int64)


def _write(work: Work, made: Made) -> None:
    written = 0
    for batch in made.batches():
        with work.guard():
            write(made, batch)
        written += len(batch)
    points, lead_times = made.points, made.lead_times
    work.count("series", len(made.rows))
    for model, number in Counter(filter(None, points.model_used)).items():
        work.count(f"model.{model}", number)
    work.count("fallbacks", sum(bool(reason) for reason in points.fallback_reason))
    work.count("without_forecast", len(made.rows) - written)
    for model, number in Counter(lead_times.model_used).items():
        work.count(f"lead_time_model.{model}", number)


def _forecast_message(cycle: Cycle) -> Said:
    if not cycle.counts.get("series"):
        return _("No data: no SKU has sales, stock or a policy in any pool. Import sales and opening stock, and give the accounts a pool.")
    return ""


SYNC = CycleDefinition(
    name="sync",
    label=Label("Facts", "数据同步"),
    sku_ids=_changed_sku_ids,
    run_chunk=_sync_chunk,
    queue="fast",
    reacts_to=("channels.order", "channels.listing_linked"),
    idle_is_normal=True,
)
FORECAST = CycleDefinition(
    name="forecast",
    label=Label("Forecasts", "需求预测"),
    sku_ids=sku_ids,
    prepare=_prepare_forecasts,
    run_chunk=_forecast_chunk,
    # What is learned is learned once for the run, so that small parts cost nothing and several workers end together.
    chunk_skus=2000,
    finish=_finish_forecasts,
)
