"""The snapshot: every column from its source, NaN where nobody knows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from stockhub.catalog.models import ExchangeRate, StockPolicy, Warehouse
from stockhub.channels.models import Feed
from stockhub.core import clock
from stockhub.inventory.models import Allocation, Balance, MovementKind
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import Posting
from stockhub.pluginapi import Snapshot
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine
from stockhub.snapshot.builder import build
from stockhub.suppliers.models import LeadTimeLeg, Offer
from tests.worlds import DAY, NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def snapshot(*sku_ids: int) -> Snapshot:
    with clock.at(NOW):
        return build(list(sku_ids), NOW)


def test_what_nobody_told_is_nan_and_never_zero(world: World) -> None:
    sku = world.sku("A", price=None, cost=None, lead_time=None)
    world.sold(sku, [1.0] * 10)
    row = snapshot(sku.pk)
    assert len(row) == 1
    for name in ("available", "unit_cost", "unit_price", "moq", "daily_mean", "safety_stock", "oldest_age", "alert_threshold"):
        assert np.isnan(row[name][0]), name
    assert (row["lead_time"][0], row["lead_time_is_default"][0]) == (14.0, 1.0)
    assert row["sold_30"][0] == 10.0


def test_sales_are_unknown_where_no_account_has_told_any_orders(world: World) -> None:
    sku = world.sku("A")
    world.stock(sku, 5)
    assert snapshot(sku.pk)["sold_90"][0] == 0.0
    Feed.objects.all().delete()
    assert np.isnan(snapshot(sku.pk)["sold_90"][0])


def test_h15_what_is_inbound_is_netted_and_dated(world: World) -> None:
    sku = world.sku("A")
    world.stock(sku, 5)
    order = PurchaseOrder.objects.create(code="PO1", supplier=world.supplier, warehouse=world.warehouse, currency="CNY", ordered_on=DAY)
    PurchaseOrderLine.objects.create(purchase_order=order, line_no=1, sku=sku, ordered_qty=300, promised_on=DAY + timedelta(days=9))
    PurchaseOrderLine.objects.create(purchase_order=order, line_no=2, sku=sku, ordered_qty=40, promised_on=DAY - timedelta(days=3))
    row = snapshot(sku.pk)
    assert row.inbound_within(np.array([8.0])).tolist() == [40.0]
    assert row.inbound_within(np.array([9.0])).tolist() == [340.0]
    # Overdue is not here yet: it is expected in a week, not today.
    assert row.inbound_within(np.array([6.0])).tolist() == [0.0]


def test_e8_the_legs_of_a_lead_time_add_up(world: World) -> None:
    sku = world.sku("A")
    world.stock(sku, 1)
    offer = Offer.objects.get()
    for position, (name, days, sd) in enumerate((("production", 20, 3), ("sea", 30, 4), ("receiving", 5, 0)), 1):
        LeadTimeLeg.objects.create(offer=offer, position=position, name=name, days=days, sd_days=sd)
    row = snapshot(sku.pk)
    assert (row["lead_time"][0], row["lead_time_sd"][0]) == (55.0, 5.0)


def test_the_preferred_offer_is_the_one_of_the_pool(world: World) -> None:
    sku = world.sku("A", lead_time=15)
    world.stock(sku, 1)
    Offer.objects.create(
        supplier=world.supplier, sku=sku, pool=world.pool, currency="CNY", lead_time_days=6, moq=24, case_pack=12, preference=9
    )
    row = snapshot(sku.pk)
    assert (row["lead_time"][0], row["moq"][0], row["case_pack"][0]) == (6.0, 24.0, 12.0)
    Offer.objects.filter(pool=world.pool).update(valid_to=DAY - timedelta(days=1))
    assert snapshot(sku.pk)["lead_time"][0] == 15.0


def test_d3_safety_stock_follows_the_policys_method(world: World) -> None:
    sku = world.sku("A", lead_time=3)
    Offer.objects.update(lead_time_sd_days=1.0)
    world.stock(sku, 1)
    world.forecast(sku, 100.0, sd=30.0)
    StockPolicy.objects.create(sku=sku, review_period_days=0)
    assert snapshot(sku.pk)["safety_stock"][0] == pytest.approx(185.4, abs=0.1)
    StockPolicy.objects.update(safety_stock_method="cover_days", safety_cover_days=3)
    assert snapshot(sku.pk)["safety_stock"][0] == pytest.approx(300.0)
    StockPolicy.objects.create(sku=sku, pool=world.pool, safety_stock_method="fixed", safety_stock_qty=77, review_period_days=0)
    assert snapshot(sku.pk)["safety_stock"][0] == 77.0


def test_d24_paid_orders_near_their_time_without_stock(world: World) -> None:
    sku = world.sku("A")
    world.stock(sku, 1)
    for number, reserved in enumerate((1, 0, 0), 1):
        Allocation.objects.create(
            reference=f"line:{number}", sku=sku, warehouse=world.warehouse, wanted_qty=1, reserved_qty=reserved, paid_amount=Decimal(99),
            currency="CNY", paid_at=NOW - timedelta(hours=4), ship_by_at=NOW + timedelta(hours=20), ordered_at=NOW - timedelta(hours=5),
        )  # fmt: skip
    Allocation.objects.create(
        reference="unpaid", sku=sku, warehouse=world.warehouse, wanted_qty=9, ship_by_at=NOW + timedelta(hours=2), ordered_at=NOW
    )
    row = snapshot(sku.pk)
    expected = {"due_orders": 3.0, "due_orders_at_risk": 2.0, "due_units": 3.0, "due_unreserved_units": 2.0, "hours_to_ship_by": 20.0}
    assert {name: row[name][0] for name in expected} == expected
    assert row["due_paid_at_risk"][0] == 198.0


def test_h38_ages_follow_first_in_first_out(world: World) -> None:
    sku = world.sku("A")
    world.stock(sku, 100, received_on=DAY - timedelta(days=200))
    world.stock(sku, 50, received_on=DAY - timedelta(days=100), at=NOW - timedelta(days=59))
    world.take(sku, 120, "sold")
    row = snapshot(sku.pk)
    # The 30 that are left are of the newer lot.
    assert (row["oldest_age"][0], row["aged_over_90"][0], row["aged_over_180"][0]) == (100.0, 30.0, 0.0)


def test_money_crosses_at_the_days_rate_and_without_one_it_is_unknown(world: World) -> None:
    sku = world.sku("A")
    world.stock(sku, 1)
    type(sku).objects.update(price_amount=Decimal(10), price_currency="USD")
    assert np.isnan(snapshot(sku.pk)["unit_price"][0])
    ExchangeRate.objects.create(day=DAY - timedelta(days=3), source_currency="USD", target_currency="CNY", rate="7.1")
    ExchangeRate.objects.create(day=DAY + timedelta(days=1), source_currency="USD", target_currency="CNY", rate="9")
    assert snapshot(sku.pk)["unit_price"][0] == pytest.approx(71.0)


def test_positions_add_up_over_the_pools_warehouses_by_what_the_buckets_count_for(world: World) -> None:
    second = Warehouse.objects.create(code="cn-2", name="Second", ledger_starts_at=NOW - timedelta(days=60))
    world.pool.warehouses.add(second, through_defaults={"priority": 2})
    sku = world.sku("A")
    world.stock(sku, 10)
    for number, (bucket, qty) in enumerate((("available", 5), ("platform_transfer", 2), ("quarantined", 3), ("in_transit", 7))):
        [result] = post(
            [
                Posting(
                    sku_id=sku.pk, warehouse_id=second.pk, from_bucket=None, to_bucket=bucket, qty=qty, kind=MovementKind.MOVE,
                    key=f"k{number}", occurred_at=NOW,
                )
            ]
        )  # fmt: skip
        assert result.status == "posted"
    row = snapshot(sku.pk)
    assert {name: row[name][0] for name in ("available", "unsellable", "in_transit", "shippable", "on_order")} == {
        "available": 17.0, "unsellable": 3.0, "in_transit": 7.0, "shippable": 15.0, "on_order": 0.0,
    }  # fmt: skip
    assert Balance.objects.count() == 5
