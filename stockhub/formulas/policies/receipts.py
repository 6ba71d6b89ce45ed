"""How far receipts come from their quoted day: σ_L from what has been received (science.md 3.2)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, at_least, explained, where
from stockhub.formulas.policies.safety_stock import default_lead_time_sd

#: Receipts from which on their own deviation is used.
ENOUGH_RECEIPTS = 5.0
#: Days after which a receipt counts half.
RECEIPT_HALF_LIFE_DAYS = 180.0


def receipt_weights(
    age_days: FloatArray, received: FloatArray, ordered: FloatArray, half_life: float = RECEIPT_HALF_LIFE_DAYS
) -> FloatArray:
    """The weight of each receipt: its share of the order line, so that a line in three parts counts once, halved every 180 days of age.

    Missing where nothing was ordered.
    """
    share = received / np.where(ordered > 0, ordered, np.nan)
    return np.asarray(share * np.exp2(-age_days / half_life))


def lead_time_statistics(
    row: NDArray[np.int64], days_late: FloatArray, weight: FloatArray, rows: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Receipts, mean lateness and deviation of lateness (days, actual less quoted) for each of `rows`, say routes of supply.

    `row` says to which each receipt belongs. The weighted variance is unbiased, Σw(x−x̄)²/(W−Σw²/W), the usual n−1 for equal weights;
    missing where fewer than two receipts have weight. Receipts with a missing number do not count.
    """
    known = ~(np.isnan(days_late) | np.isnan(weight)) & (weight > 0)
    of, late, share = row[known], days_late[known], weight[known]
    count = np.bincount(of, minlength=rows).astype(np.float64)
    whole = np.bincount(of, share, minlength=rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(of, share * late, minlength=rows) / whole
        squares = np.bincount(of, share * (late - mean[of]) ** 2, minlength=rows)
        freedom = whole - np.bincount(of, share * share, minlength=rows) / whole
        variance = np.where(count > 1, squares / freedom, np.nan)
    return count, mean, np.sqrt(variance)


@explained(unit="day")
def lead_time_sd(lead_time: N, receipts: N, receipts_sd: N, supplier_receipts: N, supplier_sd: N, enough: N | float = ENOUGH_RECEIPTS) -> N:
    """σ_L: of the SKU's own receipts where there are five, else of its supplier's where those are, else a quarter of the lead time."""
    supplier: N = where(at_least(supplier_receipts, enough), supplier_sd, default_lead_time_sd(lead_time))
    return where(at_least(receipts, enough), receipts_sd, supplier)
