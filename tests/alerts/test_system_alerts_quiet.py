"""What a person has dealt with does not come again at once, whether a rule or the system itself has found it (U2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.models import Alert, FalseAlarmCause, Notice, Subscription
from stockhub.channels.models import ExperienceScore
from stockhub.core import clock
from stockhub.purchasing.services import ShipmentInput, ShipmentLineInput, upsert_shipment
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    made.selling("TEA", stock=500, rate=1.0)
    type(made.account).objects.update(experience_score_floor=80.0)
    ana = User.objects.create(username="ana", email="ana@example.com", is_superuser=True)
    Subscription.objects.create(user=ana, kinds=["late-supply", "experience-score"])
    return made


def scored(world: World, score: float, at: datetime) -> None:
    ExperienceScore.objects.create(account=world.account, score=score, occurred_at=at)


def of_kind(kind: str) -> list[tuple[str, int, str | None]]:
    return list(Alert.objects.filter(kind=kind).order_by("id").values_list("status", "level", "ending"))


def resolve(alert: Alert) -> None:
    services.resolve(alert_ids=[alert.pk], resolution="the carrier is found")


def call_false(alert: Alert) -> None:
    services.mark_false_alarm(alert_ids=[alert.pk], cause=FalseAlarmCause.WRONG_DATA, note="")


@pytest.mark.parametrize(("deal_with", "ending", "quiet"), [(resolve, "resolved", DAY), (call_false, "false_alarm", 7 * DAY)])
def test_u2_what_a_person_has_dealt_with_does_not_come_again_for_a_while(
    world: World, deal_with: Callable[[Alert], None], ending: str, quiet: timedelta
) -> None:
    """A day after it was resolved, a week after it was called false: of shipments and of a shop's score alike."""
    line = ShipmentLineInput(sku="TEA", shipped_qty=5)
    with clock.at(NOW):
        upsert_shipment(ShipmentInput(code="S-1", warehouse="cn-main", expected_on=date(2026, 2, 20), lines=[line]))
    scored(world, 78.0, NOW)
    run_cycle("warnings")
    kinds = ("late-supply", "experience-score")
    assert {kind: of_kind(kind) for kind in kinds} == {kind: [("open", 2, None)] for kind in kinds}
    assert Notice.objects.count() == 1
    with clock.at(NOW + HOUR):
        for alert in Alert.objects.filter(kind__in=kinds):
            deal_with(alert)
    dealt_with = ("resolved", 2, ending)
    run_cycle("warnings", NOW + 2 * HOUR)
    run_cycle("warnings", NOW + HOUR + quiet)
    assert {kind: of_kind(kind) for kind in kinds} == {kind: [dealt_with] for kind in kinds}
    assert Notice.objects.count() == 1
    run_cycle("warnings", NOW + 2 * HOUR + quiet)
    assert {kind: of_kind(kind) for kind in kinds} == {kind: [dealt_with, ("open", 2, None)] for kind in kinds}
    assert Notice.objects.count() == 2


def test_u2_what_is_worse_than_a_person_saw_comes_at_once(world: World) -> None:
    scored(world, 78.0, NOW)
    run_cycle("warnings")
    with clock.at(NOW + HOUR):
        call_false(Alert.objects.get(kind="experience-score"))
    scored(world, 74.0, NOW + 2 * HOUR)
    run_cycle("warnings", NOW + 2 * HOUR)
    assert of_kind("experience-score") == [("resolved", 2, "false_alarm"), ("open", 3, None)]
    alert = Alert.objects.get(kind="experience-score", status="open")
    assert (alert.value, alert.account_id, alert.inputs["score"]) == (74.0, world.account.pk, 74.0)


def test_u2_what_ended_by_itself_is_news_when_it_comes_again(world: World) -> None:
    for hours, score in enumerate((78.0, 90.0, 78.0)):
        scored(world, score, NOW + hours * HOUR)
        run_cycle("warnings", NOW + hours * HOUR)
    assert of_kind("experience-score") == [("resolved", 2, "resolved"), ("open", 2, None)]


def test_u2_what_was_dealt_with_keeps_the_numbers_that_it_had(world: World) -> None:
    scored(world, 78.0, NOW)
    run_cycle("warnings")
    with clock.at(NOW + HOUR):
        resolve(alert := Alert.objects.get(kind="experience-score"))
    scored(world, 76.0, NOW + 2 * HOUR)
    run_cycle("warnings", NOW + 2 * HOUR)
    alert.refresh_from_db()
    assert (alert.value, alert.inputs["score"], alert.message) == (78.0, 78.0, "78 < 80 (2026-03-02)")
