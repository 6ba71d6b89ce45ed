"""Quantiles of sums over lead times for a forecaster that gives only means: from what its sums were off by in the past.

Split conformal prediction (Lei, G'Sell, Rinaldo, Tibshirani and Wasserman 2018, JASA 113), for every level by itself: errors of past sums,
each over its own scale, pooled over the series of a kind of demand (ADR 0048).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray

#: Past sums from which a kind of demand speaks for itself; with fewer, all kinds speak together.
FEWEST_OF_KIND: Final = 200
#: Past sums from which anything is learned at all.
FEWEST: Final = 20
#: The share of a lead time's open days whose demand has to be known for its sum to tell something.
LEAST_KNOWN: Final = 0.75
#: Units² that every sum varies by, so that no error is divided by 0.
_LEAST_VARIANCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class PastSums:
    """Past sums of n series over one lead time: what was expected and what came, units (n,), the deviation of a day's error (n,), missing
    where nobody knows it, the open days (n,) that are summed up, and the kind of demand (n,) as a number from 0 on.
    """

    expected: FloatArray
    came: FloatArray
    error_sd: FloatArray
    days: FloatArray
    kinds: NDArray[np.int64]


def error_scale(expected: FloatArray, error_sd: FloatArray, days: FloatArray) -> FloatArray:
    """The deviation that a sum of independent days would have: their errors', and at least that of Poisson demand."""
    variance = np.where(np.isnan(error_sd), 0.0, error_sd) ** 2 * days
    return np.sqrt(np.maximum(variance, np.maximum(expected, 0.0)) + _LEAST_VARIANCE)


def learn_sums(past: Sequence[PastSums], levels: Sequence[float], kinds: int) -> FloatArray:
    """Errors over their scale (kinds, q, l) of past sums over each of l lead times, at the levels (q,), by kind of demand.

    The one at level p of m errors is that in place ⌈(m + 1)·p⌉ of them in order, and never beyond the greatest that was seen. Missing where
    too little is known of a lead time.
    """
    found = np.full((kinds, len(levels), len(past)), np.nan)
    for lead, sums in enumerate(past):
        errors = (sums.came - sums.expected) / error_scale(sums.expected, sums.error_sd, sums.days)
        known = np.isfinite(errors)
        errors, of_kind = errors[known], sums.kinds[known]
        if len(errors) < FEWEST:
            continue
        of_all = _at_levels(errors, levels)
        for kind in range(kinds):
            own = errors[of_kind == kind]
            found[kind, :, lead] = _at_levels(own, levels) if len(own) >= FEWEST_OF_KIND else of_all
    return found


def _at_levels(errors: FloatArray, levels: Sequence[float]) -> FloatArray:
    count = len(errors)
    places: NDArray[np.int64] = np.clip(np.ceil((count + 1) * np.asarray(levels, np.float64) - 1e-9).astype(np.int64) - 1, 0, count - 1)
    return np.asarray(np.sort(errors)[places])


def conformal_sums(
    learned: FloatArray, expected: FloatArray, error_sd: FloatArray, days: FloatArray, lead_times: Sequence[int], kinds: NDArray[np.int64]
) -> FloatArray:
    """Quantiles (n, q, l) of sums whose means are `expected` (n, l), over open `days` (n, l); at least 0, ascending over levels.

    Beyond the longest lead time of which something was learned errors grow as the time does: what is wrong about the level of demand goes
    on being wrong. Missing where nothing was learned (kinds, q, l) of any.
    """
    known = np.flatnonzero(~np.isnan(learned).any(axis=(0, 1)))
    out = np.full((len(expected), learned.shape[1], len(lead_times)), np.nan)
    for lead, length in enumerate(lead_times if len(known) else ()):
        # A lead time of which too little is known learns from the next longer one.
        at = int(known[min(int(np.searchsorted(known, lead)), len(known) - 1)])
        longer = np.sqrt(length / lead_times[at]) if lead > at else 1.0
        spread = error_scale(expected[:, lead], error_sd, days[:, lead]) * longer
        out[:, :, lead] = np.maximum(np.maximum(expected[:, lead], 0.0)[:, None] + spread[:, None] * learned[kinds, :, at], 0.0)
    return np.asarray(np.maximum.accumulate(out, axis=1))


def known_sums(
    demand: NDArray[np.floating[Any]], mean: NDArray[np.floating[Any]], error_sd: FloatArray, is_open: NDArray[np.bool_] | None,
    kinds: NDArray[np.int64], lead_times: Sequence[int],
) -> list[PastSums]:  # fmt: skip
    """Past sums over each lead time from demand (n, h), NaN where it is not known, and means (n, h) that were forecast of the same days.

    A lead time of which some days are not known is compared over the days that are, where they are `LEAST_KNOWN` of its open ones; a
    longer one than h has no sums.
    """
    open_days = np.ones(demand.shape, np.bool_) if is_open is None else is_open
    there = ~np.isnan(demand) & ~np.isnan(mean) & open_days
    found = []
    for lead in lead_times:
        if lead > demand.shape[1]:
            nothing = np.zeros(0)
            found.append(PastSums(nothing, nothing, nothing, nothing, np.zeros(0, np.int64)))
            continue
        part = there[:, :lead]
        days = part.sum(axis=1).astype(np.float64)
        told = (days > 0) & (days >= LEAST_KNOWN * open_days[:, :lead].sum(axis=1))
        expected = np.where(part, mean[:, :lead], 0.0).sum(axis=1, dtype=np.float64)
        came = np.where(part, demand[:, :lead], 0.0).sum(axis=1, dtype=np.float64)
        found.append(PastSums(expected[told], came[told], np.asarray(error_sd, np.float64)[told], days[told], kinds[told]))
    return found


def together(past: Sequence[Sequence[PastSums]]) -> list[PastSums]:
    """The past sums of several windows, lead time by lead time."""
    return [
        PastSums(*(np.concatenate([getattr(sums, name) for sums in of_lead]) for name in ("expected", "came", "error_sd", "days", "kinds")))
        for of_lead in zip(*past, strict=True)
    ]
