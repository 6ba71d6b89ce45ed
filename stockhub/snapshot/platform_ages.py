"""Ages as the platform tells them, in the place of those of our lots, in the warehouses that it counts (H44, E14).

An observation grows older with the days, and what has left since left oldest first, as the platform itself reckons. Units that came after
it have no age: they are the youngest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from stockhub.catalog.models import Authority
from stockhub.channels.fact_models import LatestStockAge
from stockhub.core.columns import BLOB, DAY, FLOAT, INT, Blobs, code
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import id_filter
from stockhub.formulas.fees.aged_stock import next_snapshot_on
from stockhub.inventory.lots.ageing import StockAges
from stockhub.inventory.lots.rows import Held
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot.worth import Rates

IntArray = NDArray[np.int64]
#: A bracket is told apart into parts of so many days, its units spread over them evenly: nobody says where in it they lie.
PART_DAYS: Final = 15
#: Stands for the lot of units of which only the platform knows the age.
NO_LOT: Final = -1
_PAIR_BITS: Final = 32
#: The arrays of `StockAges` that are of lots.
_OF_LOTS: Final = ("lot_ids", "sku_ids", "warehouse_ids", "age_days", "qty", "stored_qty", "expires_in", "unsellable")


@dataclass(frozen=True, slots=True)
class LotPlaces:
    """Lots (m,), once for each row that they count for: whose they are, where, and how many units."""

    sku: IntArray
    warehouse: IntArray
    row: IntArray
    qty: FloatArray


@dataclass(frozen=True, slots=True)
class PlatformAges:
    """All ages, and of the (SKU, warehouse) pairs (k,) whose ages a platform told: what it charges for them at the next snapshot, in the
    base currency, NaN where it did not say or that snapshot is over; and those of our lots there that expire, which no platform tells.
    """

    ages: StockAges
    pairs: IntArray
    surcharge: FloatArray
    expiring: StockAges


def with_platform_ages(aged: StockAges, skus: IntArray, day: date, held: Held, rates: Rates) -> PlatformAges:
    """The ages, with those that platforms told in the place of what our lots say of the same (SKU, warehouse)."""
    found = _told(skus=skus)
    pair = _pair(found["sku_id"], found["warehouse_id"])
    pairs = np.unique(pair)
    theirs = np.isin(_pair(aged.sku_ids, aged.warehouse_ids), pairs)
    expiring = _lots(aged, theirs & ~np.isnan(aged.expires_in))
    if not len(pairs):
        return PlatformAges(aged, pairs, np.zeros(0), expiring)
    place, lies = np.searchsorted(pairs, pair), _held(pairs, held)
    fact, age, qty = _parts(found["brackets"])
    age = age + np.maximum(day.toordinal() - found["observed_on"], 0)[fact]
    qty = _left(place[fact], age, qty, lies)
    stays = qty > 0
    fact, age, qty = fact[stays], age[stays], qty[stays]
    young = np.nan_to_num(np.maximum(lies - np.bincount(place[fact], qty, minlength=len(pairs)), 0.0))
    ages = _joined(_lots(aged, ~theirs), found["sku_id"][fact], found["warehouse_id"][fact], age.astype(np.float64), qty)
    ages = _unexplained(ages, pairs, young)
    return PlatformAges(ages, pairs, _surcharges(found, place, len(pairs), day, rates), expiring)


def _lots(aged: StockAges, chosen: NDArray[np.bool_]) -> StockAges:
    return replace(aged, **{name: getattr(aged, name)[chosen] for name in _OF_LOTS})


def _joined(aged: StockAges, sku: IntArray, warehouse: IntArray, age: FloatArray, qty: FloatArray) -> StockAges:
    n = len(sku)
    more = (np.full(n, NO_LOT, np.int64), sku, warehouse, age, qty, qty, np.full(n, np.nan), np.zeros(n, np.bool_))
    return replace(aged, **{name: np.concatenate((getattr(aged, name), part)) for name, part in zip(_OF_LOTS, more, strict=True)})


def _unexplained(aged: StockAges, pairs: IntArray, young: FloatArray) -> StockAges:
    """What has no age: as our lots say where no platform tells, and elsewhere what came after its observation."""
    ours = ~np.isin(_pair(aged.unknown_sku_ids, aged.unknown_warehouse_ids), pairs)
    came = young > 0
    return replace(
        aged,
        unknown_sku_ids=np.concatenate((aged.unknown_sku_ids[ours], pairs[came] >> _PAIR_BITS)),
        unknown_warehouse_ids=np.concatenate((aged.unknown_warehouse_ids[ours], pairs[came] & ((1 << _PAIR_BITS) - 1))),
        unknown_qty=np.concatenate((aged.unknown_qty[ours], young[came])),
    )


def as_the_platform_charges(told: PlatformAges, day: date, of: LotPlaces, wait: FloatArray, charge: FloatArray) -> FloatArray:
    """What a unit of lots (m,) is charged: those of the next snapshot brought to what the platform itself expects to charge in all.

    `wait` (m,) are days until a lot is charged. What our rates say decides how the sum lies between lots; where they say nothing, evenly.
    """
    pair = _pair(of.sku, of.warehouse)
    at = np.minimum(np.searchsorted(told.pairs, pair), max(len(told.pairs) - 1, 0))
    if not len(told.pairs):
        return charge
    ahead = (next_snapshot_on(day + timedelta(days=1)) - day).days
    total = np.where(told.pairs[at] == pair, told.surcharge[at], np.nan)
    due = np.flatnonzero(~np.isnan(total) & (wait == ahead))
    # A lot counts once for each pool that it serves, and the platform charges it once.
    _groups, group = np.unique(np.stack((at[due], of.row[due])), axis=1, return_inverse=True)
    group = group.reshape(-1)
    ours, units = np.bincount(group, of.qty[due] * charge[due]), np.bincount(group, of.qty[due])
    known = np.isfinite(ours) & (ours > 0)
    by_ours = charge[due] * (total[due] / np.where(known, ours, 1.0)[group])
    out = charge.copy()
    out[due] = np.where(known[group], by_ours, total[due] / units[group])
    return out


def _pair(sku: IntArray, warehouse: IntArray) -> IntArray:
    return (sku.astype(np.int64) << _PAIR_BITS) | warehouse.astype(np.int64)


def _parts(brackets: Blobs) -> tuple[IntArray, IntArray, FloatArray]:
    """Brackets as parts (m,): the observation of each, the age of its middle and its units, which are whole and add up to the bracket's."""
    numbers = np.frombuffer(brackets.flat, "<i4").astype(np.int64).reshape(-1, 3)
    fact = np.repeat(np.arange(len(brackets)), brackets.sizes // 12)
    first, last, units = numbers.T if len(numbers) else np.zeros((3, 0), np.int64)
    # Of an open bracket nothing is known but where it begins.
    last = np.where(last < 0, first, last)
    days = last - first + 1
    parts = (days + PART_DAYS - 1) // PART_DAYS
    of = np.repeat(np.arange(len(parts)), parts)
    number = np.arange(len(of)) - np.repeat(np.cumsum(parts) - parts, parts)
    middle = first[of] + (days[of] * number // parts[of] + days[of] * (number + 1) // parts[of] - 1) // 2
    share = units[of] * (number + 1) // parts[of] - units[of] * number // parts[of]
    return fact[of], middle, share.astype(np.float64)


def _held(pairs: IntArray, held: Held) -> FloatArray:
    """Units (k,) that lie in each pair now; NaN where nobody says."""
    ours = _pair(held.sku_ids, held.warehouse_ids)
    order = np.argsort(ours)
    at = np.searchsorted(ours, pairs, sorter=order)
    at = np.minimum(at, max(len(ours) - 1, 0))
    if not len(ours):
        return np.full(len(pairs), np.nan)
    return np.where(ours[order[at]] == pairs, held.qty[order[at]].astype(np.float64), np.nan)


def _left(place: IntArray, age: IntArray, qty: FloatArray, held: FloatArray) -> FloatArray:
    """What is left of parts (m,) where less lies there now than was told: the oldest have left."""
    order = np.lexsort((age, place))
    sorted_qty, its = qty[order], place[order]
    total = np.cumsum(sorted_qty)
    before = (total - sorted_qty)[np.searchsorted(its, its)] if len(its) else total
    younger = total - sorted_qty - before
    room = np.where(np.isnan(held), np.inf, held)[its]
    left = np.empty_like(qty)
    left[order] = np.clip(room - younger, 0.0, sorted_qty)
    return left


def _surcharges(found: dict[str, NDArray[np.generic]], place: IntArray, n: int, day: date, rates: Rates) -> FloatArray:
    """What the platform expects to charge (k,), of the codes of a pair together; NaN where one of them does not say, or said it of a
    snapshot that is over.
    """
    amounts = rates.amounts(found["surcharge_amount"], found["currency"])  # type: ignore[arg-type]
    ahead, one = next_snapshot_on(day + timedelta(days=1)), timedelta(days=1)
    days, which = np.unique(found["observed_on"], return_inverse=True)
    current = np.array([next_snapshot_on(date.fromordinal(int(each)) + one) == ahead for each in days.tolist()], np.bool_)[which]
    amounts = np.where(current, amounts, np.nan)
    out = np.zeros(n)
    np.add.at(out, place, amounts)
    return out


@kept(
    {
        "sku_id": INT, "warehouse_id": INT, "observed_on": DAY, "brackets": BLOB, "surcharge_amount": FLOAT, "currency": code(3),
    }
)  # fmt: skip
def _told(skus: KeptIds) -> QuerySet[LatestStockAge]:
    return LatestStockAge.objects.filter(**id_filter("sku_id", skus), warehouse__authority=Authority.SNAPSHOT).order_by("id")
