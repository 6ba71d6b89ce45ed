"""What a platform tells, through the inbox, to the alert: ages with their date (H44, E14), and what is on its way (H15, U1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from stockhub.alerts.models import Alert
from stockhub.catalog.models import ExchangeRate, Sku, Warehouse
from stockhub.channels.inbox import Applied, accept_records, apply_due
from stockhub.channels.models import Listing, ListingComponent
from stockhub.channels.payloads import AnyRecord
from stockhub.core import clock
from stockhub.pluginapi.platform_records import InboundLineRecord, InboundRecord, StockAgeRecord
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def amazon() -> World:
    """A seller whose one warehouse is Amazon's in the United States, which counts it."""
    world = make_world()
    ExchangeRate.objects.create(day=DAY, source_currency="USD", target_currency="CNY", rate="7")
    return world


def counted_by_amazon(world: World) -> None:
    Warehouse.objects.filter(pk=world.warehouse.pk).update(kind="fba", country="US", authority="snapshot")


def offered(world: World, sku: Sku) -> None:
    listing = Listing.objects.create(account=world.account, code=sku.code)
    ListingComponent.objects.create(listing=listing, sku=sku)


def told(world: World, kind: str, record: AnyRecord) -> None:
    with clock.at(NOW):
        accept_records(account=world.account, kind=kind, records=[record], source="amazon")
        assert apply_due() == Applied(applied=1)


def test_h44_e14_ages_that_the_platform_tells_raise_the_alert_with_its_fee_date(amazon: World) -> None:
    """Our lot says that the units came in this week; Amazon says that they are 150 days old, and what it will charge."""
    sku = amazon.sku("OLD")
    Sku.objects.filter(pk=sku.pk).update(length_mm=1000, width_mm=1000, height_mm=28)
    amazon.stock(sku, 620, received_on=DAY - timedelta(days=3))
    amazon.sold(sku, [0.0] * 89 + [1.0])
    amazon.forecast(sku, 0.0)
    counted_by_amazon(amazon)
    offered(amazon, sku)
    run_cycle("warnings")
    assert not Alert.objects.filter(kind="surcharge-ahead").exists()
    told(amazon, "age", StockAgeRecord("OLD", "cn-main", NOW, ((0, 90, 0), (150, 150, 620))))
    run_cycle("warnings", NOW + timedelta(minutes=15))
    alert = Alert.objects.get(kind="surcharge-ahead")
    assert (alert.sku, alert.value, alert.due_on) == (sku, 20.0, DAY + timedelta(days=31))
    assert alert.inputs["assessed_in"] == 44.0
    volume = 28_000_000 / 28_316_846.6
    assert float(alert.money_amount or 0) == pytest.approx(620 * 0.5 * volume * 7, rel=1e-6)


def test_e14_what_is_due_at_the_next_snapshot_costs_what_the_platform_says(amazon: World) -> None:
    sku = amazon.sku("DUE")
    Sku.objects.filter(pk=sku.pk).update(length_mm=1000, width_mm=1000, height_mm=28)
    amazon.stock(sku, 100, received_on=DAY)
    amazon.sold(sku, [0.0] * 89 + [1.0])
    amazon.forecast(sku, 0.0)
    counted_by_amazon(amazon)
    offered(amazon, sku)
    told(amazon, "age", StockAgeRecord("DUE", "cn-main", NOW, ((200, 200, 100),), surcharge=Decimal("12.34"), currency="USD"))
    run_cycle("warnings")
    alert = Alert.objects.get(kind="surcharge-ahead")
    assert float(alert.money_amount or 0) == pytest.approx(12.34 * 7)


def test_h15_u1_what_is_on_its_way_to_the_platform_is_not_ordered_again(amazon: World) -> None:
    """Two SKUs sell alike; of one, 100 units sail."""
    skus = {code: amazon.selling(code, stock=60, rate=10.0) for code in ("NONE", "SAILS")}
    counted_by_amazon(amazon)
    for sku in skus.values():
        offered(amazon, sku)
    updated = datetime(2026, 3, 1, 8, tzinfo=UTC)
    lines = (InboundLineRecord("SAILS", 100),)
    told(amazon, "inbound", InboundRecord("FBA1", "cn-main", "in_transit", updated, lines, expected_on=date(2026, 3, 5)))
    run_cycle("warnings")
    suggested = {alert.sku.code: alert.suggested_qty for alert in Alert.objects.filter(kind="shortage").select_related("sku") if alert.sku}
    assert suggested["NONE"] is not None
    assert suggested["NONE"] - (suggested.get("SAILS") or 0) == 100
    told(amazon, "inbound", InboundRecord("FBA1", "cn-main", "cancelled", updated + timedelta(hours=1)))
    run_cycle("warnings", NOW + timedelta(minutes=15))
    again = Alert.objects.get(kind="shortage", sku=skus["SAILS"])
    assert again.suggested_qty == suggested["NONE"]
