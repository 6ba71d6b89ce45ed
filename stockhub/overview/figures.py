"""Sums of stock by pool and category, once a day, from the snapshot that the warnings rest on: key figures at no cost a page (H16, H84)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import Category, Product, Sku, StockPool
from stockhub.channels.models import Listing, ListingComponent, PoolAccount
from stockhub.core import clock
from stockhub.core.columns import INT
from stockhub.core.kept import KeptIds, kept
from stockhub.core.ranges import id_filter
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import Work
from stockhub.demand.frames import POOL_BITS, Rows
from stockhub.demand.turnover.categories import ALL
from stockhub.demand.turnover.histories import stored_flow
from stockhub.demand.turnover_models import StockFigures
from stockhub.formulas.health.kpis import missed_units
from stockhub.formulas.health.score import EXCESS_SUPPLY_DAYS, excess_supply_units
from stockhub.formulas.health.turnover_rules import STREAK_MONTHS
from stockhub.formulas.stock.position import on_hand
from stockhub.overview.logistics import logistics_of
from stockhub.pluginapi import Snapshot
from stockhub.pluginapi.snapshot import FloatArray

#: What is summed, in the order in which it is kept. Each leaves out the SKUs of which it is not known. New ones go to the end: rows of
#: before lack them, which `padded` takes for nothing known.
FIGURES: Final = (
    "skus", "stock_units", "stock_value", "uncosted_units", "sold_30", "dead_units", "dead_value", "forecast_units", "excess_units",
    "listed_units", "stranded_units", "in_stock_days", "in_stock_weight", "served_30", "missed_30", "shipped_quarter", "held_quarter",
    "logistics_units", "logistics_paid", "logistics_usual",
)  # fmt: skip
#: The parts of a run are added up when it ends.
WHOLE: Final = 0
#: So long they are kept: a year and the same month of the one before.
_KEPT_DAYS: Final = 400
_MONTH_DAYS: Final = 30.0


@dataclass(slots=True)
class ChunkFigures:
    """Adds up a chunk's figures, however many pieces it is done in, where the day has none yet."""

    work: Work
    _day: date | None = None
    _sums: dict[tuple[int, int], FloatArray] = field(default_factory=dict)

    def add(self, snapshot: Snapshot) -> None:
        """The sums of one piece."""
        if self.work.cycle.sku_codes or not len(snapshot) or (self._day is None and _has_figures(snapshot.day)):
            return
        self._day = snapshot.day
        for place, sums in sums_by_place(snapshot).items():
            self._sums[place] = self._sums.get(place, np.zeros(len(FIGURES))) + sums

    def write(self) -> None:
        """A chunk that is run again takes the place of its first attempt."""
        if self._day is None:
            return
        cycle, ordinal, day = self.work.cycle, self.work.chunk.ordinal, self._day
        with self.work.guard():
            StockFigures.objects.filter(cycle=cycle, chunk=ordinal).delete()
            StockFigures.objects.bulk_create(
                [
                    StockFigures(cycle=cycle, chunk=ordinal, day=day, pool_id=pool, category_id=category or None, figures=each)
                    for (pool, category), each in sorted(self._sums.items())
                ],
                batch_size=500,
            )


def padded(figures: FloatArray) -> FloatArray:
    """The figures of a row, those that it was made without as 0."""
    return np.concatenate([figures, np.zeros(len(FIGURES) - len(figures))])


def _has_figures(day: date) -> bool:
    return StockFigures.objects.filter(chunk=WHOLE, day=day).exists()


def finish_figures(cycle: Cycle) -> None:
    """Adds up the parts of a run, and forgets what is older than a year. The caller is in a transaction or does it again."""
    parts = StockFigures.objects.filter(cycle=cycle, chunk__gt=WHOLE)
    sums: dict[tuple[int, int | None], FloatArray] = {}
    day = _day_of(cycle.as_of)
    for part in parts:
        key = (part.pool_id, part.category_id)
        sums[key] = sums.get(key, np.zeros(len(FIGURES))) + padded(part.figures)
        day = part.day
    if not sums:
        return
    pools, categories = set(StockPool.objects.values_list("id", flat=True)), {None, *Category.objects.values_list("id", flat=True)}
    StockFigures.objects.filter(chunk=WHOLE, day=day).delete()
    StockFigures.objects.bulk_create(
        [
            StockFigures(cycle=cycle, chunk=WHOLE, day=day, pool_id=pool, category_id=category, figures=each)
            for (pool, category), each in sums.items()
            if pool in pools and category in categories
        ],
        batch_size=500,
    )
    StockFigures.objects.filter(Q(cycle=cycle, chunk__gt=WHOLE) | Q(day__lt=day - timedelta(days=_KEPT_DAYS))).delete()


def _day_of(moment: datetime) -> date:
    return clock.business_day(moment, settings.STOCKHUB_TIME_ZONE)


def sums_by_place(snapshot: Snapshot) -> dict[tuple[int, int], FloatArray]:
    """The figures of each pool and category (`ALL` for SKUs of none)."""
    rows = Rows(snapshot.sku_ids, snapshot.pool_ids)
    category = _categories(rows)
    places, place = np.unique((category << POOL_BITS) | rows.pool_ids, return_inverse=True)
    columns = _figures(snapshot, rows)
    sums = np.stack([np.bincount(place, np.nan_to_num(columns[name]), minlength=len(places)) for name in FIGURES], axis=1)
    return {(each & (2**POOL_BITS - 1), each >> POOL_BITS): sums[at] for at, each in enumerate(places.tolist())}


def _figures(snapshot: Snapshot, rows: Rows) -> dict[str, FloatArray]:
    """Each figure of each row, NaN where it is not known."""
    stock = np.maximum(on_hand(snapshot["available"], snapshot["reserved"]), 0.0)
    value, sold = stock * snapshot["unit_cost"], snapshot["sold_30"]
    dead = np.where(np.isnan(snapshot["sold_90"]), np.nan, (snapshot["sold_90"] == 0).astype(np.float64))
    excess = excess_supply_units(stock, snapshot.demand_within(np.full(len(rows), EXCESS_SUPPLY_DAYS)))
    stranded = _stranded(rows)
    weight = np.where(snapshot["is_replenished"] == 1, snapshot["sold_60"], np.nan)
    days = (1.0 - snapshot["stockout_days_30"] / _MONTH_DAYS) * weight
    missed = missed_units(sold, snapshot["stockout_days_30"], snapshot["daily_mean"])
    flow = stored_flow(rows)
    shipped, held = (part[:, -STREAK_MONTHS:] for part in (flow.sold, flow.held))
    known = np.isfinite(shipped).all(axis=1) & np.isfinite(held).all(axis=1)
    logistics = logistics_of(rows, snapshot.day)
    return {
        "skus": np.isfinite(stock).astype(np.float64),
        "stock_units": stock,
        "stock_value": value,
        "uncosted_units": np.where(np.isnan(snapshot["unit_cost"]), stock, 0.0),
        "sold_30": np.where(np.isfinite(stock), sold, np.nan),
        "dead_units": stock * dead,
        "dead_value": value * dead,
        "forecast_units": np.where(np.isfinite(excess), stock, np.nan),
        "excess_units": excess,
        "listed_units": np.where(np.isfinite(stranded), stock, np.nan),
        "stranded_units": stock * stranded,
        "in_stock_days": days,
        "in_stock_weight": np.where(np.isfinite(days), weight, np.nan),
        "served_30": np.where(np.isfinite(missed), sold, np.nan),
        "missed_30": np.where(np.isfinite(sold), missed, np.nan),
        "shipped_quarter": np.where(known, shipped.sum(axis=1), np.nan),
        "held_quarter": np.where(known, held.mean(axis=1), np.nan),
        "logistics_units": logistics.units,
        "logistics_paid": logistics.paid,
        "logistics_usual": logistics.usual,
    }


def _categories(rows: Rows) -> NDArray[np.int64]:
    found = _category_of(skus=rows.skus)
    return np.asarray(found["in_category"][np.searchsorted(found["id"], rows.sku_ids)], np.int64)


def _stranded(rows: Rows) -> FloatArray:
    """1 where no active listing on any account of the row's pool sells the SKU, else 0; NaN where none of them has told its listings."""
    told = {int(each) for (each,) in _listing_accounts.tuples()}
    listed = np.zeros(len(rows), np.bool_)
    known = np.zeros(len(rows), np.bool_)
    active = _active(skus=rows.skus)
    for pool, account in _served.tuples():
        if account not in told:
            continue
        known |= rows.pool_ids == pool
        at = rows.find(np.unique(active["sku_id"][active["account"] == account]), pool)
        listed[at[at >= 0]] = True
    return np.where(known, (~listed).astype(np.float64), np.nan)


@kept({"id": INT, "in_category": INT})
def _category_of(skus: KeptIds) -> QuerySet[Sku]:
    of_product = Product.objects.filter(pk=OuterRef("product_id")).values("category_id")[:1]
    in_category = Coalesce("category_id", Subquery(of_product), ALL, output_field=BigIntegerField())
    return Sku.objects.filter(**id_filter("id", skus)).annotate(in_category=in_category).order_by("id")


@kept({"account_id": INT})
def _listing_accounts() -> QuerySet[Listing, Any]:
    return Listing.objects.filter(deleted_at=None).order_by("account_id").values("account_id").distinct()


@kept({"pool_id": INT, "account_id": INT})
def _served() -> QuerySet[PoolAccount, Any]:
    return PoolAccount.objects.order_by("pool_id", "account_id").values("pool_id", "account_id").distinct()


@kept({"sku_id": INT, "account": INT})
def _active(skus: KeptIds) -> QuerySet[ListingComponent]:
    listed = ListingComponent.objects.filter(**id_filter("sku_id", skus), valid_to=None)
    return listed.filter(listing__status="active", listing__deleted_at=None).annotate(account=F("listing__account_id"))
