"""An incident is one thing with an owner, clocks and a ladder: what is overdue is told once, and not once for each of its alerts (N14)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.incidents import services as incident_services
from stockhub.alerts.incidents.grouping import group_alerts
from stockhub.alerts.incidents.models import Incident
from stockhub.alerts.models import Alert, AlertEvent, EscalationStep, ServiceLevel
from stockhub.core import clock
from stockhub.outbox.models import Delivery, Event
from tests.alerts.test_incidents import alerts_of, ordered, skus_of
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    world = make_world()
    for level, see, settle in ((1, 24, 80), (2, 8, 24), (3, 2, 12)):
        ServiceLevel.objects.create(level=level, acknowledge_hours=see, resolve_hours=settle, counted="clock")
    for name in ("boss", "chief"):
        User.objects.create_superuser(name, f"{name}@example.com", "x", language="en")
    EscalationStep.objects.create(position=1, user=User.objects.get(username="boss"))
    EscalationStep.objects.create(position=2, user=User.objects.get(username="chief"), after_hours=2)
    return world


def late_supplier(world: World, count: int = 3) -> tuple[Incident, list[Alert]]:
    """An incident whose clocks are set: alerts of level 2 that were found now."""
    alerts = alerts_of(world, count)
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(level_since_at=NOW)
    ordered(world, skus_of(alerts), promised_on=DAY - timedelta(days=5))
    assert group_alerts(NOW) == count
    run(NOW + MINUTE)
    return Incident.objects.get(), alerts


def run(at: datetime) -> tuple[int, int]:
    """Incidents and alerts that were escalated."""
    counts = run_cycle("escalation", at).counts
    return counts["escalated_incidents"], counts["escalated"]


def told() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(event__kind="alerts.overdue_told.v1").order_by("pk")
    return [(row.recipient, (row.message or {})["subject"]) for row in rows]


def test_n14_an_incident_has_clocks_of_its_own(world: World) -> None:
    incident, _alerts = late_supplier(world)
    assert (incident.acknowledge_by_at, incident.resolve_by_at, incident.clock_level) == (NOW + 8 * HOUR, NOW + 24 * HOUR, 2)
    ServiceLevel.objects.create(rule="incident", level=3, acknowledge_hours=1, resolve_hours=6)
    Alert.objects.filter(incident=incident).update(level=3, level_since_at=NOW + HOUR)
    for minute in (0, 1):
        run(NOW + HOUR + minute * MINUTE)
    incident.refresh_from_db()
    # Raised an hour later: its own hours since then, which are stricter than the two hours of its alerts.
    assert (incident.level, incident.acknowledge_by_at, incident.resolve_by_at) == (3, NOW + 2 * HOUR, NOW + 7 * HOUR)


def test_n14_it_is_no_later_than_the_strictest_of_its_alerts(world: World) -> None:
    incident, alerts = late_supplier(world)
    Alert.objects.filter(pk=alerts[0].pk).update(acknowledge_by_at=NOW + 3 * HOUR, resolve_by_at=NOW + 5 * HOUR)
    run(NOW + 2 * MINUTE)
    incident.refresh_from_db()
    assert (incident.acknowledge_by_at, incident.resolve_by_at, incident.escalation_due_at) == (
        NOW + 3 * HOUR, NOW + 5 * HOUR, NOW + 3 * HOUR,
    )  # fmt: skip


def test_n14_what_is_overdue_goes_up_once_with_the_incident_and_is_told_once(world: World) -> None:
    incident, alerts = late_supplier(world, 40)
    assert run(NOW + 8 * HOUR - MINUTE) == (0, 0)
    assert run(NOW + 8 * HOUR) == (1, 0)
    assert run(NOW + 9 * HOUR) == (0, 0)
    assert run(NOW + 10 * HOUR) == (1, 0)
    incident.refresh_from_db()
    assert (incident.escalated_to and incident.escalated_to.username, incident.escalations) == ("chief", 0)
    assert list(incident.events.filter(what="escalated").order_by("id").values_list("note", "count")) == [("boss", 40), ("chief", 40)]
    assert not AlertEvent.objects.filter(what="escalated").exists()
    assert [recipient for recipient, _subject in told()] == ["boss@example.com", "chief@example.com"]
    assert told()[0][1].startswith("Overdue: Supplier delivers late · 40 alerts")
    [first, _second] = Event.objects.filter(kind="alerts.incident_escalated.v1").order_by("pk")
    assert first.payload["to"] == User.objects.get(username="boss").pk
    # The clock to settle it has a ladder of its own; at its end there is nobody left.
    assert [run(NOW + hours * HOUR) for hours in (24, 26, 90)] == [(1, 0), (1, 0), (0, 0)]
    assert Alert.objects.filter(pk__in=[alert.pk for alert in alerts], escalated_to__isnull=False).count() == 0


def test_n14_acknowledging_the_incident_stops_the_first_clock_and_not_the_second(world: World) -> None:
    incident, _alerts = late_supplier(world)
    with clock.at(NOW + HOUR):
        incident_services.take(incident_id=incident.pk, step=services.acknowledging())
    assert run(NOW + 8 * HOUR) == (0, 0)
    assert run(NOW + 24 * HOUR) == (1, 0)


def test_n14_an_incident_all_of_whose_alerts_were_seen_has_been_seen(world: World) -> None:
    incident, _alerts = late_supplier(world)
    with clock.at(NOW + HOUR):
        services.acknowledge(alert_ids=list(Alert.objects.filter(incident=incident).values_list("pk", flat=True)))
    assert run(NOW + 8 * HOUR) == (0, 0)
    incident.refresh_from_db()
    assert (incident.escalation_due_at, told()) == (NOW + 24 * HOUR, [])


def test_n14_a_snoozed_incident_waits_and_a_resolved_one_is_over(world: World) -> None:
    incident, _alerts = late_supplier(world)
    with clock.at(NOW + HOUR):
        incident_services.take(incident_id=incident.pk, step=services.snoozing(NOW + 30 * HOUR, "the ship is due"))
    assert run(NOW + 25 * HOUR) == (0, 0)
    assert run(NOW + 30 * HOUR) == (1, 0)
    with clock.at(NOW + 31 * HOUR):
        incident_services.take(incident_id=incident.pk, step=services.resolving("arrived"))
    assert run(NOW + 60 * HOUR) == (0, 0)


def test_n14_an_incident_that_opens_again_has_new_clocks(world: World) -> None:
    incident, _alerts = late_supplier(world)
    run(NOW + 8 * HOUR)
    with clock.at(NOW + 9 * HOUR):
        incident_services.take(incident_id=incident.pk, step=services.resolving("arrived"))
    again = alerts_of(world, 2)
    Alert.objects.filter(pk__in=[alert.pk for alert in again]).update(level_since_at=NOW + 48 * HOUR, opened_at=NOW + 48 * HOUR)
    ordered(world, skus_of(again), promised_on=DAY)
    with clock.at(NOW + 48 * HOUR):
        group_alerts(clock.now())
    assert run(NOW + 48 * HOUR + MINUTE) == (0, 0)
    incident.refresh_from_db()
    assert (incident.acknowledge_by_at, incident.escalated_to) == (NOW + 56 * HOUR, None)
    assert run(NOW + 56 * HOUR) == (1, 0)


def test_n14_an_alert_of_no_incident_is_told_to_whom_it_was_passed_on_to_and_what_a_new_account_had_has_no_clock(world: World) -> None:
    [alone] = alerts_of(world, 1)
    Alert.objects.filter(pk=alone.pk).update(level_since_at=NOW)
    run(NOW + MINUTE)
    assert run(NOW + 8 * HOUR) == (0, 1)
    [(recipient, subject)] = told()
    assert (recipient, subject.startswith("Overdue: ")) == ("boss@example.com", True)
    alerts = alerts_of(world, 3)
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(is_baseline=True, level_since_at=NOW, opened_at=NOW)
    incident = Incident.objects.create(cause="pool", key="pool:1:shortage", open_count=3, level=2, opened_at=NOW)
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(incident=incident)
    run(NOW + 9 * HOUR)
    incident.refresh_from_db()
    assert (incident.resolve_by_at, incident.escalation_due_at) == (None, None)


def test_i4_nobody_is_told_of_what_he_may_not_see(world: World) -> None:
    clerk = User.objects.create_user("clerk", "clerk@example.com", "x", sees_all_warehouses=False, sees_all_accounts=False)
    EscalationStep.objects.filter(position=1).update(user=clerk)
    late_supplier(world)
    assert run(NOW + 8 * HOUR) == (1, 0)
    assert told() == []
