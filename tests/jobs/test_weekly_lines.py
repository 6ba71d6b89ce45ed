"""Beat sets weekly lines once a week: with two beats, after two hours away, and over the days when clocks change (H64)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django_celery_beat.models import CrontabSchedule, PeriodicTask
from pytest_django.fixtures import Settings

from stockhub.catalog.models import StockPolicy
from stockhub.catalog.override_models import LineSchedule, ThresholdAdjustment
from stockhub.core import clock
from stockhub.cycles.executor import run_inline
from stockhub.cycles.models import Cycle
from stockhub.demand.models import Forecast
from stockhub.jobs.schedules import install_schedules
from tests.jobs.schedulers import scheduler
from tests.worlds import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("kept_connection")]
DAY = timedelta(days=1)
#: 03:20 of Monday in Shanghai is Sunday evening in UTC.
MONDAY = datetime(2026, 3, 1, 19, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def weekly() -> World:
    """A SKU that sells ten a day, whose line is thirty days of its forecast, set once a week."""
    world = make_world()
    sku = world.selling("TEA", stock=5000, rate=10.0)
    StockPolicy.objects.create(sku=sku, pool=world.pool, alert_cover_days=30.0, alert_schedule=LineSchedule.WEEKLY)
    return world


def adjustments() -> list[tuple[date, int]]:
    return list(ThresholdAdjustment.objects.order_by("period_on", "id").values_list("period_on", "qty"))


def _beats(moments: Sequence[datetime]) -> list[datetime]:
    """Two beats tick at these moments, and whatever they asked for is run; the slots of the runs."""
    one, other = scheduler(), scheduler()
    for moment in moments:
        with clock.at(moment):
            one.tick()
            other.tick()
            for cycle in Cycle.objects.filter(name="thresholds", status="due").order_by("slot_at"):
                run_inline(cycle)
    return list(Cycle.objects.filter(name="thresholds").order_by("slot_at").values_list("slot_at", flat=True))


def _only_schedule(zone: str, last: datetime) -> None:
    install_schedules()
    times, _ = CrontabSchedule.objects.get_or_create(minute="20", hour="3", timezone=zone)
    PeriodicTask.objects.exclude(name="cycle: thresholds").update(enabled=False)
    PeriodicTask.objects.filter(name="cycle: thresholds").update(crontab=times, last_run_at=last)


def test_h64_two_beats_adjust_a_weekly_line_once() -> None:
    _only_schedule("Asia/Shanghai", MONDAY - timedelta(hours=1))
    slots = _beats([MONDAY + timedelta(seconds=seconds) for seconds in (-5, 0, 1, 30, 600)])
    assert (slots, adjustments()) == ([MONDAY], [(date(2026, 3, 2), 300)])


def test_h64_a_beat_that_was_away_for_two_hours_adjusts_once_and_for_the_right_week() -> None:
    _only_schedule("Asia/Shanghai", MONDAY - DAY)
    back = [MONDAY + timedelta(hours=2, minutes=minute) for minute in range(5)]
    assert (_beats(back), adjustments()) == ([MONDAY], [(date(2026, 3, 2), 300)])


@pytest.mark.parametrize(
    ("saturday", "sunday_slot", "monday_slot", "week"),
    [
        ("2026-03-28", "2026-03-29T01:20", "2026-03-30T01:20", date(2026, 3, 30)),
        ("2026-10-24", "2026-10-25T02:20", "2026-10-26T02:20", date(2026, 10, 26)),
    ],
    ids=["spring", "autumn"],
)
def test_h64_over_the_days_when_clocks_change_a_weekly_line_is_set_once_a_week(
    settings: Settings, saturday: str, sunday_slot: str, monday_slot: str, week: date
) -> None:
    settings.STOCKHUB_TIME_ZONE = "Europe/Berlin"
    begin = datetime.fromisoformat(saturday).replace(hour=12, tzinfo=UTC)
    Forecast.objects.update(first_on=begin.date())
    _only_schedule("Europe/Berlin", begin)
    slots = _beats([begin + timedelta(minutes=20 * turn) for turn in range(3 * 44)])
    assert [f"{slot:%Y-%m-%dT%H:%M}" for slot in slots] == [sunday_slot, monday_slot]
    assert [period for period, _qty in adjustments()] == [week - 7 * DAY, week]
