"""A small seller for tests: plain rows, so that a test says in a line what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.channels.models import Account, Feed, PoolAccount
from stockhub.core import clock
from stockhub.cycles.executor import run_inline
from stockhub.cycles.models import Cycle
from stockhub.cycles.services import request_cycle
from stockhub.demand.models import Forecast, SalesSeries
from stockhub.inventory.models import Lot, MovementKind
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import Posting
from stockhub.suppliers.models import Offer, Supplier

#: A Monday noon in Shanghai; nothing in a test knows another now unless it says so.
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class World:
    """One account, served by one pool of one warehouse that counts its own stock."""

    account: Account
    pool: StockPool
    warehouse: Warehouse
    supplier: Supplier

    def sku(self, code: str, *, price: str | None = "100", cost: str | None = "40", lead_time: float | None = 15.0) -> Sku:
        """A SKU with an offer; without `lead_time` nobody offers it."""
        sku = Sku.objects.create(
            code=code,
            price_amount=Decimal(price) if price else None,
            price_currency="CNY" if price else "",
            unit_cost_amount=Decimal(cost) if cost else None,
            unit_cost_currency="CNY" if cost else "",
        )
        if lead_time is not None:
            Offer.objects.create(
                supplier=self.supplier,
                sku=sku,
                currency="CNY",
                unit_price_amount=Decimal(40),
                lead_time_days=lead_time,
                lead_time_sd_days=0.001,
            )
        return sku

    def stock(self, sku: Sku, qty: int, *, received_on: date | None = None, at: datetime | None = None) -> None:
        """Opening stock as one lot; its age counts from `received_on`, today if not given."""
        at = at or self.warehouse.ledger_starts_at
        [result] = post(
            [
                Posting(
                    sku_id=sku.pk, warehouse_id=self.warehouse.pk, from_bucket=None, to_bucket="available", qty=qty,
                    kind=MovementKind.OPENING, key=f"opening:{sku.pk}:{at.isoformat()}", occurred_at=at,
                )
            ]
        )  # fmt: skip
        assert result.status == "posted"
        day = received_on or clock.business_day(at, "Asia/Shanghai")
        Lot.objects.create(sku=sku, warehouse=self.warehouse, code=f"L{day}", received_on=day, received_qty=qty, remaining_qty=qty)

    def selling(
        self, code: str, *, stock: int, rate: float, price: str | None = "100", cost: str | None = "40", lead_time: float | None = 15.0
    ) -> Sku:
        """A SKU with so much stock that has sold at this rate for sixty days and is forecast to go on."""
        sku = self.sku(code, price=price, cost=cost, lead_time=lead_time)
        self.stock(sku, stock)
        self.sold(sku, [rate] * 60)
        self.forecast(sku, rate)
        return sku

    def take(self, sku: Sku, qty: int, key: str, at: datetime = NOW) -> None:
        """Stock that leaves."""
        [result] = post(
            [
                Posting(
                    sku_id=sku.pk, warehouse_id=self.warehouse.pk, from_bucket="available", to_bucket=None, qty=qty,
                    kind=MovementKind.ADJUST, key=key, occurred_at=at,
                )
            ]
        )  # fmt: skip
        assert result.status == "posted"

    def sold(self, sku: Sku, per_day: list[float], *, last_on: date = DAY) -> None:
        """Units sold a day, the last on `last_on`."""
        sold_days = [i for i, qty in enumerate(per_day) if qty]
        first_on = last_on - timedelta(days=len(per_day) - 1)
        last_sold = datetime.combine(first_on + timedelta(days=sold_days[-1]), datetime.min.time(), UTC) if sold_days else None
        SalesSeries.objects.create(
            sku=sku, account=self.account, first_on=first_on, daily=np.array(per_day, np.float32), hourly=np.zeros(0, np.float32),
            last_sold_at=last_sold,
        )  # fmt: skip

    def forecast(self, sku: Sku, rate: float, *, sd: float = 0.0, days: int = 90, made_at: datetime = NOW) -> None:
        """A flat forecast, put there as a forecast cycle would."""
        Forecast.objects.update_or_create(
            sku=sku, pool=self.pool,
            defaults={
                "first_on": DAY, "horizon_days": days, "model_used": "test", "mean": np.full(days, rate, np.float32),
                "quantile_levels": np.array([0.5], np.float32), "quantiles": np.full(days, rate, np.float32), "error_sd": sd,
                "history_days": 100, "created_at": made_at,
            },
        )  # fmt: skip


def make_world(*, baseline: bool = True) -> World:
    """A seller whose first cycle has set its baseline already, unless told otherwise."""
    warehouse = Warehouse.objects.create(code="cn-main", name="Main", ledger_starts_at=NOW - timedelta(days=60))
    pool = StockPool.objects.create(code="cn", name="China")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    account = Account.objects.create(
        code="dy", name="Douyin", marketplace="file", baseline_at=NOW - timedelta(days=1) if baseline else None
    )
    PoolAccount.objects.create(pool=pool, account=account)
    Feed.objects.create(account=account, kind="orders", last_success_at=NOW, data_until_at=NOW)
    supplier = Supplier.objects.create(code="sup", name="Supplier")
    return World(account, pool, warehouse, supplier)


def run_cycle(name: str, at: datetime = NOW, skus: tuple[str, ...] = ()) -> Cycle:
    """Runs a cycle in this process as of a moment."""
    with clock.at(at):
        return run_inline(request_cycle(name=name, slot_at=at, as_of=at, sku_codes=skus, requested_by="test"))
