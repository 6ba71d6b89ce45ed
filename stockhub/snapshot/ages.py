"""Ages: first in, first out over the lots of each warehouse, against what is physically there, and the lots that time makes worth less."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.frames import Rows
from stockhub.formulas.health.ageing import units_older_than
from stockhub.inventory.lots.ageing import StockAges, ages
from stockhub.pluginapi import Lots
from stockhub.pluginapi.lots import LOT_ARRAYS
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.platform_ages import LotPlaces, PlatformAges, as_the_platform_charges, with_platform_ages
from stockhub.snapshot.positions import Balances, Columns, Pools, held_of, spread
from stockhub.snapshot.surcharges import surcharges_of
from stockhub.snapshot.worth import Rates


def ages_of(rows: Rows, day: date, balances: Balances, rates: Rates) -> PlatformAges:
    """The lots of the rows' SKUs, in all warehouses; where a platform counts and told ages, these."""
    held = held_of(balances)
    return with_platform_ages(ages(rows.skus, day=day, held=held), rows.skus, day, held, rates)


@dataclass(frozen=True, slots=True)
class AgedRows:
    """What is left of the lots (m,) of all rows: the row that each counts for, its age in days and its units."""

    row: NDArray[np.int64]
    age_days: FloatArray
    qty: FloatArray


def aged_rows(rows: Rows, aged_lots: StockAges, pools: Pools) -> AgedRows:
    """The lots that still hold something, once for each pool of their warehouse."""
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


def lots_of(
    rows: Rows, day: date, told: PlatformAges, pools: Pools, cubic_feet: FloatArray, category: NDArray[np.object_], rates: Rates
) -> Lots:
    """The lots that expire or that are charged for their age, once for each row that they count for; `cubic_feet` (n,) of a unit, and
    `category` (n,) as Amazon calls it.
    """
    aged_lots = told.ages
    fact, row = _sellable(rows, aged_lots, pools)
    charged = surcharges_of(aged_lots.warehouse_ids[fact], aged_lots.age_days[fact], cubic_feet[row], day, rates, category[row])
    places = LotPlaces(aged_lots.sku_ids[fact], aged_lots.warehouse_ids[fact], row, aged_lots.qty[fact])
    found = Lots(
        row, aged_lots.age_days[fact], aged_lots.qty[fact], aged_lots.expires_in[fact], charged.charged_from, charged.assessed_in,
        as_the_platform_charges(told, day, places, charged.assessed_in, charged.charge),
    )  # fmt: skip
    found = _with_expiring(found, rows, told.expiring, pools)
    kept = found.take(~np.isnan(found.expires_in) | ~np.isnan(found.charged_from))
    for name in LOT_ARRAYS:
        getattr(kept, name).flags.writeable = False
    return kept


def _sellable(rows: Rows, aged_lots: StockAges, pools: Pools) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    fact, row = spread(rows, aged_lots.sku_ids, aged_lots.warehouse_ids, pools)
    held = (aged_lots.qty[fact] > 0) & ~aged_lots.unsellable[fact]
    return fact[held], row[held]


def _with_expiring(found: Lots, rows: Rows, expiring: StockAges, pools: Pools) -> Lots:
    """With our lots that expire where a platform tells the ages: it charges for those, and knows nothing of these."""
    fact, row = _sellable(rows, expiring, pools)
    if not len(fact):
        return found
    none = np.full(len(fact), np.nan)
    more = (row, expiring.age_days[fact], expiring.qty[fact], expiring.expires_in[fact], none, none, none)
    return Lots(*(np.concatenate((getattr(found, name), part)) for name, part in zip(LOT_ARRAYS, more, strict=True)))
