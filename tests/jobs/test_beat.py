"""Beat in the real world, with the real scheduler: its clock is turned, its rows are edited under its hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from stockhub.access.models import User
from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.jobs import beat
from stockhub.jobs.beat import SlotScheduler
from tests.jobs.schedulers import scheduler

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("cycles", "kept_connection")]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat looks for edits at every tick instead of every five seconds."""
    monkeypatch.setattr(beat, "_LOOK_SECONDS", 0.0)


@pytest.fixture
def quarterly() -> PeriodicTask:
    return schedule("quarterly", "warnings", minute="*/15")


def schedule(name: str, cycle: str, *, zone: str = "UTC", last: datetime = NOON, minute: str = "0", hour: str = "*") -> PeriodicTask:
    """A schedule of a cycle that beat has last started at `last`."""
    times, _ = CrontabSchedule.objects.get_or_create(minute=minute, hour=hour, timezone=zone)
    return PeriodicTask.objects.create(name=name, task="jobs.start_cycle", args=f'["{cycle}"]', crontab=times, last_run_at=last)


def tick(one: SlotScheduler, *moments: datetime) -> None:
    for moment in moments:
        with clock.at(moment):
            one.tick()


def every(step: timedelta, first: datetime, until: datetime) -> Iterator[datetime]:
    while first < until:
        yield first
        first += step


def runs(cycle: str = "warnings") -> list[str]:
    return [f"{slot:%H:%M}" for slot in Cycle.objects.filter(name=cycle).order_by("slot_at").values_list("slot_at", flat=True)]


@pytest.mark.usefixtures("quarterly")
def test_f3_a_beat_that_was_away_for_two_hours_starts_one_catch_up_and_then_goes_on() -> None:
    back = NOON + timedelta(hours=2, minutes=7)
    tick(scheduler(), *every(timedelta(seconds=20), back, back + timedelta(minutes=10)))
    assert runs() == ["14:00", "14:15"]


@pytest.mark.usefixtures("quarterly")
def test_f3_two_beats_whose_clocks_differ_start_one_run_a_slot() -> None:
    one, other = scheduler(), scheduler()
    for moment in every(timedelta(seconds=10), NOON + timedelta(minutes=14), NOON + timedelta(minutes=46)):
        tick(one, moment)
        tick(other, moment - timedelta(seconds=7))
    assert runs() == ["12:15", "12:30", "12:45"]


@pytest.mark.usefixtures("quarterly")
def test_f3_a_clock_that_jumps_forward_starts_one_run_and_not_all_that_it_jumped_over() -> None:
    tick(scheduler(), NOON + timedelta(minutes=16), NOON + timedelta(hours=5), NOON + timedelta(hours=5, seconds=1))
    assert runs() == ["12:15", "17:00"]


def test_f3_schedules_go_on_at_once_when_a_clock_that_was_ahead_is_set_right(
    quarterly: PeriodicTask, caplog: pytest.LogCaptureFixture
) -> None:
    hourly = schedule("hourly", "sync", minute="20")
    one = scheduler()
    ahead = NOON + timedelta(days=3)
    tick(one, ahead, ahead + timedelta(minutes=16))
    right = every(timedelta(seconds=30), NOON + timedelta(minutes=1), NOON + timedelta(minutes=31))
    tick(one, *right)
    assert runs() == ["12:15", "12:30", "12:00", "12:15"]
    assert runs("sync") == ["12:20", "11:20"]
    told = sorted(record.message.partition(" was")[0] for record in caplog.records if "ahead" in record.message)
    assert told == ["The schedule 'hourly'", "The schedule 'quarterly'"]
    # What the next beat reads is right as well.
    one.sync()
    assert all(row.last_run_at < NOON + timedelta(hours=1) for row in PeriodicTask.objects.filter(pk__in=[quarterly.pk, hourly.pk]))


@pytest.mark.parametrize(
    ("zone", "midnight", "hours", "hour", "daily"),
    [
        # 02:30 is left out: it counts as the moment just after the gap.
        ("America/New_York", "2026-03-08T05:00", 23, "2", "2026-03-08T07:30"),
        ("Europe/Berlin", "2026-03-28T23:00", 23, "2", "2026-03-29T01:30"),
        # 01:30, and in Berlin 02:30, comes twice: the first one counts.
        ("America/New_York", "2026-11-01T04:00", 25, "1", "2026-11-01T05:30"),
        ("Europe/Berlin", "2026-10-24T22:00", 25, "2", "2026-10-25T00:30"),
    ],
)
def test_f3_on_the_days_when_clocks_change_a_daily_schedule_starts_once_and_an_hourly_one_every_hour(
    zone: str, midnight: str, hours: int, hour: str, daily: str
) -> None:
    begin = datetime.fromisoformat(midnight).replace(tzinfo=UTC)
    end = begin + timedelta(hours=hours)
    schedule("daily", "warnings", zone=zone, minute="30", hour=hour, last=begin)
    schedule("hourly", "sync", zone=zone, last=begin - timedelta(minutes=1))
    tick(scheduler(), *every(timedelta(minutes=10), begin, end))
    assert [run.slot_at.isoformat() for run in Cycle.objects.filter(name="warnings")] == [f"{daily}:00+00:00"]
    slots = Cycle.objects.filter(name="sync").order_by("slot_at").values_list("slot_at", flat=True)
    assert list(slots) == list(every(timedelta(hours=1), begin, end))


@pytest.mark.usefixtures("looking")
def test_an_edit_in_the_admin_counts_at_the_next_look(quarterly: PeriodicTask, client: Client) -> None:
    client.force_login(User.objects.create_superuser("root", "root@example.com", "secret"))
    one = scheduler()
    tick(one, NOON + timedelta(minutes=1))
    fives, _ = CrontabSchedule.objects.get_or_create(minute="*/5", hour="*", timezone="UTC")
    page = reverse("admin:django_celery_beat_periodictask_change", args=[quarterly.pk])
    form = {
        "name": "quarterly", "regtask": "jobs.start_cycle", "enabled": "on", "crontab": fives.pk, "args": '["warnings"]', "kwargs": "{}",
        "headers": "{}",
    }  # fmt: skip
    answer = client.post(page, form)
    assert answer.status_code == 302, answer.context["errors"]
    tick(one, NOON + timedelta(minutes=6))
    assert runs() == ["12:05"]


@pytest.mark.usefixtures("looking")
@pytest.mark.parametrize("edit", ["row", "times", "sql"])
def test_an_edit_that_no_save_tells_of_counts_at_the_next_look(quarterly: PeriodicTask, edit: str) -> None:
    one = scheduler()
    tick(one, NOON + timedelta(minutes=1))
    if edit == "row":
        fives, _ = CrontabSchedule.objects.get_or_create(minute="*/5", hour="*", timezone="UTC")
        PeriodicTask.objects.filter(pk=quarterly.pk).update(crontab=fives)
    elif edit == "times":
        CrontabSchedule.objects.filter(pk=quarterly.crontab_id).update(minute="*/5")
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_celery_beat_crontabschedule SET minute = %s WHERE id = %s", ["*/5", quarterly.crontab_id])
    tick(one, NOON + timedelta(minutes=6))
    assert runs() == ["12:05"]


@pytest.mark.usefixtures("looking")
def test_a_schedule_that_is_switched_off_or_made_by_a_queryset_counts_at_the_next_look(quarterly: PeriodicTask) -> None:
    one = scheduler()
    tick(one, NOON + timedelta(minutes=1))
    PeriodicTask.objects.filter(pk=quarterly.pk).update(enabled=False)
    seconds = IntervalSchedule.objects.create(every=30, period=IntervalSchedule.SECONDS)
    made = PeriodicTask(name="new", task="jobs.start_cycle", args='["sync"]', interval=seconds, last_run_at=NOON)
    PeriodicTask.objects.bulk_create([made])
    tick(one, NOON + timedelta(minutes=20))
    assert (runs(), runs("sync")) == ([], ["12:20"])


def test_edits_are_looked_for_every_five_seconds(quarterly: PeriodicTask, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("stockhub.jobs.beat.time.monotonic", lambda: now)
    one = scheduler()
    tick(one, NOON)
    CrontabSchedule.objects.filter(pk=quarterly.crontab_id).update(minute="*/5")
    for now, seen in ((104.9, False), (105.1, True)):  # noqa: B007 - the clock that is patched in reads it
        assert one.schedule_changed() is seen


@pytest.mark.usefixtures("looking")
def test_what_beat_notes_never_undoes_an_edit(quarterly: PeriodicTask) -> None:
    one = scheduler()
    tick(one, NOON + timedelta(minutes=16))
    PeriodicTask.objects.filter(pk=quarterly.pk).update(description="mine", enabled=False, last_run_at=None)
    one.sync()
    quarterly.refresh_from_db()
    assert (quarterly.description, quarterly.enabled, quarterly.last_run_at) == ("mine", False, None)


@pytest.mark.usefixtures("quarterly")
def test_a_schedule_that_can_never_fire_is_told_of_once_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    never = schedule("never", "sync")
    CrontabSchedule.objects.filter(pk=never.crontab_id).update(day_of_month="31", month_of_year="2")
    tick(scheduler(), *every(timedelta(seconds=30), NOON + timedelta(minutes=14), NOON + timedelta(minutes=16)))
    assert runs() == ["12:15"]
    assert sum("'never' cannot be read" in record.message for record in caplog.records) == 1
