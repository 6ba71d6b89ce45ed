"""What a unit costs and sells for, in the base currency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import numpy as np
from django.conf import settings

from stockhub.catalog.exchange_rates import rate_on
from stockhub.catalog.models import Sku
from stockhub.channels.models import ListingComponent, PoolAccount, PriceFact
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows
from stockhub.pluginapi.snapshot import FloatArray


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


def price_column(rows: Rows, as_of: datetime, rates: Rates) -> FloatArray:
    """The last price seen on the accounts that a row's pool serves, of a listing of one unit; the SKU's list price where there is none."""
    wanted = id_filter("id", set(rows.sku_ids.tolist()))
    listed = {
        s: (a, c)
        for s, a, c in Sku.objects.filter(**wanted, price_amount__isnull=False).values_list("id", "price_amount", "price_currency")
    }
    seen = _seen_prices(rows, as_of)
    out = np.full(len(rows), np.nan)
    for position, key in enumerate(zip(rows.sku_ids.tolist(), rows.pool_ids.tolist(), strict=True)):
        amount, currency = seen.get(key) or listed.get(key[0]) or (None, "")
        if amount is not None:
            out[position] = float(amount) * rates.to_base(currency)
    return out


def _seen_prices(rows: Rows, as_of: datetime) -> dict[tuple[int, int], tuple[Decimal, str]]:
    pools: dict[int, list[int]] = {}
    for account, pool in PoolAccount.objects.values_list("account_id", "pool_id"):
        pools.setdefault(account, []).append(pool)
    single = dict(
        ListingComponent.objects.filter(**id_filter("sku_id", set(rows.sku_ids.tolist())), qty=1, valid_to=None).values_list(
            "listing_id", "sku_id"
        )
    )
    facts = PriceFact.objects.filter(listing_id__in=single, occurred_at__lte=as_of) if len(single) <= 500 else PriceFact.objects.filter(
        occurred_at__lte=as_of
    )  # fmt: skip
    out: dict[tuple[int, int], tuple[Decimal, str]] = {}
    for listing, account, amount, currency in facts.order_by("occurred_at", "id").values_list(
        "listing_id", "listing__account_id", "amount", "currency"
    ):
        if (sku := single.get(listing)) is not None:
            for pool in pools.get(account, ()):
                out[sku, pool] = (amount, currency)
    return out


def cost_column(rows: Rows, rates: Rates, offer_cost: FloatArray) -> FloatArray:
    """The SKU's unit cost, else the price of its preferred offer."""
    costs = {
        sku: float(amount or 0) * rates.to_base(currency)
        for sku, amount, currency in Sku.objects.filter(
            **id_filter("id", set(rows.sku_ids.tolist())), unit_cost_amount__isnull=False
        ).values_list("id", "unit_cost_amount", "unit_cost_currency")
    }
    own = np.array([costs.get(sku, np.nan) for sku in rows.sku_ids.tolist()])
    return np.where(np.isnan(own), offer_cost, own)
