"""The committed alert page opens for every kind of alert, and each of its numbers evaluates to itself."""

from __future__ import annotations

import base64
import math
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from django.test import Client

from stockhub.access.models import User
from stockhub.alerts.alert_page import top_reason
from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert
from stockhub.alerts.rules import BUILT_IN
from stockhub.alerts.wording import value_text
from stockhub.catalog.models import (
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
from stockhub.channels.models import Account, ExperienceScore, Feed, PoolAccount, Quarantined
from stockhub.core import clock
from stockhub.demand.models import Forecast, SalesSeries
from stockhub.demand.track_models import ForecastTrack
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.inventory.models import Allocation, Balance, Lot, StockHistory
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine, Shipment, ShipmentLine
from stockhub.suppliers.models import Offer, Supplier
from tests.graphql.shop import post
from tests.slow_sku import turning_slowly
from tests.system.real_day import evaluate
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).resolve().parents[2] / "frontend_schema" / "operations" / "alert.graphql").read_text(encoding="utf-8")


@pytest.fixture
def world() -> World:
    """A shop in which everything is wrong."""
    world = make_world()
    short = world.selling("SHORT", stock=100, rate=10.0)
    StockPolicy.objects.create(sku=short, alert_threshold_qty=200)
    Allocation.objects.create(
        reference="line:1", sku=short, warehouse=world.warehouse, wanted_qty=2, paid_amount=Decimal(99), currency="CNY",
        paid_at=NOW - timedelta(hours=4), ship_by_at=NOW + timedelta(hours=20), ordered_at=NOW - timedelta(hours=5),
    )  # fmt: skip
    elsewhere = Warehouse.objects.create(code="cn-south", name="South", country="US")
    Warehouse.objects.filter(pk=world.warehouse.pk).update(kind="fba", country="US")
    pool = StockPool.objects.create(code="south", name="South")
    PoolWarehouse.objects.create(pool=pool, warehouse=elsewhere)
    Balance.objects.create(sku=short, warehouse=elsewhere, bucket_id="available", qty=5000)
    replace(world, pool=pool).forecast(short, 1.0)
    with clock.at(NOW):
        # Six orders of one moment, and four units left.
        selling_out = world.selling("LIVE", stock=10, rate=1.0)
        set_targets(
            [
                AllocationTarget(
                    reference=f"live:{number}", sku_id=selling_out.pk, warehouse_id=world.warehouse.pk, account_id=world.account.pk,
                    wanted_qty=1, ship_qty=0, ordered_at=NOW, occurred_at=NOW,
                )
                for number in range(6)
            ]
        )  # fmt: skip
    Forecast.objects.filter(sku=selling_out).update(spike_days=2, spike_rate=30.0, spike_before=1.0)
    last = world.selling("LAST", stock=10, rate=2.0, price="12")
    type(last).objects.filter(pk=last.pk).update(stage=Stage.objects.get(slug="decline"))
    # Lead-time demand twice as large as what is there, at every level.
    Forecast.objects.filter(sku=short).update(
        lead_time_days=np.array([7, 28], np.int16), lead_time_levels=np.array([0.1, 0.9], np.float32),
        lead_time_quantiles=np.array([200.0, 800.0, 300.0, 900.0], np.float32), lead_time_model="engine",
    )  # fmt: skip
    ForecastTrack.objects.create(sku=short, pool=world.pool, error_sum=-120.0, mean_error=20.0, forecast_sum=600.0, weeks=6)
    _low_at_amazon(world)
    old = world.sku("OLD", lead_time=None)
    world.stock(old, 500, received_on=DAY - timedelta(days=200))
    world.sold(old, [0.0] * 90)
    world.forecast(old, 0.0)
    _supply(world, short)
    type(old).objects.filter(pk=old.pk).update(stage=Stage.objects.get(slug="end_of_life"), price_amount=Decimal(20))
    Lot.objects.filter(sku=old).update(expires_on=DAY + timedelta(days=20))
    turning_slowly(world)
    type(world.account).objects.update(experience_score_floor=80.0)
    ExperienceScore.objects.create(account=world.account, score=70.0, occurred_at=NOW)
    Quarantined.objects.create(account=world.account, kind="order", external_id="1", code="bad", message="Quantity is NaN.")
    run_cycle("warnings")
    return world


def _supply(world: World, short: Sku) -> None:
    """What is on its way comes too late, a local supplier could help, and nearly all comes from one of two, or all from one."""
    near = world.selling("NEAR", stock=50, rate=10.0, price="300")
    local = Supplier.objects.create(code="local", name="Local", is_local=True)
    Offer.objects.create(supplier=local, sku=near, currency="CNY", lead_time_days=15.0, preference=2)
    StockPolicy.objects.create(sku=near, safety_stock_method="fixed", safety_stock_qty=200)
    world.selling("DEAR", stock=500, rate=10.0, price="300")
    order = PurchaseOrder.objects.create(
        code="PO-1",
        supplier=world.supplier,
        warehouse=world.warehouse,
        currency="CNY",
        ordered_on=DAY,
        promised_on=DAY + timedelta(days=13),
    )
    twice = Shipment.objects.create(code="SH-1", warehouse=world.warehouse, expected_on=DAY + timedelta(days=14))
    ShipmentLine.objects.create(shipment=twice, line_no=1, sku=near, shipped_qty=30)
    for line, sku in enumerate((short, near), start=1):
        PurchaseOrderLine.objects.create(purchase_order=order, line_no=line, sku=sku, ordered_qty=30)


def _low_at_amazon(world: World) -> None:
    """Twenty days of supply in Amazon's warehouse, of goods whose size and category its tariff knows."""
    house = Warehouse.objects.create(code="fba", name="FBA", kind="fba", country="US")
    pool = StockPool.objects.create(code="fba", name="FBA")
    PoolWarehouse.objects.create(pool=pool, warehouse=house)
    account = Account.objects.create(code="us", name="US", marketplace="amazon", site="US", currency="USD", baseline_at=NOW)
    PoolAccount.objects.create(pool=pool, account=account)
    Feed.objects.create(account=account, kind="orders", last_success_at=NOW, data_until_at=NOW)
    ExchangeRate.objects.create(day=DAY, source_currency="USD", target_currency="CNY", rate="7")
    category = Category.objects.create(code="toys", name="Toys")
    CategoryMapping.objects.create(category=category, marketplace="amazon", value="toys_games")
    there = replace(world, account=account, pool=pool, warehouse=house)
    sku = there.selling("FBA", stock=80, rate=4.0)
    Sku.objects.filter(pk=sku.pk).update(category=category, weight_grams=400, length_mm=250, width_mm=180, height_mm=90)
    # The exemption of new goods is half a year.
    SalesSeries.objects.filter(sku=sku).delete()
    there.sold(sku, [4.0] * 200)
    StockHistory.objects.create(sku=sku, warehouse=house, first_on=DAY - timedelta(days=90), qty=np.full(90, 80.0, np.float32))


def test_n4_every_number_of_every_kind_of_alert_evaluates_to_itself(world: World) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.com", "x"))
    kinds = set(Alert.objects.values_list("kind", flat=True))
    assert kinds >= {rule.slug for rule in BUILT_IN} | {"experience-score", "quarantined-records", "missing-facts"}
    for alert in Alert.objects.all():
        shown = post(client, PAGE, {"id": base64.b64encode(f"Alert:{alert.pk}".encode()).decode()}).data["alert"]
        assert shown["kind"]["slug"] == alert.kind
        for name in ("value", "money", "dueInDays", "suggestedQty"):
            metric = shown[name]
            assert (metric["value"] is None) == bool(metric["reason"]), (alert.kind, name)
            if metric["value"] is not None and metric["explain"]:
                found = evaluate(metric["explain"]["nodes"])
                assert found is not None
                assert math.isclose(found, float(metric["value"]), rel_tol=1e-6, abs_tol=1e-6), (alert.kind, name)


def test_u4_every_rule_says_in_words_how_bad_it_is_and_why(world: World) -> None:
    told: dict[str, tuple[str, str]] = {}
    for alert in Alert.objects.filter(kind__in={rule.slug for rule in BUILT_IN}).select_related("sku", "pool", "template").order_by("-pk"):
        told[alert.kind] = (value_text(alert), top_reason(alert, explanations_of(alert)))
    assert set(told) == {rule.slug for rule in BUILT_IN}
    assert not [kind for kind, (how_bad, why) in told.items() if not (how_bad and why)]
    assert told["stockout-risk"] == ("98.8 %", "First sells out in 10 days · Lead time 15 days")
    assert told["order-due"][0] == "what is there and ordered lasts 10 days"
    assert told["single-source"] == (
        "600 units sold in 90 days rest on it",
        "Sold in 90 days 600 units · Share of the largest supplier 100 %",
    )
    # What does not hold, and the branch that was not taken, are no reasons.
    assert told["low-inventory-fee"] == ("20 days of supply", "Mean stock at the platform in 30 days 80 units · Sales a day 4 units a day")


def test_i4_kinds_with_absurd_worth_do_not_stop_the_others(world: World) -> None:
    """What no column holds is unknown, and the cycle goes on."""
    type(world.sku("GOLD")).objects.update(unit_cost_amount=Decimal(9_000_000_000_000))
    cycle = run_cycle("warnings", NOW + timedelta(minutes=15))
    assert cycle.status == "done"
    alert = Alert.objects.get(kind="overstock", sku__code="OLD")
    assert (alert.money_amount, alert.money_reason) == (None, "NOT_VALUED")
