"""A made-up Amazon beside the demo: three SKUs of which it alone tells, by its reports, its stock and its shipments.

They are no part of the generated shop, so what is asserted about that stays true.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.utils.translation import gettext as _

from stockhub.alerts.models import Alert, AlertStatus
from stockhub.alerts.wording import headline
from stockhub.catalog.models import Category, Sku, Warehouse
from stockhub.core import clock
from stockhub.demo import made_up
from stockhub.demo.places import AMAZON, FBA_US, VENDORS
from stockhub.suppliers.models import Offer, Supplier

FAKE: Final = "stockhub_amazon.fake"
#: Old stock, whose surcharge comes nearer; stock that hardly lasts; as little stock, with a shipment on its way.
AGED, SHORT, COMING = "DEMO-FBA-AGED", "DEMO-FBA-SHORT", "DEMO-FBA-COMING"


@dataclass(frozen=True, slots=True)
class _Goods:
    """What Amazon holds of a SKU, by (days, units), and how many were sold on each day of the past."""

    name: str
    ages: tuple[tuple[int, int], ...]
    a_day: int = 0

    @property
    def stock(self) -> int:
        return sum(units for _days, units in self.ages)


SKUS: Final[Mapping[str, _Goods]] = {
    AGED: _Goods("Desk lamp of the year before last", ((160, 60), (200, 120), (300, 60))),
    SHORT: _Goods("Yoga mat that runs out", ((20, 60),), a_day=8),
    COMING: _Goods("Mug whose shipment is on its way", ((20, 60),), a_day=8),
}
#: What its orders feed tells of; what was before comes from a file, for Amazon's limits would make a person wait.
DAYS: Final = 28
#: A SKU that has sold for less than half a year is exempt from the low-inventory fee.
PAST_DAYS: Final = 200
PAST_STOCK_DAYS: Final = 120
SHIPPED: Final = 600
FEEDS: Final = ("orders", "stock", "inbound", "ages", "fees")
_TIMES: Final = {"queue_seconds": 0, "progress_seconds": 0}
_CONFIG: Final[dict[str, Any]] = {
    "lwa_client_id": "amzn1.application-oa2-client.fake", "lwa_client_secret": "amzn1.oa2-cs.v1.fake-secret",
    "refresh_token": "Atzr|fake-refresh-token", "seller_id": "A1FAKESELLER", "region": "na", "marketplace_ids": ["ATVPDKIKX0DER"],
    "fba_warehouse": FBA_US,
}  # fmt: skip


def tell(folder: Path) -> None:
    """Starts it, connects the demo's account, reads every feed once, and ends it again; `folder` is for files of the past."""
    _keep()
    _tell_past(folder)
    platform = made_up.start(FAKE, "--rates", "0")
    try:
        _fill(platform)
        made_up.connect(AMAZON, _CONFIG | {"base_url": platform.url, "token_url": f"{platform.url}/auth/o2/token"}, FEEDS)
        for kind in FEEDS:
            # A report that is asked for is there at once; Amazon's own takes minutes.
            made_up.read(AMAZON, kind, whole=True, since=clock.now() - timedelta(days=DAYS + 1) if kind == "orders" else None)
    finally:
        made_up.stop(platform, AMAZON)


def told_lines() -> list[str]:
    """What came of it: the alerts of these SKUs, and that what is on its way is netted out."""
    open_ = Alert.objects.filter(sku__code__in=SKUS).exclude(status=AlertStatus.RESOLVED).select_related("sku", "pool")
    lines = [f"  {headline(alert)}" for alert in open_.order_by("sku__code", "kind")]
    if not open_.filter(sku__code=COMING, kind="shortage").exists():
        lines.append(f"  {COMING} · " + _("no shortage: %(qty)d units are on their way") % {"qty": SHIPPED})
    return lines


def _keep() -> None:
    """The SKUs with their supplier: a platform knows offers, not what they are to the seller."""
    supplier, category = Supplier.objects.get(code=VENDORS[0].code), Category.objects.filter(deleted_at=None).order_by("id").first()
    size = {"weight_grams": 450, "length_mm": 240, "width_mm": 160, "height_mm": 90}
    money = {"price_amount": Decimal("29.90"), "price_currency": "USD", "unit_cost_amount": Decimal(60), "unit_cost_currency": "CNY"}
    for code, of in SKUS.items():
        known = {"name": of.name, "category": category, "is_replenished": True} | size | money
        sku, _new = Sku.objects.get_or_create(code=code, defaults=known)
        offer = {"currency": "CNY", "unit_price_amount": Decimal(60), "lead_time_days": 20, "lead_time_sd_days": 3}
        Offer.objects.get_or_create(supplier=supplier, sku=sku, defaults=offer)


def _tell_past(folder: Path) -> None:
    """What a seller has in files of before: Amazon's daily reports of stock, which its fee looks at, and earlier sales."""
    zone = Warehouse.objects.values_list("time_zone", flat=True).get(code=FBA_US)
    today = clock.business_day(clock.now(), zone)
    stock = [(code, FBA_US, today - timedelta(days=day), of.stock) for code, of in SKUS.items() for day in range(PAST_STOCK_DAYS, 0, -1)]
    _import("import_stock", folder / "amazon_past_stock.csv", ("sku", "warehouse", "date", "on_hand"), stock)
    sales = [
        (f"P-{code}-{day}", code, (clock.now() - timedelta(days=day)).isoformat(), of.a_day, "29.90", "shipped", FBA_US)
        for code, of in SKUS.items()
        for day in range(PAST_DAYS, DAYS + 1, -1)
        if of.a_day
    ]
    columns = ("order_id", "sku", "time", "quantity", "price", "status", "warehouse")
    _import("import_sales", folder / "amazon_past_sales.csv", columns, sales, account=AMAZON)


def _import(command: str, path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], **options: object) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    call_command(command, str(path), stdout=io.StringIO(), stderr=io.StringIO(), **options)


def _fill(platform: made_up.MadeUp) -> None:
    platform.tell("settings", _TIMES)
    products = [
        {"sku": code, "title": of.name, "price": "29.90", "fulfillable": of.stock + of.a_day * DAYS, "ages": of.ages}
        for code, of in SKUS.items()
    ]
    platform.tell("products", {"products": products})
    for day in range(DAYS, 0, -1):
        at = (clock.now() - timedelta(days=day)).isoformat()
        for code, of in SKUS.items():
            if of.a_day:
                platform.tell("order", {"lines": [[code, 1]], "times": of.a_day, "at": at, "ships": True})
    platform.tell("shipment", {"items": {COMING: SHIPPED}, "expected_in_days": 6})
