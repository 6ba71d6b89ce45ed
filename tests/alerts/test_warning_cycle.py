"""The warning cycle on a real database: what it opens, keeps, lowers, closes, and what it leaves alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone, translation

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.composing import compose_due
from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert, AlertEvent, RuleParameter, Subscription
from stockhub.alerts.wording import headline, message_of
from stockhub.catalog.models import StockPolicy
from stockhub.channels.models import ExperienceScore, Quarantined
from stockhub.core import clock
from stockhub.core.partitions import ensure_partitions, month_start
from stockhub.cycles.models import CycleStatus
from stockhub.outbox.models import Delivery, Event
from stockhub.suppliers.models import Offer
from stockhub.values import DomainError
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def open_alerts(kind: str) -> list[Alert]:
    return list(Alert.objects.filter(kind=kind).exclude(status="resolved").select_related("template", "sku", "pool").order_by("id"))


def test_h26_e1_a_shortage_is_opened_with_its_reason_and_plenty_is_not(world: World) -> None:
    short, plenty = world.sku("SHORT"), world.sku("PLENTY")
    for sku, units in ((short, 100), (plenty, 5000)):
        world.stock(sku, units)
        world.sold(sku, [10.0] * 60)
        world.forecast(sku, 10.0)
    cycle = run_cycle("warnings")
    assert cycle.status == CycleStatus.DONE
    [alert] = open_alerts("shortage")
    assert (alert.sku, alert.pool, alert.side, alert.status) == (short, world.pool, "shortage", "open")
    # 28 days of 10 and a safety stock of z·10·0.001·… ≈ 0 less 100 in stock: about 180 short.
    assert alert.value == pytest.approx(180.0, abs=0.1)
    explained = explanations_of(alert)
    assert explained["value"].evaluate() == pytest.approx(alert.value, rel=1e-12)
    assert explained["suggested_qty"].evaluate() == alert.suggested_qty
    assert explained["value"].inputs()["demand_in_horizon"].value == pytest.approx(280.0)


def test_u2_a_second_cycle_with_the_same_facts_writes_nothing(world: World) -> None:
    world.selling("SHORT", stock=100, rate=10.0)
    run_cycle("warnings")
    before = list(Alert.objects.order_by("id").values())
    events = AlertEvent.objects.count()
    cycle = run_cycle("warnings", NOW + timedelta(minutes=15))
    assert list(Alert.objects.order_by("id").values()) == before
    assert AlertEvent.objects.count() == events
    assert {k: v for k, v in cycle.counts.items() if k in ("opened", "raised", "lowered", "resolved", "renumbered") and v} == {}


def test_h13_crossing_the_users_line_sends_one_mail_and_not_one_an_order(world: World) -> None:
    user = User.objects.create(username="ana", email="ana@example.com", is_superuser=True)
    Subscription.objects.create(user=user, kinds=["below-threshold"])
    sku = world.sku("LINE")
    StockPolicy.objects.create(sku=sku, alert_threshold_qty=100)
    world.stock(sku, 101)
    world.sold(sku, [0.1] * 60)
    world.forecast(sku, 0.1)
    run_cycle("warnings")
    assert open_alerts("below-threshold") == []
    world.take(sku, 2, "order-1")
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert compose_due() == 1
    [alert] = open_alerts("below-threshold")
    assert (alert.level, alert.value) == (1, 1.0)
    world.take(sku, 2, "order-2")
    run_cycle("warnings", NOW + timedelta(minutes=30))
    assert compose_due() == 0
    [delivery] = Delivery.objects.all()
    assert (delivery.recipient, delivery.channel, delivery.status) == ("ana@example.com", "mail", "due")
    assert delivery.subject.startswith("LINE in cn · Below your threshold: 1 unit")


def test_an_alert_falls_only_after_two_clean_evaluations(world: World) -> None:
    sku = world.selling("SHORT", stock=100, rate=10.0)
    run_cycle("warnings")
    world.stock(sku, 5000, at=NOW)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    [alert] = open_alerts("shortage")
    assert alert.clean_evaluations == 1
    run_cycle("warnings", NOW + timedelta(minutes=30))
    assert open_alerts("shortage") == []
    alert.refresh_from_db()
    assert (alert.status, alert.resolution, alert.resolved_by) == ("resolved", "cleared", "")
    assert list(alert.events.order_by("id").values_list("what", flat=True)) == ["opened", "resolved"]


@pytest.mark.one_database
def test_h25_a_doubled_forecast_doubles_what_is_needed_without_an_edit(world: World) -> None:
    sku = world.selling("SHORT", stock=100, rate=10.0)
    run_cycle("warnings")
    [before] = open_alerts("shortage")
    world.forecast(sku, 20.0)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    [after] = open_alerts("shortage")
    assert after.pk == before.pk
    assert after.inputs["demand_in_horizon"] == pytest.approx(2 * before.inputs["demand_in_horizon"])
    assert after.value == pytest.approx(2 * 280 - 100, abs=0.2)


def test_h14_h40_old_stock_is_flagged_by_age_and_sales_together(world: World) -> None:
    for code, age, sales in (("OLD", 91, [0.0] * 90), ("YOUNG", 90, [0.0] * 90), ("STEADY", 91, [5.0] * 90)):
        sku = world.sku(code)
        world.stock(sku, 60, received_on=DAY - timedelta(days=age))
        world.sold(sku, sales)
        world.forecast(sku, sales[-1])
    run_cycle("warnings")
    assert [a.sku.code for a in open_alerts("unsold-stock") if a.sku] == ["OLD"]


@pytest.mark.one_database
def test_h27_overstock_says_what_keeping_it_costs(world: World) -> None:
    world.selling("MUCH", stock=1000, rate=1.0, cost="40")
    run_cycle("warnings")
    [alert] = open_alerts("overstock")
    assert alert.value == pytest.approx(1000 - 84)
    # 916 at 40 lie for 84 days and half of 916 more at 12 % a year, capped at one; half the price of 100 covers the cost.
    # Nothing is on order that could wait, and a promotion gives away more than it brings.
    assert (alert.money_amount, alert.saving_amount) == (Decimal("4396.8"), 0)


@pytest.mark.one_database
def test_h21_missing_data_is_a_reason_and_never_a_silent_zero(world: World) -> None:
    sku = world.sku("NOCAST", lead_time=None)
    world.stock(sku, 10)
    world.sold(sku, [3.0] * 60)
    cycle = run_cycle("warnings")
    assert open_alerts("shortage") == []
    assert cycle.counts["shortage.NO_FORECAST"] == 1
    [issue] = open_alerts("missing-facts")
    unjudged = issue.inputs.pop("not_evaluated")
    assert (issue.side, issue.inputs) == ("data", {"NO_FORECAST": 1, "NO_OFFER": 1, "DEFAULT_LEAD_TIME": 1})
    assert unjudged["stockout-risk"] == {"NO_FORECAST": 1}
    world.forecast(sku, 3.0)
    Offer.objects.create(supplier=world.supplier, sku=sku, currency="CNY", lead_time_days=9)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert open_alerts("missing-facts") == []


@pytest.mark.one_database
def test_money_that_cannot_be_known_has_a_reason(world: World) -> None:
    world.selling("NOCOST", stock=1000, rate=1.0, cost=None, lead_time=None)
    run_cycle("warnings")
    [alert] = open_alerts("overstock")
    assert (alert.money_amount, alert.money_reason) == (None, "NO_COST")


def test_a_cycle_without_data_says_so() -> None:
    cycle = run_cycle("warnings")
    assert "No data" in cycle.message
    assert Alert.objects.count() == 0


def test_a_rule_that_fails_is_an_alert_and_the_others_go_on(world: World) -> None:
    world.selling("MUCH", stock=1000, rate=1.0)
    RuleParameter.objects.create(rule="shortage", parameter="horizon_days", value=-1, reason="old", set_by="x", starts_at=NOW)
    cycle = run_cycle("warnings")
    assert cycle.status == CycleStatus.PARTIAL
    [blind] = open_alerts("rule-not-evaluated")
    assert (blind.subject, blind.side) == ("rule:shortage", "data")
    assert "horizon_days" in blind.message
    for language, text in (("en", "Its alerts stay as they are until it answers: "), ("zh-hans", "在该规则恢复之前，其预警保持不变：")):
        with translation.override(language):
            assert message_of(blind) == text + blind.message
    # One of an older release says what it was told.
    assert message_of(Alert(kind="rule-not-evaluated", message="no numbers")) == "no numbers"
    assert len(open_alerts("overstock")) == 1
    RuleParameter.objects.all().delete()
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert open_alerts("rule-not-evaluated") == []


def test_a_forecast_that_two_nights_have_missed_is_an_alert_in_the_language_of_the_reader_until_there_is_one(world: World) -> None:
    sku = world.sku("TEA")
    world.forecast(sku, 1.0, made_at=NOW - timedelta(hours=50))
    run_cycle("warnings")
    assert open_alerts("stale-forecast") == []
    run_cycle("warnings", NOW + timedelta(seconds=1))
    [stale] = open_alerts("stale-forecast")
    assert (stale.subject, stale.side, stale.level, stale.inputs) == ("forecast", "data", 2, {"made_at": "2026-02-28T02:00:00+00:00"})
    told = {}
    for language in ("en", "zh-hans"):
        with translation.override(language), timezone.override("Asia/Shanghai"):
            told[language] = message_of(stale)
    assert told == {
        "en": "The newest forecast was made on 2026-02-28 10:00: see that beat and a worker run.",
        "zh-hans": "最新的预测生成于 2026年2月28日 10:00：请确认 beat 和 worker 在运行。",
    }
    world.forecast(sku, 1.0, made_at=NOW)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert open_alerts("stale-forecast") == []


def test_the_first_cycle_of_a_new_account_is_one_summary() -> None:
    world = make_world(baseline=False)
    user = User.objects.create(username="ana", email="ana@example.com", is_superuser=True)
    Subscription.objects.create(user=user)
    for number in range(3):
        sku = world.sku(f"MUCH{number}")
        world.stock(sku, 1000)
        world.sold(sku, [1.0] * 60)
        world.forecast(sku, 1.0)
    run_cycle("warnings")
    assert Alert.objects.filter(kind="overstock", is_baseline=True).count() == 3
    assert Event.objects.filter(kind="alerts.alert_opened.v1").count() == 0
    [summary] = Event.objects.filter(kind="alerts.baseline_set.v1")
    assert summary.payload["alerts"]["overstock"] == 3
    assert (compose_due(), Delivery.objects.get().event.kind) == (0, "alerts.baseline_told.v1")
    world.account.refresh_from_db()
    assert world.account.baseline_at == NOW


def test_h69_times_to_acknowledge_and_resolve_are_recorded(world: World) -> None:
    sku = world.selling("MUCH", stock=1000, rate=1.0)
    run_cycle("warnings")
    [alert] = open_alerts("overstock")
    with clock.at(NOW + timedelta(hours=2)):
        services.acknowledge(alert_ids=[alert.pk])
    with clock.at(NOW + timedelta(hours=5)):
        services.resolve(alert_ids=[alert.pk], resolution="Sold to an outlet")
    alert.refresh_from_db()
    assert alert.acknowledged_at == NOW + timedelta(hours=2)
    assert alert.resolved_at == NOW + timedelta(hours=5)
    assert list(alert.events.order_by("id").values_list("what", "note")) == [
        ("opened", ""), ("acknowledged", ""), ("resolved", "Sold to an outlet"),
    ]  # fmt: skip
    # Found again within the day, it stays closed; after that it is news.
    run_cycle("warnings", NOW + timedelta(hours=6))
    assert open_alerts("overstock") == []
    world.forecast(sku, 1.0)
    run_cycle("warnings", NOW + timedelta(hours=30))
    assert len(open_alerts("overstock")) == 1


def test_a_snooze_needs_a_reason_and_ends_by_itself(world: World) -> None:
    world.selling("MUCH", stock=1000, rate=1.0)
    run_cycle("warnings")
    [alert] = open_alerts("overstock")
    with clock.at(NOW):
        with pytest.raises(DomainError, match="Say why"):
            services.snooze(alert_ids=[alert.pk], until_at=NOW + timedelta(days=1), reason=" ")
        alert.refresh_from_db()
        assert alert.status == "open"
        services.snooze(alert_ids=[alert.pk], until_at=NOW + timedelta(days=1), reason="Campaign on Friday")
    run_cycle("warnings", NOW + timedelta(hours=23))
    alert.refresh_from_db()
    assert alert.status == "snoozed"
    run_cycle("warnings", NOW + timedelta(hours=25))
    alert.refresh_from_db()
    assert alert.status == "open"


def test_a_stale_version_is_refused_and_changes_nothing(world: World) -> None:
    world.selling("MUCH", stock=1000, rate=1.0)
    run_cycle("warnings")
    [alert] = open_alerts("overstock")
    with pytest.raises(DomainError) as refused:
        services.acknowledge(alert_ids=[alert.pk], expected_version=alert.version + 1)
    assert refused.value.code == "stale_version"
    alert.refresh_from_db()
    assert (alert.status, alert.acknowledged_at) == ("open", None)


@pytest.mark.one_database
def test_h12_e8_the_latest_order_day_counts_from_today(world: World) -> None:
    """1,000 in stock, 50 a day, 15 days of lead time: order on day 5 at the latest."""
    sku = world.selling("FIFTY", stock=1000, rate=50.0, lead_time=15.0)
    StockPolicy.objects.create(sku=sku, safety_stock_method="fixed", safety_stock_qty=0)
    run_cycle("warnings")
    [alert] = open_alerts("order-due")
    assert alert.due_on == date(2026, 3, 7)
    StockPolicy.objects.update(safety_stock_qty=100)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    alert.refresh_from_db()
    assert alert.due_on == date(2026, 3, 5)


@pytest.mark.one_database
def test_u5_what_is_never_bought_again_is_silent(world: World) -> None:
    for code, changes in (("KEPT", {}), ("OFF", {"is_replenished": False}), ("ENDED", {"discontinued_on": DAY})):
        sku = world.sku(code)
        type(sku).objects.filter(pk=sku.pk).update(**changes)
        world.stock(sku, 100)
        world.sold(sku, [10.0] * 60)
        world.forecast(sku, 10.0)
    run_cycle("warnings")
    assert {a.sku.code for kind in ("shortage", "order-due") for a in open_alerts(kind) if a.sku} == {"KEPT"}


def test_alerts_of_a_deleted_sku_are_closed(world: World) -> None:
    sku = world.selling("MUCH", stock=1000, rate=1.0)
    run_cycle("warnings")
    type(sku).objects.update(deleted_at=NOW)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert Alert.objects.get(kind="overstock").resolution == "gone"


def test_d24_a_shop_whose_score_falls_under_its_line_is_an_alert(world: World) -> None:
    type(world.account).objects.update(experience_score_floor=80.0)
    for days, score in ((3, 85.0), (1, 78.5)):
        ExperienceScore.objects.create(account=world.account, score=score, occurred_at=NOW - timedelta(days=days))
        run_cycle("warnings", NOW - timedelta(hours=days))
    [alert] = open_alerts("experience-score")
    assert (alert.subject, alert.account_id, alert.value, alert.level) == (f"account:{world.account.pk}", world.account.pk, 78.5, 2)
    ExperienceScore.objects.create(account=world.account, score=90.0, occurred_at=NOW)
    run_cycle("warnings", NOW)
    assert open_alerts("experience-score") == []


def test_what_came_in_and_counts_nowhere_is_an_alert_until_it_is_mended(world: World) -> None:
    record = Quarantined.objects.create(
        account=world.account, kind="order", external_id="1", code="bad_quantity", message="Quantity is NaN."
    )
    run_cycle("warnings")
    [alert] = open_alerts("quarantined-records")
    assert (alert.side, alert.account_id, alert.message) == (
        "data", world.account.pk, "1 record waits in quarantine; it says what to mend.",
    )  # fmt: skip
    record.resolved_at = NOW
    record.save()
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert open_alerts("quarantined-records") == []


def test_missing_months_are_an_alert_until_the_nightly_job_has_run(world: World) -> None:
    if connection.vendor != "postgresql":
        run_cycle("warnings")
        assert open_alerts("missing-partitions") == []
        return
    following, this = (month_start(clock.wall(), plus) for plus in (1, 0))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE inventory_movement_{following:%Y_%m}")
    run_cycle("warnings")
    [alert] = open_alerts("missing-partitions")
    assert (alert.subject, alert.side, alert.level, alert.message) == (
        "inventory_movement", "data", 2,
        "Next month has no partition. The nightly tidying makes it: see that beat and a worker run.",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE inventory_movement_{this:%Y_%m}")
    sku = world.sku("LATE")
    with clock.at(clock.wall()):
        world.stock(sku, 5)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    [alert] = open_alerts("missing-partitions")
    assert headline(alert) == (
        "inventory_movement · Partitions that are missing · 1 row of this month lies outside its partition. The nightly tidying moves it: "
        "see that beat and a worker run."
    )
    ensure_partitions(clock.wall())
    run_cycle("warnings", NOW + timedelta(minutes=30))
    assert open_alerts("missing-partitions") == []
