"""What a run's lead-time quantiles are calibrated on: one sample of all series, the same whatever the run's chunks are.

Calibration is pooled over series, so a chunk must not learn from itself alone: a small one has too few lead times, and two neighbours would
disagree. See docs/adr/0016.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.core.columns import DAY, INT, read
from stockhub.core.ranges import id_filter
from stockhub.cycles.models import Cycle
from stockhub.demand.champion_sums import learn_champions
from stockhub.demand.champions.in_use import champions_in_use, champions_of
from stockhub.demand.costly_lead_times import learn_costly
from stockhub.demand.forecasting import series_ids
from stockhub.demand.frames import Rows, rows_of
from stockhub.demand.lead_times import Asked, asked_of
from stockhub.demand.models import ForecastSettings, LeadTimeCalibration, SalesSeries
from stockhub.demand.own_deviations import usual_of
from stockhub.demand.stockouts import mark_stockout_days
from stockhub.demand.true_demand import TrueDemand, true_demand_of
from stockhub.inventory.history.daily_stock import extend_stock_history
from stockhub.pluginapi import Panel
from stockhub.pluginhost.forecasting import fit_forecaster
from stockhub.values import DomainError

#: Series of the sample. More of them change no quantile: four thousand have a hundred thousand lead times of a week.
MOST_SERIES: Final = 4_000
#: As long as a snapshot takes a forecast (14 days), and a little longer: its safety stock reads what the run has learned.
KEPT_DAYS: Final = 16
#: Whole weeks of two years; the age from which a year before tells something (`lead-time` looks at it from 480 days on), and the share of
#: series that have to be that old.
TWO_YEARS: Final = 728
OLD_DAYS: Final = 490
LEAST_OLD_SHARE: Final = 0.25


def calibrate(cycle: Cycle, wanted: ForecastSettings) -> None:
    """Learns for a run, from a sample of the whole catalogue even where the run is for a few SKUs. Written again, it is the same.

    Where the forecaster fails, the calibration says how, and the run's lead-time quantiles are the textbook's.
    """
    asked = asked_of(wanted)
    if not asked.forecaster:
        return
    last_on = clock.business_day(cycle.as_of, settings.STOCKHUB_TIME_ZONE) - timedelta(days=1)
    learned, error, panel = b"", "", None
    usual: dict[str, Any] = {}
    champions = np.zeros(0, object)
    with clock.at(cycle.as_of):
        rows = sample()
        days = history_days_of(rows, wanted, last_on)
        if len(rows):
            truth = _truth(rows, last_on, wanted, days)
            panel = truth.panel()
            champions = champions_of(champions_in_use(wanted), rows.sku_ids, truth.frame.values, last_on).sums
            learned, error = _learned(panel, asked)
            usual, problem = usual_of(panel, asked, learned)
            error = error or problem
    LeadTimeCalibration.objects.update_or_create(
        cycle=cycle,
        defaults={
            "forecaster": asked.forecaster, "last_on": last_on, "series_count": len(rows), "learned": learned, "error": error,
            "history_days": days, **usual,
        },
    )  # fmt: skip
    learn_champions(cycle, wanted, panel, champions, asked)
    learn_costly(cycle, wanted, panel, asked)
    LeadTimeCalibration.objects.filter(created_at__lt=clock.now() - timedelta(days=KEPT_DAYS)).exclude(cycle=cycle).delete()


def calibration_of(cycle: Cycle) -> tuple[bytes | None, str]:
    """What the run has learned, or None and why it has not."""
    found = LeadTimeCalibration.objects.filter(cycle=cycle).defer("costly_learned").first()
    if found is None:
        return None, ""
    return bytes(found.learned) or None, found.error


def history_days_in(cycle: Cycle, wanted: ForecastSettings) -> int:
    """Days of history that a run looks at; those of the settings where it has not been calibrated."""
    found = LeadTimeCalibration.objects.filter(cycle=cycle).values_list("history_days", flat=True).first()
    return found or wanted.history_days


def history_days_of(rows: Rows, wanted: ForecastSettings, last_on: date) -> int:
    """Days of history for a run with this sample: two years where enough series are old enough for a year before, else the settings'.

    So the year costs twice the memory and arithmetic where it can tell something, and nothing where it cannot.
    """
    if not wanted.looks_back_two_years or wanted.history_days >= TWO_YEARS or not len(rows):
        return wanted.history_days
    first = read(SalesSeries.objects.filter(**id_filter("sku_id", rows.skus)), {"sku_id": INT, "first_on": DAY})
    oldest = np.full(len(rows.skus), np.inf)
    np.minimum.at(oldest, np.searchsorted(rows.skus, first["sku_id"]), first["first_on"])
    old = last_on.toordinal() - oldest >= OLD_DAYS
    return TWO_YEARS if old.mean() >= LEAST_OLD_SHARE else wanted.history_days


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


def _truth(rows: Rows, last_on: date, wanted: ForecastSettings, days: int) -> TrueDemand:
    """What the sample's chunks are going to see, stock-out days of yesterday included."""
    extend_stock_history(rows.skus.tolist())
    mark_stockout_days(rows, last_on=last_on, days=days)
    return true_demand_of(rows, wanted, last_on=last_on, days=days)
