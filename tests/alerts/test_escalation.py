"""Clocks and escalation: by when an alert is to be seen and settled, and who hears of it when it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.incremental import evaluate_touched
from stockhub.alerts.life import clocks
from stockhub.alerts.life.clocks import Hours, hours_of, settle_clocks
from stockhub.alerts.models import Alert, AlertEvent, EscalationStep, Notice, ServiceLevel, Subscription
from stockhub.alerts.rules.overstock import OverstockRule
from stockhub.catalog.models import StockPolicy
from stockhub.channels.models import ExperienceScore
from stockhub.core import clock
from stockhub.formulas.business_days.working_hours import WorkingHours
from stockhub.formulas.errors import InvalidParameterError
from stockhub.outbox.models import Event
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    world = make_world()
    for level in (1, 2, 3):
        ServiceLevel.objects.create(level=level, acknowledge_hours=4, resolve_hours=24, counted="clock")
    User.objects.create(username="boss", is_superuser=True)
    return world


def overstocked(world: World) -> Alert:
    world.selling("MUCH", stock=1000, rate=1.0)
    run_cycle("warnings")
    run_cycle("escalation", NOW + timedelta(minutes=1))
    return Alert.objects.get(kind="overstock")


def escalate(at: datetime) -> int:
    count: int = run_cycle("escalation", at).counts["escalated"]
    return count


def steps(alert: Alert) -> list[str]:
    return list(alert.events.filter(what="escalated").order_by("id").values_list("note", flat=True))


def test_h69_the_clocks_run_from_detection(world: World) -> None:
    alert = overstocked(world)
    assert (alert.acknowledge_by_at, alert.resolve_by_at) == (NOW + 4 * HOUR, NOW + 24 * HOUR)


@pytest.mark.one_database
def test_h34_a_rule_with_its_own_hours_is_due_a_day_after_detection(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ServiceLevel.objects.all().delete()
    monkeypatch.setattr(OverstockRule, "resolve_within_hours", 24.0)
    alert = overstocked(world)
    assert alert.resolve_by_at == alert.opened_at + timedelta(hours=24)
    assert escalate(NOW + 4 * HOUR - timedelta(seconds=1)) == 0
    with clock.at(NOW + HOUR):
        services.start(alert_ids=[alert.pk])
    assert escalate(NOW + 24 * HOUR - timedelta(seconds=1)) == 0
    assert escalate(NOW + 24 * HOUR) == 1
    [event] = Event.objects.filter(kind="alerts.alert_escalated.v1")
    assert (event.entity_id, event.payload["overdue"]) == (alert.pk, "resolve")


def test_an_overdue_alert_goes_up_one_step_at_a_time_and_each_once(world: World) -> None:
    ana = User.objects.create(username="ana")
    leads = Group.objects.create(name="leads")
    lea = User.objects.create(username="lea")
    lea.groups.add(leads)
    EscalationStep.objects.create(position=1, user=ana)
    EscalationStep.objects.create(position=2, role=leads, after_hours=2)
    alert = overstocked(world)
    others = Alert.objects.exclude(pk=alert.pk)
    others.update(escalation_due_at=None)
    assert [escalate(NOW + 4 * HOUR), escalate(NOW + 5 * HOUR)] == [1, 0]
    alert.refresh_from_db()
    assert (alert.escalated_to, alert.escalations, steps(alert)) == (ana, 1, ["ana"])
    assert [escalate(NOW + 6 * HOUR), escalate(NOW + 7 * HOUR)] == [1, 0]
    alert.refresh_from_db()
    assert (alert.escalated_to, steps(alert)) == (lea, ["ana", "lea"])
    # The other clock has a ladder of its own; at its end there is nobody left to tell.
    assert [escalate(NOW + 24 * HOUR), escalate(NOW + 26 * HOUR), escalate(NOW + 90 * HOUR)] == [1, 1, 0]
    assert steps(alert) == ["ana", "lea", "ana", "lea"]


def test_acknowledging_stops_the_first_clock_and_not_the_second(world: World) -> None:
    alert = overstocked(world)
    with clock.at(NOW + HOUR):
        services.acknowledge(alert_ids=[alert.pk])
    escalate(NOW + 5 * HOUR)
    assert steps(alert) == []
    escalate(NOW + 24 * HOUR)
    assert steps(alert) == ["boss"]


def test_a_snoozed_or_ended_alert_is_not_escalated(world: World) -> None:
    alert = overstocked(world)
    with clock.at(NOW + HOUR):
        services.snooze(alert_ids=[alert.pk], until_at=NOW + 30 * HOUR, reason="stocktaking")
    escalate(NOW + 25 * HOUR)
    assert steps(alert) == []
    # It wakes overdue, and so goes up at once.
    escalate(NOW + 30 * HOUR)
    assert steps(alert) == ["boss"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    "jumps",
    [
        (timedelta(hours=5), timedelta(hours=300), timedelta(hours=5), timedelta(hours=6)),
        (timedelta(hours=300), timedelta(hours=2), timedelta(hours=4), timedelta(hours=300)),
    ],
)
def test_row_3_a_clock_that_jumps_there_and_back_repeats_no_step(world: World, jumps: tuple[timedelta, ...]) -> None:
    alert = overstocked(world)
    Alert.objects.exclude(pk=alert.pk).update(escalation_due_at=None)
    for jump in jumps:
        escalate(NOW + jump)
        with clock.at(NOW + jump):
            settle_clocks()
    # One step for each of the two clocks at most, whatever the time was said to be.
    assert steps(alert) in (["boss"], ["boss", "boss"])
    assert len(steps(alert)) == (2 if jumps[0] == timedelta(hours=5) else 1)


@pytest.mark.one_database
@pytest.mark.parametrize("change", [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)])
def test_row_3_on_both_days_on_which_clocks_change_each_step_is_taken_once(world: World, settings: object, change: datetime) -> None:
    settings.STOCKHUB_TIME_ZONE = "Europe/Berlin"  # type: ignore[attr-defined]  # pytest-django's
    alert = overstocked(world)
    Alert.objects.exclude(pk=alert.pk).update(escalation_due_at=None)
    Alert.objects.filter(pk=alert.pk).update(acknowledge_by_at=change, resolve_by_at=change, escalation_due_at=change)
    counts = [escalate(change + timedelta(minutes=minutes)) for minutes in range(-120, 181, 15)]
    assert (sum(counts), counts.index(1)) == (1, 8)


@pytest.mark.one_database
def test_a_raised_alert_has_no_more_time_than_before(world: World) -> None:
    ServiceLevel.objects.filter(level=1).update(acknowledge_hours=10, resolve_hours=100)
    ServiceLevel.objects.filter(level=2).update(acknowledge_hours=4, resolve_hours=24)
    alert = overstocked(world)
    Alert.objects.filter(pk=alert.pk).update(
        level=1, clock_level=1, acknowledge_by_at=NOW + 10 * HOUR, resolve_by_at=NOW + 100 * HOUR
    )  # fmt: skip
    Alert.objects.filter(pk=alert.pk).update(level=2, level_since_at=NOW + 8 * HOUR)
    assert settle_clocks() == 1
    alert.refresh_from_db()
    assert (alert.acknowledge_by_at, alert.resolve_by_at) == (NOW + 10 * HOUR, NOW + 32 * HOUR)
    Alert.objects.filter(pk=alert.pk).update(level=1, level_since_at=NOW + 9 * HOUR)
    assert settle_clocks() == 1
    alert.refresh_from_db()
    assert (alert.acknowledge_by_at, alert.resolve_by_at, alert.clock_level) == (NOW + 19 * HOUR, NOW + 109 * HOUR, 1)


def test_h69_between_full_cycles_the_clocks_run_from_detection_and_from_a_raise_and_go_up_on_time(world: World) -> None:
    """No full cycle runs after the first: what an event opens or raises has its clocks within five minutes, from its own moment."""
    ServiceLevel.objects.filter(level=1).update(acknowledge_hours=10, resolve_hours=100)
    sku = world.selling("LINE", stock=101, rate=1.0)
    StockPolicy.objects.create(sku=sku, alert_threshold_qty=100)
    run_cycle("warnings", NOW - HOUR)
    Alert.objects.update(escalation_due_at=None, clock_level=F("level"))

    def leaves(units: int, at: datetime) -> Alert:
        world.take(sku, units, f"out-{units}", at=at)
        with clock.at(at):
            assert evaluate_touched([sku.pk], worker="dispatcher") == set()
        run_cycle("escalation", at + 3 * MINUTE)
        return Alert.objects.get(kind="below-threshold", sku=sku)

    found = NOW + 7 * MINUTE
    alert = leaves(11, found)
    assert (alert.level, alert.opened_at, alert.clock_level) == (1, found, 1)
    assert (alert.acknowledge_by_at, alert.resolve_by_at) == (found + 10 * HOUR, found + 100 * HOUR)
    raised = NOW + 67 * MINUTE
    alert = leaves(60, raised)
    assert (alert.level, alert.level_since_at, alert.clock_level) == (2, raised, 2)
    assert (alert.acknowledge_by_at, alert.resolve_by_at) == (raised + 4 * HOUR, raised + 24 * HOUR)
    Alert.objects.exclude(pk=alert.pk).update(escalation_due_at=None)
    assert [escalate(raised + 4 * HOUR - timedelta(seconds=1)), escalate(raised + 4 * HOUR)] == [0, 1]
    assert steps(alert) == ["boss"]


def test_h69_an_alert_of_the_system_that_gets_worse_has_the_clocks_of_its_level_wakes_and_is_told_again(world: World) -> None:
    """A shop's score that falls far under its line, after somebody had put the alert aside (D24)."""
    ServiceLevel.objects.filter(level=2).update(acknowledge_hours=40, resolve_hours=400)
    type(world.account).objects.update(experience_score_floor=80.0)
    account, ana = world.account, User.objects.create(username="ana", email="ana@example.com", is_superuser=True)
    Subscription.objects.create(user=ana, kinds=["experience-score"])

    def scored(score: float, at: datetime) -> Alert:
        ExperienceScore.objects.create(account=account, score=score, occurred_at=at)
        run_cycle("warnings", at)
        run_cycle("escalation", at + MINUTE)
        return Alert.objects.get(kind="experience-score")

    alert = scored(78.0, NOW)
    assert (alert.level, alert.acknowledge_by_at, alert.resolve_by_at) == (2, NOW + 40 * HOUR, NOW + 400 * HOUR)
    with clock.at(NOW + HOUR):
        services.snooze(alert_ids=[alert.pk], until_at=NOW + 300 * HOUR, reason="the platform looks at it")
    worse = NOW + 30 * HOUR
    alert = scored(74.0, worse)
    assert (alert.level, alert.status, alert.snoozed_until_at, alert.level_since_at) == (3, "open", None, worse)
    # A day and more after it was opened: its hours have not run out, they begin now.
    assert (alert.acknowledge_by_at, alert.resolve_by_at) == (worse + 4 * HOUR, worse + 24 * HOUR)
    assert steps(alert) == []
    assert list(Notice.objects.order_by("id").values_list("level", flat=True)) == [2, 3]
    better = NOW + 31 * HOUR
    alert = scored(78.0, better)
    assert (alert.level, alert.level_since_at, alert.resolve_by_at) == (2, better, better + 400 * HOUR)
    assert [event.what for event in alert.events.order_by("id")] == ["opened", "snoozed", "raised", "lowered"]
    told = Event.objects.filter(entity="alerts.alert", entity_id=alert.pk).order_by("pk").values_list("kind", "payload__level")
    assert [row for row in told if row[0] != "alerts.alert_snoozed.v1"] == [
        ("alerts.alert_opened.v1", 2), ("alerts.alert_raised.v1", 3), ("alerts.alert_lowered.v1", 2),
    ]  # fmt: skip


def test_what_was_there_when_the_account_was_new_has_no_clock_until_it_gets_worse() -> None:
    world = make_world(baseline=False)
    User.objects.create(username="boss", is_superuser=True)
    world.selling("MUCH", stock=1000, rate=1.0)
    run_cycle("warnings")
    run_cycle("escalation", NOW + HOUR)
    alert = Alert.objects.get(kind="overstock")
    assert (alert.is_baseline, alert.resolve_by_at, alert.clock_level) == (True, None, alert.level)
    run_cycle("escalation", NOW + 1000 * HOUR)
    assert AlertEvent.objects.filter(what="escalated", alert=alert).count() == 0
    Alert.objects.filter(pk=alert.pk).update(level=3, level_since_at=NOW + 5 * HOUR)
    settle_clocks()
    alert.refresh_from_db()
    assert alert.resolve_by_at == NOW + 29 * HOUR


def test_a_run_with_nothing_to_do_asks_a_handful_of_questions(world: World) -> None:
    for number in range(30):
        world.selling(f"MUCH{number}", stock=1000, rate=1.0)
    run_cycle("warnings")
    run_cycle("escalation", NOW + timedelta(minutes=1))
    with CaptureQueriesContext(connection) as queries:
        run_cycle("escalation", NOW + timedelta(minutes=6))
    assert len([q for q in queries if "alerts_alert" in q["sql"]]) <= 20
    assert not [q for q in queries if q["sql"].startswith("UPDATE") and "alerts_alert" in q["sql"] and "clock_level" not in q["sql"]]
    before = list(Alert.objects.order_by("id").values())
    run_cycle("escalation", NOW + timedelta(minutes=11))
    assert list(Alert.objects.order_by("id").values()) == before


@pytest.mark.one_database
def test_the_hours_of_a_rule_come_before_those_of_a_level_and_both_before_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hours_of("overstock", 3) == clocks.DEFAULTS[3]
    ServiceLevel.objects.create(level=3, acknowledge_hours=1, resolve_hours=2)
    assert hours_of("overstock", 3) == Hours(1.0, 2.0)
    monkeypatch.setattr(OverstockRule, "resolve_within_hours", 24.0)
    assert hours_of("overstock", 3) == Hours(4.0, 24.0)
    ServiceLevel.objects.create(rule="overstock", level=3, acknowledge_hours=8, resolve_hours=16, counted="business")
    assert hours_of("overstock", 3) == Hours(8.0, 16.0, "business")


class TestWorkingHours:
    """Hours that count only while people are at work."""

    work = WorkingHours("Asia/Shanghai")

    def test_they_go_on_the_next_working_day(self) -> None:
        friday_16 = datetime(2026, 3, 6, 8, tzinfo=UTC)
        assert self.work.after(friday_16, 2) == datetime(2026, 3, 6, 10, tzinfo=UTC)
        assert self.work.after(friday_16, 3) == datetime(2026, 3, 9, 2, tzinfo=UTC)
        assert self.work.after(friday_16, 11) == datetime(2026, 3, 9, 10, tzinfo=UTC)

    def test_a_start_outside_of_them_counts_from_the_next_morning(self) -> None:
        saturday = datetime(2026, 3, 7, 3, tzinfo=UTC)
        assert self.work.after(saturday, 1) == datetime(2026, 3, 9, 2, tzinfo=UTC)

    def test_where_clocks_change_the_hours_that_pass_are_counted(self) -> None:
        always = WorkingHours("Europe/Berlin", days=range(1, 8), begins=0, ends=24)
        for day in (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)):
            assert always.after(day, 30) == day + timedelta(hours=30)

    def test_nobody_works_never(self) -> None:
        with pytest.raises(InvalidParameterError):
            WorkingHours("UTC", days=())
        with pytest.raises(InvalidParameterError):
            WorkingHours("UTC", begins=18, ends=9)
