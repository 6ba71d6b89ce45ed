"""Ages: first in, first out over the lots of each warehouse, against what is physically there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.frames import Rows
from stockhub.formulas.health.ageing import units_older_than
from stockhub.inventory.lots.ageing import ages
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.positions import Balances, Columns, Pools, held_of, spread


@dataclass(frozen=True, slots=True)
class AgedRows:
    """What is left of the lots (m,) of all rows: the row that each counts for, its age in days and its units."""

    row: NDArray[np.int64]
    age_days: FloatArray
    qty: FloatArray


def aged_rows(rows: Rows, day: date, balances: Balances, pools: Pools) -> AgedRows:
    """The lots that still hold something, once for each pool of their warehouse."""
    aged_lots = ages(rows.skus, day=day, held=held_of(balances))
    fact, row = spread(rows, aged_lots.sku_ids, aged_lots.warehouse_ids, pools)
    held = aged_lots.qty[fact] > 0
    fact, row = fact[held], row[held]
    return AgedRows(row, aged_lots.age_days[fact], aged_lots.qty[fact])


def age_columns(n: int, day: date, last_sold_day: FloatArray, aged: AgedRows) -> Columns:
    """Age of the oldest lot that is left, units over 90 and 180 days, and whether anything has sold since that lot came in.

    NaN where nothing is known: no physical stock, or stock that no lot explains.
    """
    row, age, left = aged.row, aged.age_days, aged.qty
    oldest = np.full(n, -np.inf)
    np.maximum.at(oldest, row, age)
    oldest = np.where(np.isinf(oldest), np.nan, oldest)
    older = {name: np.where(np.isnan(oldest), np.nan, units_older_than(row, age, left, n, days)) for name, days in AGED.items()}
    came_in = day.toordinal() - oldest
    unsold = np.where(np.isnan(oldest), np.nan, (np.isnan(last_sold_day) | (last_sold_day < came_in)).astype(np.float64))
    return {"oldest_age": oldest, **older, "oldest_unsold": unsold}


AGED = {"aged_over_90": 90.0, "aged_over_180": 180.0}
