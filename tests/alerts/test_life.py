"""The life of an alert: who has it, and how it ends by itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.incremental import evaluate_touched
from stockhub.alerts.life.states import ENDED, LIVE, TRANSITIONS, AlertState
from stockhub.alerts.models import Alert, Incident
from stockhub.catalog.models import Category, Sku, StockPolicy
from stockhub.catalog.skus import delete_sku
from stockhub.channels.listing_links import ComponentInput, link_listing
from stockhub.channels.models import Listing, Responsibility
from stockhub.channels.services import ingest_orders
from stockhub.core import clock
from stockhub.demand.models import Forecast, SalesSeries
from stockhub.inventory.models import Balance
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from stockhub.values import DomainError
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.one_database
def test_the_table_names_every_state_once_and_an_ended_alert_leads_nowhere() -> None:
    assert frozenset(AlertState) == LIVE | ENDED
    assert all(not (transition.sources & ENDED) for transition in TRANSITIONS.values())


def test_u2_what_a_person_is_at_work_on_is_not_opened_again_and_says_when_it_gets_worse(world: World) -> None:
    sku = world.sku("LINE")
    StockPolicy.objects.create(sku=sku, alert_threshold_qty=100)
    world.stock(sku, 99)
    world.sold(sku, [0.1] * 60)
    world.forecast(sku, 0.1)
    run_cycle("warnings")
    alert = Alert.objects.get(kind="below-threshold")
    with clock.at(NOW + timedelta(hours=1)):
        services.start(alert_ids=[alert.pk])
    world.take(sku, 98, "rush")
    run_cycle("warnings", NOW + timedelta(hours=2))
    alert.refresh_from_db()
    assert Alert.objects.filter(kind="below-threshold").count() == 1
    assert (alert.status, alert.value) == ("in_progress", 99.0)


# --- an owner always -------------------------------------------------------------------------------------------------------------


def people(*names: str) -> list[User]:
    return [User.objects.create(username=name) for name in names]


def test_h70_a_shortage_is_the_buyers_and_an_overstock_the_owners(world: World) -> None:
    ana, ben = people("ana", "ben")
    Responsibility.objects.create(owner=ana, buyer=ben)
    world.selling("MUCH", stock=1000, rate=1.0)
    world.selling("SHORT", stock=100, rate=10.0)
    run_cycle("warnings")
    assert Alert.objects.get(kind="overstock").owner == ana
    assert Alert.objects.get(kind="shortage").owner == ben


def test_h70_no_alert_is_without_an_owner_after_routing_and_what_nobody_answers_for_is_told(world: World) -> None:
    ana, boss = people("ana", "boss")
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    category = Category.objects.create(code="caps", name="Caps")
    Responsibility.objects.create(owner=ana, category=category)
    mine, nobodys = world.selling("MINE", stock=1000, rate=1.0), world.selling("NOBODYS", stock=1000, rate=1.0)
    Sku.objects.filter(pk=mine.pk).update(category=category)
    run_cycle("warnings")
    assert Alert.objects.filter(owner=None).count() == 0
    assert {a.sku.code: a.owner for a in Alert.objects.filter(kind="overstock") if a.sku} == {"MINE": ana, "NOBODYS": boss}
    incomplete = Alert.objects.get(kind="routing-incomplete")
    unrouted = Alert.objects.filter(owner=boss, is_baseline=False).exclude(pk=incomplete.pk).count()
    assert (incomplete.owner, incomplete.side, incomplete.inputs) == (boss, "data", {"count": unrouted})
    Responsibility.objects.create(owner=boss)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    incomplete.refresh_from_db()
    assert incomplete.status == "resolved"
    assert nobodys.alerts.filter(owner=None).count() == 0


def test_h70_the_alerts_of_somebody_who_left_go_to_whoever_answers_now(world: World) -> None:
    ana, ben = people("ana", "ben")
    responsibility = Responsibility.objects.create(owner=ana)
    world.selling("MUCH", stock=1000, rate=1.0)
    run_cycle("warnings")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    Responsibility.objects.filter(pk=responsibility.pk).update(owner=ben)
    cycle = run_cycle("escalation", NOW + timedelta(minutes=5))
    alert = Alert.objects.get(kind="overstock")
    assert alert.owner == ben
    assert cycle.counts["routed"] == Alert.objects.filter(owner=ben).count()
    assert list(alert.events.order_by("id").values_list("what", "note")) == [("opened", ""), ("assigned", "routed")]
    # Once.
    assert run_cycle("escalation", NOW + timedelta(minutes=10)).counts["routed"] == 0


# --- how it ends by itself ---------------------------------------------------------------------------------------------------------


def test_a_sku_that_is_merged_into_another_under_its_alert_takes_its_sales_and_stock_along_and_is_warned_of_once(world: World) -> None:
    """Two SKUs were one: the listing is linked to the other, the units are booked over, and what is left over is deleted."""
    old, new = world.sku("OLD"), world.sku("NEW")
    world.stock(old, 8)
    world.stock(new, 10)
    listing = Listing.objects.create(account=world.account, kind="sku", code="L")
    link_listing(listing=listing, components=[ComponentInput(old.pk)])
    line = OrderLineRecord(code="L", qty=3, unit_price=Decimal(100), line_id="1")
    order = OrderRecord(external_id="O1", status="paid", ordered_at=NOW - timedelta(hours=1), currency="CNY", lines=(line,))
    with clock.at(NOW):
        ingest_orders(account=world.account, orders=[order], source="api")
    world.forecast(old, 2.0)
    run_cycle("warnings")
    [short] = Alert.objects.filter(kind="shortage")
    # 28 days of 2, less what is left beside the 3 that are promised.
    assert short.sku == old
    assert short.value == pytest.approx(56 - 5, abs=0.1)
    assert sold_of(old) == 3.0
    with clock.at(NOW + MINUTE):
        services.start(alert_ids=[short.pk])
        with pytest.raises(DomainError) as refused:
            delete_sku(code="OLD")
        assert (refused.value.code, refused.value.params["left"]) == (
            "stock_left", [["cn-main", "available", 5], ["cn-main", "reserved", 3]],
        )  # fmt: skip
        assert link_listing(listing=listing, components=[ComponentInput(new.pk)]).lines == 1
        world.take(old, 8, "merged", at=NOW + MINUTE)
        world.stock(new, 8, at=NOW + MINUTE)
        delete_sku(code="OLD")
        # Tonight's forecast will say so; here somebody does.
        world.forecast(new, 2.0)
        # An event of before still names it; nobody is warned of what is not there any more.
        assert evaluate_touched([old.pk], worker="dispatcher") == set()
    assert not Alert.objects.filter(sku=old, opened_at__gt=NOW).exists()
    run_cycle("warnings", NOW + timedelta(minutes=15))
    short.refresh_from_db()
    assert (short.status, short.ending, short.resolution) == ("resolved", "expired", "gone")
    assert [event.what for event in short.events.order_by("id")] == ["opened", "started", "expired"]
    assert not Alert.objects.filter(sku=old).exclude(status="resolved").exists()
    assert (sold_of(old), sold_of(new)) == (0.0, 3.0)
    [its] = Alert.objects.filter(kind="shortage").exclude(status="resolved")
    assert its.sku == new
    assert its.value == pytest.approx(56 - 15, abs=0.1)
    # The orders that wait were never without stock, and nobody was told twice.
    assert not Alert.objects.filter(kind="ship-by-risk").exists()
    assert Event.objects.filter(kind="alerts.alert_opened.v1", payload__kind="shortage").count() == 2


def sold_of(sku: Sku) -> float:
    return float(sum(series.daily.sum() for series in SalesSeries.objects.filter(sku=sku)))


def test_u5_a_sku_that_is_not_bought_again_makes_its_shortage_expire(world: World) -> None:
    sku = world.selling("SHORT", stock=100, rate=10.0)
    run_cycle("warnings")
    Sku.objects.filter(pk=sku.pk).update(is_replenished=False)
    for hours in (1, 2):
        run_cycle("warnings", NOW + timedelta(hours=hours))
    alert = Alert.objects.get(kind="shortage")
    assert (alert.status, alert.ending, alert.resolution) == ("resolved", "expired", "not_replenished")


def test_an_alert_past_its_day_for_a_month_expires_once_it_cannot_be_judged(world: World) -> None:
    """While it is found it stays, however late; while its row can be judged it would be cleared. Only unknown and late ends it."""
    sku = world.selling("SHORT", stock=100, rate=10.0)
    run_cycle("warnings")
    alert = Alert.objects.get(kind="shortage")
    assert alert.due_on is not None
    Forecast.objects.filter(sku=sku).delete()
    late = NOW + (alert.due_on - NOW.date()) + timedelta(days=30)
    run_cycle("warnings", late)
    alert.refresh_from_db()
    assert alert.status == "open"
    run_cycle("warnings", late + timedelta(days=1))
    alert.refresh_from_db()
    assert (alert.status, alert.ending, alert.resolution) == ("resolved", "expired", "past_due")
    assert alert.value == pytest.approx(180.0, abs=0.1)


def test_a_thousand_alerts_of_a_new_account_are_one_summary_with_an_owner_and_without_a_clock() -> None:
    world = make_world(baseline=False)
    boss = User.objects.create(username="boss", is_superuser=True)
    worth = {"unit_cost_amount": Decimal(40), "unit_cost_currency": "CNY", "price_amount": Decimal(90), "price_currency": "CNY"}
    skus = Sku.objects.bulk_create(Sku(code=f"MUCH{n}", **worth) for n in range(1_000))
    Balance.objects.bulk_create(Balance(sku=sku, warehouse=world.warehouse, bucket_id="available", qty=1_000) for sku in skus)
    Forecast.objects.bulk_create(
        Forecast(
            sku=sku, pool=world.pool, first_on=DAY, horizon_days=90, model_used="test", mean=np.full(90, 1.0, np.float32),
            quantile_levels=np.array([0.5], np.float32), quantiles=np.full(90, 1.0, np.float32), error_sd=0.0, history_days=100,
            created_at=NOW,
        )
        for sku in skus
    )  # fmt: skip
    run_cycle("warnings")
    assert Alert.objects.filter(kind="overstock", is_baseline=True, owner=boss).count() == 1_000
    assert Event.objects.filter(kind="alerts.alert_opened.v1", payload__has_key="sku").count() == 0
    [summary] = Event.objects.filter(kind="alerts.baseline_set.v1")
    assert (summary.payload["total"], summary.payload["alerts"]["overstock"]) == (1_000, 1_000)
    money = sum((each.money_amount or Decimal(0) for each in Alert.objects.filter(kind="overstock")), Decimal(0))
    # A year's capital of what each pile of 916 units too many has cost is the least that it takes.
    assert money > 1_000 * 916 * 40 * Decimal("0.1")
    assert (sum(summary.payload["levels"].values()), Decimal(summary.payload["money"])) == (1_000, money)
    run_cycle("escalation", NOW + timedelta(hours=1))
    assert Alert.objects.filter(is_baseline=True).exclude(resolve_by_at=None).count() == 0
    assert Alert.objects.filter(owner=None).count() == 0
    assert Incident.objects.count() == 0
