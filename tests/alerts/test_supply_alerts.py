"""Supply warnings in the cycle: from documents to alerts that name them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.arriving import LateArrival, late_arrivals
from stockhub.alerts.models import Alert, ParameterScope
from stockhub.alerts.parameters.setting import ParameterInput, set_parameter
from stockhub.alerts.wording import headline
from stockhub.catalog.models import Sku, StockPolicy
from stockhub.core import clock
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine, Shipment, ShipmentLine
from stockhub.suppliers.models import Offer, Supplier
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def order(world: World, sku: Sku, code: str, *, in_days: int, qty: int, supplier: Supplier | None = None) -> PurchaseOrder:
    made = PurchaseOrder.objects.create(
        code=code, supplier=supplier or world.supplier, warehouse=world.warehouse, currency="CNY", ordered_on=DAY,
        promised_on=DAY + timedelta(days=in_days),
    )  # fmt: skip
    PurchaseOrderLine.objects.create(purchase_order=made, line_no=1, sku=sku, ordered_qty=qty)
    return made


def shown(kind: str) -> list[Alert]:
    return list(Alert.objects.filter(kind=kind).exclude(status="resolved").select_related("sku", "pool", "template").order_by("sku__code"))


def test_f1_u7_the_alert_names_the_documents_that_come_too_late(world: World) -> None:
    """50 in stock at 10 a day are gone in 5 days. The order of day 9 ends it: days 6, 7 and 8 are without stock, 30 units."""
    sku = world.selling("CAP", stock=50, rate=10.0)
    order(world, sku, "PO-9", in_days=9, qty=400)
    order(world, sku, "PO-LATE", in_days=-4, qty=20)
    order(world, sku, "PO-FAR", in_days=60, qty=5000)
    shipment = Shipment.objects.create(code="SH-3", warehouse=world.warehouse, expected_on=DAY + timedelta(days=3))
    ShipmentLine.objects.create(shipment=shipment, line_no=1, sku=sku, shipped_qty=1)
    run_cycle("warnings")
    [alert] = shown("late-inbound")
    # The builder expects the overdue 20 a week from now; before day 9 there are 50 + 1 + 20 units for 80.
    assert (alert.level, alert.inputs["overdue_inbound"], alert.inputs["overdue_days"]) == (2, 20.0, 4.0)
    assert [(each.reference, each.late_days, each.after_days, each.qty) for each in late_arrivals(alert)] == [
        ("PO-LATE", 4, 0, 20), ("PO-9", 0, 2, 400), ("PO-FAR", 0, 53, 5000),
    ]  # fmt: skip
    assert "20 units overdue by 4 days" in headline(alert)
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    page = client.get(reverse("admin:alerts_alert_change", args=[alert.pk])).content.decode()
    assert "What comes too late" in page
    assert "PO-LATE" in page


def test_d8_the_emergency_order_is_due_within_a_day(world: World) -> None:
    near = Supplier.objects.create(code="near", name="Near", is_local=True)
    for code, stock in (("EXACT", 200), ("SHORT", 190)):
        sku = world.selling(code, stock=stock, rate=1.0)
        StockPolicy.objects.create(sku=sku, safety_stock_method="fixed", safety_stock_qty=400)
        Offer.objects.create(supplier=near, sku=sku, currency="CNY", lead_time_days=15.0, preference=2)
    far = world.selling("FAR", stock=190, rate=1.0)
    StockPolicy.objects.create(sku=far, safety_stock_method="fixed", safety_stock_qty=400)
    run_cycle("warnings")
    run_cycle("escalation", NOW + timedelta(minutes=1))
    [alert] = shown("emergency-order")
    assert (alert.sku.code if alert.sku else "", alert.level, alert.value, alert.suggested_qty) == ("SHORT", 2, 210.0, 210)
    assert alert.due_on == DAY + timedelta(days=1)
    # The day counts from detection, and so does the time to settle it: it is overdue then, and does not move on.
    run_cycle("warnings", NOW + timedelta(days=3))
    [later] = shown("emergency-order")
    assert (later.pk, later.evaluated_at, later.due_on) == (alert.pk, NOW + timedelta(days=3), DAY + timedelta(days=1))
    assert later.resolve_by_at == alert.opened_at + timedelta(hours=24)


def test_d5_single_and_concentrated_sources_by_offers_and_orders_of_a_year(world: World) -> None:
    second = Supplier.objects.create(code="second", name="Second")
    for code, shares in (("ALONE", None), ("EVEN", (50, 50)), ("NEARLY", (95, 5))):
        sku = world.selling(code, stock=500, rate=10.0, price="500")
        if shares:
            Offer.objects.create(supplier=second, sku=sku, currency="CNY", lead_time_days=15.0, preference=2)
            for supplier, units in zip((world.supplier, second), shares, strict=True):
                made = order(world, sku, f"{code}-{supplier.code}", in_days=5, qty=units, supplier=supplier)
                PurchaseOrder.objects.filter(pk=made.pk).update(status="received", ordered_on=DAY - timedelta(days=200))
    run_cycle("warnings")
    assert [(alert.sku.code, alert.level) for alert in shown("single-source") if alert.sku] == [("ALONE", 1)]
    assert [(alert.sku.code, round(alert.value or 0)) for alert in shown("concentrated-supply") if alert.sku] == [("NEARLY", 570)]
    # Somebody accepts the risk of one SKU: its alert goes, by its own parameter.
    with clock.at(NOW):
        alone = Sku.objects.get(code="ALONE")
        set_parameter(
            ParameterInput(
                rule="single-source", parameter="least_sales", value=1e9, scope=ParameterScope.SKU, target=alone.pk, reason="only maker"
            )
        )
    for quarter in (1, 2):
        run_cycle("warnings", NOW + quarter * timedelta(minutes=15))
    assert shown("single-source") == []


def test_late_arrivals_of_an_alert_without_a_sku_are_none() -> None:
    assert late_arrivals(Alert(kind="late-inbound", subject="x", inputs={})) == []
    assert LateArrival("PO", None, 1, 0, 0).expected_on is None
