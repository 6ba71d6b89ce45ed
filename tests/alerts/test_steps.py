"""What may be done with one alert: which step leads where, by whom, and what makes it end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.life.states import ENDED, TRANSITIONS, Action, AlertState, condition_of, state_of
from stockhub.alerts.models import Alert, AlertEvent, RuleSetting
from stockhub.catalog.models import Sku
from stockhub.core import actor, clock
from stockhub.core.actor import Actor
from stockhub.demand.models import Forecast
from stockhub.outbox.models import Event
from stockhub.values import DomainError
from tests.made_once import made_once, own
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MINUTE = timedelta(minutes=1)


def _make() -> tuple[World, Alert]:
    world = make_world()
    world.selling("MUCH", stock=1000, rate=1.0)
    run_cycle("warnings")
    return world, Alert.objects.get(kind="overstock")


made = made_once(_make)


@pytest.fixture
def world(made: tuple[World, Alert], db: None) -> World:
    return own(made[0])


@pytest.fixture
def alert(made: tuple[World, Alert], db: None) -> Alert:
    return own(made[1])


def take(action: Action, alert: Alert) -> None:
    ids = [alert.pk]
    with clock.at(NOW + timedelta(hours=1)):
        match action:
            case Action.ACKNOWLEDGE:
                services.acknowledge(alert_ids=ids)
            case Action.START:
                services.start(alert_ids=ids)
            case Action.SNOOZE:
                services.snooze(alert_ids=ids, until_at=NOW + timedelta(days=1), reason="counted next week")
            case Action.RESOLVE:
                services.resolve(alert_ids=ids, resolution="sold on")
            case Action.FALSE_ALARM:
                services.mark_false_alarm(alert_ids=ids, cause="late_delivery")
    alert.refresh_from_db()


_TO = {
    AlertState.ACKNOWLEDGED: Action.ACKNOWLEDGE,
    AlertState.IN_PROGRESS: Action.START,
    AlertState.SNOOZED: Action.SNOOZE,
    AlertState.RESOLVED: Action.RESOLVE,
    AlertState.FALSE_ALARM: Action.FALSE_ALARM,
}


@pytest.mark.one_database
@pytest.mark.parametrize("state", [AlertState.OPEN, *_TO])
@pytest.mark.parametrize("action", list(_TO.values()))
def test_h69_every_step_from_every_state_goes_by_the_one_table(alert: Alert, state: AlertState, action: Action) -> None:
    if state in _TO:
        take(_TO[state], alert)
    assert state_of(alert) == state
    before, steps = Alert.objects.values().get(pk=alert.pk), AlertEvent.objects.count()
    transition = TRANSITIONS[action]
    if state in transition.sources:
        take(action, alert)
        if action is not Action.SNOOZE or state is not AlertState.SNOOZED:
            assert state_of(alert) == transition.target
            assert AlertEvent.objects.order_by("-id").values_list("what", flat=True)[0] == transition.what
        return
    if state == transition.target:
        take(action, alert)  # repeated: nothing changes
    else:
        with pytest.raises(DomainError) as refused:
            take(action, alert)
        assert refused.value.code == ("alert_resolved" if state in ENDED else "alert_transition_refused")
    assert Alert.objects.values().get(pk=alert.pk) == before
    assert AlertEvent.objects.count() == steps


def test_h69_times_to_acknowledge_to_start_and_to_resolve_are_recorded_with_who(alert: Alert) -> None:
    ana, ben = Actor("ana", 1), Actor("ben", 2)
    with actor.acting_as(ana), clock.at(NOW + timedelta(hours=2)):
        services.acknowledge(alert_ids=[alert.pk])
    with actor.acting_as(ben), clock.at(NOW + timedelta(hours=3)):
        services.start(alert_ids=[alert.pk])
    with actor.acting_as(ben), clock.at(NOW + timedelta(hours=7)):
        services.resolve(alert_ids=[alert.pk], resolution="sold on")
    alert.refresh_from_db()
    assert (alert.acknowledged_at, alert.acknowledged_by) == (NOW + timedelta(hours=2), "ana")
    assert (alert.started_at, alert.started_by) == (NOW + timedelta(hours=3), "ben")
    assert (alert.resolved_at, alert.resolved_by, alert.ending) == (NOW + timedelta(hours=7), "ben", "resolved")
    assert list(alert.events.order_by("id").values_list("what", "actor", "note")) == [
        ("opened", "cycle:warnings", ""), ("acknowledged", "ana", ""), ("started", "ben", ""), ("resolved", "ben", "sold on"),
    ]  # fmt: skip


def test_starting_says_that_it_was_seen(alert: Alert) -> None:
    take(Action.START, alert)
    assert (alert.acknowledged_at, alert.started_at) == (NOW + timedelta(hours=1),) * 2


def test_h71_a_false_alarm_keeps_its_cause_and_stays_quiet_for_a_week(world: World, alert: Alert) -> None:
    with clock.at(NOW), pytest.raises(DomainError) as refused:
        services.mark_false_alarm(alert_ids=[alert.pk], cause="bad luck")
    assert refused.value.code == "unknown_cause"
    take(Action.FALSE_ALARM, alert)
    assert (alert.status, alert.ending, alert.false_alarm_cause, alert.resolution) == (
        "resolved", "false_alarm", "late_delivery", "late_delivery",
    )  # fmt: skip
    Forecast.objects.update(horizon_days=90)
    run_cycle("warnings", NOW + timedelta(days=6))
    assert Alert.objects.filter(kind="overstock").count() == 1
    run_cycle("warnings", NOW + timedelta(days=8))
    assert Alert.objects.filter(kind="overstock").count() == 2


def test_two_people_at_once_the_second_is_told_and_nothing_is_lost(alert: Alert) -> None:
    read = alert.version
    with clock.at(NOW):
        services.acknowledge(alert_ids=[alert.pk], expected_version=read)
        with pytest.raises(DomainError) as refused:
            services.resolve(alert_ids=[alert.pk], resolution="mine", expected_version=read)
    assert refused.value.code == "stale_version"
    alert.refresh_from_db()
    assert (alert.status, alert.version, alert.resolution) == ("acknowledged", read + 1, "")


def test_a_bulk_step_tells_each_row_and_repeating_it_changes_nothing(world: World, alert: Alert) -> None:
    world.selling("MORE", stock=1000, rate=1.0)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    other = Alert.objects.get(kind="overstock", sku__code="MORE")
    with actor.acting_as(Actor("ana", 1)), clock.at(NOW + timedelta(hours=1)):
        rows = [(alert.pk, alert.version), (other.pk, other.version + 5), (10**12, None), (alert.pk, None)]
        results = services.take_rows(step=services.resolving("sold on"), rows=rows)
        again = services.take_rows(step=services.resolving("sold on"), rows=[(alert.pk, alert.version)])
    assert [(r.index, r.changed, r.error.code if r.error else None) for r in results] == [
        (0, True, None), (1, False, "stale_version"), (2, False, "alert_not_found"), (3, False, None),
    ]  # fmt: skip
    assert [(r.changed, r.error) for r in again] == [(False, None)]
    assert Alert.objects.filter(status="resolved", kind="overstock").count() == 1
    assert alert.events.filter(what="resolved").count() == 1


def test_h70_assigning_is_recorded_and_only_to_somebody_who_can_sign_in(alert: Alert) -> None:
    ana, gone = (User.objects.create(username=name) for name in ("ana", "gone"))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    with clock.at(NOW):
        services.assign(alert_ids=[alert.pk], owner=ana)
        services.assign(alert_ids=[alert.pk], owner=ana)
        with pytest.raises(DomainError) as refused:
            services.assign(alert_ids=[alert.pk], owner=gone)
    assert refused.value.code == "owner_inactive"
    alert.refresh_from_db()
    assert (alert.owner, list(alert.events.filter(what="assigned").values_list("note", flat=True))) == (ana, ["ana"])


def test_a_sku_that_is_deleted_under_its_alert_makes_it_expire(world: World, alert: Alert) -> None:
    take(Action.START, alert)
    Sku.objects.filter(code="MUCH").update(deleted_at=NOW)
    run_cycle("warnings", NOW + timedelta(hours=2))
    alert.refresh_from_db()
    assert (alert.status, alert.ending, alert.resolution) == ("resolved", "expired", "gone")
    assert alert.events.order_by("-id").values_list("what", flat=True)[0] == "expired"
    assert Event.objects.filter(kind="alerts.alert_expired.v1", entity_id=alert.pk).count() == 1
    with pytest.raises(DomainError) as refused:
        take(Action.RESOLVE, alert)
    assert (refused.value.code, refused.value.params["state"]) == ("alert_resolved", "expired")


def test_a_rule_that_is_switched_off_makes_its_alerts_expire(alert: Alert) -> None:
    RuleSetting.objects.create(rule="overstock", enabled=False)
    cycle = run_cycle("escalation", NOW + timedelta(minutes=5))
    alert.refresh_from_db()
    assert (cycle.counts["expired"], alert.ending, alert.resolution) == (1, "expired", "rule_off")


def test_an_alert_that_ended_before_endings_were_told_counts_as_resolved(alert: Alert) -> None:
    Alert.objects.filter(pk=alert.pk).update(status="resolved", resolution="cleared", resolved_at=NOW)
    alert.refresh_from_db()
    assert state_of(alert) == AlertState.RESOLVED
    its = Alert.objects.filter(pk=alert.pk)
    assert its.filter(condition_of([AlertState.RESOLVED])).exists()
    assert not its.filter(condition_of([AlertState.OPEN, AlertState.EXPIRED])).exists()
