"""What a run's lead-time quantiles are calibrated on: one sample of all series, the same whatever the run's chunks are.

Calibration is pooled over series, so a chunk must not learn from itself alone: a small one has too few lead times, and two neighbours would
disagree. See docs/adr/0016.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.core.columns import INT, read
from stockhub.cycles.models import Cycle
from stockhub.demand.forecasting import series_ids
from stockhub.demand.frames import Rows, rows_of
from stockhub.demand.lead_times import Asked, asked_of
from stockhub.demand.models import ForecastSettings, LeadTimeCalibration
from stockhub.demand.stockouts import mark_stockout_days
from stockhub.demand.true_demand import true_demand_of
from stockhub.inventory.history.daily_stock import extend_stock_history
from stockhub.pluginapi import Panel
from stockhub.pluginhost.forecasting import fit_forecaster
from stockhub.values import DomainError

#: Series of the sample. More of them change no quantile: four thousand have a hundred thousand lead times of a week.
MOST_SERIES: Final = 4_000
#: Calibrations are looked at when something is odd, and soon of no use.
KEPT_DAYS: Final = 14


def calibrate(cycle: Cycle, wanted: ForecastSettings) -> None:
    """Learns for a run, from a sample of the whole catalogue even where the run is for a few SKUs. Written again, it is the same.

    Where the forecaster fails, the calibration says how, and the run's lead-time quantiles are the textbook's.
    """
    asked = asked_of(wanted)
    if not asked.forecaster:
        return
    last_on = clock.business_day(cycle.as_of, settings.STOCKHUB_TIME_ZONE) - timedelta(days=1)
    learned, error, count = b"", "", 0
    with clock.at(cycle.as_of):
        rows = sample()
        if len(rows):
            panel = _panel(rows, last_on, wanted)
            learned, error = _learned(panel, asked)
            count = len(rows)
    LeadTimeCalibration.objects.update_or_create(
        cycle=cycle,
        defaults={"forecaster": asked.forecaster, "last_on": last_on, "series_count": count, "learned": learned, "error": error},
    )
    LeadTimeCalibration.objects.filter(created_at__lt=clock.now() - timedelta(days=KEPT_DAYS)).exclude(cycle=cycle).delete()


def calibration_of(cycle: Cycle) -> tuple[bytes | None, str]:
    """What the run has learned, or None and why it has not."""
    found = LeadTimeCalibration.objects.filter(cycle=cycle).first()
    if found is None:
        return None, ""
    return bytes(found.learned) or None, found.error


def _learned(panel: Panel, asked: Asked) -> tuple[bytes, str]:
    try:
        return fit_forecaster(asked.forecaster, panel, asked.days), ""
    except DomainError as failed:
        return b"", f"{failed.code}: {failed.message}"[:400]


def sample() -> Rows:
    """At most `MOST_SERIES` rows of the catalogue, scattered over it by a hash of their ids, so that no chunk and no run changes them."""
    skus: NDArray[np.int64] = read(Sku.objects.filter(deleted_at=None, is_bundle=False).order_by("id"), {"id": INT})["id"]
    chosen = np.sort(skus[np.argsort(scattered(skus), kind="stable")[:MOST_SERIES]])
    rows = rows_of(chosen)
    if len(rows) <= MOST_SERIES:
        return rows
    order = np.argsort(scattered(series_ids(rows.sku_ids, rows.pool_ids)), kind="stable")
    kept = np.sort(order[:MOST_SERIES])
    return Rows(rows.sku_ids[kept], rows.pool_ids[kept])


def scattered(ids: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Numbers (n,) that look like chance and depend on nothing but each id (Fibonacci hashing: Knuth, TAOCP 3, 6.4)."""
    spread = ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    spread ^= spread >> np.uint64(32)
    return spread * np.uint64(0xD6E8FEB86659FD93)


def _panel(rows: Rows, last_on: date, wanted: ForecastSettings) -> Panel:
    """The panel that the sample's chunks are going to see, stock-out days of yesterday included."""
    extend_stock_history(rows.skus.tolist())
    mark_stockout_days(rows, last_on=last_on, days=wanted.history_days)
    return true_demand_of(rows, wanted, last_on=last_on).panel()
