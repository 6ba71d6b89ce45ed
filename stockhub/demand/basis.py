"""Keeping how forecasts came about: a row for each forecast that is not its model's on ordinary days alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from stockhub.core.binary_copy import HEADER, TRAILER, Column, as_bytes, binary_rows
from stockhub.core.bulk import is_postgresql
from stockhub.core.columns import INT, read
from stockhub.core.ranges import id_filter
from stockhub.demand.cleaning.cleaned import CleanedDemand
from stockhub.demand.frames import Rows
from stockhub.demand.models import Forecast, ForecastBasis
from stockhub.demand.plans.reasons import Told, json_texts
from stockhub.formulas.demand.promotions import DAY_LABELS, REGULAR_DAY

_POSTGRESQL_DAY_ZERO: Final = date(2000, 1, 1).toordinal()
#: Days whose labels are kept: what a chart of the forecast shows of the past.
LABELLED_DAYS: Final = 90
#: The label of days before a row's first.
NO_DAY: Final = 255
#: A day without a sale that is probably a stock-out, though nobody recorded it.
PROBABLE_STOCKOUT: Final = "probable_stockout"
#: The labels that are shown: those of `formulas.demand.promotions`, single days far from all others, and probable stock-outs.
SHOWN_LABELS: Final = (*DAY_LABELS, "outlier", PROBABLE_STOCKOUT)


def write_bases(
    rows: Rows, base: NDArray[np.float32], reasons: dict[int, list[Told]], demand: CleanedDemand, new: set[int], last_on: date
) -> int:
    """Replaces the bases of the rows' forecasts; rows on ordinary days alone, without a reason, have none."""
    labels = _labels(demand)
    wanted = ((labels != NO_DAY) & (labels != int(REGULAR_DAY))).any(axis=1)
    wanted[[*reasons, *new]] = True
    forecast = _forecasts_of(rows)
    labels_from = last_on - timedelta(days=labels.shape[1] - 1)
    kept = np.flatnonzero(wanted & (forecast > 0))
    told = [reasons.get(row, []) for row in kept.tolist()]
    made = _Bases(forecast[kept], base[kept], told, np.isin(kept, list(new)), labels_from, labels[kept])
    ForecastBasis.objects.filter(forecast_id__any_of=forecast[forecast > 0]).delete()
    if is_postgresql():
        _copy(made)
    else:
        ForecastBasis.objects.bulk_create(made.instances(), batch_size=500)
    return len(kept)


def _forecasts_of(rows: Rows) -> NDArray[np.int64]:
    """The forecast (n,) of each row by its id, 0 where it has none."""
    found = read(Forecast.objects.filter(**id_filter("sku_id", rows.skus)), {"id": INT, "sku_id": INT, "pool_id": INT})
    row = rows.find(found["sku_id"], found["pool_id"])
    forecast = np.zeros(len(rows), np.int64)
    forecast[row[row >= 0]] = found["id"][row >= 0]
    return forecast


@dataclass(frozen=True, slots=True)
class _Bases:
    """The bases of m forecasts: base (m, h), labels (m, d)."""

    forecast_ids: NDArray[np.int64]
    base: NDArray[np.float32]
    told: list[list[Told]]
    is_new: NDArray[np.bool_]
    labels_from: date
    labels: NDArray[np.uint8]

    def instances(self) -> list[ForecastBasis]:
        return [
            ForecastBasis(
                forecast_id=forecast, base_mean=self.base[row], reasons=[each.to_json() for each in self.told[row]],
                is_new=bool(self.is_new[row]), labels_from=self.labels_from, day_labels=self.labels[row],
            )
            for row, forecast in enumerate(self.forecast_ids.tolist())
        ]  # fmt: skip


def _copy(made: _Bases) -> None:
    """As arrays, like the forecasts themselves: a night after a festival has learned something has a basis for every forecast."""
    # The binary form of jsonb is the number of its version and the text.
    reasons = [b"\x01" + text.encode() for text in json_texts(made.told)]
    day = (made.labels_from.toordinal() - _POSTGRESQL_DAY_ZERO).to_bytes(4, "big", signed=True)
    names = "forecast_id, base_mean, is_new, labels_from, day_labels, reasons"
    columns: dict[str, Column] = {
        "forecast_id": made.forecast_ids, "base_mean": as_bytes(made.base), "is_new": as_bytes(made.is_new), "labels_from": day,
        "day_labels": as_bytes(made.labels),
    }  # fmt: skip
    with connection.cursor() as cursor:
        copying: Any = cursor
        with copying.copy(f"COPY {ForecastBasis._meta.db_table} ({names}) FROM STDIN (FORMAT binary)") as copy:
            copy.write(HEADER)
            copy.write(binary_rows(columns, len(reasons), last=reasons))
            copy.write(TRAILER)


def _labels(demand: CleanedDemand) -> NDArray[np.uint8]:
    """What the last days (n, up to 90) were."""
    labels = demand.labels(LABELLED_DAYS)
    shown = np.where(np.isnan(labels), NO_DAY, np.nan_to_num(labels))
    shown = np.where(demand.outliers[:, -LABELLED_DAYS:] & (shown == REGULAR_DAY), SHOWN_LABELS.index("outlier"), shown)
    shown = np.where(demand.probably_out[:, -LABELLED_DAYS:], SHOWN_LABELS.index(PROBABLE_STOCKOUT), shown)
    return shown.astype(np.uint8)
