"""A small shop: one account, one pool with one warehouse that we count, SKUs with listings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Sum

from stockhub.catalog.inputs import ComponentInput as Part
from stockhub.catalog.inputs import SkuInput
from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.catalog.skus import upsert_sku
from stockhub.channels.models import Account, Listing, ListingComponent, PoolAccount, SalesDelta
from stockhub.inventory.models import Balance, MovementKind
from stockhub.inventory.posting.ledger import Posting, post

LEDGER_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Shop:
    account: Account
    warehouse: Warehouse
    pool: StockPool
    skus: dict[str, Sku]

    def listing(self, code: str, **units: int) -> Listing:
        listing, _made = Listing.objects.get_or_create(account=self.account, kind="sku", code=code)
        for sku, qty in units.items():
            ListingComponent.objects.create(listing=listing, sku=self.skus[sku], qty=qty)
        return listing

    def stock(self, sku: str, qty: int) -> None:
        post(
            [
                Posting(
                    sku_id=self.skus[sku].pk,
                    warehouse_id=self.warehouse.pk,
                    from_bucket=None,
                    to_bucket="available",
                    qty=qty,
                    kind=MovementKind.OPENING,
                    key=f"opening:{sku}:{qty}",
                    occurred_at=LEDGER_START,
                )
            ]
        )

    def balance(self, sku: str, bucket: str = "available") -> int:
        row = Balance.objects.filter(sku=self.skus[sku], warehouse=self.warehouse, bucket_id=bucket).first()
        return row.qty if row else 0

    def sold(self, sku: str) -> dict[datetime, int]:
        """Units that the sales facts say, by hour."""
        rows = SalesDelta.objects.filter(sku=self.skus[sku]).values("hour_at").annotate(total=Sum("qty"))
        return {row["hour_at"]: row["total"] for row in rows if row["total"]}


def small_shop() -> Shop:
    warehouse = Warehouse.objects.create(code="CN1", name="Own", ledger_starts_at=LEDGER_START)
    pool = StockPool.objects.create(code="main", name="Main")
    PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    account = Account.objects.create(code="dy-main", name="Main shop", marketplace="file")
    PoolAccount.objects.create(pool=pool, account=account)
    skus = {code: Sku.objects.create(code=code, name=code) for code in ("A", "B", "C")}
    made = Shop(account, warehouse, pool, skus)
    made.listing("a-1", A=1)
    made.listing("b-1", B=1)
    return made


def set_of(shop: Shop, **parts: int) -> None:
    """The set SET is of these parts from now on; the listing `set` sells it."""
    is_new = "SET" not in shop.skus
    shop.skus["SET"] = upsert_sku(SkuInput(code="SET", components=[Part(sku=sku, qty=qty) for sku, qty in parts.items()]))
    if is_new:
        shop.listing("set", SET=1)


def stock_of(shop: Shop) -> dict[str, tuple[int, int]]:
    """By SKU, what is available and what is reserved."""
    return {sku: (shop.balance(sku), shop.balance(sku, "reserved")) for sku in "ABC"}
