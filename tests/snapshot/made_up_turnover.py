"""Categories, turnover, cliffs and relations of a made-up world."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from stockhub.catalog.benchmark_models import CategoryBenchmark
from stockhub.catalog.models import (
    Category,
    Product,
    Season,
    Sku,
    SkuRelation,
    StockPool,
    Warehouse,
)
from stockhub.channels.market_models import MarketTrend
from stockhub.channels.models import Account
from stockhub.demand.turnover_models import CategoryTurnover, DemandCliff, TurnoverHistory
from stockhub.inventory.models import StockHistory
from tests.snapshot.chance import Chance
from tests.worlds import DAY, NOW


def categories(chance: Chance, made: list[Sku]) -> list[Category]:
    """A tree of three, the products and SKUs in it or not, benchmarks of any age, and two seasons, one of them across New Year."""
    top = Category.objects.create(code="top", name="top")
    tree = [top, *(Category.objects.create(code=f"c{n}", name="c", parent=top if n else None) for n in range(2))]
    for category in tree:
        for back in (20 + len(category.code), 500, -3):
            if chance.often(0.7):
                CategoryBenchmark.objects.create(category=category, turnover=chance.number(1, 90) / 7, as_of=DAY - timedelta(days=back))
    seasons = [
        Season.objects.create(code="w", name="w", starts_month=11, starts_day=5, ends_month=3, ends_day=31),
        Season.objects.create(code="s", name="s", site="us", starts_month=2, starts_day=20, ends_month=8, ends_day=9),
    ]
    product = Product.objects.create(code="p", name="p", category=tree[1])
    for sku in made:
        sku.category = tree[chance.number(0, 2)] if chance.often() else None
        sku.product = product if chance.often() else None
        sku.season = seasons[chance.often(0.3)] if chance.often(0.9) else None
        sku.save()
    return tree


def turnover(chance: Chance, sku: Sku, pools: list[StockPool], accounts: list[Account], warehouses: list[Warehouse]) -> None:
    for pool in pools:
        if chance.often():
            sold, held = chance.rng.poisson(3.0, (2, 12)).astype(np.float32)
            held[chance.number(0, 11)] = np.nan if chance.often(0.3) else 2.0
            TurnoverHistory.objects.create(sku=sku, pool=pool, last_month=_month(chance), sold=sold, held=held)
        if chance.often(0.3):
            DemandCliff.objects.create(
                sku=sku, pool=pool, broke_on=DAY - timedelta(days=chance.number(3, 40)), rate_before=chance.number(3, 9),
                rate_after=chance.number(0, 2), days_after=chance.number(3, 30), p_value=chance.number(0, 5) / 100,
                detected_at=NOW - timedelta(hours=chance.number(0, 70)),
            )  # fmt: skip
    for account in accounts:
        if chance.often(0.4):
            change = [chance.number(-9, 9) / 10 if chance.often(0.8) else None for _figure in range(3)]
            MarketTrend.objects.create(
                sku=sku, account=account, observed_on=DAY - timedelta(days=chance.number(0, 40)), rivals=chance.number(1, 4),
                rank_change=change[0], sales_change=change[1], review_change=change[2],
            )  # fmt: skip
    for warehouse in warehouses:
        if chance.often():
            qty = chance.rng.poisson(9.0, chance.number(20, 120)).astype(np.float32)
            qty[chance.number(0, 19)] = np.nan
            first = DAY - timedelta(days=len(qty) + chance.number(-3, 3))
            # One that jumps stays as it is.
            StockHistory.objects.get_or_create(sku=sku, warehouse=warehouse, defaults={"first_on": first, "qty": qty})


def _month(chance: Chance) -> date:
    """The last complete month, the one before, which still counts, or an older one, which does not."""
    last = (DAY.replace(day=1) - timedelta(days=1)).replace(day=1)
    return last if chance.often(0.7) else (last - timedelta(days=chance.number(1, 40))).replace(day=1)


def relations(chance: Chance, made: list[Sku]) -> None:
    for old in made:
        for new in made:
            if old != new and chance.often(0.15):
                launch = DAY + timedelta(days=chance.number(-30, 30))
                SkuRelation.objects.create(
                    sku=new, other=old, kind="supersedes" if chance.often(0.8) else "substitute_of", valid_from=launch,
                    valid_to=launch + timedelta(days=chance.number(1, 20)) if chance.often(0.3) else None,
                )  # fmt: skip


def category_turnover(chance: Chance, pools: list[StockPool], categories: list[Category]) -> None:
    for pool in pools:
        for category in (None, *categories):
            if chance.often(0.8):
                cogs, inventory = chance.rng.gamma(2.0, 9.0, (2, 12))
                CategoryTurnover.objects.create(
                    pool=pool, category=category, last_month=_month(chance), cogs=cogs, inventory=inventory,
                    median=chance.number(1, 60) / 7 if chance.often(0.8) else None, skus=3,
                )  # fmt: skip
