"""A SKU of which everything goes wrong that turnover, its season, its successor and its rivals can tell."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from stockhub.catalog.models import Category, Season, Sku, SkuRelation
from stockhub.channels.market_models import MarketTrend
from stockhub.demand.turnover_models import CategoryTurnover, DemandCliff, TurnoverHistory
from stockhub.inventory.models import StockHistory
from tests.worlds import DAY, NOW, World

_LAST_MONTH = date(2026, 2, 1)
#: Of the twelve months up to February.
_DAYS = np.array([31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28])


def turning_slowly(world: World) -> Sku:
    """Sells 3 a day where it sold 6, from 5,000 units: its turnover fell from 10 to 5, and its category is at a quarter of its norm."""
    sku, successor = world.sku("SLOW"), world.sku("SLOW-2")
    sku.category = Category.objects.create(code="slow", name="Slow")
    sku.season = Season.objects.create(code="winter", name="Winter", starts_month=11, starts_day=1, ends_month=3, ends_day=31)
    sku.save()
    world.stock(sku, 5000, at=NOW - timedelta(hours=1))
    world.sold(sku, [6.0] * 60 + [3.0] * 31)
    world.forecast(sku, 3.0)
    history = np.full(90, 5000, np.float32)
    StockHistory.objects.create(sku=sku, warehouse=world.warehouse, first_on=DAY - timedelta(days=90), qty=history)
    turnover = np.array([10.0] * 8 + [10.0, 8.0, 6.4, 5.0])
    TurnoverHistory.objects.create(
        sku=sku, pool=world.pool, last_month=_LAST_MONTH, sold=(turnover * _DAYS / 365 * 500).astype(np.float32),
        held=np.full(12, 500, np.float32),
    )  # fmt: skip
    for category, quarter in ((sku.category, 2.0), (None, 8.0)):
        CategoryTurnover.objects.create(
            pool=world.pool, category=category, last_month=_LAST_MONTH, cogs=np.array([8.0] * 9 + [quarter] * 3) * _DAYS / 365 * 1000,
            inventory=np.full(12, 1000.0), median=9.0, skus=2,
        )  # fmt: skip
    DemandCliff.objects.create(
        sku=sku, pool=world.pool, broke_on=DAY - timedelta(days=20), rate_before=6.0, rate_after=3.0, days_after=20.0, p_value=1e-6,
        detected_at=NOW,
    )  # fmt: skip
    SkuRelation.objects.create(sku=successor, other=sku, kind="supersedes", valid_from=DAY + timedelta(days=7))
    MarketTrend.objects.create(
        sku=sku, account=world.account, observed_on=DAY, rivals=3, rank_change=0.4, sales_change=-0.3, review_change=-0.2
    )
    return sku
