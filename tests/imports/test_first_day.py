"""The other files of a seller's first day: catalogue, suppliers, stock, inbound, listings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from stockhub.catalog.models import BundleComponent, Category, Sku
from stockhub.channels.models import ExternalCode, Listing, OrderLine, PriceFact
from stockhub.core import clock
from stockhub.exchange.models import RowError
from stockhub.inventory.models import Lot, LotCost, Movement, StockHistory
from stockhub.purchasing.models import PurchaseOrder, Shipment
from stockhub.suppliers.models import LeadTimeLeg, Offer, PriceBreak, Supplier
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Run = Callable[..., tuple[int, str]]
Write = Callable[[str], Path]


def first(text: str) -> str:
    """The counts of a report, without the file's name."""
    return text.splitlines()[0].split(": ", 1)[1]


def test_the_catalogue_goes_in_with_bundles_before_their_parts(shop: Shop, run: Run, write: Write) -> None:
    path = write(
        "sku,name,product,category,cost,price,cost_currency,components,barcode\n"
        "SET,Set,,Home / Kitchen,,50,,P1 x2; P2,\n"
        "P1,Pan,PAN,Home / Kitchen,7.25,20,USD,,0012345678905\n"
        "P2,Lid,PAN,Home,,,,,\n"
    )
    status, text = run("import_catalog", path)
    assert (status, first(text)) == (0, "3 rows read, 3 new or changed, 0 unchanged, 0 refused.")
    pan = Sku.objects.get(code="P1")
    assert (pan.unit_cost_amount, pan.unit_cost_currency, pan.price_amount, pan.barcode) == (
        Decimal("7.25"),
        "USD",
        Decimal(20),
        "0012345678905",
    )
    assert (pan.category.name, pan.category.parent.code, pan.product.code) == ("Kitchen", "Home", "PAN")  # type: ignore[union-attr]
    assert list(BundleComponent.objects.order_by("id").values_list("bundle__code", "component__code", "qty")) == [
        ("SET", "P1", 2),
        ("SET", "P2", 1),
    ]
    assert first(run("import_catalog", path)[1]) == "3 rows read, 0 new or changed, 3 unchanged, 0 refused."
    assert Category.objects.count() == 2


def test_h21_a_missing_cost_is_unknown_and_an_empty_cell_erases_nothing(shop: Shop, run: Run, write: Write) -> None:
    run("import_catalog", write("sku,name,cost\nA,Shirt,3.5\nB,Trousers,\n"))
    run("import_catalog", write("sku,name,cost\nA,,\n"))
    assert list(Sku.objects.filter(code__in="AB").order_by("code").values_list("name", "unit_cost_amount")) == [
        ("Shirt", Decimal("3.5")),
        ("Trousers", None),
    ]


def test_bad_rows_of_the_catalogue_are_refused_alone(shop: Shop, run: Run, write: Write) -> None:
    status, text = run("import_catalog", write("sku,cost,components\nN1,-1,\nN2,1,\nN2,2,\nN3,1,NOPE x2\nN4,1,x x0\nN5,1,N5 x1\n"))
    assert (status, first(text)) == (0, "6 rows read, 1 new or changed, 0 unchanged, 5 refused.")
    assert sorted(RowError.objects.values_list("line", flat=True)) == [2, 4, 5, 6, 7]
    assert sorted(Sku.objects.filter(code__startswith="N").values_list("code", flat=True)) == ["N2"]


def test_a_catalogue_in_a_dry_run_leaves_nothing(shop: Shop, run: Run, write: Write) -> None:
    path = write("sku,category,components\nN1,Home / Kitchen,\nN2,Home,N1 x2\n")
    status, text = run("import_catalog", path, dry_run=True)
    assert (status, Sku.objects.filter(code__startswith="N").count(), Category.objects.count()) == (0, 0, 0)
    assert text.startswith("Dry run")


def test_a_catalogue_that_comes_after_the_sales_counts_them(shop: Shop, run: Run, write: Write) -> None:
    run("import_sales", write("order_id,sku,time,quantity\n1,LATE,2026-03-10,4\n"), account="dy-main")
    assert OrderLine.objects.get().sku is None
    run("import_catalog", write("sku\nLATE\n"))
    line = OrderLine.objects.get()
    assert (line.sku.code, line.counted_qty) == ("LATE", 4)  # type: ignore[union-attr]


def test_suppliers_come_with_offers_breaks_and_legs(shop: Shop, run: Run, write: Write) -> None:
    path = write(
        "supplier,supplier_name,country,is_local,sku,price,currency,moq,case_pack,break_qty,lead_time_days,legs\n"
        "S1,Factory,CN,yes,A,5.10,CNY,100,10,,,production 20±3; sea 30±5; receiving 4\n"
        "S1,,,,A,4.80,CNY,,,500,,\n"
        "S2,Trader,,no,A,6,USD,1,1,,7.5,\n"
        "S3,Nobody,,,,,,,,,,\n"
        "S4,,,,NOPE,1,CNY,,,,,\n"
    )
    status, text = run("import_suppliers", path)
    assert status == 0
    assert sorted(Supplier.objects.values_list("code", "name", "is_local"))[:2] == [("S1", "Factory", True), ("S2", "Trader", False)]
    offer = Offer.objects.get(supplier__code="S1")
    assert (offer.unit_price_amount, offer.moq, offer.case_pack) == (Decimal("5.1"), 100, 10)
    assert list(PriceBreak.objects.values_list("min_qty", "unit_price_amount")) == [(500, Decimal("4.8"))]
    assert list(LeadTimeLeg.objects.values_list("name", "days", "sd_days")) == [("production", 20, 3), ("sea", 30, 5), ("receiving", 4, 0)]
    assert Offer.objects.get(supplier__code="S2").lead_time_days == 7.5
    assert RowError.objects.get().line == 6
    again = run("import_suppliers", path)[1]
    assert " 0 new or changed" in again
    assert "1 refused" in text


def test_opening_lots_have_age_and_cost_and_come_in_once(shop: Shop, run: Run, write: Write) -> None:
    path = write(
        "sku,warehouse,qty,received_on,unit_cost,currency,grade,expires_on\n"
        "A,CN1,10,2025-11-01,3.5,CNY,,2027-01-01\n"
        "A,CN1,10,2025-11-01,3.5,CNY,,2027-01-01\n"
        "B,CN1,5,,,,damaged,\n"
        "B,CN1,0,,,,,\n"
        "B,NOWHERE,5,,,,,\n"
    )
    status, text = run("import_stock", path)
    assert (status, first(text)) == (0, "5 rows read, 3 new or changed, 1 unchanged, 1 refused.")
    assert (shop.balance("A"), shop.balance("B")) == (20, 5)
    assert (
        list(Lot.objects.filter(sku__code="A").values_list("received_on", "received_qty", "expires_on"))
        == [(date(2025, 11, 1), 10, date(2027, 1, 1))] * 2
    )
    assert list(LotCost.objects.values_list("unit_amount", "currency")) == [(Decimal("3.5"), "CNY")] * 2
    moves = Movement.objects.count()
    assert first(run("import_stock", path)[1]) == "5 rows read, 0 new or changed, 4 unchanged, 1 refused."
    assert Movement.objects.count() == moves


def test_a_corrected_lot_is_refused_instead_of_coming_in_twice(shop: Shop, run: Run, write: Write) -> None:
    run("import_stock", write("sku,warehouse,qty,lot\nA,CN1,10,L1\n"))
    status, text = run("import_stock", write("sku,warehouse,qty,lot\nA,CN1,12,L1\nB,CN1,3,L2\n"))
    assert (status, shop.balance("A"), shop.balance("B")) == (0, 10, 3)
    assert "lot_differs" in text


def test_a_lot_known_by_its_age_is_the_same_lot_tomorrow(shop: Shop, run: Run, write: Write) -> None:
    path = write("sku,warehouse,qty,age_days\nA,CN1,10,40\n")
    with clock.at(datetime(2026, 5, 10, tzinfo=UTC)):
        run("import_stock", path)
    with clock.at(datetime(2026, 5, 11, tzinfo=UTC)):
        run("import_stock", path)
    assert (shop.balance("A"), Lot.objects.get().received_on) == (10, date(2026, 3, 31))


def test_h21_stock_of_the_past_has_gaps_where_nobody_looked(shop: Shop, run: Run, write: Write) -> None:
    path = write("sku,warehouse,date,on_hand\nA,CN1,2025-10-01,7\nA,CN1,2025-10-04,0\n")
    assert first(run("import_stock", path)[1]) == "2 rows read, 2 new or changed, 0 unchanged, 0 refused."
    run("import_stock", write("sku,warehouse,date,on_hand\nA,CN1,2025-09-30,9\n"))
    history = StockHistory.objects.get()
    assert history.first_on == date(2025, 9, 30)
    np.testing.assert_array_equal(history.qty, np.array([9, 7, np.nan, np.nan, 0], np.float32))
    assert first(run("import_stock", path)[1]) == "2 rows read, 0 new or changed, 2 unchanged, 0 refused."
    assert Movement.objects.count() == 0


def test_open_orders_and_goods_on_their_way_count_once(shop: Shop, run: Run, write: Write) -> None:
    Supplier.objects.create(code="S1", name="Factory")
    path = write(
        "po,shipment,sku,warehouse,supplier,qty,received_qty,price,ordered_on,shipped_on,expected_on\n"
        "PO1,,A,CN1,S1,100,40,3.5,2026-01-05,,2026-04-01\n"
        "PO1,,B,CN1,S1,20,,3.5,2026-01-05,,2026-04-01\n"
        "PO1,SH1,A,CN1,S1,30,,,,2026-02-01,2026-03-20\n"
        ",SH2,B,CN1,,7,7,,,2026-02-01,2026-03-20\n"
        "PO2,,NOPE,CN1,S1,5,,,,,\n"
    )
    status, text = run("import_inbound", path)
    assert status == 0
    assert first(text) == "5 rows read, 3 new or changed, 1 unchanged, 1 refused."
    assert (shop.balance("A", "on_order"), shop.balance("A", "in_transit"), shop.balance("B", "on_order")) == (30, 30, 20)
    assert (PurchaseOrder.objects.count(), Shipment.objects.count()) == (1, 1)
    moves = Movement.objects.count()
    again = run("import_inbound", path)[1]
    assert (Movement.objects.count(), " 0 new or changed" in again) == (moves, True)


def test_listings_are_linked_with_all_their_components(shop: Shop, run: Run, write: Write) -> None:
    run("import_sales", write("order_id,sku,time,quantity\n1,PACK,2026-03-10,4\n"), account="dy-main")
    path = write(
        "account,code,kind,sku,qty,title,price\n"
        "dy-main,PACK,,A,2,Pack,19.9\n"
        "dy-main,PACK,,B,1,,\n"
        "dy-main,B0XYZ,asin,C,,One,5\n"
        "dy-main,LOOSE,,,,Loose,1\n"
        "dy-main,HALF,,A,1,,\n"
        "dy-main,HALF,,NOPE,1,,\n"
        "nowhere,X,,A,1,,\n"
    )
    status, text = run("import_listings", path)
    assert (status, first(text)) == (0, "7 rows read, 4 new or changed, 0 unchanged, 3 refused.")
    pack = Listing.objects.get(code="PACK")
    assert list(pack.components.order_by("id").values_list("sku__code", "qty")) == [("A", 2), ("B", 1)]
    assert (pack.title, PriceFact.objects.get(listing=pack).amount) == ("Pack", Decimal("19.9"))
    assert OrderLine.objects.get().counted_qty == 4
    assert ExternalCode.objects.get().value == "B0XYZ"
    assert not Listing.objects.filter(code="HALF").exists()
    again = run("import_listings", path)[1]
    assert " 0 new or changed, 4 unchanged, 3 refused." in again
    assert PriceFact.objects.count() == 3
