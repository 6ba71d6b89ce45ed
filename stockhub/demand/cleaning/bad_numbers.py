"""Days whose figure cannot be: they are left out by name, and the rest of the series goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.core.columns import BLOB, DAY, INT, days_of, read
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.demand.models import SalesSeries

#: No SKU sells more in a day; a figure beyond is a mistake in a file, and one such day would drown a year.
MOST_UNITS_A_DAY: Final = 1e8

NOT_A_NUMBER: Final = "NOT_A_NUMBER"
NEGATIVE_SALES: Final = "NEGATIVE_SALES"
IMPLAUSIBLE_QUANTITY: Final = "IMPLAUSIBLE_QUANTITY"
FUTURE_SALES: Final = "FUTURE_SALES"


@dataclass(frozen=True, slots=True)
class Repaired:
    """`sales` (n, t): NaN before a row's first day and finite from 0 on after it; `unusable` (n, t): days whose figure was left out.

    `problems`: the codes of what was wrong with a row, by its number.
    """

    sales: NDArray[np.float64]
    unusable: NDArray[np.bool_]
    problems: dict[int, tuple[str, ...]]


def repaired(values: NDArray[np.float32]) -> Repaired:
    """Judges sales a day (n, t). A row begins with its first number, infinities counting as one."""
    sales = values.astype(np.float64)
    lacking = np.isnan(sales)
    begun = np.maximum.accumulate(~lacking, axis=1) if sales.shape[1] else ~lacking
    faults = {
        NOT_A_NUMBER: begun & lacking,
        NEGATIVE_SALES: sales < 0,
        IMPLAUSIBLE_QUANTITY: sales > MOST_UNITS_A_DAY,
    }
    unusable = np.logical_or.reduce(list(faults.values()))
    problems: dict[int, tuple[str, ...]] = {}
    for code, found in faults.items():
        for row in np.flatnonzero(found.any(axis=1)).tolist():
            problems[row] = (*problems.get(row, ()), code)
    return Repaired(np.where(unusable, 0.0, sales), unusable, problems)


def rows_with_future_sales(rows: Rows, last_on: date) -> NDArray[np.int64]:
    """Rows of SKUs that have sales dated past the day after `last_on`: of the days to come nothing can be known.

    The day itself is tomorrow for nobody: an account's zone may be ahead of the site's by less than one.
    """
    begins = last_on + timedelta(days=3)
    found = read(
        SalesSeries.objects.filter(**id_filter("sku_id", rows.skus)).annotate(
            part=days_of("daily", begins="first_on", since=begins, days=366, size=4)
        ),
        {"sku_id": INT, "first_on": DAY, "part": BLOB},
    )
    late = found["sku_id"][(found["part"].sizes > 0) | (found["first_on"].astype(np.int64) >= begins.toordinal())]
    return np.flatnonzero(np.isin(rows.sku_ids, late)) if len(late) else np.zeros(0, np.int64)
