"""Keeping how forecasts came about: a row for each forecast that is not its model's on ordinary days alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from stockhub.core.binary_copy import HEADER, TRAILER, alike, as_bytes, binary_rows
from stockhub.core.bulk import is_postgresql
from stockhub.core.ranges import id_filter
from stockhub.demand.cleaning.cleaned import CleanedDemand
from stockhub.demand.frames import POOL_BITS, Rows
from stockhub.demand.models import Forecast, ForecastBasis
from stockhub.demand.plans.reasons import Reason
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
    rows: Rows, base: NDArray[np.float32], reasons: dict[int, list[Reason]], demand: CleanedDemand, new: set[int], last_on: date
) -> int:
    """Replaces the bases of the rows' forecasts; rows on ordinary days alone, without a reason, have none."""
    labels = _labels(demand)
    special = ((labels != NO_DAY) & (labels != int(REGULAR_DAY))).any(axis=1)
    wanted = sorted({*reasons, *new, *np.flatnonzero(special).tolist()})
    forecasts = {
        (sku << POOL_BITS) | pool: pk
        for pk, sku, pool in Forecast.objects.filter(**id_filter("sku_id", rows.skus)).values_list("id", "sku_id", "pool_id")
    }
    keys = ((rows.sku_ids << POOL_BITS) | rows.pool_ids).tolist()
    labels_from = last_on - timedelta(days=labels.shape[1] - 1)
    kept = np.array([row for row in wanted if keys[row] in forecasts], np.int64)
    told = [[reason.to_json() for reason in reasons.get(row, ())] for row in kept.tolist()]
    made = _Bases(
        np.array([forecasts[keys[row]] for row in kept.tolist()], np.int64), base[kept], told, [row in new for row in kept.tolist()],
        labels_from, labels[kept],
    )  # fmt: skip
    ForecastBasis.objects.filter(forecast_id__any_of=[forecasts[key] for key in keys if key in forecasts]).delete()
    if is_postgresql():
        _copy(made)
    else:
        ForecastBasis.objects.bulk_create(made.instances(), batch_size=500)
    return len(kept)


@dataclass(frozen=True, slots=True)
class _Bases:
    """The bases of m forecasts: base (m, h), labels (m, d)."""

    forecast_ids: NDArray[np.int64]
    base: NDArray[np.float32]
    reasons: list[list[dict[str, Any]]]
    is_new: list[bool]
    labels_from: date
    labels: NDArray[np.uint8]

    def instances(self) -> list[ForecastBasis]:
        return [
            ForecastBasis(
                forecast_id=forecast, base_mean=self.base[row], reasons=self.reasons[row], is_new=self.is_new[row],
                labels_from=self.labels_from, day_labels=self.labels[row],
            )
            for row, forecast in enumerate(self.forecast_ids.tolist())
        ]  # fmt: skip


def _copy(made: _Bases) -> None:
    """As arrays, like the forecasts themselves: a night after a festival has learned something has a basis for every forecast."""
    texts = [json.dumps(each, ensure_ascii=False) for each in made.reasons]
    day = (made.labels_from.toordinal() - _POSTGRESQL_DAY_ZERO).to_bytes(4, "big", signed=True)
    names = "forecast_id, base_mean, reasons, is_new, labels_from, day_labels"
    with connection.cursor() as cursor:
        copying: Any = cursor
        with copying.copy(f"COPY {ForecastBasis._meta.db_table} ({names}) FROM STDIN (FORMAT binary)") as copy:
            copy.write(HEADER)
            for (text, is_new), places in alike(texts, made.is_new):
                columns = {
                    "forecast_id": made.forecast_ids[places],
                    "base_mean": as_bytes(made.base[places]),
                    # The binary form of jsonb is the number of its version and the text.
                    "reasons": b"\x01" + text.encode(),
                    "is_new": bytes([is_new]),
                    "labels_from": day,
                    "day_labels": as_bytes(made.labels[places]),
                }
                copy.write(binary_rows(columns, len(places)))
            copy.write(TRAILER)


def _labels(demand: CleanedDemand) -> NDArray[np.uint8]:
    """What the last days (n, up to 90) were."""
    labels = demand.labels[:, -LABELLED_DAYS:]
    shown = np.where(np.isnan(labels), NO_DAY, np.nan_to_num(labels))
    shown = np.where(demand.outliers[:, -LABELLED_DAYS:] & (shown == REGULAR_DAY), SHOWN_LABELS.index("outlier"), shown)
    shown = np.where(demand.probably_out[:, -LABELLED_DAYS:], SHOWN_LABELS.index(PROBABLE_STOCKOUT), shown)
    return shown.astype(np.uint8)
