from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from stockhub.config.celery import app
from stockhub.core import clock
from stockhub.cycles.models import Cycle, ProcessHeartbeat
from stockhub.jobs import tasks
from stockhub.jobs.schedules import install_schedules
from tests.jobs.schedulers import scheduler

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("cycles")]


BEAT = pytest.mark.usefixtures("kept_connection")


def test_schedules_are_made_once_and_only_for_cycles_that_exist() -> None:
    assert install_schedules() == [
        "cycle: sync",
        "cycle: warnings",
        "deliveries",
        "pushes",
        "recovery",
        "plugin health",
        "reconcile",
        "tidy",
    ]
    assert install_schedules() == []
    assert PeriodicTask.objects.get(name="cycle: warnings").crontab.timezone.key == "Asia/Shanghai"


def test_what_an_operator_edited_stays() -> None:
    install_schedules()
    mine, _ = CrontabSchedule.objects.get_or_create(minute="5", hour="6")
    PeriodicTask.objects.filter(name="cycle: warnings").update(crontab=mine, enabled=False)
    install_schedules()
    row = PeriodicTask.objects.get(name="cycle: warnings")
    assert (row.crontab, row.enabled) == (mine, False)


def test_every_schedule_names_a_task_that_there_is() -> None:
    install_schedules()
    app.loader.import_default_modules()
    assert set(PeriodicTask.objects.values_list("task", flat=True)) <= set(app.tasks)


def test_f3_a_schedule_fired_twice_or_late_asks_for_one_run_of_its_slot() -> None:
    install_schedules()
    for minute in (0, 3, 14):
        with clock.at(datetime(2026, 3, 1, 10, minute, tzinfo=UTC)):
            tasks.start_slot("warnings", schedule_name="cycle: warnings")
    assert list(Cycle.objects.values_list("slot_at", "requested_by")) == [(datetime(2026, 3, 1, 10, tzinfo=UTC), "schedule")]


@BEAT
def test_f4_beat_asks_for_runs_in_the_database_and_needs_no_broker_for_it() -> None:
    install_schedules()
    one = scheduler()
    one.apply_async(one.schedule["cycle: warnings"])
    assert Cycle.objects.get().name == "warnings"
    assert one.producer is None


@BEAT
def test_beat_loads_schedules_of_all_hours_so_that_a_missed_one_is_caught_up() -> None:
    install_schedules()
    for hour in range(24):
        schedule, _ = CrontabSchedule.objects.get_or_create(minute="0", hour=str(hour))
        PeriodicTask.objects.create(name=f"at {hour}", task="jobs.recover", crontab=schedule)
    assert {f"at {hour}" for hour in range(24)} <= {row.name for row in scheduler().enabled_models()}


@BEAT
def test_beat_notes_that_it_is_alive() -> None:
    scheduler().tick()
    assert ProcessHeartbeat.objects.get().kind == "beat"


def test_run_now_in_the_admin_asks_for_this_minute() -> None:
    with clock.at(datetime(2026, 3, 1, 10, 7, 33, tzinfo=UTC)):
        tasks.start_cycle.run("warnings")
    assert Cycle.objects.get().slot_at == datetime(2026, 3, 1, 10, 7, tzinfo=UTC)


def test_an_entry_without_a_row_has_its_minute() -> None:
    assert tasks.start_slot("sync", schedule_name="gone").slot_at.second == 0
