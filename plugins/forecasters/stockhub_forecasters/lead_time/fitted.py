"""What is learned of one lead time from all series together, and how it travels: as named arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from stockhub.pluginapi import State
from stockhub_forecasters.lead_time.calibration import calibration_of
from stockhub_forecasters.lead_time.conformal import Cells, cells_of
from stockhub_forecasters.lead_time.factor import Factor, factor_of
from stockhub_forecasters.lead_time.history import Floats
from stockhub_forecasters.lead_time.predictors import PLAN_PREDICTORS, Learner
from stockhub_forecasters.lead_time.scale import Scale, own_levels_then, scale_of
from stockhub_forecasters.lead_time.season import Year, year_before

#: Sums further above the base than so many deviations count as that far: one wholesale order is no trend.
MOST_DEVIATIONS: Final = 8.0
#: With fewer past lead times nothing is learned of all series.
FEWEST_LEAD_TIMES: Final = 30
RATIO_CV_BINS, DEVIATION_CV_BINS = 3, 2
#: Probabilities at which it is learned how far a series' own quantiles usually have to lie from its mean.
SPREAD_LEVELS: Final[Floats] = np.array([0.1, 0.3, 0.5, 0.7, 0.9, 0.98])


@dataclass(frozen=True, slots=True)
class Fitted:
    """All that series share about a lead time. `blocks` that do not overlap, `series` that they are of; `year`: as it is now, or None.

    `own_spread` (SPREAD_LEVELS,): `blend.own_spread`, ones until it is learned.
    """

    lead_time: int
    blocks: float
    series: int
    year: Year | None
    drivers: tuple[str, ...]
    scale: Scale
    factor: Factor
    ratios: Cells
    deviations: Cells
    own_spread: Floats = field(default_factory=lambda: np.ones(SPREAD_LEVELS.size))

    @property
    def plans(self) -> int:
        """Predictors that tell of plans."""
        return len(self.drivers) * PLAN_PREDICTORS

    @property
    def independent(self) -> float:
        """Lead times that do not overlap, over all series."""
        return self.blocks * self.series


def fit_lead_time(learner: Learner, lead_time: int) -> Fitted | None:
    """None where history has too few lead times of this length."""
    calibration = calibration_of(learner, lead_time)
    if calibration is None or calibration.valid.sum() < FEWEST_LEAD_TIMES:
        return None
    scale = scale_of(calibration)
    valid = calibration.valid
    base, sums, cv = calibration.known.base[valid], calibration.sums[valid], calibration.known.cv[valid]
    own, predictors = own_levels_then(calibration, scale)[valid], calibration.known.predictors[valid]
    capped = np.minimum(sums, base + MOST_DEVIATIONS * scale.sd(own, base))
    factor = factor_of(
        predictors,
        base,
        capped,
        base**-0.5,
        blocks=calibration.blocks,
        plans=len(learner.history.drivers) * PLAN_PREDICTORS,
        with_year=learner.looks_back_a_year,
    )
    g = np.exp(factor.log_of(predictors))
    expected, sd = base * g, scale.with_lumps(own, base, calibration.known.lump[valid]) * g ** (scale.power / 2.0)
    independent, silent = calibration.blocks * calibration.series, calibration.known.silent[valid]
    return Fitted(
        lead_time,
        calibration.blocks,
        calibration.series,
        year_before(learner.history, np.array([learner.history.days]), lead_time) if learner.looks_back_a_year else None,
        tuple(learner.history.drivers),
        scale,
        factor,
        cells_of(sums / expected, expected, cv, silent, independent=independent, cv_bins=RATIO_CV_BINS),
        cells_of((sums - expected) / sd, expected, cv, silent, independent=independent, cv_bins=DEVIATION_CV_BINS),
    )


def state_of(fitted: list[Fitted]) -> State:
    """Arrays by name; the lead times, ascending, are `lead_times`."""
    state: dict[str, np.ndarray] = {"lead_times": np.array([f.lead_time for f in fitted], np.int64)}
    for f in fitted:
        parts = {
            "size": np.array([f.blocks, f.series]),
            "year": np.zeros(0) if f.year is None else f.year.pooled,
            "year.categories": np.zeros(0, np.int64) if f.year is None else f.year.categories,
            "year.apart": np.zeros((0, 1)) if f.year is None else f.year.apart,
            "drivers": np.array(f.drivers, np.str_),
            "scale": np.array([f.scale.power, f.scale.level]),
            "centre": f.factor.centre,
            "spread": f.factor.spread,
            "coefficients": f.factor.coefficients,
            "belief": f.factor.belief,
            "own_spread": f.own_spread,
        }
        for name, cells in (("ratios", f.ratios), ("deviations", f.deviations)):
            parts |= {f"{name}.levels": cells.level_edges, f"{name}.cv": cells.cv_edges, f"{name}.quantiles": cells.quantiles}
        state |= {f"{f.lead_time}.{name}": array for name, array in parts.items()}
    return state


def fitted_of(state: State) -> list[Fitted]:
    """The way back."""
    return [_fitted(state, int(lead_time)) for lead_time in state["lead_times"]]


def _fitted(state: State, lead_time: int) -> Fitted:
    def part(name: str) -> np.ndarray:
        return state[f"{lead_time}.{name}"]

    def cells(name: str) -> Cells:
        return Cells(part(f"{name}.levels"), part(f"{name}.cv"), part(f"{name}.quantiles"))

    blocks, series = part("size").tolist()
    pooled = part("year")
    power, level = part("scale").tolist()
    return Fitted(
        lead_time,
        blocks,
        int(series),
        Year(pooled, part("year.categories"), part("year.apart")) if pooled.size else None,
        tuple(part("drivers").tolist()),
        Scale(power, level),
        Factor(part("centre"), part("spread"), part("coefficients"), part("belief")),
        cells("ratios"),
        cells("deviations"),
        # What was kept before this was learned has none.
        state.get(f"{lead_time}.own_spread", np.ones(SPREAD_LEVELS.size)),
    )
