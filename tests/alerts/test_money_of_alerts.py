"""From facts to the money of an alert, on both databases: Douyin's compensation, Amazon's fees, and a schedule that fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Category, CategoryMapping, ExchangeRate, PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.channels.fee_overrides import FeeOverrideInput, set_fee_override
from stockhub.channels.inbox import Applied, accept_records, apply_due
from stockhub.channels.models import Account, Feed, Listing, ListingComponent, Order, OrderLine, PoolAccount
from stockhub.channels.shop_pace import measure_pace
from stockhub.core import clock
from stockhub.demand.models import SalesSeries
from stockhub.inventory.models import Allocation, StockHistory
from stockhub.pluginapi.platform_records import StockAgeRecord
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    made = make_world()
    Account.objects.filter(pk=made.account.pk).update(marketplace="douyin", site="CN")
    return made


@pytest.fixture
def amazon(world: World) -> World:
    """An American shop whose stock lies with Amazon; a dollar is seven yuan."""
    house = Warehouse.objects.create(code="fba", name="FBA", kind="fba", country="US", ledger_starts_at=NOW - timedelta(days=60))
    pool = StockPool.objects.create(code="fba", name="FBA")
    PoolWarehouse.objects.create(pool=pool, warehouse=house)
    account = Account.objects.create(code="us", name="US", marketplace="amazon", site="US", currency="USD", baseline_at=NOW)
    PoolAccount.objects.create(pool=pool, account=account)
    Feed.objects.create(account=account, kind="orders", last_success_at=NOW, data_until_at=NOW)
    ExchangeRate.objects.create(day=DAY, source_currency="USD", target_currency="CNY", rate="7")
    CategoryMapping.objects.create(category=Category.objects.create(code="toys", name="Toys"), marketplace="amazon", value="toys_games")
    return replace(world, account=account, pool=pool, warehouse=house)


def sized(sku: Sku) -> Sku:
    """250 × 180 × 90 mm, 400 g: large standard size."""
    Sku.objects.filter(pk=sku.pk).update(
        category=Category.objects.get(code="toys"), weight_grams=400, length_mm=250, width_mm=180, height_mm=90
    )
    return sku


def alert_of(kind: str, code: str) -> Alert:
    return Alert.objects.select_related("template").get(kind=kind, sku__code=code)


def told(alert: Alert, name: str = "money") -> dict[str, float]:
    """The named results of an explanation, whose own value is the stored number."""
    tree = explanations_of(alert)[name]
    stored = alert.money_amount if name == "money" else alert.saving_amount
    assert tree.evaluate() == pytest.approx(float(stored or 0), abs=1e-6)
    return {node.name: node.value for node in tree.walk() if node.name and node.op != "input" and node.value is not None}


def test_d21_200_unfillable_at_99_are_990_by_5_percent_and_1000_by_douyins_least_of_5(world: World) -> None:
    # Nothing is left for 22 days of ten a day but twenty units.
    world.selling("D21", stock=20, rate=10.0, price="99", cost="60")
    run_cycle("warnings")
    alert = alert_of("shortage", "D21")
    assert told(alert)["shortage_compensation"] == pytest.approx(200 * 5.0)
    assert told(alert)["lost_margin"] == pytest.approx(200 * (99 * 0.95 - 60))
    set_fee_override(
        FeeOverrideInput(
            marketplace="douyin", site="CN", fee="oos_compensation", tier="order", rate=Decimal("0.05"), currency="CNY",
            effective_from=date(2026, 1, 1), reason="The document's own example: a rate without bounds",
        )
    )  # fmt: skip
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert told(alert_of("shortage", "D21"))["shortage_compensation"] == pytest.approx(990.0)


def test_n7_the_saving_is_stored_with_its_explanation(world: World) -> None:
    world.selling("SAVE", stock=20, rate=10.0, price="99", cost="60")
    run_cycle("warnings")
    alert = alert_of("shortage", "SAVE")
    each = 99 * 0.95 - 60 + 5.0
    # 130 are missing before an order of today arrives after 15 days; of the 200 missing until the next one's, 70 are still saved.
    assert alert.saving_amount == Decimal(str(round(70 * each, 6)))
    assert alert.money_amount == Decimal(str(round(200 * each, 6)))
    assert told(alert, "saving")["units_still_saved"] == pytest.approx(70.0)


def test_d24_three_paid_orders_due_in_20_hours_with_stock_for_one(world: World) -> None:
    sku = world.sku("D24", price="99")
    for number in range(3):
        Allocation.objects.create(
            reference=f"line:{number}", sku=sku, warehouse=world.warehouse, account_id=world.account.pk, wanted_qty=1,
            paid_amount=Decimal(150), reserved_qty=int(number == 0), currency="CNY", paid_at=NOW - timedelta(hours=4),
            ship_by_at=NOW + timedelta(hours=20),
            ordered_at=NOW - timedelta(hours=5),
        )  # fmt: skip
    world.stock(sku, 1)
    run_cycle("warnings")
    alert = alert_of("ship-by-risk", "D24")
    assert (alert.value, alert.level) == (2.0, 2)
    # 5 % of 150 each, which is more than the least of 5.
    assert (alert.money_amount, alert.saving_amount) == (Decimal(15), Decimal(15))


@pytest.mark.one_database
def test_h16_stock_that_is_low_at_amazon_is_charged_by_its_tier(amazon: World) -> None:
    sku = sized(amazon.selling("LOW", stock=80, rate=4.0, price="210", cost="70"))
    SalesSeries.objects.filter(sku=sku).delete()
    amazon.sold(sku, [4.0] * 200)
    StockHistory.objects.create(sku=sku, warehouse=amazon.warehouse, first_on=DAY - timedelta(days=90), qty=np.full(90, 80.0, np.float32))
    run_cycle("warnings")
    alert = alert_of("low-inventory-fee", "LOW")
    # 20 days of supply of large standard size up to three pounds: $0.70 a unit. 80 are shipped until the next order, 60 before this.
    assert alert.value == pytest.approx(20.0)
    assert alert.level == 2
    assert (alert.money_amount, alert.saving_amount) == (Decimal(str(80 * 0.7 * 7)), Decimal(str(20 * 0.7 * 7)))
    assert told(alert_of("shortage", "LOW"))["low_inventory_cost"] == pytest.approx(80 * 0.7 * 7)


@pytest.mark.one_database
def test_h16_e15_amazons_own_days_of_supply_are_charged_without_a_history_of_ours(amazon: World) -> None:
    """A shop that was connected today has no stock history; its platform has. What it says of an exemption holds as well."""
    sku = sized(amazon.selling("TOLD", stock=80, rate=4.0, price="210", cost="70"))
    SalesSeries.objects.filter(sku=sku).delete()
    amazon.sold(sku, [4.0] * 200)
    Warehouse.objects.filter(pk=amazon.warehouse.pk).update(authority="snapshot")
    listing = Listing.objects.create(account=amazon.account, code="TOLD")
    ListingComponent.objects.create(listing=listing, sku=sku)
    low = Alert.objects.filter(kind="low-inventory-fee", sku=sku).exclude(status="resolved")
    run_cycle("warnings")
    assert not low.exists()
    record = StockAgeRecord(
        "TOLD", "fba", NOW - timedelta(minutes=9), ((0, 90, 80),), supply_days_30=Decimal("9.5"), supply_days_90=Decimal("13.5"),
        low_fee_exempt=False,
    )  # fmt: skip
    tell(amazon, record)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    alert = alert_of("low-inventory-fee", "TOLD")
    # Below 14 days by both views: $0.97 a unit and not 0.70 as 20 days would cost; 80 are shipped until the next order.
    assert (alert.value, alert.level) == (13.5, 3)
    assert alert.money_amount == Decimal("543.2")
    assert explanations_of(alert)["value"].evaluate() == 13.5
    tell(amazon, replace(record, observed_at=NOW, low_fee_exempt=True))
    # An alert closes with the second cycle that has nothing to say.
    run_cycle("warnings", NOW + timedelta(minutes=30))
    run_cycle("warnings", NOW + timedelta(minutes=45))
    assert not low.exists()


def tell(world: World, record: StockAgeRecord) -> None:
    with clock.at(NOW):
        accept_records(account=world.account, kind="age", records=[record], source="amazon")
        assert apply_due() == Applied(applied=1)


@pytest.mark.one_database
def test_h27_overstock_at_amazon_has_storage_age_and_capital_as_parts(amazon: World) -> None:
    sku = sized(amazon.sku("MUCH", price="210", cost="70"))
    amazon.stock(sku, 1000, received_on=DAY - timedelta(days=150))
    amazon.sold(sku, [1.0] * 60)
    amazon.forecast(sku, 1.0)
    run_cycle("warnings")
    parts = told(alert_of("overstock", "MUCH"))
    volume = 250 * 180 * 90 / 28316846.6
    # At 365 days the mean: ten months at 0.78 less what lies in October to December at 2.40.
    year = (0.78 * 273 / 30.41 + 2.4 * 92 / 30.66) * volume * 7
    assert parts["holding_days"] == 365.0
    assert parts["storage_of_excess"] == pytest.approx(916 * year, rel=0.01)
    # From 181 days on: half a dollar a cubic foot, then one, and so on, at the snapshots of the next half year.
    aged = sum(
        (1000 - days) * rate * volume * 7 for days, rate in ((13, 0), (44, 0.5), (74, 1.0), (105, 1.5), (135, 5.45), (166, 5.7))
    )  # fmt: skip
    assert explanations_of(alert_of("overstock", "MUCH"))["money"].inputs()["aged_surcharge_180"].value == pytest.approx(aged, rel=1e-6)
    assert parts["capital_cost"] == pytest.approx(916 * 70 * 0.12)


@pytest.mark.one_database
def test_an_unknown_volume_and_an_unknown_category_are_reasons_and_never_0(amazon: World) -> None:
    amazon.selling("NOSIZE", stock=1000, rate=1.0)
    odd = amazon.selling("ODD", stock=1, rate=9.0)
    sized(odd)
    Sku.objects.filter(pk=odd.pk).update(category=None)
    StockHistory.objects.create(sku=odd, warehouse=amazon.warehouse, first_on=DAY - timedelta(days=90), qty=np.full(90, 9.0, np.float32))
    run_cycle("warnings")
    over, short = alert_of("overstock", "NOSIZE"), alert_of("shortage", "ODD")
    assert (over.money_amount, over.saving_amount, over.money_reason) == (None, None, "NO_SIZE")
    assert (short.money_amount, short.money_reason) == (None, "NO_FEE_RATE")


def test_a_site_without_a_schedule_is_told_by_the_cycle_and_its_alerts_have_no_money(world: World) -> None:
    Account.objects.filter(pk=world.account.pk).update(marketplace="amazon", site="JP")
    world.selling("JP", stock=10, rate=10.0)
    cycle = run_cycle("warnings")
    alert = alert_of("shortage", "JP")
    assert (alert.money_amount, alert.money_reason, alert.level) == (None, "NO_FEES", 3)
    assert "fees of amazon JP: no fee schedule knows this site" in cycle.message


def test_d21_the_pace_of_a_shop_is_measured_once_a_day_to_the_cent(world: World) -> None:
    for days in (1, 2, 9):
        at = NOW - timedelta(days=days)
        order = Order.objects.create(account=world.account, external_id=f"o{days}", currency="CNY", ordered_at=at, recorded_at=at)
        OrderLine.objects.create(
            order=order, line_key="1", qty=3, unit_price_amount=Decimal("19.99"), ordered_at=at, order_recorded_at=at
        )  # fmt: skip
    assert measure_pace(NOW) == 1
    world.account.refresh_from_db()
    assert world.account.orders_a_day == pytest.approx(2 / 7)
    assert world.account.paid_a_day_amount == Decimal("17.134286")
    assert measure_pace(NOW) == 0
