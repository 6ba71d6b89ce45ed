"""Quantiles of lead-time sums by boosted trees: one model a level over all lead times and series, beside the pooled ones.

Trees see what the regression cannot: how trend, unrest, age and the own past act together. They need much to learn from: where there are
few lead times that do not overlap they have no say. Quantile regression: Koenker & Bassett 1978; trees: LightGBM (Ke et al. 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import State
from stockhub_forecasters.lead_time.blend import days_ahead, pooled_belief
from stockhub_forecasters.lead_time.calibration import calibration_of
from stockhub_forecasters.lead_time.fitted import Fitted
from stockhub_forecasters.lead_time.history import Floats
from stockhub_forecasters.lead_time.own_empirical import sorted_quantiles
from stockhub_forecasters.lead_time.predictors import Learner, Origins
from stockhub_forecasters.lead_time.rate import WINDOWS, rates_at
from stockhub_forecasters.lead_time.scale import own_levels_now, own_levels_then

#: The levels that have a model; what is asked for between them is between their answers.
LEVELS: Final = (0.5, 0.8, 0.9, 0.95, 0.98)
#: Lead times that do not overlap, below which trees would learn one season by heart.
FEWEST_BLOCKS: Final = 3.0
#: Examples at most, of one lead time and of all together, evenly chosen. 420,000 of them cost 19 CPU seconds a level: learning has to end
#: well within the host's deadline for a call, whatever the number of lead times.
MOST_EXAMPLES: Final = 60_000
MOST_EXAMPLES_IN_ALL: Final = 180_000
RECENT_DAYS: Final = 180
#: Levels of the series' own past sums, and the most that a feature relative to the base may be.
_OWN_LEVELS: Final = np.array([0.8, 0.9, 0.98])
_MOST_TIMES: Final = 50.0
_CHUNK_SERIES: Final = 256
_YEAR_DAYS: Final = 365.25
_PREFIX: Final = "boosted."
_ROUNDS: Final = 150


@dataclass(frozen=True, slots=True)
class Boosted:
    """A model a level, as text."""

    texts: tuple[str, ...]

    def quantiles(self, table: NDArray[np.float32], base: Floats) -> Floats:
        """Sums (r, LEVELS), ascending, of windows with features `table` (r, k) and base (r,)."""
        import lightgbm

        models = (lightgbm.Booster(model_str=text) for text in self.texts)
        times = np.stack([np.asarray(model.predict(table, num_threads=1), np.float64) for model in models], axis=1)
        sums: Floats = np.sort(np.maximum(times, 0.0), axis=1) * base[:, None]
        return sums


def believed(fitted: Fitted) -> float:
    """The weight of the trees, 0 to ½: as much as there is to pool, and nothing below FEWEST_BLOCKS."""
    return 0.5 * pooled_belief(fitted) if fitted.blocks >= FEWEST_BLOCKS else 0.0


def fit_boosted(learner: Learner, fitted: Sequence[Fitted], start: int, seed: int) -> Boosted | None:
    """None where no lead time has enough to learn from. `start` is the ordinal of the first day."""
    chosen = [each for each in fitted if believed(each) > 0.0]
    if not chosen:
        return None
    most = min(MOST_EXAMPLES, MOST_EXAMPLES_IN_ALL // len(chosen))
    parts = [_examples(learner, each, start, most) for each in chosen]
    table = np.concatenate([part[0] for part in parts])
    times, base = np.concatenate([part[1] for part in parts]), np.concatenate([part[2] for part in parts])
    return Boosted(tuple(_trained(table, times, np.sqrt(base), level, seed) for level in LEVELS))


def table_now(learner: Learner, fitted: Fitted, start: int) -> tuple[NDArray[np.float32], Floats]:
    """Features (n, k) and base (n,) of the coming window."""
    now = np.array([learner.history.days])
    days = days_ahead(learner, fitted.lead_time)
    known = learner.at(now, fitted.lead_time, days[:, None], fitted.drivers, fitted.year)
    sd = fitted.scale.sd(own_levels_now(learner, fitted.lead_time, fitted.scale)[:, None], known.base)
    return _table(learner, known, sd, now, fitted.lead_time, start), known.base[:, 0]


def state_of_boosted(boosted: Boosted | None) -> State:
    if boosted is None:
        return {}
    return {f"{_PREFIX}{level}": np.frombuffer(text.encode(), np.uint8) for level, text in zip(LEVELS, boosted.texts, strict=True)}


def boosted_of(state: State) -> Boosted | None:
    names = [f"{_PREFIX}{level}" for level in LEVELS]
    return Boosted(tuple(state[name].tobytes().decode() for name in names)) if names[0] in state else None


def _examples(learner: Learner, fitted: Fitted, start: int, most: int) -> tuple[NDArray[np.float32], Floats, Floats]:
    """Features (r, k), sums over their base (r,), and the base (r,) of past windows, at most so many."""
    calibration = calibration_of(learner, fitted.lead_time)
    if calibration is None:
        raise ValueError("A lead time that was fitted has windows to learn from.")
    known, valid = calibration.known, calibration.valid
    sd = fitted.scale.sd(own_levels_then(calibration, fitted.scale), known.base)
    table = _table(learner, known, sd, calibration.origins, fitted.lead_time, start)[valid.ravel()]
    base, sums = known.base[valid], calibration.sums[valid]
    if base.size > most:
        kept = np.linspace(0, base.size - 1, most).round().astype(np.int64)
        table, base, sums = table[kept], base[kept], sums[kept]
    return table, sums / base, base


def _table(learner: Learner, known: Origins, sd: Floats, origins: NDArray[np.int64], lead_time: int, start: int) -> NDArray[np.float32]:
    """Features (n·m, k) of the windows that begin at `origins` (m,), row by row; relative to the base: large and small are alike."""
    history = learner.history
    shape = known.base.shape
    rates = rates_at(history, learner.levels, origins)
    blend = np.maximum(rates.blend, 1e-9)
    week = history.sold.before(origins, 7) / np.maximum(history.selling.before(origins, 7), 1.0)
    age = np.maximum(origins[None, :] - history.first[:, None], 0).astype(np.float64)
    # The day of the year is told only where two of a season have been seen.
    turns = 2.0 * np.pi * ((start + origins) % _YEAR_DAYS) / _YEAR_DAYS * learner.looks_back_a_year
    columns: list[Any] = [
        np.full(shape, np.log(lead_time)), np.log(known.base), sd / known.base, known.cv, np.log1p(age),
        week / blend, rates.smoothed / blend, *(rates.by_window[window] / blend for window in WINDOWS),
        np.broadcast_to(np.sin(turns), shape), np.broadcast_to(np.cos(turns), shape),
    ]  # fmt: skip
    columns += [known.predictors[..., each] for each in range(1, known.predictors.shape[-1])]
    columns += list(np.moveaxis(_own_sums(learner, origins, lead_time) / known.base[..., None], -1, 0))
    table = np.stack([np.clip(column, -_MOST_TIMES, _MOST_TIMES) for column in columns], axis=-1)
    return table.reshape(-1, len(columns)).astype(np.float32)


def _own_sums(learner: Learner, origins: NDArray[np.int64], lead_time: int) -> Floats:
    """Quantiles (n, m, 3) of the series' own sums over windows of the last half year that had ended at each origin."""
    history = learner.history
    back = np.arange(lead_time, RECENT_DAYS + 1, max((RECENT_DAYS - lead_time) // 40, 1))
    begins = origins[:, None] - back[None, :]
    found = np.zeros((len(history), origins.size, _OWN_LEVELS.size))
    for first in range(0, len(history), _CHUNK_SERIES):
        rows = slice(first, first + _CHUNK_SERIES)
        running = history.window_sold.running[rows]
        sums = running[:, np.maximum(begins + lead_time, 0)] - running[:, np.maximum(begins, 0)]
        there = begins[None] >= history.first[rows, None, None]
        ordered = np.sort(np.where(there, sums, np.nan), axis=2).reshape(-1, back.size)
        part = sorted_quantiles(ordered, there.reshape(-1, back.size).sum(axis=1), _OWN_LEVELS)
        found[rows] = part.reshape(*there.shape[:2], _OWN_LEVELS.size)
    return found


def _trained(table: NDArray[np.float32], times: Floats, weights: Floats, level: float, seed: int) -> str:
    import lightgbm

    parameters = {
        "objective": "quantile",
        "alpha": level,
        "learning_rate": 0.06,
        "num_leaves": 15,
        "min_data_in_leaf": max(40, times.size // 400),
        "feature_fraction": 0.8,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    data = lightgbm.Dataset(table, times, weight=weights, params={"verbosity": -1})
    return str(lightgbm.train(parameters, data, num_boost_round=_ROUNDS).model_to_string())
