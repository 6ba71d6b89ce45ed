"""What a forecaster was off by, as sums that can be added over series and chunks, and the figures that follow from them (science.md 2.1).

A day whose truth is not known, such as one out of stock, is left out; a lead time is judged where all its days are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.backtesting.answers import LEVELS, Answer
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.forecasting.accuracy import root_mean_squared_scaled_error, symmetric_mean_absolute_percentage_error
from stockhub.formulas.forecasting.probabilistic_accuracy import pinball

#: What is added up, for each series and window.
SUMS: Final = (
    "series", "loss", "lead_units", "textbook_loss", "horizon_square", "horizon_error",
    "units", "error", "absolute", "square", "days", "percentage", "percentage_days", "scaled", "scaled_series",
    "absolute_7", "absolute_14", "units_14", "absolute_28", "units_28", "pinball_90", "inside_90", "lead_inside_90", "lead_times",
    "symmetric", "seconds",
)  # fmt: skip
#: Lead times whose sums judge a mean.
JUDGED_SUMS: Final = (7, 14, 28)
_AT: Final = {name: place for place, name in enumerate(SUMS)}
_P90: Final = LEVELS.index(0.9)
#: A truth this little above a quantile is within it: forecasters answer in single precision.
_ROUNDING: Final = 1e-6


def sums_of(actual: FloatArray, train: FloatArray, answer: Answer, textbook: FloatArray, lead_times: Sequence[int]) -> NDArray[np.float64]:
    """The sums (n, k) of each series in one window: truth (n, h), NaN where unknown, history before it (n, t), textbook (n, q, l)."""
    out = np.zeros((len(actual), len(SUMS)))

    def put(**found: FloatArray | float) -> None:
        for name, values in found.items():
            out[:, _AT[name]] = values

    known = ~np.isnan(actual)
    truth, mean = np.where(known, actual, 0.0), np.where(known, answer.mean, 0.0)
    error = mean - truth
    sold = truth > 0
    upper = answer.quantiles[:, _P90, :]
    within = truth <= upper * (1 + _ROUNDING) + _ROUNDING
    scaled = root_mean_squared_scaled_error(actual, answer.mean, train, 1)
    put(
        series=1.0,
        horizon_error=error.sum(axis=1),
        horizon_square=error.sum(axis=1) ** 2,
        units=truth.sum(axis=1),
        error=error.sum(axis=1),
        absolute=np.abs(error).sum(axis=1),
        square=(error**2).sum(axis=1),
        days=known.sum(axis=1),
        percentage=np.where(sold, np.abs(error) / np.where(sold, truth, 1.0), 0.0).sum(axis=1),
        percentage_days=sold.sum(axis=1),
        symmetric=np.nan_to_num(symmetric_mean_absolute_percentage_error(actual, answer.mean)) * known.sum(axis=1),
        scaled=np.nan_to_num(scaled),
        scaled_series=~np.isnan(scaled),
        pinball_90=np.where(known, pinball(truth, upper, 0.9), 0.0).sum(axis=1),
        inside_90=(known & within).sum(axis=1),
        seconds=answer.seconds / max(len(actual), 1),
    )
    levels = np.array(LEVELS)[None, :]
    for place, lead in enumerate(lead_times):
        whole = known[:, :lead].all(axis=1)
        total = truth[:, :lead].sum(axis=1)
        sums = answer.sums[:, :, place]
        loss = pinball(total[:, None], sums, levels).sum(axis=1)
        anchor = pinball(total[:, None], textbook[:, :, place], levels).sum(axis=1)
        inside = total <= sums[:, _P90] * (1 + _ROUNDING) + _ROUNDING
        for name, values in (("loss", loss), ("textbook_loss", anchor), ("lead_units", total), ("lead_inside_90", inside)):
            out[:, _AT[name]] += np.where(whole, values, 0.0)
        out[:, _AT["lead_times"]] += whole
        off = np.where(whole, np.abs(answer.mean[:, :lead].sum(axis=1) - total), 0.0)
        if lead in JUDGED_SUMS:
            put(**{f"absolute_{lead}": off})
        if lead in (14, 28):
            put(**{f"units_{lead}": np.where(whole, total, 0.0)})
    return out


def named(values: FloatArray) -> Mapping[str, float]:
    """Sums (k,) by name."""
    return dict(zip(SUMS, values.tolist(), strict=True))


def column(values: FloatArray, name: str) -> FloatArray:
    """One of the sums of (…, k)."""
    found: FloatArray = values[..., _AT[name]]
    return found


def figures_of(values: FloatArray) -> dict[str, float | None]:
    """The columns of `ModelAccuracy` from sums (k,); None where nothing can be said."""
    s = named(values)
    square = _share(s["square"], s["days"])
    return {
        "loss": _share(s["loss"], s["lead_units"]),
        "relative_loss": _share(s["loss"], s["textbook_loss"]),
        "rmsse": _share(s["scaled"], s["scaled_series"]),
        "wape": _share(s["absolute"], s["units"]),
        "wape_14": _share(s["absolute_14"], s["units_14"]),
        "wape_28": _share(s["absolute_28"], s["units_28"]),
        "rmse": None if square is None else square**0.5,
        "mape": _share(s["percentage"], s["percentage_days"]),
        "smape": _share(s["symmetric"], s["days"]),
        "bias": _share(s["error"], s["units"]),
        "coverage_90": _share(s["inside_90"], s["days"]),
        "sum_coverage_90": _share(s["lead_inside_90"], s["lead_times"]),
        "pinball_90": _share(s["pinball_90"], s["units"]),
        "seconds": _share(s["seconds"], s["series"]),
    }


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
