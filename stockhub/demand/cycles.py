"""The cycles of this area: `sync` brings sales facts up to date, `forecast` makes the forecasts that every decision rests on."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from django.conf import settings
from django.db.models import QuerySet
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.channels.models import SalesDelta
from stockhub.core import clock
from stockhub.core.columns import INT, read
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.demand.champions.in_use import champions_in_use, champions_of
from stockhub.demand.forecasting import ChainResult, panel_of, run_chain, series_ids
from stockhub.demand.frames import DemandFrame, Rows, demand_of, in_stock_of, rows_of
from stockhub.demand.models import Forecast, ForecastSettings
from stockhub.demand.services import apply_sales_deltas
from stockhub.demand.stockouts import OBSERVED_FROM_PERCENT, mark_stockout_days
from stockhub.demand.tracking import track_forecasts
from stockhub.inventory.allocations import serve_owed
from stockhub.inventory.history.daily_stock import extend_stock_history
from stockhub.inventory.lots.settlement import settle_lots
from stockhub.pluginhost.registry import registry
from stockhub.values import Label

#: Tried in this order, as far as they are installed. Optimised smoothing has the least error of the cheap models over 14 and 28 days on
#: the reference data; the averages need less history; the built-in one is always there.
DEFAULT_CHAIN = ("ses-optimised", "moving-average", "recent-average")
DEFAULT_QUANTILES = (0.5, 0.8, 0.9, 0.95, 0.98)
#: Rows written in one transaction on either database.
WRITE_BATCH = 1000


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


def _record_the_day(work: Work, ids: list[int], rows: Rows) -> None:
    """Writes down what yesterday's close can still tell: stock by day, lots, stock-out days; and gives owed orders what has come in."""
    with work.step("daily_stock"), work.guard():
        work.count("stock_histories", extend_stock_history(ids))
    with work.step("lots"):
        work.count("lots_settled", settle_lots(ids))
        work.count("owed_units_served", serve_owed(sku_ids=ids, has_arrived=False))
    if len(rows):
        with work.step("stockout_days"), work.guard():
            work.count("stockout_series", mark_stockout_days(rows, last_on=_yesterday(work), days=forecast_settings().history_days))


def _yesterday(work: Work) -> date:
    return clock.business_day(work.as_of, settings.STOCKHUB_TIME_ZONE) - timedelta(days=1)


def sku_range(work: Work) -> list[int]:
    """The ids of the chunk, without those that its cycle was not asked for."""
    skus = _skus_of(work.cycle).filter(id__gte=work.chunk.first_sku_id, id__lte=work.chunk.last_sku_id)
    return list(skus.order_by("id").values_list("id", flat=True))


def _forecast_chunk(work: Work) -> None:
    wanted, ids = forecast_settings(), sku_range(work)
    with clock.at(work.as_of):
        rows = rows_of(ids)
        _record_the_day(work, ids, rows)
        if not len(rows):
            return
        with work.step("load"):
            frame = demand_of(rows, last_on=_yesterday(work), days=wanted.history_days)
            in_stock = in_stock_of(rows, first_on=frame.first_on, days=wanted.history_days)
        with work.step("forecast"):
            panel = panel_of(
                series_ids(rows.sku_ids, rows.pool_ids), frame.values, in_stock, frame.first_on, observed_from=OBSERVED_FROM_PERCENT
            )
            levels = tuple(wanted.quantile_levels)
            first = champions_of(champions_in_use(wanted), rows.sku_ids, frame.values, _yesterday(work))
            result = run_chain(panel, chain=wanted.chain, horizon=wanted.horizon_days, quantile_levels=levels, champions=first)
        work.errors += [f"forecaster {slug}: {message}" for slug, message in result.failures.items()]
        with work.step("write"):
            _write(work, rows, frame, result, wanted)
        with work.step("track"):
            first_on = _yesterday(work) + timedelta(days=1)
            work.count("tracked", track_forecasts(rows, first_on, result.mean, panel, guard=work.guard, batch=WRITE_BATCH))


def _write(work: Work, rows: Rows, frame: DemandFrame, result: ChainResult, wanted: ForecastSettings) -> None:
    history = (~np.isnan(frame.values)).sum(axis=1)
    levels = np.array(wanted.quantile_levels, np.float32)
    now = clock.now()
    first_on = _yesterday(work) + timedelta(days=1)
    made = [row for row in range(len(rows)) if result.model_used[row]]
    for start in range(0, len(made), WRITE_BATCH):
        batch = [
            Forecast(
                sku_id=int(rows.sku_ids[row]),
                pool_id=int(rows.pool_ids[row]),
                cycle=work.cycle,
                first_on=first_on,
                horizon_days=wanted.horizon_days,
                model_used=result.model_used[row],
                fallback_reason=result.fallback_reason[row],
                mean=result.mean[row],
                quantile_levels=levels,
                quantiles=result.quantiles[row].ravel(),
                error_sd=None if np.isnan(result.error_sd[row]) else float(result.error_sd[row]),
                history_days=int(history[row]),
                created_at=now,
            )
            for row in made[start : start + WRITE_BATCH]
        ]
        with work.guard():
            Forecast.objects.bulk_create(
                batch,
                update_conflicts=True,
                unique_fields=["sku", "pool"],
                update_fields=[
                    "cycle", "first_on", "horizon_days", "model_used", "fallback_reason", "mean",
                    "quantile_levels", "quantiles", "error_sd", "history_days", "created_at",
                ],
            )  # fmt: skip
    work.count("series", len(rows))
    for row in made:
        work.count(f"model.{result.model_used[row]}", 1)
    work.count("fallbacks", sum(bool(reason) for reason in result.fallback_reason))
    work.count("without_forecast", len(rows) - len(made))


def _forecast_message(cycle: Cycle) -> str:
    if not cycle.counts.get("series"):
        return "No data: no SKU has sales, stock or a policy in any pool. Import sales and opening stock, and give the accounts a pool."
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
    prepare=_apply_sales,
    run_chunk=_forecast_chunk,
    finish=_forecast_message,
)
