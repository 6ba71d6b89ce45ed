from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery.schedules import crontab

from stockhub.jobs.slots import floored, latest

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
DAILY = crontab(minute="30", hour="2")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-03-02T18:30", "2026-03-02T18:30"),
        ("2026-03-02T18:29:59", "2026-03-01T18:30"),
        # Beat is back two hours late, or the clock jumped: still the one slot.
        ("2026-03-02T20:31", "2026-03-02T18:30"),
    ],
)
def test_f3_a_daily_schedule_has_one_slot_a_day_however_late_it_is_asked_for(now: str, slot: str) -> None:
    assert latest(DAILY, SHANGHAI, utc(now)) == utc(slot)


def slots_of(schedule: crontab, zone: ZoneInfo, first: str, hours: int) -> list[datetime]:
    """The slots that a beat finds which looks every ten minutes."""
    found = {latest(schedule, zone, utc(first) + timedelta(minutes=10 * step)) for step in range(hours * 6)}
    return sorted(slot for slot in found if slot >= utc(first))


def test_f3_a_daily_time_that_comes_twice_when_clocks_go_back_is_one_slot() -> None:
    # On 2026-10-25 at 01:00 UTC Berlin's clocks go from 03:00 back to 02:00.
    assert slots_of(DAILY, BERLIN, "2026-10-24T22:00", 24) == [utc("2026-10-25T00:30")]


def test_f3_a_daily_time_that_is_left_out_when_clocks_go_forward_is_one_slot() -> None:
    # On 2026-03-29 at 01:00 UTC Berlin's clocks go from 02:00 to 03:00.
    assert slots_of(DAILY, BERLIN, "2026-03-28T23:00", 23) == [utc("2026-03-29T01:30")]


@pytest.mark.parametrize(("first", "hours"), [("2026-10-24T22:00", 25), ("2026-03-28T23:00", 23)])
def test_f3_an_hourly_schedule_misses_no_hour_on_days_of_23_and_25_hours(first: str, hours: int) -> None:
    hourly = crontab(minute="0")
    assert slots_of(hourly, BERLIN, first, hours) == [utc(first) + timedelta(hours=hour) for hour in range(hours)]


def test_weekdays_months_and_leap_days_are_found() -> None:
    assert latest(crontab(minute="0", hour="8", day_of_week="mon"), SHANGHAI, utc("2026-03-06T12:00")) == utc("2026-03-02T00:00")
    leap = crontab(minute="0", hour="0", day_of_month="29", month_of_year="2")
    assert latest(leap, ZoneInfo("UTC"), utc("2027-06-01T00:00")) == utc("2024-02-29T00:00")


def test_a_schedule_that_never_fires_is_refused() -> None:
    with pytest.raises(ValueError, match="never fires"):
        latest(crontab(minute="0", hour="0", day_of_month="31", month_of_year="2"), SHANGHAI, utc("2026-03-06T12:00"))


def test_an_interval_is_floored_in_utc() -> None:
    assert floored(utc("2026-03-06T12:07:31"), timedelta(minutes=5)) == utc("2026-03-06T12:05")
