"""The figures of a backtest, over all series and windows.

Scaled errors are means over series and windows; everything else is summed over them first, and losses are divided by the units sold.
`rel` is the loss of the lead-time sums over that of independent normal days on the same points; `cerr` the mean distance of coverage from
its level, in points. None where nothing can be said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.backtesting.answers import LEVELS, Answer
from stockhub.demand.backtesting.series import LEAD_TIMES, SeriesSet
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.forecasting.accuracy import (
    mean_absolute_scaled_error,
    root_mean_squared_scaled_error,
    symmetric_mean_absolute_percentage_error,
)
from stockhub.formulas.forecasting.probabilistic_accuracy import pinball

#: A truth this little above a quantile is within it: forecasters answer in single precision.
_ROUNDING: Final = 1e-6
_PROBABILITIES: Final = np.array(LEVELS)


@dataclass(frozen=True, slots=True)
class Truth:
    """What came of a cutoff: `actual` (n, h), NaN where unknown, `train` (n, t), and the textbook's quantiles (n, q, l)."""

    actual: FloatArray
    train: FloatArray
    textbook: FloatArray


def figures(series: SeriesSet, season: int, truths: Sequence[Truth], answers: Sequence[Answer]) -> dict[str, Any]:
    """All figures of one model from its answers at the cutoffs."""
    actual = np.concatenate([truth.actual for truth in truths])
    mean = np.concatenate([answer.mean for answer in answers])
    pairs = list(zip(truths, answers, strict=True))
    rmsse = np.concatenate([root_mean_squared_scaled_error(t.actual, a.mean, t.train, 1) for t, a in pairs])
    mase = np.concatenate([mean_absolute_scaled_error(t.actual, a.mean, t.train, season) for t, a in pairs])
    known = ~np.isnan(actual)
    units = float(np.where(known, actual, 0.0).sum())
    difference = np.where(known, mean - actual, 0.0)
    lead_times = {days: lead for days, lead in LEAD_TIMES[series.frequency].items() if lead <= actual.shape[1]}
    return {
        "rmsse": _mean(rmsse),
        "mase7": _mean(mase),
        "wape": _share(float(np.abs(difference).sum()), units),
        # Of all periods together, as WAPE is, and not the mean of series.
        "smape": _known(float(symmetric_mean_absolute_percentage_error(actual.ravel(), mean.ravel()))),
        **{f"wape_sum{days}": _wape_of_sums(actual, mean, lead_times.get(days)) for days in (14, 28)},
        "bias": _share(float(difference.sum()), units),
        "daily": _daily(actual, np.concatenate([answer.quantiles for answer in answers]), units),
        "lead_time": lead_time_figures(lead_times, actual, *(np.concatenate(part) for part in _sums(pairs))),
    }


def _sums(pairs: Sequence[tuple[Truth, Answer]]) -> tuple[list[FloatArray], list[FloatArray]]:
    return [answer.sums for _truth, answer in pairs], [truth.textbook for truth, _answer in pairs]


def _wape_of_sums(actual: FloatArray, mean: FloatArray, periods: int | None) -> float | None:
    if periods is None:
        return None
    total, known = _total(actual, periods)
    off = np.abs(mean[:, :periods].sum(axis=1) - total)
    return _share(float(off[known].sum()), float(total[known].sum()))


def _total(actual: FloatArray, periods: int) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Sums (k,) of the first periods, and for which of them every period is known."""
    part = actual[:, :periods]
    known = np.asarray(np.isfinite(part).all(axis=1), np.bool_)
    return np.where(known, np.nan_to_num(part).sum(axis=1), 0.0), known


def _daily(actual: FloatArray, quantiles: FloatArray, units: float) -> dict[str, Any]:
    known = ~np.isnan(actual)
    truth = np.where(known, actual, 0.0)[:, None, :]
    loss = np.where(known[:, None, :], pinball(truth, quantiles, _PROBABILITIES[None, :, None]), 0.0).sum(axis=(0, 2))
    inside = (known[:, None, :] & (truth <= quantiles + _ROUNDING + _ROUNDING * np.abs(quantiles))).sum(axis=(0, 2))
    return {"pinball": _by_level(loss, units), "coverage": _by_level(inside, float(known.sum()))}


def lead_time_figures(lead_times: Mapping[int, int], actual: FloatArray, sums: FloatArray, textbook: FloatArray) -> dict[str, Any]:
    """Pinball and coverage of sums (k, q, l) against what came, by lead time in days; over all of them `rel` and `cerr`."""
    losses, anchors, distances, found = 0.0, 0.0, [], {}
    for place, (days, periods) in enumerate(lead_times.items()):
        total, known = _total(actual, periods)
        truth, units = total[known][:, None], float(total[known].sum())
        quantiles = sums[known][:, :, place]
        loss = pinball(truth, quantiles, _PROBABILITIES[None, :]).sum(axis=0)
        anchor = pinball(truth, textbook[known][:, :, place], _PROBABILITIES[None, :]).sum(axis=0)
        inside = (truth <= quantiles + _ROUNDING + _ROUNDING * np.abs(quantiles)).sum(axis=0)
        coverage = _by_level(inside, float(known.sum()))
        found[str(days)] = {
            "pinball": _by_level(loss, units),
            "coverage": coverage,
            "rel": _by_level_of(loss, anchor),
        }
        losses, anchors = losses + float(loss.sum()), anchors + float(anchor.sum())
        distances += [abs(c - level) for c, level in zip(coverage.values(), LEVELS, strict=True) if c is not None]
    cerr = float(np.mean(distances)) * 100.0 if distances else None
    return {**found, "rel": _share(losses, anchors), "cerr": cerr}


def _by_level(totals: FloatArray, over: float) -> dict[str, float | None]:
    return {f"{level:g}": _share(float(total), over) for level, total in zip(LEVELS, totals, strict=True)}


def _by_level_of(totals: FloatArray, over: FloatArray) -> dict[str, float | None]:
    return {f"{level:g}": _share(float(a), float(b)) for level, a, b in zip(LEVELS, totals, over, strict=True)}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _mean(values: FloatArray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else None
