"""Contingency plans open by themselves when their event comes, and close when it is over (H3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from stockhub.agenda.today import today
from stockhub.alerts.models import Alert
from stockhub.alerts.wording import headline
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.demand.models import ContingencyPlan, PlannedEvent
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def event(world: World, code: str = "EV", event_type: str = "typhoon", **given: object) -> PlannedEvent:
    made = {
        "kind": "closure", "name": "Typhoon", "starts_on": DAY + timedelta(days=5), "ends_on": DAY + timedelta(days=6),
        "reason": "forecast", "made_by": "ana",
    }  # fmt: skip
    return PlannedEvent.objects.create(code=code, event_type=event_type, **made | given)


def shown() -> list[Alert]:
    return list(Alert.objects.filter(kind="contingency-plan").exclude(status="resolved").order_by("id"))


def run(day: int) -> None:
    run_cycle("warnings", NOW + timedelta(days=day))


def test_h3_a_plan_opens_days_before_its_event_stays_while_it_lasts_and_closes_after_it(world: World) -> None:
    ContingencyPlan.objects.create(
        code="STORM", event_type="typhoon", days_before=2, plan="Ship from the north.", tasks=["Call the courier", "Tell the shops"]
    )
    event(world)
    opened = []
    for day in range(2, 8):
        run(day)
        opened.append(len(shown()))
    assert opened == [0, 1, 1, 1, 1, 0]
    alert = Alert.objects.get(kind="contingency-plan")
    assert (alert.level, alert.side, alert.resolution) == (2, "shortage", "over")
    assert list(alert.events.order_by("id").values_list("what", flat=True)) == ["opened", "expired"]


def test_h3_the_warning_is_a_line_of_today_with_the_plan_and_its_tasks(world: World) -> None:
    ContingencyPlan.objects.create(
        code="STORM", event_type="typhoon", days_before=5, plan="Ship from the north.", tasks=["Call the courier"]
    )
    event(world)
    run(0)
    [alert] = shown()
    assert headline(alert) == "STORM · Contingency plan · Typhoon, 2026-03-07 to 2026-03-08: Ship from the north. — 1. Call the courier"
    with clock.at(NOW):
        assert [line.alert for line in today().shortage.lines] == [alert]


def test_h3_a_reader_of_chinese_reads_the_event_in_chinese(world: World) -> None:
    """A festival of a calendar, which has both names; what was opened before both were kept stays as it was."""
    plan = ContingencyPlan.objects.create(code="1212", event_type="double-12", days_before=1, plan="Two shifts.")
    run_cycle("warnings", NOW.replace(month=12, day=9))
    [alert] = shown()
    assert alert.subject.startswith(f"plan:{plan.pk}:")
    assert headline(alert).endswith("· 12.12 shopping festival, 2026-12-10 to 2026-12-12: Two shifts.")
    with translation.override("zh-hans"):
        assert "双12大促" in headline(alert)
        assert "shopping festival" not in headline(alert)
        Alert.objects.filter(pk=alert.pk).update(inputs={name: value for name, value in alert.inputs.items() if name != "event_zh"})
        assert "12.12 shopping festival" in headline(shown()[0])


def test_h3_events_of_other_types_and_of_other_accounts_open_nothing(world: World) -> None:
    other = Account.objects.create(code="other", name="Other", marketplace="file")
    ContingencyPlan.objects.create(code="STORM", event_type="typhoon", account=world.account, days_before=9, plan="x")
    event(world, "A", event_type="strike")
    event(world, "B", account=other)
    run(0)
    assert shown() == []
    event(world, "C", account=world.account)
    run(1)
    assert [(alert.inputs["plan"], alert.account_id) for alert in shown()] == [("STORM", world.account.pk)]


def test_h3_a_plan_that_is_deleted_or_an_event_that_is_cancelled_closes_it(world: World) -> None:
    plan = ContingencyPlan.objects.create(code="STORM", event_type="typhoon", days_before=9, plan="x")
    made = event(world)
    run(0)
    assert len(shown()) == 1
    PlannedEvent.objects.filter(pk=made.pk).update(deleted_at=NOW)
    run(1)
    assert shown() == []
    PlannedEvent.objects.filter(pk=made.pk).update(deleted_at=None)
    run(2)
    assert len(shown()) == 1
    ContingencyPlan.objects.filter(pk=plan.pk).update(deleted_at=NOW)
    run(3)
    assert shown() == []
