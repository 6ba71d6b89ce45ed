"""Keeping how forecasts came about: a row for each forecast that is not its model's on ordinary days alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.core.ranges import id_filter
from stockhub.demand.cleaning.cleaned import CleanedDemand
from stockhub.demand.frames import POOL_BITS, Rows
from stockhub.demand.models import Forecast, ForecastBasis
from stockhub.demand.plans.reasons import Reason
from stockhub.formulas.demand.promotions import DAY_LABELS, REGULAR_DAY

#: Days whose labels are kept: what a chart of the forecast shows of the past.
LABELLED_DAYS: Final = 90
#: The label of days before a row's first.
NO_DAY: Final = 255
#: The labels that are shown: those of `formulas.demand.promotions`, and single days far from all others.
SHOWN_LABELS: Final = (*DAY_LABELS, "outlier")


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
    made = [
        ForecastBasis(
            forecast_id=forecasts[keys[row]],
            base_mean=base[row],
            reasons=[reason.to_json() for reason in reasons.get(row, ())],
            is_new=row in new,
            labels_from=labels_from,
            day_labels=labels[row],
        )
        for row in wanted
        if keys[row] in forecasts
    ]
    ForecastBasis.objects.filter(forecast_id__any_of=[forecasts[key] for key in keys if key in forecasts]).delete()
    ForecastBasis.objects.bulk_create(made, batch_size=500)
    return len(made)


def _labels(demand: CleanedDemand) -> NDArray[np.uint8]:
    """What the last days (n, up to 90) were."""
    labels = demand.labels[:, -LABELLED_DAYS:]
    shown = np.where(np.isnan(labels), NO_DAY, np.nan_to_num(labels))
    shown = np.where(demand.outliers[:, -LABELLED_DAYS:] & (shown == REGULAR_DAY), SHOWN_LABELS.index("outlier"), shown)
    return shown.astype(np.uint8)
