"""Which examples a global model learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import Panel
from stockhub_forecasters.features import PanelFeatures

#: The farthest day ahead that is learned; a day beyond it is forecast as this one.
MOST_STEPS: Final = 56
#: Days between two origins, and days ahead that are drawn for each.
_ORIGIN_EVERY: Final = 7
_STEPS_DRAWN: Final = 8
#: Known days that a series needs before its first origin.
_LOOK_BACK: Final = 28
_CHUNK_SERIES: Final = 512


@dataclass(frozen=True, slots=True)
class Examples:
    """`features` (r, k) float32 and `targets` (r,): demand over `scale` (r,). `held_out` (r,) marks days of the last weeks.

    `sold_share` (r,) of the last 112 days, by which errors are told apart.
    """

    features: NDArray[np.float32]
    targets: NDArray[np.float64]
    scale: NDArray[np.float64]
    sold_share: NDArray[np.float64]
    held_out: NDArray[np.bool_]


def held_out_days(days: int) -> int:
    """How many of the newest days errors are taken from: eight weeks, a quarter of a shorter history."""
    return min(56, days // 4)


def mixed(*numbers: NDArray[np.int64] | int) -> NDArray[np.uint64]:
    """A hash of whole numbers, element by element (the finaliser of splitmix64): draws that depend on a series' id and on nothing else."""
    state = np.zeros(np.broadcast_shapes(*(np.shape(number) for number in numbers)), np.uint64)
    with np.errstate(over="ignore"):
        for number in numbers:
            state = state + np.asarray(number).astype(np.int64).view(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
            state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            state = state ^ (state >> np.uint64(31))
    return state


def seed_of(series_ids: NDArray[np.int64]) -> int:
    """A seed that a set of series has in any order, below 2³¹."""
    return int(np.bitwise_xor.reduce(mixed(series_ids), initial=np.uint64(1)) >> np.uint64(33))


def examples_of(panel: Panel, most: int) -> Examples:
    """About `most` examples at most, drawn evenly over series and origins; the same in any order of the series."""
    order = np.argsort(panel.series_ids, kind="stable")
    drivers = tuple(sorted(panel.drivers))
    n, t = panel.values.shape
    expected = n * max(t - _LOOK_BACK, 0) / _ORIGIN_EVERY * _STEPS_DRAWN
    keep = min(1.0, most / max(expected, 1.0))
    parts = [_examples(panel, order[first : first + _CHUNK_SERIES], drivers, keep) for first in range(0, n, _CHUNK_SERIES)]
    if not parts:
        parts = [_examples(panel, order, drivers, keep)]
    return Examples(*(np.concatenate([getattr(part, name) for part in parts]) for name in Examples.__slots__))


def _examples(panel: Panel, rows: NDArray[np.int64], drivers: tuple[str, ...], keep: float) -> Examples:
    part = panel.rows(rows)
    features = PanelFeatures(part, drivers)
    t = features.days
    # Origins count back from the first day ahead, so that the weekday of the forecast is among them.
    origins = np.arange(t - _ORIGIN_EVERY, 0, -_ORIGIN_EVERY)
    ids = part.series_ids[:, None, None]
    draw = np.arange(_STEPS_DRAWN)[None, None, :]
    steps = (mixed(ids, origins[None, :, None], draw) % np.uint64(MOST_STEPS)).astype(np.int64) + 1
    taken = (mixed(ids, origins[None, :, None], draw, 1) >> np.uint64(11)).astype(np.float64) / 2.0**53 < keep
    series, origin = np.broadcast_to(np.arange(rows.size)[:, None, None], steps.shape), np.broadcast_to(origins[None, :, None], steps.shape)
    target = origin + steps - 1
    enough = features.counts[series, origin] >= _LOOK_BACK
    usable = taken & enough & (target < t) & features.known[series, np.minimum(target, t - 1)]
    s, u, h = series[usable], origin[usable], steps[usable]
    scale = features.rates(s, u)
    day = u + h - 1
    return Examples(
        features.table(s, u, h), features.values[s, day] / scale, scale, features.sold_share(s, u, 112), day >= t - held_out_days(t)
    )
