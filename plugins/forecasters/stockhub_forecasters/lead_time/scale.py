"""How far a series' own level was off over past windows, as a deviation that grows with the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub_forecasters.lead_time.calibration import Calibration, origins_of, step_of, windows_of
from stockhub_forecasters.lead_time.history import Floats, Totals
from stockhub_forecasters.lead_time.predictors import Learner

LEVEL_BINS: Final = 10
#: A Poisson error's square grows with the base, that of a wandering level with its square.
LEAST_POWER, MOST_POWER = 1.0, 2.0
#: Blocks of all series' mean that each series' own error is mixed with.
PRIOR_BLOCKS: Final = 6.0
RECENT_DAYS: Final = 364
#: The square of how far a level is off, as a share of itself, that lumps alone do not know.
LEVEL_DOUBT: Final = 0.1


@dataclass(frozen=True, slots=True)
class Scale:
    """Pooled: squared errors are about `level`·B^`power`."""

    power: float
    level: float

    def sd(self, own: Floats, base: Floats) -> Floats:
        """σ from a series' own level (…) of `own_levels` and its base."""
        return np.sqrt(own) * base ** (self.power / 2.0)

    def with_lumps(self, own: Floats, base: Floats, lump: Floats) -> Floats:
        """σ by the geometric mean of what past sums and single days say: a series has few sums that do not overlap."""
        return np.sqrt(self.sd(own, base) * np.sqrt(base * lump + LEVEL_DOUBT * base * base))


def scale_of(calibration: Calibration) -> Scale:
    """Fits the power to the mean squared errors of ten bins of the base."""
    base, errors = _errors(calibration)
    order = np.argsort(base, kind="stable")
    bins = [part for part in np.array_split(order, LEVEL_BINS) if part.size]
    x = np.log([base[part].mean() for part in bins])
    y = np.log([errors[part].mean() + 1e-12 for part in bins])
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / spread) if spread > 1e-9 else LEAST_POWER
    power = min(max(slope, LEAST_POWER), MOST_POWER)
    return Scale(power, float((errors / base**power).mean()))


def _errors(calibration: Calibration) -> tuple[Floats, Floats]:
    base = calibration.known.base[calibration.valid]
    return base, (calibration.sums[calibration.valid] - base) ** 2


def own_levels_then(calibration: Calibration, scale: Scale) -> Floats:
    """Each series' own level (n, m) at each origin, from the windows that had ended by then."""
    relative = np.where(calibration.valid, (calibration.sums - calibration.known.base) ** 2 / calibration.known.base**scale.power, 0.0)
    asked = calibration.origins - calibration.lead_time
    ended = np.searchsorted(calibration.origins, asked, side="right")
    recent = np.searchsorted(calibration.origins, asked - RECENT_DAYS, side="right")
    squares, count = Totals.of(relative), Totals.of(calibration.valid)
    worth = _worth(calibration.step, calibration.lead_time)
    return _mixed(squares.between(recent, ended) * worth, count.between(recent, ended) * worth, scale)


def own_levels_now(learner: Learner, lead_time: int, scale: Scale) -> Floats:
    """Each series' own level (n,) today."""
    history = learner.history
    origins = origins_of(history, lead_time, RECENT_DAYS // 7)
    valid, days, sums = windows_of(history, lead_time, origins)
    base = learner.base_at(origins, days)
    worth = _worth(step_of(history), lead_time)
    squares = np.where(valid, (sums - base) ** 2 / base**scale.power, 0.0).sum(axis=1)
    return _mixed(squares * worth, valid.sum(axis=1) * worth, scale)


def _worth(step: int, lead_time: int) -> float:
    """Windows overlap: one that begins a step after another adds a step's worth of news."""
    return min(step / lead_time, 1.0)


def _mixed(squares: Floats, blocks: Floats, scale: Scale) -> Floats:
    return (squares + PRIOR_BLOCKS * scale.level) / (blocks + PRIOR_BLOCKS)
