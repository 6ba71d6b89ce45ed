"""Where a backtest cuts history (science.md 2.2): windows that grow, the last one ending at the last observation.

Everything that a window's forecast rests on, cleaning and promotions' lifts among it, is computed from the days up to its cutoff alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from stockhub.formulas.elementwise import FloatArray, N, at_least, explained, round_up, where
from stockhub.formulas.errors import InvalidParameterError

#: Windows that a tournament wants, and those that it can do with.
WINDOWS = 4
FEWEST_WINDOWS = 2


@dataclass(frozen=True, slots=True)
class Window:
    """A training period that ends at the index `cutoff`, and the days from `valid_start` to `valid_end`, all inclusive, to be forecast."""

    cutoff: int
    valid_start: int
    valid_end: int

    def split(self, series: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What may be learned from (…, cutoff + 1) and what is to be forecast (…, h) of series (…, t), as views."""
        return series[..., : self.cutoff + 1], series[..., self.valid_start : self.valid_end + 1]


def rolling_origin(n: int, horizon: int, windows: int = WINDOWS, step: int | None = None) -> list[Window]:
    """The windows, oldest first, over observations 0 … n − 1; they start `step` apart, a horizon by default.

    InvalidParameterError for numbers below 1 and where the oldest window would have nothing to learn from.
    """
    step = horizon if step is None else step
    for name, value in (("horizon", horizon), ("windows", windows), ("step", step)):
        if value < 1:
            raise InvalidParameterError(name, value, "at least 1")
    cutoffs = [n - 1 - horizon - step * back for back in reversed(range(windows))]
    if cutoffs[0] < 0:
        most = int(possible_windows(float(n), float(horizon), float(step), 1.0))
        raise InvalidParameterError("windows", windows, f"at most {most} for {n} observations")
    return [Window(cutoff, cutoff + 1, cutoff + horizon) for cutoff in cutoffs]


def possible_windows(n: float, horizon: float, step: float, least_train: float) -> float:
    """How many windows n observations allow, each with at least `least_train` observations to learn from."""
    spare = n - horizon - least_train
    return spare // step + 1.0 if spare >= 0 else 0.0


@explained(unit="window")
def tournament_windows(possible: N) -> N:
    """Windows to compare models in: 4, or 2 where history allows no more; 0, no tournament, with fewer than that."""
    return where(
        at_least(possible, float(WINDOWS)), float(WINDOWS), where(at_least(possible, float(FEWEST_WINDOWS)), float(FEWEST_WINDOWS), 0.0)
    )


@explained(unit="day")
def decision_horizon(lead_time: N, review_period: N) -> N:
    """The days that an order has to last until the next can arrive, L + R in whole days: what a forecast is judged over."""
    return round_up(lead_time + review_period)
