"""Lead-time demand of the rows, from the quantiles that the last forecast run kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.core.binary_copy import alike
from stockhub.core.columns import Blobs
from stockhub.demand.frames import Rows
from stockhub.formulas.distributions.kept_quantiles import chance_of_reaching, quantile_between, quantiles_over
from stockhub.pluginapi.snapshot import FloatArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """Forecasts of one grid: `days` (l,), `levels` (q,), quantiles (k, q, l)."""

    days: FloatArray
    levels: FloatArray
    quantiles: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LeadTimeDemand:
    """Of each row (n,) the table that holds it, −1 for none, and its place there. Settings change, so that grids may differ."""

    tables: list[Table]
    table: IntArray
    place: IntArray
    #: Whether a forecaster of lead-time sums made the row's quantiles, and not the textbook.
    is_calibrated: NDArray[np.bool_] = field(repr=False)

    def quantile(self, days: FloatArray, probability: FloatArray) -> FloatArray:
        """What demand over `days` (n,) stays within with `probability` (n,); NaN where nothing is known."""
        found = np.full(len(self.table), np.nan)
        for number, table in enumerate(self.tables):
            row = np.flatnonzero(self.table == number)
            over = quantiles_over(table.days, self._of(table, self.place[row]), days[row])
            found[row] = quantile_between(table.levels, over, probability[row])
        return found

    def chance(self, row: IntArray, days: FloatArray, quantity: FloatArray) -> FloatArray:
        """The chance (m,) that demand of rows (m,) over `days` (m,) reaches `quantity` (m,); NaN where nothing is known."""
        found = np.full(len(row), np.nan)
        for number, table in enumerate(self.tables):
            its = np.flatnonzero(self.table[row] == number)
            over = quantiles_over(table.days, self._of(table, self.place[row[its]]), days[its])
            found[its] = chance_of_reaching(table.levels, over, quantity[its])
        return found

    @staticmethod
    def _of(table: Table, place: IntArray) -> NDArray[np.float32]:
        whole = len(place) == len(table.quantiles) and bool((place == np.arange(len(place))).all())
        return table.quantiles if whole else table.quantiles[place]


def lead_time_demand(rows: Rows, at: IntArray, found: dict[str, Any]) -> LeadTimeDemand:
    """From stored columns (m,) of forecasts, which belong to rows `at` (m,), −1 for none of them."""
    table, place = np.full(len(rows), -1, np.int64), np.zeros(len(rows), np.int64)
    calibrated = np.zeros(len(rows), np.bool_)
    tables: list[Table] = []
    days, levels, quantiles = (found[f"lead_time_{name}"] for name in ("days", "levels", "quantiles"))
    for its, its_days, its_levels in _alike(days, levels, quantiles):
        kept = its[at[its] >= 0]
        q, lead_times = len(its_levels), len(its_days)
        if not len(kept) or q < 2 or not lead_times:
            continue
        row = at[kept]
        table[row], place[row], calibrated[row] = len(tables), np.arange(len(kept)), found["is_calibrated"][kept]
        tables.append(Table(its_days.astype(np.float64), its_levels.astype(np.float64), _cut(quantiles, kept, (q, lead_times))))
    return LeadTimeDemand(tables, table, place, calibrated)


def _alike(days: Blobs, levels: Blobs, quantiles: Blobs) -> list[tuple[IntArray, NDArray[np.int16], NDArray[np.float32]]]:
    """The positions of the forecasts that have one grid, and that grid; those whose quantiles do not fit theirs are left out."""
    n = len(days)
    sizes = np.stack([days.sizes, levels.sizes, quantiles.sizes], axis=1)
    if n and (sizes == sizes[0]).all() and _repeats(days) and _repeats(levels):
        groups = [((_parts(days, 1)[0], _parts(levels, 1)[0]), np.arange(n))]
    else:
        groups = alike(_parts(days, n), _parts(levels, n))
    fitting = []
    for (its_days, its_levels), its in groups:
        grid = np.frombuffer(its_days, "<i2"), np.frombuffer(its_levels, "<f4")
        fitting.append((its[quantiles.sizes[its] == 4 * len(grid[0]) * len(grid[1])], *grid))
    return fitting


def _repeats(blobs: Blobs) -> bool:
    size = int(blobs.sizes[0])
    return blobs.flat[: size * len(blobs)] == blobs.flat[:size] * len(blobs)


def _parts(blobs: Blobs, count: int) -> list[bytes]:
    """The first `count` of them, one by one."""
    ends = np.cumsum(blobs.sizes[:count]).tolist()
    return [blobs.flat[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _cut(blobs: Blobs, positions: IntArray, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The arrays at these positions, all of one size, as (k, …)."""
    size = 4 * shape[0] * shape[1]
    if len(positions) == len(blobs):
        return np.frombuffer(blobs.flat, "<f4", len(blobs) * size // 4).reshape(len(blobs), *shape)
    starts = (np.cumsum(blobs.sizes) - blobs.sizes)[positions]
    flat = np.frombuffer(blobs.flat, np.uint8)
    cut: NDArray[np.float32] = flat[starts[:, None] + np.arange(size)].view("<f4").reshape(len(positions), *shape)
    return cut
