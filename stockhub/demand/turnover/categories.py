"""Turnover of categories and of whole pools at cost: a rule for one SKU sees its category without loading it (H31, H32; ADR 0025)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, F, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.exchange_rates import rate_on
from stockhub.catalog.models import Category, StockPool
from stockhub.core import clock
from stockhub.core.columns import BLOB, FLOAT, INT, code, read
from stockhub.demand.turnover.months import Months
from stockhub.demand.turnover_models import MONTHS, CategoryTurnover, TurnoverHistory
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.monthly_flow import turnover_of_months
from stockhub.formulas.health.quadrants import median_by_group
from stockhub.formulas.health.turnover_rules import STREAK_MONTHS

IntArray = NDArray[np.int64]
#: Histories that are read at once.
_AT_ONCE: Final = 20_000
#: The whole of a pool, where a category would stand; no id is 0.
ALL: Final = 0
#: Amounts are stored as millionths.
_AMOUNT: Final = 1e6


@dataclass(slots=True)
class _Gathered:
    """Sums of cost by (pool, category), and each SKU's turnover for the medians."""

    cogs: dict[tuple[int, int], FloatArray] = field(default_factory=dict)
    inventory: dict[tuple[int, int], FloatArray] = field(default_factory=dict)
    skus: dict[tuple[int, int], int] = field(default_factory=dict)
    #: How many SKUs are known in each month.
    known: dict[tuple[int, int], FloatArray] = field(default_factory=dict)
    #: Of every history: its pool, its category and its turnover over the last months.
    pools: list[IntArray] = field(default_factory=list)
    categories: list[IntArray] = field(default_factory=list)
    turnover: list[FloatArray] = field(default_factory=list)


def keep_category_turnover(last_on: date) -> int:
    """Sums the histories of the last complete months by pool and category, and writes the sums that differ; returns how many.

    Reads the histories of all SKUs a part at a time. Those of an earlier month, of SKUs that are gone, take no part.
    """
    months, gathered = Months.before(last_on), _Gathered()
    for part in _parts(months.last_month):
        _gather(gathered, part, months, last_on)
    medians = _medians(gathered)
    fresh = [_row(key, gathered, medians.get(key), months.last_month) for key in sorted(gathered.cogs)]
    return _write(fresh)


def _parts(month: date) -> Iterator[dict[str, Any]]:
    last = 0
    histories = TurnoverHistory.objects.filter(last_month=month, sku__deleted_at=None, pool__deleted_at=None)
    while True:
        rows: QuerySet[TurnoverHistory] = histories.filter(id__gt=last).order_by("id").annotate(
            category=Coalesce("sku__category_id", "sku__product__category_id", ALL, output_field=BigIntegerField()),
            cost=F("sku__unit_cost_amount"),
            currency=F("sku__unit_cost_currency"),
        )  # fmt: skip
        part = read(
            rows[:_AT_ONCE],
            {"id": INT, "pool_id": INT, "category": INT, "cost": FLOAT, "currency": code(3), "sold": BLOB, "held": BLOB},
        )
        if not len(part["id"]):
            return
        yield part
        last = int(part["id"][-1])


def _gather(gathered: _Gathered, part: dict[str, Any], months: Months, day: date) -> None:
    sold, held = (_matrix(part[name].flat) for name in ("sold", "held"))
    recent = turnover_of_months(sold[:, -STREAK_MONTHS:], held[:, -STREAK_MONTHS:], months.lengths[-STREAK_MONTHS:])
    gathered.pools.append(part["pool_id"])
    gathered.categories.append(part["category"])
    gathered.turnover.append(recent)
    cost = part["cost"] / _AMOUNT * _to_base(part["currency"], day)
    known = np.isfinite(sold) & np.isfinite(held) & np.isfinite(cost)[:, None]
    sold_at_cost, held_at_cost = (np.where(known, units * cost[:, None], 0.0) for units in (sold, held))
    for pool in np.unique(part["pool_id"]).tolist():
        in_pool = part["pool_id"] == pool
        for category in {ALL, *part["category"][in_pool].tolist()}:
            rows = in_pool if category == ALL else in_pool & (part["category"] == category)
            key = (pool, category)
            gathered.cogs[key] = gathered.cogs.get(key, np.zeros(MONTHS)) + sold_at_cost[rows].sum(axis=0)
            gathered.inventory[key] = gathered.inventory.get(key, np.zeros(MONTHS)) + held_at_cost[rows].sum(axis=0)
            gathered.known[key] = gathered.known.get(key, np.zeros(MONTHS)) + known[rows].sum(axis=0)
            gathered.skus[key] = gathered.skus.get(key, 0) + int(known[rows].any(axis=1).sum())


def _matrix(flat: bytes) -> FloatArray:
    return np.frombuffer(flat, "<f4").reshape(-1, MONTHS).astype(np.float64)


def _to_base(currencies: NDArray[np.bytes_], day: date) -> FloatArray:
    """The rate (n,) of each currency; NaN where it is unknown or none is named."""
    named, which = np.unique(currencies, return_inverse=True)
    rates = [rate_on(day, each.decode(), settings.STOCKHUB_BASE_CURRENCY) for each in named.tolist()]
    return np.array([np.nan if rate is None else float(rate) for rate in rates], np.float64)[which]


def _medians(gathered: _Gathered) -> dict[tuple[int, int], float]:
    """The turnover of the SKU in the middle, of each category in each pool and of each pool."""
    if not gathered.pools:
        return {}
    pools, categories = np.concatenate(gathered.pools), np.concatenate(gathered.categories)
    turnover = np.concatenate(gathered.turnover)
    found: dict[tuple[int, int], float] = {}
    for of in (categories, np.full(len(categories), ALL)):
        keys, group = np.unique(np.stack([pools, of]), axis=1, return_inverse=True)
        median = median_by_group(turnover, group.reshape(-1).astype(np.int64), keys.shape[1])
        found |= {(int(pool), int(category)): float(median[at]) for at, (pool, category) in enumerate(keys.T.tolist())}
    return found


def _row(key: tuple[int, int], gathered: _Gathered, median: float | None, month: date) -> CategoryTurnover:
    pool, category = key
    return CategoryTurnover(
        pool_id=pool,
        category_id=category or None,
        last_month=month,
        # A month of which no SKU is known is unknown, and no month without sales.
        cogs=np.where(gathered.known[key] > 0, gathered.cogs[key], np.nan),
        inventory=np.where(gathered.known[key] > 0, gathered.inventory[key], np.nan),
        median=None if median is None or np.isnan(median) else median,
        skus=gathered.skus[key],
        updated_at=clock.now(),
    )


def _write(fresh: list[CategoryTurnover]) -> int:
    """In place of what was there: few rows, and none of a category that is gone stays behind."""
    known = {(each.pool_id, each.category_id): each for each in CategoryTurnover.objects.all()}
    with transaction.atomic():
        # A pool or a category may have been deleted while this was added up.
        pools = set(StockPool.objects.values_list("id", flat=True))
        categories = {None, *Category.objects.values_list("id", flat=True)}
        changed = []
        for row in fresh:
            before = known.pop((row.pool_id, row.category_id), None)
            if row.pool_id not in pools or row.category_id not in categories or (before is not None and _same(before, row)):
                continue
            row.pk = before.pk if before is not None else None
            changed.append(row)
        CategoryTurnover.objects.filter(pk__in=[each.pk for each in known.values()]).delete()
        CategoryTurnover.objects.bulk_create([each for each in changed if each.pk is None], batch_size=500)
        CategoryTurnover.objects.bulk_update(
            [each for each in changed if each.pk is not None],
            ["last_month", "cogs", "inventory", "median", "skus", "updated_at"],
            batch_size=200,
        )
    return len(changed) + len(known)


def _same(before: CategoryTurnover, row: CategoryTurnover) -> bool:
    arrays = np.array_equal(before.cogs, row.cogs, equal_nan=True) and np.array_equal(before.inventory, row.inventory, equal_nan=True)
    return arrays and (before.last_month, before.median, before.skus) == (row.last_month, row.median, row.skus)
