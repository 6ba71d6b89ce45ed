"""Inbound that can be counted on (E2; science.md 3.7). Quantities are units, probabilities 0 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, at_least, explained, where

#: An arrival that is at least this likely to be on time counts in full.
RELIABLE_ON_TIME = 0.8


@explained(unit="unit")
def dependable_units(units: N, on_time_probability: N, reliable: N | float = RELIABLE_ON_TIME) -> N:
    """The units of a shipment to count on: all of a reliable one, else those expected on time."""
    return where(at_least(on_time_probability, reliable), units, units * on_time_probability)


def dependable_inbound_within(
    row: NDArray[np.int64],
    units: FloatArray,
    arrival_day: FloatArray,
    on_time_probability: FloatArray,
    *,
    horizon_days: FloatArray,
) -> FloatArray:
    """Units (n,) by SKU that land inside its horizon (n,), of m shipments; `row` (m,) is the position of a shipment's SKU.

    Day 0 is the first day of the horizon, which holds the days 0 to h − 1. What is overdue (a negative day) still counts, discounted by
    its probability like any other; a shipment without a date counts for nothing.
    """
    inside = arrival_day < horizon_days[row]
    counted = dependable_units(units[inside], on_time_probability[inside])
    return np.bincount(row[inside], counted, minlength=len(horizon_days)).astype(np.float64)
