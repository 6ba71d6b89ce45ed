"""The deviation of each SKU's own demand, and how many of them SKUs usually need: learned once for a run (docs/adr/0042)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.lead_times import Asked, ascending, sums_over
from stockhub.formulas.distributions.own_deviation import own_deviation, usual_excess
from stockhub.pluginapi import ForecastBatch, Panel
from stockhub.pluginhost.forecasting import run_forecaster
from stockhub.values import DomainError


def usual_of(panel: Panel, asked: Asked, learned: bytes) -> tuple[dict[str, Any], str]:
    """What a run's calibration keeps, from the forecaster's own quantiles of its sample, and what went wrong, if anything did.

    Empty arrays where nothing is known: then safety stock rests on the quantiles alone, and says so.
    """
    kept: dict[str, Any] = {name: np.zeros(0) for name in ("usual_days", "usual_levels", "usual_deviations")}
    if not learned:
        return kept, ""
    try:
        answer = run_forecaster(asked.forecaster, ForecastBatch(panel, max(asked.days), asked.levels, asked.days), kept=learned)
    except DomainError as failed:
        return kept, f"{failed.code}: {failed.message}"[:400]
    if answer.lead_time_quantiles is None:
        return kept, ""
    made = np.setdiff1d(np.arange(len(panel.series_ids)), list(answer.unfit))
    expected = sums_over(answer.mean[made], asked.days)
    usual = usual_excess(ascending(answer.lead_time_quantiles[made]), expected, own_deviation(panel.values, panel.observed)[made])
    return {
        "usual_days": np.array(asked.days, np.int16),
        "usual_levels": np.array(asked.levels, np.float32),
        "usual_deviations": usual.astype(np.float32).ravel(),
    }, ""


def own_deviations(panel: Panel, before: NDArray[np.float32], after: NDArray[np.float32], asked: Asked) -> NDArray[np.float64]:
    """Each series' deviation (n,) of a day's cleaned demand, missing where its history is short.

    Cleaned demand knows of no event. Where plans and people have changed the forecast from `before` to `after` (n, h), the deviation grows
    or falls as it does over the lead time on which it does so most: a stock for a promotion may be too large rather than too small.
    """
    was, now = sums_over(before, asked.days), sums_over(after, asked.days)
    known = (was > 0) & (now > 0)
    factor = np.max(np.where(known, now / np.where(known, was, 1.0), 0.0), axis=1, initial=0.0)
    return own_deviation(panel.values, panel.observed) * np.where(factor > 0, factor, 1.0)
