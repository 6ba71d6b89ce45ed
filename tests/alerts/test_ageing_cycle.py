"""Age, expiry, the last sale and the end of life from facts in the database to alerts: what is told, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.utils import translation

from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert
from stockhub.alerts.wording import headline
from stockhub.catalog.models import BundleComponent, ExchangeRate, PoolWarehouse, Sku, Stage, StockPolicy, StockPool, Warehouse
from stockhub.channels.models import Account, PoolAccount
from stockhub.core import clock
from stockhub.demand.models import SalesSeries
from stockhub.inventory.models import Lot
from stockhub.inventory.services import TransferInput, TransferLineInput, upsert_transfer
from stockhub.snapshot.builder import build
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def amazon(world: World) -> World:
    """The same, whose warehouse is Amazon's in the United States."""
    Warehouse.objects.filter(pk=world.warehouse.pk).update(kind="fba", country="US")
    ExchangeRate.objects.create(day=DAY, source_currency="USD", target_currency="CNY", rate="7")
    return world


def alerts_of(kind: str) -> dict[str, Alert]:
    found = Alert.objects.filter(kind=kind).exclude(status="resolved").select_related("template", "sku", "pool")
    return {alert.sku.code: alert for alert in found if alert.sku}


def lying(world: World, code: str, units: int, *, days: int, rate: float = 0.0, **lot: object) -> Sku:
    """Stock of an age that sells, and is forecast to sell, at a rate; a unit is a cubic foot."""
    sku = world.sku(code)
    Sku.objects.filter(pk=sku.pk).update(length_mm=1000, width_mm=1000, height_mm=28)
    world.stock(sku, units, received_on=DAY - timedelta(days=days))
    if lot:
        Lot.objects.filter(sku=sku).update(**lot)
    world.sold(sku, [rate] * 90)
    world.forecast(sku, rate)
    return sku


def aged(sku: Sku, stage: str, **values: object) -> None:
    Sku.objects.filter(pk=sku.pk).update(stage=Stage.objects.get(slug=stage), **values)


# --- H44, E14 -------------------------------------------------------------------------------------------------------------------


def test_h44_e14_stock_that_reaches_the_charged_age_is_told_with_its_day_pace_and_money(amazon: World) -> None:
    lying(amazon, "OLD", 620, days=150)
    lying(amazon, "SOLD", 620, days=150, rate=20.0)
    lying(amazon, "YOUNG", 620, days=100)
    run_cycle("warnings")
    found = alerts_of("surcharge-ahead")
    assert list(found) == ["OLD"]
    alert = found["OLD"]
    assert (alert.value, alert.unit, alert.level, alert.due_on) == (20.0, "unit/day", 1, DAY + timedelta(days=31))
    # The second of April is charged on the fifteenth, in 44 days: half a dollar a cubic foot.
    volume = 28_000_000 / 28_316_846.6
    assert alert.inputs["assessed_in"] == 44.0
    assert float(alert.money_amount or 0) == pytest.approx(620 * 0.5 * volume * 7, rel=1e-6)
    explained = explanations_of(alert)
    assert (explained["value"].evaluate(), explained["due_in_days"].evaluate()) == (20.0, 31.0)
    assert explained["money"].evaluate() == pytest.approx(float(alert.money_amount or 0), rel=1e-9)


def test_h44_e14_a_transfer_to_amazon_keeps_the_age(world: World) -> None:
    """What came to us 150 days ago, and to Amazon today, is charged in 31 days."""
    amazon = Warehouse.objects.create(code="fba", name="FBA", kind="fba", country="US", ledger_starts_at=NOW - timedelta(days=60))
    pool = StockPool.objects.create(code="us", name="US")
    PoolWarehouse.objects.create(pool=pool, warehouse=amazon)
    sku = lying(world, "MOVED", 620, days=150)
    moved = TransferLineInput(sku="MOVED", shipped_qty=310, received_qty=310)
    with clock.at(NOW):
        upsert_transfer(TransferInput(code="T", from_warehouse="cn-main", to_warehouse="fba", status="received", lines=[moved]))
    replace(world, pool=pool).forecast(sku, 0.0)
    run_cycle("warnings")
    [alert] = Alert.objects.filter(kind="surcharge-ahead")
    assert (alert.pool, alert.value, alert.due_on) == (pool, 10.0, DAY + timedelta(days=31))


@pytest.mark.one_database
def test_h44_where_nobody_charges_for_age_nothing_is_said(world: World) -> None:
    lying(world, "OLD", 620, days=150)
    run_cycle("warnings")
    assert alerts_of("surcharge-ahead") == {}


@pytest.mark.one_database
def test_e14_europe_charges_from_day_241_once_its_table_is_in_force(amazon: World) -> None:
    Warehouse.objects.filter(pk=amazon.warehouse.pk).update(country="DE")
    sku = lying(amazon, "OLD", 620, days=150)
    with clock.at(NOW):
        assert len(build([sku.pk], NOW).lots) == 0
    later = datetime(2026, 7, 2, 4, tzinfo=UTC)
    with clock.at(later):
        lots = build([sku.pk], later).lots
    assert (lots.age.tolist(), lots.charged_from.tolist()) == ([272.0], [241.0])
    # Charged already: on the 15th of July, at the rate of its age then; nobody knows what a euro is.
    assert lots.assessed_in.tolist() == [13.0]
    assert np.isnan(lots.charge).all()


@pytest.mark.one_database
def test_e14_a_rate_that_nobody_knows_leaves_the_amount_open_and_says_so(amazon: World) -> None:
    Sku.objects.filter(pk=lying(amazon, "OLD", 620, days=150).pk).update(height_mm=None)
    run_cycle("warnings")
    alert = alerts_of("surcharge-ahead")["OLD"]
    assert (alert.money_amount, alert.money_reason, alert.value) == (None, "NO_SURCHARGE_RATE", 20.0)


@pytest.mark.one_database
def test_e15_overstock_rises_to_level_2_when_a_surcharge_is_near(amazon: World) -> None:
    for code, days in (("NEAR", 151), ("FAR", 100)):
        lying(amazon, code, 130, days=days, rate=1.0)
    run_cycle("warnings")
    assert {code: alert.level for code, alert in alerts_of("overstock").items()} == {"NEAR": 2, "FAR": 1}


# --- H87 ------------------------------------------------------------------------------------------------------------------------


def sold_until(world: World, code: str, days_ago: int) -> Sku:
    sku = world.sku(code)
    world.stock(sku, 40, received_on=DAY - timedelta(days=200))
    world.sold(sku, [1.0] * 30, last_on=DAY - timedelta(days=days_ago))
    world.forecast(sku, 0.0)
    return sku


def test_h87_last_sold_92_days_ago_opens_the_flow_and_88_days_do_not(world: World) -> None:
    """Counted yesterday, and units came back: neither is a sale."""
    for code, days in (("STILL", 92), ("SELLS", 88)):
        sku = sold_until(world, code, days)
        world.take(sku, 1, f"count-{code}", at=NOW - timedelta(days=1))
        Lot.objects.create(sku=sku, warehouse=world.warehouse, code="back", received_on=DAY, received_qty=1, remaining_qty=1)
    run_cycle("warnings")
    found = alerts_of("no-sale")
    assert list(found) == ["STILL"]
    alert = found["STILL"]
    assert (alert.level, alert.value, alert.money_amount) == (2, 92.0, Decimal(39 * 40))
    with translation.override("en"):
        assert headline(alert) == (
            "STILL in cn · No sale for three months: 92 days · Clear it: no account sells it, and no other pool does either · "
            # Liquidated, 39 are worth 160.88 today; held, storing them costs 351.16 in a year, and 142.77 are left.
            "1,560.00 CNY at stake · 369.27 CNY can be saved"
        )


@pytest.mark.one_database
def test_h87_the_next_sale_closes_it(world: World) -> None:
    sku = sold_until(world, "STILL", 92)
    run_cycle("warnings")
    SalesSeries.objects.filter(sku=sku).update(last_sold_at=NOW)
    for minutes in (15, 30):
        run_cycle("warnings", NOW + timedelta(minutes=minutes))
    assert alerts_of("no-sale") == {}


def test_h87_per_account_one_that_does_not_sell_is_told_while_another_does(world: World) -> None:
    sku = sold_until(world, "HALF", 2)
    other = Account.objects.create(code="az", name="Amazon", marketplace="file", baseline_at=NOW, time_zone="America/Los_Angeles")
    PoolAccount.objects.create(pool=world.pool, account=other)
    # In Los Angeles it is the first of March, and was the first of December: 90 days. An hour later it was the second.
    series = SalesSeries.objects.create(
        sku=sku, account=other, first_on=DAY - timedelta(days=120), daily=np.zeros(9, np.float32), hourly=np.zeros(0, np.float32),
        last_sold_at=datetime(2025, 12, 2, 7, 30, tzinfo=UTC),
    )  # fmt: skip
    run_cycle("warnings")
    alert = alerts_of("no-sale")["HALF"]
    assert (alert.level, alert.value, alert.inputs["quietest_account"]) == (1, 90.0, float(other.pk))
    SalesSeries.objects.filter(pk=series.pk).update(last_sold_at=datetime(2025, 12, 2, 8, 30, tzinfo=UTC))
    with clock.at(NOW):
        assert build([sku.pk], NOW)["quietest_account_days"].tolist() == [89.0]
    # An account that the pool serves no more is not asked.
    PoolAccount.objects.filter(account=other).update(valid_to=DAY - timedelta(days=1))
    with clock.at(NOW):
        assert build([sku.pk], NOW)["quietest_account_days"].tolist() == [2.0]


def test_h87_a_pool_that_still_sells_it_is_proposed_for_a_transfer(world: World) -> None:
    sku = sold_until(world, "MOVE", 100)
    house = Warehouse.objects.create(code="us", name="US", ledger_starts_at=NOW - timedelta(days=60))
    pool = StockPool.objects.create(code="us", name="US")
    PoolWarehouse.objects.create(pool=pool, warehouse=house)
    account = Account.objects.create(code="az", name="Amazon", marketplace="file", baseline_at=NOW)
    PoolAccount.objects.create(pool=pool, account=account)
    SalesSeries.objects.create(
        sku=sku, account=account, first_on=DAY - timedelta(days=8), daily=np.ones(9, np.float32), hourly=np.zeros(0, np.float32),
        last_sold_at=NOW,
    )  # fmt: skip
    run_cycle("warnings")
    alert = alerts_of("no-sale")["MOVE"]
    with translation.override("zh-hans"):
        assert "调拨：其他库存池仍在动销" in headline(alert)


# --- H77, H14, H40 --------------------------------------------------------------------------------------------------------------


def test_h77_slow_movers_get_a_discount_a_bundle_or_an_outlet_with_the_reason(world: World) -> None:
    sold_until(world, "OUTLET", 95)
    bundled = sold_until(world, "BUNDLE", 95)
    gift = Sku.objects.create(code="GIFT", is_bundle=True)
    BundleComponent.objects.create(bundle=gift, component=bundled, qty=1)
    lying(world, "DISCOUNT", 200, days=120, rate=0.5)
    lying(world, "STEADY", 60, days=120, rate=1.0)
    run_cycle("warnings")
    with translation.override("en"):
        proposed = {code: headline(alert).split(" · ")[2].split(":")[0] for code, alert in alerts_of("unsold-stock").items()}
    assert proposed == {"OUTLET": "Outlet", "BUNDLE": "Bundle it", "DISCOUNT": "Discount it"}


# --- expiry ---------------------------------------------------------------------------------------------------------------------


def test_h79_stock_that_expires_before_it_sells_is_told_and_what_sells_in_time_is_not(world: World) -> None:
    for code, rate in (("LATE", 1.0), ("FAST", 2.0)):
        lying(world, code, 100, days=10, rate=rate, expires_on=DAY + timedelta(days=50))
    lying(world, "LASTING", 100, days=10, rate=0.5)
    run_cycle("warnings")
    found = alerts_of("expiring-stock")
    assert list(found) == ["LATE"]
    alert = found["LATE"]
    assert (alert.level, alert.value, alert.money_amount, alert.due_on) == (2, 50.0, Decimal(2000), DAY + timedelta(days=50))
    assert explanations_of(alert)["value"].evaluate() == 50.0


@pytest.mark.one_database
def test_damaged_lots_are_nobodys_to_sell_and_do_not_count(world: World) -> None:
    lying(world, "BROKEN", 100, days=10, expires_on=DAY + timedelta(days=5), grade="damaged")
    run_cycle("warnings")
    assert alerts_of("expiring-stock") == {}


# --- H9 -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.one_database
def test_h9_a_write_down_at_stake_is_shown_and_a_healthy_price_is_quiet(world: World) -> None:
    for code, price in (("LOSS", "40"), ("GAIN", "60")):
        sku = world.sku(code, price=price, cost="40")
        world.stock(sku, 100)
    run_cycle("warnings")
    found = alerts_of("write-down")
    assert list(found) == ["LOSS"]
    assert (found["LOSS"].money_amount, found["LOSS"].value, found["LOSS"].level) == (Decimal(600), 100.0, 1)
    assert explanations_of(found["LOSS"])["money"].evaluate() == pytest.approx(600.0)


# --- H62, H63, H64, U5 ----------------------------------------------------------------------------------------------------------


def fading(world: World, code: str, stock: int, stage: str, **values: object) -> Sku:
    """A SKU whose weekly sales have halved every four weeks for a quarter, and that is forecast two a day."""
    sku = world.sku(code)
    aged(sku, stage, **values)
    world.stock(sku, stock)
    StockPolicy.objects.create(sku=sku, safety_stock_method="fixed", safety_stock_qty=300)
    world.sold(sku, [16 * 0.5 ** (day / 28) for day in range(85)])
    world.forecast(sku, 2.0)
    return sku


def test_h62_a_declining_sku_below_its_line_is_told_and_shortage_gives_way(world: World) -> None:
    fading(world, "FADES", 100, "decline")
    # By its stage nobody would buy it again; somebody has said that it is.
    ends = fading(world, "ENDS", 100, "end_of_life")
    StockPolicy.objects.filter(sku=ends).update(is_replenished=True)
    fading(world, "LEFT", 100, "end_of_life")
    fading(world, "GROWN", 100, "maturity")
    fading(world, "PLENTY", 900, "decline")
    run_cycle("warnings")
    found = alerts_of("end-of-life-line")
    assert sorted(found) == ["ENDS", "FADES"]
    assert sorted(alerts_of("shortage")) == ["GROWN"]
    alert = found["FADES"]
    assert alert.inputs["weekly_factor"] == pytest.approx(0.5**0.25, rel=0.02)
    assert alert.inputs["safety_part"] < 1.0
    assert explanations_of(alert)["value"].evaluate() == pytest.approx(alert.value, rel=1e-12)
    # E16: 180 days of two a day, fading, are few; what lies there covers more than they take.
    assert alert.suggested_qty in (0, None)


def test_h63_e16_residual_value_says_what_to_do_at_the_end(world: World) -> None:
    for code, price in (("HIGH", "100"), ("MIDDLE", "30"), ("LOW", "10")):
        sku = fading(world, code, 500, "end_of_life")
        Sku.objects.filter(pk=sku.pk).update(price_amount=Decimal(price), unit_cost_amount=Decimal(40))
    fading(world, "GROWN", 500, "maturity")
    run_cycle("warnings")
    with translation.override("en"):
        told = {code: (alert.level, headline(alert).split(" · ")[2].split(":")[0]) for code, alert in alerts_of("residual-value").items()}
    assert told == {
        "HIGH": (1, "Order what is still needed, and promote"),
        "MIDDLE": (1, "Sell it down"),
        "LOW": (2, "Clear it and stop production"),
    }
    alert = alerts_of("residual-value")["LOW"]
    assert alert.value == pytest.approx(10 * 0.85 / 40)


@pytest.mark.one_database
def test_h64_u5_what_is_never_bought_again_is_silent_about_shortage_and_speaks_about_excess(world: World) -> None:
    """Out of stock, due to be ordered, below its line: nobody cares. Lying, expiring, unsold: somebody should."""
    for code, stage in (("OUT", "maturity"), ("FADED", "decline")):
        fading(world, code, 5, stage, is_replenished=False)
    StockPolicy.objects.update(alert_threshold_qty=50)
    gone = lying(world, "LIES", 400, days=200)
    Sku.objects.filter(pk=gone.pk).update(is_replenished=False)
    Lot.objects.filter(sku=gone).update(expires_on=DAY + timedelta(days=30))
    run_cycle("warnings")
    found = set(Alert.objects.exclude(status="resolved").filter(sku__isnull=False).values_list("sku__code", "kind", "side"))
    assert {row for row in found if row[2] == "shortage"} == set()
    assert {kind for code, kind, _side in found if code == "LIES"} == {"overstock", "unsold-stock", "no-sale", "expiring-stock"}


def test_u2_the_same_facts_write_nothing_twice(amazon: World) -> None:
    lying(amazon, "OLD", 620, days=150, expires_on=DAY + timedelta(days=20))
    fading(amazon, "FADES", 100, "decline")
    run_cycle("warnings")
    before = list(Alert.objects.order_by("id").values())
    assert {"surcharge-ahead", "expiring-stock", "end-of-life-line", "no-sale"} <= {row["kind"] for row in before}
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert list(Alert.objects.order_by("id").values()) == before
