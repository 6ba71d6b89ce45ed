"""Brings a generated shop into the database the way a seller would: set-up by hand, then files, then what connectors tell."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.models import Account
from stockhub.channels.returns import ingest_returns
from stockhub.core import actor, clock
from stockhub.core.actor import Actor
from stockhub.demo import amazon_platform, extras, settling, sizes
from stockhub.demo.files import BAD_ROWS, deliveries, write_files
from stockhub.demo.places import AMAZON, DOUYIN, FBA_US, vendor
from stockhub.demo.shop import DemoShop
from stockhub.exchange.models import ImportJob
from stockhub.inventory.services import observe_stock
from stockhub.purchasing.services import (
    OrderLineInput,
    PurchaseOrderInput,
    ShipmentInput,
    ShipmentLineInput,
    upsert_purchase_order,
    upsert_shipment,
)

#: By how many days a supplier that is late has been late before.
LATE_DAYS = 9


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the loading, as the person who waits reads it, and how long it took."""

    name: str
    seconds: float


def load(demo: DemoShop, *, scale: int, folder: Path) -> Iterator[Step]:
    """Loads everything, and yields each step as it is done. All of it is idempotent: what was cut short goes on where it stopped."""
    paths = write_files(demo, folder)
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        (_("accounts, warehouses, pools, exchange rates"), lambda: settling.settle(demo, scale)),
        (_("catalogue"), lambda: _import("import_catalog", paths["catalog.csv"])),
        (_("categories as Amazon calls them"), sizes.map_categories),
        (_("suppliers and offers"), lambda: _import("import_suppliers", paths["suppliers.xlsx"])),
        (_("listings"), lambda: _import("import_listings", paths["listings.csv"])),
        (_("opening stock"), lambda: _import("import_stock", paths["stock.csv"])),
        (_("stock reports of the platform"), lambda: _import("import_stock", paths["stock_history.csv"])),
        (_("deliveries since the ledger began"), lambda: _deliver(demo)),
        (_("shipments on their way"), lambda: _import("import_inbound", paths["inbound.csv"])),
        (_("history of Douyin sales"), lambda: _import("import_sales", paths["douyin_history.parquet"], account=DOUYIN)),
        (_("history of Amazon sales"), lambda: _import("import_sales", paths["amazon_history.csv"], account=AMAZON)),
        (
            _("Douyin orders of the last 60 days"),
            lambda: _import("import_sales", paths["douyin_orders.csv"], account=DOUYIN, refused=len(BAD_ROWS)),
        ),
        (_("Amazon orders of the last 60 days"), lambda: _import("import_sales", paths["amazon_orders.csv"], account=AMAZON)),
        (_("returns, presales and counts"), lambda: _connect(demo)),
        (_("stock, orders, shipments, ages and fees of a made-up Amazon"), lambda: amazon_platform.tell(folder)),
    )
    with actor.acting_as(Actor("demo")):
        for name, step in steps:
            started = time.perf_counter()
            step()
            yield Step(name, time.perf_counter() - started)


def _import(command: str, path: Path, *, refused: int = 0, **options: object) -> None:
    """One import command. Its report is only shown where it failed, or refused other rows than the shop has wrong ones."""
    out = io.StringIO()
    try:
        call_command(command, str(path), stdout=out, stderr=out, **options)
    except CommandError as error:
        raise CommandError(f"{command} {path.name}: {error}\n{out.getvalue()}") from error
    job = ImportJob.objects.filter(file_name=path.name).order_by("-id").first()
    if job is None or job.rows_refused != refused:
        raise CommandError(f"{command} {path.name} refused other rows than expected:\n{out.getvalue()}")


def _deliver(demo: DemoShop) -> None:
    """Purchase orders and what came of them, each at its own time: suppliers' lead times can be learned from them.

    What was ordered before the seller kept a ledger is told on the day when it begins, as a seller would.
    """
    for number, (supplier, house, at, lines) in enumerate(deliveries(demo)):
        of, code = vendor(supplier), f"{number:04d}-{house}"
        late = timedelta(days=LATE_DAYS if of.late_days else 0)
        ordered_at = at - timedelta(days=of.lead_time) - late
        zone, began_at = Warehouse.objects.values_list("time_zone", "ledger_starts_at").get(code=house)
        came_on = clock.business_day(at, zone)
        with clock.at(max(ordered_at, began_at)):
            upsert_purchase_order(
                PurchaseOrderInput(
                    code=f"PO-{code}",
                    supplier=supplier,
                    warehouse=house,
                    currency="CNY",
                    ordered_on=clock.business_day(ordered_at, zone),
                    promised_on=came_on - late,
                    lines=[OrderLineInput(sku=sku, ordered_qty=qty, unit_price_amount=Decimal(str(cost))) for sku, qty, cost in lines],
                )
            )
        with clock.at(max(at, began_at)):
            upsert_shipment(
                ShipmentInput(
                    code=f"SH-{code}",
                    warehouse=house,
                    supplier=supplier,
                    status="received",
                    mode="truck",
                    shipped_on=came_on - timedelta(days=2),
                    expected_on=came_on - late,
                    received_on=came_on,
                    occurred_at=at,
                    lines=[
                        ShipmentLineInput(sku=sku, shipped_qty=qty, received_qty=qty, purchase_order=f"PO-{code}") for sku, qty, _ in lines
                    ],
                )
            )


def _connect(demo: DemoShop) -> None:
    douyin = Account.objects.get(code=DOUYIN)
    ingest_orders(account=douyin, orders=[*extras.presales(demo), *extras.wrong_records(demo)], source="connector", data_until_at=demo.now)
    ingest_returns(account=douyin, returns=extras.returns(demo))
    skus = dict(Sku.objects.values_list("code", "id"))
    counts = {(skus[code], "available"): qty for code, qty in extras.counts(demo).items()}
    observe_stock(warehouse_id=Warehouse.objects.get(code=FBA_US).pk, counts=counts, observed_at=demo.now)
    settling.draw_lines_of_the_user(demo)
    settling.observe_scores(demo)
