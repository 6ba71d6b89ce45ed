"""Forecasts, their runs and what is planned, in a shop of chance."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import numpy as np

from stockhub.catalog.models import Sku, StockPool
from stockhub.cycles.models import Cycle
from stockhub.demand.models import Forecast, LeadTimeCalibration, PlannedEvent, StockoutSeries
from stockhub.demand.track_models import ForecastTrack
from tests.snapshot.chance import Chance
from tests.worlds import DAY, NOW


def runs_of(chance: Chance) -> list[Cycle | None]:
    """Forecast runs: two that have learned what SKUs usually need, on grids of their own, one that has not, and none."""
    runs = []
    for number in range(3):
        at = NOW - timedelta(hours=number + 1)
        runs.append(Cycle.objects.create(name="forecast", slot_at=at, as_of=at, requested_by="x"))
    for run, days, levels in ((runs[0], (1, 7, 21, 90), (0.1, 0.5, 0.95)), (runs[1], (14, 28), (0.8, 0.99))):
        steps = chance.rng.random((len(levels), len(days)))
        LeadTimeCalibration.objects.create(
            cycle=run, forecaster="engine", last_on=DAY, series_count=9, learned=b"x", usual_days=np.array(days, np.int16),
            usual_levels=np.array(levels, np.float32),
            usual_deviations=np.cumsum(np.cumsum(steps, axis=0), axis=1).astype(np.float32).ravel(),
        )  # fmt: skip
    return [*runs, None]


def forecasts(chance: Chance, beside: Chance, sku: Sku, pools: list[StockPool], runs: list[Cycle | None]) -> None:
    for pool in pools:
        if chance.often():
            horizon = (0, 14, 60, 90)[chance.number(0, 3)]
            mean = chance.rng.gamma(1.0, 2.0, horizon).astype(np.float32)
            Forecast.objects.create(
                sku=sku, pool=pool, first_on=DAY - timedelta(days=chance.number(-1, 16)), horizon_days=horizon, model_used="x", mean=mean,
                error_sd=chance.number(1, 9) / 3 if chance.often() else None, history_days=9, **_lead_times(chance),
                own_sd=beside.number(0, 9) / 3 if beside.often(0.8) else None, cycle=runs[beside.number(0, 3)],
                **_spike(sku, pool),
            )  # fmt: skip
        if chance.often():
            percent = chance.rng.choice(np.array([0, 50, 100, 255], np.uint8), chance.number(1, 40))
            StockoutSeries.objects.create(sku=sku, pool=pool, first_on=DAY - timedelta(days=chance.number(1, 45)), in_stock=percent)
        if chance.often():
            error = chance.number(-40, 40) if chance.often() else None
            ForecastTrack.objects.create(
                sku=sku, pool=pool, error_sum=error, mean_error=None if error is None else chance.number(1, 20) / 3,
                forecast_sum=None if error is None else chance.number(1, 90), weeks=0 if error is None else chance.number(1, 8),
            )  # fmt: skip


def sale(sku: Sku, pool: StockPool) -> None:
    """A sale of today or to come, of one pool; one of the morning is over, and one without a time ends nobody knows when."""
    ends_time = (time(20), time(22, 30), time(9), None)[sku.pk % 4]
    PlannedEvent.objects.create(
        code=f"sale-{sku.pk}", kind="promotion", event_type="live", name="Live", sku=sku, pool=pool, starts_on=DAY,
        ends_on=DAY + timedelta(days=sku.pk % 3 // 2), ends_time=ends_time, reason="x",
    )  # fmt: skip


def _spike(sku: Sku, pool: StockPool) -> dict[str, Any]:
    return {"spike_days": (sku.pk + pool.pk) % 4, "spike_rate": 5.5 * (sku.pk % 5), "spike_before": sku.pk % 3 / 2}


def _lead_times(chance: Chance) -> dict[str, Any]:
    """Of two grids, with quantiles that rise in both directions, or nothing."""
    if chance.often(0.2):
        return {}
    days = np.array([(1, 3, 7, 14, 28, 56, 90), (7, 28)][chance.number(0, 1)], np.int16)
    levels = np.array([(0.05, 0.25, 0.5, 0.8, 0.95, 0.99), (0.5, 0.9)][chance.number(0, 1)], np.float32)
    steps = chance.rng.poisson(2.0, (len(levels), len(days)))
    return {
        "lead_time_days": days,
        "lead_time_levels": levels,
        "lead_time_quantiles": np.cumsum(np.cumsum(steps, axis=0), axis=1).astype(np.float32).ravel(),
        "lead_time_model": "textbook" if chance.often(0.3) else "engine",
    }
