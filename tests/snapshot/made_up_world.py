"""A shop of chance: every sort of fact that a snapshot reads, present for some SKUs and missing, old, foreign or odd for others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np

from stockhub.catalog.models import (
    BundleComponent,
    Category,
    CategoryMapping,
    ExchangeRate,
    PoolWarehouse,
    Sku,
    Stage,
    StockPolicy,
    StockPool,
    Warehouse,
)
from stockhub.channels.fact_models import LatestStockAge
from stockhub.channels.models import Account, Feed, Listing, ListingComponent, Order, PoolAccount, PriceFact
from stockhub.channels.pushes.models import StockDifference
from stockhub.demand.models import Forecast, SalesSeries
from stockhub.inventory.models import Allocation, Balance, Bucket, Lot, Movement, StockDispute, StockHistory, Transfer, TransferLine
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine, Shipment, ShipmentLine
from stockhub.suppliers.models import LeadTimeLeg, Offer, Supplier
from tests.snapshot.chance import Chance
from tests.snapshot.made_up_demand import forecasts, runs_of, sale
from tests.snapshot.made_up_turnover import categories, category_turnover, relations, turnover
from tests.worlds import DAY, NOW


def make(seed: int, skus: int) -> list[int]:
    """Makes the shop; the ids of its SKUs."""
    chance = Chance(seed)
    made = [_sku(chance, number) for number in range(skus)]
    tree = categories(chance, made)
    _catalogue(made)
    warehouses, pools, accounts = _places()
    for day, rate in ((DAY - timedelta(days=9), "7.3"), (DAY + timedelta(days=1), "9")):
        ExchangeRate.objects.create(day=day, source_currency="USD", target_currency="CNY", rate=rate)
    supplier = Supplier.objects.create(code="s", name="s")
    beside = Chance(seed + 3)
    runs = runs_of(beside)
    for number, sku in enumerate(made):
        _sales(chance, sku, accounts)
        _stock(chance, sku, warehouses)
        forecasts(chance, beside, sku, pools, runs)
        _terms(chance, sku, pools, supplier)
        _supply(chance, sku, number, warehouses, supplier)
        _histories(chance, sku, number, warehouses)
        _prices(chance, sku, accounts, made)
        _orders(chance, sku, warehouses)
        _burst(chance, sku, warehouses)
        sale(sku, pools[sku.pk % 2])
        turnover(chance, sku, pools, accounts, warehouses)
    relations(chance, made)
    category_turnover(chance, pools, tree)
    _fees(Chance(seed + 1), made, warehouses, accounts)
    _reckoned(Chance(seed + 2), made, pools[2], accounts[2])
    return [sku.pk for sku in made]


def _fees(chance: Chance, skus: list[Sku], warehouses: list[Warehouse], accounts: list[Account]) -> None:
    """A shop on Douyin, one on Amazon whose stock lies there, one of files; sizes, categories that Amazon knows or not, days of stock."""
    for account, marketplace, site, currency in zip(
        accounts, ("douyin", "file", "amazon"), ("CN", "", "us"), ("CNY", "CNY", "USD"), strict=True
    ):
        Account.objects.filter(pk=account.pk).update(
            marketplace=marketplace, site=site, currency=currency, orders_a_day=40.5 + account.pk, paid_a_day_amount=Decimal("812.25")
        )
    # The second pool serves the shop of files before the other one.
    PoolAccount.objects.filter(pool__code="p1", account=accounts[0]).update(priority=2)
    Warehouse.objects.filter(pk=warehouses[2].pk).update(kind="fba")
    parent = Category.objects.create(code="wear", name="wear")
    categories = [parent, Category.objects.create(code="coats", name="c", parent=parent), Category.objects.create(code="odd", name="o")]
    CategoryMapping.objects.create(category=parent, marketplace="amazon", value="clothing_accessories")
    for sku in skus:
        size = {name: chance.number(5, 500) if chance.often(0.9) else None for name in ("length_mm", "width_mm", "height_mm")}
        Sku.objects.filter(pk=sku.pk).update(
            weight_grams=chance.number(20, 6000) if chance.often(0.9) else None,
            category=categories[chance.number(0, 5) // 2] if chance.often(0.9) else None,
            **size,
        )  # fmt: skip
        if chance.often(0.7):
            qty = chance.rng.integers(0, 40, chance.number(5, 80)).astype(np.float32)
            qty[chance.number(0, 4)] = np.nan
            first_on = DAY - timedelta(days=chance.number(60, 95))
            StockHistory.objects.update_or_create(sku=sku, warehouse=warehouses[2], defaults={"first_on": first_on, "qty": qty})
        # More than anybody will ask for, of which the lots know the age.
        if chance.often(0.8) and Forecast.objects.filter(sku=sku, pool__code="p2", horizon_days__gt=0).exists():
            Balance.objects.update_or_create(sku=sku, warehouse=warehouses[2], bucket_id="available", defaults={"qty": 900})
            Lot.objects.create(
                sku=sku, warehouse=warehouses[2], code="old", received_on=DAY - timedelta(days=chance.number(100, 400)), received_qty=1200,
                remaining_qty=1200, recorded_at=NOW,
            )  # fmt: skip
        for owed in Allocation.objects.filter(sku=sku).order_by("pk"):
            paid_at = NOW - timedelta(hours=chance.number(0, 60)) if owed.paid_at else None
            whose = [*accounts, None][chance.number(0, 3)]
            Allocation.objects.filter(pk=owed.pk).update(paid_at=paid_at, account_id=whose.pk if whose else None)


def _sku(chance: Chance, number: int) -> Sku:
    costs, priced = chance.often(0.7), chance.often(0.7)
    return Sku.objects.create(
        code=f"S{number:02}", is_bundle=number == 1, deleted_at=NOW if number == 2 else None, is_replenished=chance.often(0.8),
        discontinued_on=DAY + timedelta(days=chance.number(-1, 1)) if chance.often(0.3) else None,
        stage=Stage.objects.filter(position=number % 7).first(),
        unit_cost_amount=Decimal(chance.number(1, 999)) / 7 if costs else None,
        unit_cost_currency="USD" if costs and chance.often() else "CNY",
        price_amount=Decimal(chance.number(1, 999)) / 3 if priced else None, price_currency=["CNY", "USD", "GBP"][chance.number(0, 2)],
    )  # fmt: skip


def _catalogue(made: list[Sku]) -> None:
    """Every other SKU has a stage, one of a plugin among them; some are part of a bundle."""
    Stage.objects.create(slug="resting", name_en="Resting", name_zh="休眠", position=9)
    stages = ["maturity", "decline", "end_of_life", "resting", "liquidation", "growth"]
    for number, sku in enumerate(made):
        if number % 2:
            Sku.objects.filter(pk=sku.pk).update(stage=Stage.objects.get(slug=stages[number // 2 % len(stages)]))
        if number % 5 == 3:
            BundleComponent.objects.create(bundle=made[1], component=sku, qty=1)


def _reckoned(chance: Chance, skus: list[Sku], pool: StockPool, account: Account) -> None:
    """What a platform reckons of stock that it counts, of one listing or two, lately or long ago; its ages are other tests'."""
    counted = Warehouse.objects.create(code="told", name="w", country="US", authority="snapshot")
    PoolWarehouse.objects.create(pool=pool, warehouse=counted)
    for sku in skus:
        for number in range(chance.number(0, 2)):
            days = chance.number(0, 17)
            LatestStockAge.objects.create(
                listing=Listing.objects.create(account=account, code=f"told-{sku.pk}-{number}"), warehouse=counted, sku=sku,
                observed_at=NOW - timedelta(days=days), observed_on=DAY - timedelta(days=days), brackets=np.zeros(0, "<i4"),
                supply_days_30=chance.number(0, 90) / 2 if chance.often(0.8) else None,
                supply_days_90=chance.number(0, 90) / 2 if chance.often(0.8) else None,
                low_fee_exempt=chance.often(0.5) if chance.often(0.8) else None,
            )  # fmt: skip


def _places() -> tuple[list[Warehouse], list[StockPool], list[Account]]:
    """Three warehouses, the second in two pools; a pool that is deleted; an account that two pools share, and one that tells nothing."""
    warehouses = [
        Warehouse.objects.create(code=f"w{n}", name="w", country=country, capacity_units=room)
        for n, (country, room) in enumerate((("CN", 500), ("CN", 700), ("US", None)))
    ]
    pools = [StockPool.objects.create(code=f"p{n}", name="p", deleted_at=NOW if n == 3 else None) for n in range(4)]
    for pool, its in ((0, (0, 1)), (1, (1,)), (2, (2,)), (3, (0,))):
        for warehouse in its:
            PoolWarehouse.objects.create(pool=pools[pool], warehouse=warehouses[warehouse])
    accounts = [Account.objects.create(code=f"a{n}", name="a", marketplace="file", site="us" if n == 1 else "") for n in range(3)]
    Feed.objects.create(account=accounts[0], kind="orders", last_success_at=NOW)
    Feed.objects.create(account=accounts[1], kind="orders")
    Feed.objects.create(account=accounts[2], kind="stock", last_success_at=NOW - timedelta(hours=60))
    Feed.objects.create(account=accounts[2], kind="orders", last_success_at=NOW - timedelta(hours=90), is_paused=True)
    Order.objects.bulk_create(
        Order(account=accounts[2], external_id=f"o{n}", currency="CNY", ordered_at=NOW + timedelta(hours=7, minutes=n), recorded_at=NOW)
        for n in range(60)
    )
    PoolAccount.objects.create(pool=pools[0], account=accounts[0], share=0.25, valid_to=DAY - timedelta(days=20))
    PoolAccount.objects.create(pool=pools[0], account=accounts[0], share=0.75, valid_from=DAY - timedelta(days=19))
    PoolAccount.objects.create(pool=pools[1], account=accounts[0], share=0.5)
    PoolAccount.objects.create(pool=pools[1], account=accounts[1])
    PoolAccount.objects.create(pool=pools[2], account=accounts[2])
    return warehouses, pools, accounts


def _sales(chance: Chance, sku: Sku, accounts: list[Account]) -> None:
    for account in accounts:
        if chance.often():
            start, days = DAY - timedelta(days=chance.number(0, 150)), chance.number(1, 140)
            daily = chance.rng.poisson(1.5, days).astype(np.float32)
            sold = datetime.combine(start + timedelta(days=days - 1), datetime.min.time(), UTC) + timedelta(hours=chance.number(0, 23))
            SalesSeries.objects.create(
                sku=sku, account=account, first_on=start, daily=daily, hourly=np.zeros(0, np.float32),
                last_sold_at=sold if chance.often(0.8) else None,
            )  # fmt: skip


def _stock(chance: Chance, sku: Sku, warehouses: list[Warehouse]) -> None:
    for warehouse in warehouses:
        if not chance.often():
            continue
        for bucket in Bucket.objects.order_by("slug"):
            if chance.often(0.5):
                Balance.objects.create(sku=sku, warehouse=warehouse, bucket=bucket, qty=chance.number(-3, 60))
        for number in range(chance.number(0, 3)):
            units, age = chance.number(1, 40), chance.number(0, 250)
            Lot.objects.create(
                sku=sku, warehouse=warehouse, code=f"L{number}", received_on=DAY - timedelta(days=age), received_qty=units,
                remaining_qty=units, recorded_at=NOW - timedelta(days=age),
                expires_on=DAY + timedelta(days=units * 7 % 200 - 20) if number == 1 and units % 3 == 0 else None,
            )  # fmt: skip
        if chance.often(0.2):
            settled = NOW if chance.often(0.3) else None
            StockDispute.objects.create(sku=sku, warehouse=warehouse, cause="manual", opened_by="x", resolved_at=settled)


def _terms(chance: Chance, sku: Sku, pools: list[StockPool], supplier: Supplier) -> None:
    for pool in (None, *pools[:2]):
        if chance.often(0.4):
            StockPolicy.objects.create(
                sku=sku, pool=pool, safety_stock_method=["statistical", "cover_days", "fixed"][chance.number(0, 2)],
                safety_stock_qty=chance.number(0, 50) if chance.often() else None, safety_cover_days=3.5 if chance.often() else None,
                service_level=0.9 if chance.often() else None, review_period_days=chance.number(1, 9) if chance.often() else None,
                lead_time_days=chance.number(1, 30) if chance.often(0.3) else None,
                alert_threshold_qty=chance.number(1, 90) if chance.often() else None,
                maximum_qty=(None, 300, None, 7)[sku.pk % 4], deleted_at=NOW if chance.often(0.2) else None,
                is_replenished=(None, True, None, False)[sku.pk % 4],
            )  # fmt: skip
    for number in range(chance.number(0, 3)):
        offer = Offer.objects.create(
            supplier=Supplier.objects.create(
                code=f"{sku.code}-{number}", name="s", is_active=chance.often(0.9), is_local=chance.often(0.6)
            ),
            sku=sku, pool=pools[number % 2] if chance.often(0.4) else None, currency="USD" if chance.often() else "CNY",
            unit_price_amount=Decimal(chance.number(1, 99)) if chance.often(0.7) else None, moq=chance.number(1, 50),
            case_pack=chance.number(1, 12), lead_time_days=chance.number(1, 40) if chance.often(0.8) else None,
            lead_time_sd_days=chance.number(0, 4) if chance.often() else None, preference=chance.number(1, 2),
            is_active=chance.often(0.9), valid_to=DAY - timedelta(days=chance.number(0, 1)) if chance.often(0.3) else None,
        )  # fmt: skip
        for position in range(chance.number(0, 2)):
            LeadTimeLeg.objects.create(offer=offer, position=position, name="leg", days=chance.number(1, 20), sd_days=chance.number(0, 3))


def _supply(chance: Chance, sku: Sku, number: int, warehouses: list[Warehouse], supplier: Supplier) -> None:
    offers = list(Offer.objects.filter(sku=sku).select_related("supplier").order_by("id"))
    for turn, offer in enumerate(offers):
        # What has come and counts for nothing but the shares of suppliers; some of it longer than a year ago.
        received = PurchaseOrder.objects.create(
            code=f"{number}-old-{turn}", supplier=offer.supplier, warehouse=warehouses[0], currency="CNY", status="received",
            ordered_on=DAY - timedelta(days=chance.number(350, 370)),
        )  # fmt: skip
        PurchaseOrderLine.objects.create(purchase_order=received, line_no=1, sku=sku, ordered_qty=chance.number(1, 400))
    for turn, warehouse in enumerate(warehouses):
        supplier = offers[turn % len(offers)].supplier if offers else supplier
        day = DAY + timedelta(days=chance.number(-9, 40)) if chance.often(0.8) else None
        code = f"{number}-{turn}"
        if chance.often(0.4):
            order = PurchaseOrder.objects.create(
                code=code, supplier=supplier, warehouse=warehouse, currency="CNY",
                ordered_on=DAY - timedelta(days=360 + 3 * turn) if number % 3 == 0 else DAY, promised_on=day,
                status="open" if chance.often(0.8) else "cancelled",
            )  # fmt: skip
            promised = DAY + timedelta(days=5) if chance.often(0.3) else None
            line = PurchaseOrderLine.objects.create(purchase_order=order, line_no=1, sku=sku, ordered_qty=100, promised_on=promised)
            shipment = Shipment.objects.create(
                code=code,
                warehouse=warehouse,
                expected_on=day,
                status=["planned", "in_transit", "receiving", "received"][chance.number(0, 3)],
            )
            sent = ShipmentLine.objects.create(
                shipment=shipment, line_no=1, sku=sku, order_line=line, shipped_qty=chance.number(1, 100), received_qty=chance.number(0, 60)
            )
            if chance.often(0.7):
                # Of no order, and mostly of as many units as one has left.
                loose = Shipment.objects.create(code=f"{code}-loose", warehouse=warehouse, expected_on=day, status="in_transit")
                left = 100 - (0 if shipment.status == "planned" else sent.shipped_qty)
                ShipmentLine.objects.create(shipment=loose, line_no=1, sku=sku, shipped_qty=max(left - chance.often(0.2), 1))
        if chance.often(0.3):
            transfer = Transfer.objects.create(
                code=code, from_warehouse=warehouses[turn - 1], to_warehouse=warehouse, expected_on=day,
                status=["planned", "in_transit", "receiving", "received"][chance.number(0, 3)],
            )  # fmt: skip
            TransferLine.objects.create(
                transfer=transfer, line_no=1, sku=sku, planned_qty=50, shipped_qty=30, received_qty=chance.number(0, 30)
            )


def _histories(chance: Chance, sku: Sku, number: int, warehouses: list[Warehouse]) -> None:
    """Ends of days that jump by a case's size, for some because something came in."""
    offer = Offer.objects.filter(sku=sku).order_by("preference", "id").first()
    if offer is None or number == 1:
        return
    for warehouse in warehouses:
        low, high = 20.0, 20.0 * offer.case_pack + chance.number(0, 1)
        ends = [[low, low, high], [high, low], [low, np.nan, high], [low, low]][chance.number(0, 3)]
        first_on = DAY - timedelta(days=len(ends) + chance.number(0, 4))
        StockHistory.objects.create(sku=sku, warehouse=warehouse, first_on=first_on, qty=np.array(ends, "<f4"))
        if chance.often(0.2):
            Movement.objects.create(
                sku=sku, warehouse=warehouse, to_bucket_id="available", qty=5, kind="receive", actor="test",
                key=f"came-{sku.pk}-{warehouse.pk}", occurred_at=NOW - timedelta(days=1), recorded_at=NOW,
            )  # fmt: skip


def _prices(chance: Chance, sku: Sku, accounts: list[Account], skus: list[Sku]) -> None:
    for account in accounts:
        for number in range(chance.number(0, 2)):
            listing = Listing.objects.create(account=account, kind="sku", code=f"{sku.code}-{number}")
            ended = DAY if chance.often(0.2) else None
            ListingComponent.objects.create(listing=listing, sku=sku, qty=chance.number(1, 2), valid_to=ended)
            if chance.often(0.2):
                ListingComponent.objects.create(listing=listing, sku=skus[0], qty=1)
            if sku.pk % 3 == 0:
                StockDifference.objects.create(
                    day=DAY - timedelta(days=number * 2), subject=f"listing:{listing.pk}:", account=account, listing=listing,
                    our_qty=40, platform_qty=40 + sku.pk % 5 * 10, cause="unexplained" if sku.pk % 2 else "count",
                )  # fmt: skip
            for _turn in range(chance.number(0, 3)):
                PriceFact.objects.create(
                    listing=listing, kind="list", amount=Decimal(chance.number(100, 9999)) / 100,
                    currency="USD" if chance.often(0.3) else "CNY",
                    occurred_at=NOW - timedelta(days=chance.number(-2, 9)),
                )  # fmt: skip


def _orders(chance: Chance, sku: Sku, warehouses: list[Warehouse]) -> None:
    for turn, warehouse in enumerate(warehouses):
        for number in range(chance.number(0, 2)):
            wanted = chance.number(1, 5)
            Allocation.objects.create(
                reference=f"{sku.pk}:{turn}:{number}", sku=sku, warehouse=warehouse, wanted_qty=wanted,
                shipped_qty=wanted if chance.often(0.2) else 0, reserved_qty=chance.number(0, wanted), unbacked_qty=chance.number(0, 1),
                paid_at=NOW if chance.often(0.8) else None, paid_amount=Decimal(chance.number(1, 500)) if chance.often(0.8) else None,
                currency="USD" if chance.often(0.3) else "CNY", ordered_at=NOW,
                ship_by_at=NOW + timedelta(minutes=chance.number(-600, 6000)) if chance.often(0.9) else None,
            )  # fmt: skip


def _burst(chance: Chance, sku: Sku, warehouses: list[Warehouse]) -> None:
    """Orders of the last half hour and of before it, sometimes too few for a pace, and other movements, which are none."""
    orders = chance.number(0, 14)
    # What moves has a balance.
    for n in range(orders if Balance.objects.filter(sku=sku, bucket_id="available").exists() else 0):
        at = NOW - timedelta(seconds=chance.number(0, 2400))
        kind = ("reserve", "ship", "reserve", "adjust")[chance.number(0, 3)]
        Movement.objects.create(
            sku=sku, warehouse=warehouses[chance.number(0, len(warehouses) - 1)], from_bucket_id="available", to_bucket_id=None,
            qty=chance.number(1, 9), kind=kind, actor="test", key=f"burst-{sku.pk}-{n}", occurred_at=at, recorded_at=at,
        )  # fmt: skip
    Balance.objects.filter(sku=sku).update(updated_at=NOW)
