"""What a unit costs and sells for, in the base currency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db.models import BigIntegerField, Case, Exists, FloatField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from numpy.typing import NDArray

from stockhub.catalog.exchange_rates import rate_on
from stockhub.catalog.models import BundleComponent, Product, Sku
from stockhub.channels.models import Listing, ListingComponent, PoolAccount, PriceFact
from stockhub.core.columns import DAY, FLAG, FLOAT, INSTANT, INT, code
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.formulas.lifecycle.stage import STAGES
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.values.measures import CUBIC_METRES_A_CUBIC_FOOT

IntArray = NDArray[np.int64]
#: Amounts are stored as millionths.
_AMOUNT: Final = 1e6
_SKU_COLUMNS: Final = {
    "id": INT, "is_replenished": FLAG, "discontinued_on": DAY, "unit_cost_amount": FLOAT, "unit_cost_currency": code(3),
    "price_amount": FLOAT, "price_currency": code(3), "stage_code": FLOAT, "in_bundle": FLAG, "cubic_mm": FLOAT,
    "in_category": INT, "in_season": INT,
}  # fmt: skip
_CUBIC_MM_A_CUBIC_FOOT: Final = float(CUBIC_METRES_A_CUBIC_FOOT) * 1e9


@dataclass(slots=True)
class Rates:
    """Rates to the base currency on a day, each looked up once; NaN where none is known, which makes the money unknown and never wrong."""

    day: date
    base: str = field(default_factory=lambda: settings.STOCKHUB_BASE_CURRENCY)
    _known: dict[str, float] = field(default_factory=dict)

    def to_base(self, currency: str) -> float:
        if currency not in self._known:
            rate = rate_on(self.day, currency, self.base) if currency else None
            self._known[currency] = float(rate) if rate is not None else np.nan
        return self._known[currency]

    def amounts(self, stored: FloatArray, currencies: NDArray[np.bytes_]) -> FloatArray:
        """Amounts (m,) as they are stored, NaN for none, in currencies (m,), in the base currency."""
        named, which = np.unique(currencies, return_inverse=True)
        return stored / _AMOUNT * np.array([self.to_base(each.decode()) for each in named.tolist()], np.float64)[which]


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """What the catalogue says of each row's SKU, (n,) each: in the base currency, NaN where it says nothing.

    `stage` is a position in `lifecycle.stage.STAGES`; a stage that a plugin added has none.
    `category` is the SKU's own, else its product's; 0 where neither has one, as where it has no `season`.
    """

    unit_cost: FloatArray
    list_price: FloatArray
    is_replenished: FloatArray
    stage: FloatArray
    in_bundle: FloatArray
    cubic_feet: FloatArray
    category: IntArray
    season: IntArray


def sku_facts(rows: Rows, day: date, rates: Rates) -> SkuFacts:
    """Cost, list price, and whether it is bought again: not what an operator took off the list or discontinued."""
    found = _stated(skus=rows.skus)
    at = np.searchsorted(found["id"], rows.sku_ids)
    replenished = found["is_replenished"] & ~(found["discontinued_on"] <= day.toordinal())
    return SkuFacts(
        unit_cost=rates.amounts(found["unit_cost_amount"], found["unit_cost_currency"])[at],
        list_price=rates.amounts(found["price_amount"], found["price_currency"])[at],
        is_replenished=replenished.astype(np.float64)[at],
        stage=found["stage_code"][at],
        in_bundle=found["in_bundle"].astype(np.float64)[at],
        cubic_feet=(found["cubic_mm"] / _CUBIC_MM_A_CUBIC_FOOT)[at],
        category=found["in_category"][at],
        season=found["in_season"][at],
    )


@kept(_SKU_COLUMNS)
def _stated(skus: KeptIds) -> QuerySet[Sku]:
    # The product only where the SKU names no category: a join would read all of them for each range.
    of_product = Product.objects.filter(pk=OuterRef("product_id")).values("category_id")[:1]
    sides = [Cast(side, FloatField()) for side in ("length_mm", "width_mm", "height_mm")]
    return (
        Sku.objects.filter(**id_filter("id", skus))
        .annotate(
            stage_code=Case(*[When(stage__slug=slug, then=Value(float(number))) for number, slug in enumerate(STAGES)], default=None),
            in_bundle=Exists(BundleComponent.objects.filter(component=OuterRef("pk"))),
            cubic_mm=sides[0] * sides[1] * sides[2],
            in_category=Coalesce("category_id", Subquery(of_product), 0, output_field=BigIntegerField()),
            in_season=Coalesce("season_id", 0),
        )
        .order_by("id")
    )


def price_column(rows: Rows, as_of: datetime, rates: Rates, list_price: FloatArray) -> FloatArray:
    """The last price seen on the accounts that a row's pool serves, of a listing of one unit; the SKU's list price where there is none."""
    out = list_price.copy()
    sku, account, fact = _last_facts(rows, as_of)
    facts = _price_facts(ids=np.unique(fact))
    at = np.searchsorted(facts["id"], fact)
    amounts = rates.amounts(facts["amount"], facts["currency"])
    # The latest comes last, and so is what stays where several listings of a pool sell the SKU.
    order = np.lexsort((fact, facts["occurred_at"][at]))
    targets, seen = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for of_account, pool in _served.tuples():
        held = order[account[order] == of_account]
        row = rows.find(sku[held], pool)
        targets.append(row[row >= 0])
        seen.append(held[row >= 0])
    row, place = np.concatenate(targets), np.concatenate(seen)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    latest = np.argsort(rank[place], kind="stable")
    out[row[latest]] = amounts[at[place[latest]]]
    return out


@kept({"id": INT, "occurred_at": INSTANT, "amount": FLOAT, "currency": code(3)})
def _price_facts(ids: KeptIds) -> QuerySet[PriceFact]:
    return PriceFact.objects.filter(id__any_of=ids.every).order_by("id")


@kept({"account_id": INT, "pool_id": INT})
def _served() -> QuerySet[PoolAccount, Any]:
    return PoolAccount.objects.order_by("account_id", "pool_id").values("account_id", "pool_id").distinct()


def _last_facts(rows: Rows, as_of: datetime) -> tuple[IntArray, IntArray, IntArray]:
    """By listing (m,) that delivers one unit of a SKU and nothing else: the SKU, its account, and the id of the last price seen."""
    units = _units(skus=rows.skus)
    asked = np.unique(units["listing_id"])
    if not len(asked):
        return units["sku_id"], units["listing_id"], units["listing_id"]
    listings, delivered = _listings(ids=asked, as_of=as_of), np.sort(_delivered(listings=asked)["listing_id"])
    at = np.searchsorted(listings["id"], units["listing_id"])
    parts = np.searchsorted(delivered, units["listing_id"], "right") - np.searchsorted(delivered, units["listing_id"], "left")
    seen = (listings["fact"][at] > 0) & (parts == 1)
    return units["sku_id"][seen], listings["account_id"][at[seen]], listings["fact"][at[seen]]


@kept({"sku_id": INT, "listing_id": INT})
def _units(skus: KeptIds) -> QuerySet[ListingComponent]:
    """What delivers one unit of a SKU."""
    return ListingComponent.objects.filter(**id_filter("sku_id", skus), qty=1, valid_to=None)


@kept({"listing_id": INT})
def _delivered(listings: KeptIds) -> QuerySet[ListingComponent]:
    """A row for each SKU that a listing delivers: a join would go through those of the whole catalogue for each range."""
    return ListingComponent.objects.filter(**id_filter("listing_id", listings), valid_to=None)


@kept({"id": INT, "account_id": INT, "fact": INT})
def _listings(ids: KeptIds, as_of: Place) -> QuerySet[Listing]:
    """Listings, and of each the last price seen; 0 where none was."""
    last = PriceFact.objects.filter(listing=OuterRef("pk"), occurred_at__lte=as_of).order_by("-occurred_at", "-id")
    return Listing.objects.filter(**id_filter("id", ids)).annotate(fact=Coalesce(Subquery(last.values("id")[:1]), 0)).order_by("id")
