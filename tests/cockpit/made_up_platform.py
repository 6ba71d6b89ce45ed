"""What a platform told a made-up shop, and what was pushed to it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from stockhub.catalog.models import Sku
from stockhub.channels import fact_models as facts
from stockhub.channels.models import Listing
from stockhub.channels.pushes import models as push_models
from stockhub.purchasing.models import Shipment
from stockhub.values import Explanation

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def put_pushes(n: int, name: str, listing: Listing) -> None:
    """A rule, the limits, a push that waits and a difference."""
    push_models.StockRule.objects.create(account=listing.account, listing=listing, percent=80)
    push_models.PushSettings.objects.create(account=listing.account, row_qty=50)
    push_models.ShownStock.objects.create(listing=listing, qty=5, observed_at=NOON)
    push = push_models.Push.objects.create(
        account=listing.account, kind="stock", key=f"k{n}", created_by=name, error=name, reason=name,
        held_reasons=[{"code": "row_qty", "subject": name, "value": "90", "limit": "50"}],
    )  # fmt: skip
    tree = (Explanation.input("units_1", 8, unit="unit") * 1.0).named("shown_stock", "unit")
    push_models.PushRow.objects.create(
        push=push, place=0, listing=listing, code=listing.code, before_qty=5, after_qty=8, message=name, explanation=tree.to_json()
    )
    push_models.StockDifference.objects.create(
        day=DAY, subject=f"listing:{n}:", account=listing.account, listing=listing, our_qty=8, platform_qty=5, cause="unexplained"
    )


def put_platform_facts(n: int, name: str, listing: Listing, sku: Sku, shipment: Shipment) -> None:
    """One of each fact that a platform tells beside orders and stock."""
    of: dict[str, Any] = {"listing": listing, "sku": sku}
    told: dict[str, Any] = {"shipment": shipment, "told_at": NOON}
    facts.PlatformShipment.objects.create(account=listing.account, external_id=f"F{n}", name=name, **told)
    facts.ListingCount.objects.create(listing=listing, warehouse=shipment.warehouse, bucket="available", qty=5, observed_at=NOON)
    facts.StockAge.objects.create(
        **of, account=listing.account, warehouse=shipment.warehouse, observed_at=NOON, brackets=[[0, 90, 5]], units=5
    )
    facts.LatestStockAge.objects.create(
        **of, warehouse=shipment.warehouse, observed_at=NOON, observed_on=DAY, brackets=np.array([0, 90, 5], "<i4")
    )
    cost: dict[str, Any] = {"observed_at": NOON, "price_amount": 20, "total_amount": 4, "currency": "USD", "account": listing.account}
    facts.FeeEstimate.objects.create(**of, **cost, fees=[[name, "4"]])
    facts.LatestFeeEstimate.objects.create(**of, **cost, observed_on=DAY)
    charged: dict[str, Any] = {"account": listing.account, "sku": sku, "fee": "referral", "currency": "USD"}
    facts.Settlement.objects.create(**charged, external_id=f"T{n}", amount=3, posted_at=NOON, listing=listing, qty=1)
    facts.SettledFee.objects.create(**charged, unit_amount=3, units=1, posted_on=DAY)
    facts.DailyTraffic.objects.create(listing=listing, day=DAY, views=100)
    facts.ListingSignal.objects.create(listing=listing, kind="sales_rank", subject=name, value=5, observed_at=NOON)
