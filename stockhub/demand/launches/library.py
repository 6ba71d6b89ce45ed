"""The launches that a seller's SKUs have behind them, and what makes one SKU like another (F7, D13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import Min, Q
from numpy.typing import NDArray

from stockhub.catalog.models import Sku
from stockhub.demand.frames import Rows, demand_of, rows_of
from stockhub.demand.models import SalesSeries
from stockhub.formulas.demand.analogues import LAUNCH_WEEKS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Most SKUs whose launches are looked at, the latest first, and how far back.
MOST_CANDIDATES: Final = 500
LIBRARY_DAYS: Final = 730
#: A series that begins with everybody else's was not launched then: its first day is where the data begin.
DATA_BEFORE: Final = timedelta(days=28)
#: What a difference in an attribute counts: category, price band, brand, season, pool.
WEIGHTS: Final = np.array([2.0, 1.0, 1.0, 0.5, 1.0])
_UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Attributes:
    """Of SKUs by id: attribute codes (category, price band, brand, season) and the day they were launched on, where somebody said so."""

    codes: dict[int, tuple[int, int, int, int]]
    launched_on: dict[int, date | None]
    skus: dict[int, str]

    def of(self, rows: Rows) -> Ints:
        """The codes (n, 5) of the rows, their pool being the last."""
        none = (_UNKNOWN,) * 4
        codes = [self.codes.get(sku, none) for sku in rows.sku_ids.tolist()]
        return np.column_stack([np.array(codes, np.int64).reshape(len(rows), 4), rows.pool_ids])


@dataclass(frozen=True, slots=True)
class Library:
    """Launches (m,): the rows that they are of, and what was sold (m, 12) in each week from the launch on."""

    rows: Rows
    weekly: Floats


def attributes_of(sku_ids: Ints) -> Attributes:
    """The attributes of SKUs. Brands are told apart by name; prices by doublings, whatever their currency."""
    found = Sku.objects.filter(id__in=sku_ids.tolist()).order_by("id")
    codes, launched, names = {}, {}, {}
    for sku in found.only("id", "code", "category_id", "brand", "season_id", "price_amount", "launched_on"):
        price = float(sku.price_amount or 0)
        codes[sku.pk] = (
            _or_unknown(sku.category_id),
            int(np.floor(np.log2(price))) + 64 if price > 0 else _UNKNOWN,
            hash_of(sku.brand) if sku.brand else _UNKNOWN,
            _or_unknown(sku.season_id),
        )
        launched[sku.pk], names[sku.pk] = sku.launched_on, sku.code
    return Attributes(codes, launched, names)


def hash_of(text: str) -> int:
    """A number for a text, the same in every process."""
    return int.from_bytes(text.strip().lower().encode()[:7].ljust(7, b"\0"), "big")


def _or_unknown(value: int | None) -> int:
    return _UNKNOWN if value is None else value


def data_begin() -> date | None:
    """The first day of which any sales are known."""
    begins: date | None = SalesSeries.objects.aggregate(first=Min("first_on"))["first"]
    return begins


def library_for(attributes: Attributes, new: Ints, last_on: date, begins: date) -> Library:
    """The launches of SKUs that share a category or a brand with one of the `new` SKUs; whole ones of twelve weeks only."""
    categories = {code[0] for sku in new.tolist() if (code := attributes.codes.get(sku)) and code[0] != _UNKNOWN}
    brands = set(Sku.objects.filter(id__in=new.tolist()).exclude(brand="").values_list("brand", flat=True))
    alike = Q(category_id__in=categories) | Q(brand__in=brands)
    ids = Sku.objects.filter(alike, deleted_at=None, is_bundle=False).exclude(id__in=new.tolist()).order_by("-id")
    rows = rows_of(list(ids.values_list("id", flat=True)[:MOST_CANDIDATES]))
    frame = demand_of(rows, last_on=last_on, days=LIBRARY_DAYS)
    known = attributes_of(rows.skus)
    weekly = np.full((len(rows), LAUNCH_WEEKS), np.nan)
    for row in range(len(rows)):
        launch = launch_of(known.launched_on.get(int(rows.sku_ids[row])), frame.first_day[row], begins)
        start = (launch - frame.first_on).days if launch else -1
        if launch and start >= 0 and start + 7 * LAUNCH_WEEKS <= LIBRARY_DAYS:
            weekly[row] = np.nan_to_num(frame.values[row, start : start + 7 * LAUNCH_WEEKS]).reshape(LAUNCH_WEEKS, 7).sum(axis=1)
    whole = np.nansum(weekly, axis=1) > 0
    kept = np.flatnonzero(whole)
    return Library(Rows(rows.sku_ids[kept], rows.pool_ids[kept]), weekly[kept])


def launch_of(stated: date | None, first_day: float, begins: date) -> date | None:
    """The day of a launch: as stated, else the first day with data unless all data begin about then; None where nobody knows."""
    if stated is not None:
        return stated
    if np.isnan(first_day):
        return None
    first = date.fromordinal(int(first_day))
    return first if first - begins >= DATA_BEFORE else None
