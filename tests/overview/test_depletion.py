"""How stock runs down along the forecast."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.demand.models import Forecast
from stockhub.overview.depletion import depletion
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine
from tests.worlds import DAY, NOW, World, make_world

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


def knows(world: World, sku: Sku, rate: float) -> None:
    """Quantiles of lead-time demand around so many units a day: half and one and a half of them at 5 and 95 %."""
    days, levels, factors = np.array([1, 7, 14, 28, 56, 90]), np.array([0.05, 0.5, 0.95]), np.array([0.5, 1.0, 1.5])
    world.forecast(sku, rate)
    Forecast.objects.update(
        lead_time_days=days.astype(np.int16), lead_time_levels=levels.astype(np.float32),
        lead_time_quantiles=(factors[:, None] * days[None, :] * rate).astype(np.float32).ravel(), lead_time_model="test",
    )  # fmt: skip


def dates(world: World, sku: Sku) -> list[date | None]:
    with clock.at(NOW):
        found = depletion(sku_id=sku.pk, pool_id=world.pool.pk, as_of=NOW)
    assert found is not None
    assert list(found.gone_by) == [0.1, 0.5, 0.9]
    return list(found.gone_by.values())


def test_n5_the_day_on_which_stock_is_gone_has_an_early_a_middle_and_a_late_date() -> None:
    world = make_world()
    sku = world.sku("A")
    world.stock(sku, 200)
    world.sold(sku, [10.0] * 60)
    knows(world, sku, 10.0)
    early, middle, late = dates(world, sku)
    # The median of demand is ten a day: 200 units are gone on the twentieth day with one chance in two.
    assert middle == DAY + timedelta(days=20)
    assert early is not None
    assert late is not None
    # At 5 % demand is half as much again, at 95 % half: gone between day 13 1/3 and day 40.
    assert DAY + timedelta(days=14) <= early < middle < late <= DAY + timedelta(days=40)


def test_n5_without_quantiles_or_beyond_the_forecast_there_is_no_date() -> None:
    world = make_world()
    blind, plenty = world.selling("A", stock=200, rate=10.0), world.sku("B")
    assert dates(world, blind) == [None, None, None]
    world.stock(plenty, 5000)
    world.sold(plenty, [10.0] * 60)
    knows(world, plenty, 10.0)
    assert dates(world, plenty) == [None, None, None]
