"""How stock runs down along the forecast."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from stockhub.core import clock
from stockhub.overview.depletion import depletion
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine
from tests.worlds import DAY, NOW, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_h11_a_thousand_at_fifty_a_day_are_gone_on_day_twenty() -> None:
    world = make_world()
    sku = world.selling("A", stock=1000, rate=50.0)
    with clock.at(NOW):
        found = depletion(sku_id=sku.pk, pool_id=world.pool.pk, as_of=NOW)
    assert found is not None
    assert found.stock[:22].tolist() == [1000.0 - 50 * day for day in range(21)] + [0.0]
    assert (found.stockout_day, found.stockout_on, found.reason) == (20, DAY + timedelta(days=20), "")


def test_h11_what_arrives_in_time_is_sold_and_what_comes_late_leaves_a_gap() -> None:
    world = make_world()
    sku = world.selling("A", stock=1000, rate=50.0)
    order = PurchaseOrder.objects.create(
        code="PO", supplier=world.supplier, warehouse=world.warehouse, currency="CNY", ordered_on=DAY, promised_on=DAY + timedelta(days=10)
    )
    PurchaseOrderLine.objects.create(purchase_order=order, line_no=1, sku=sku, ordered_qty=500, unit_price_amount=Decimal(1))
    with clock.at(NOW):
        found = depletion(sku_id=sku.pk, pool_id=world.pool.pk, as_of=NOW)
        assert found is not None
        assert found.arrivals == [(DAY + timedelta(days=10), 500.0)]
        assert (found.stock[9], found.stock[10], found.stockout_day) == (550.0, 1000.0, 30)
        order.promised_on = DAY + timedelta(days=25)
        order.save()
        late = depletion(sku_id=sku.pk, pool_id=world.pool.pk, as_of=NOW)
    assert late is not None
    assert (late.stockout_day, late.stock[24], late.stock[25]) == (20, 0.0, 450.0)


def test_h11_stock_that_outlasts_the_forecast_and_numbers_that_are_missing_say_so() -> None:
    world = make_world()
    plenty, blind = world.selling("A", stock=1000, rate=1.0), world.sku("B")
    world.stock(blind, 5)
    with clock.at(NOW):
        found = depletion(sku_id=plenty.pk, pool_id=world.pool.pk, as_of=NOW)
        without = depletion(sku_id=blind.pk, pool_id=world.pool.pk, as_of=NOW)
        assert depletion(sku_id=blind.pk + 1, pool_id=world.pool.pk, as_of=NOW) is None
    assert found is not None
    assert (found.stockout_day, found.stockout_on) == (None, None)
    assert without is not None
    assert (without.reason, without.stock.size) == ("NO_FORECAST", 0)
