"""Which slot a schedule is in: the latest moment, not after now, at which it fires. Two beats, or a late one, find the same slot."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from django_celery_beat.models import PeriodicTask

#: Four years find every 29 February.
_DAYS_BACK = 4 * 366
MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def slot_of(schedule: PeriodicTask, now: datetime) -> datetime:
    """The slot of an operator's schedule at that moment, in UTC. A schedule without a period (solar, one-off) has its minute."""
    if schedule.crontab:
        return latest(schedule.crontab.schedule, ZoneInfo(str(schedule.crontab.timezone)), now)
    if schedule.interval:
        return floored(now, schedule.interval.schedule.run_every)
    return floored(now, MINUTE)


def floored(now: datetime, period: timedelta) -> datetime:
    """The start of the period that `now` is in; periods are counted from 1970 in UTC."""
    return _EPOCH + (now - _EPOCH) // period * period


def latest(times: Any, zone: ZoneInfo, now: datetime) -> datetime:  # noqa: ANN401 - Celery's `crontab`, whose attributes have no types
    """The latest time of a crontab that is not after `now`.

    Where clocks go back, a time of the repeated hour counts once, unless the crontab fires every hour. Where they go forward, a time that
    is left out counts as the moment just after the gap. ValueError where there is none in four years.
    """
    today = now.astimezone(zone).date()
    folds = (1, 0) if len(times.hour) == 24 else (0,)
    for days in range(_DAYS_BACK):
        day = today - timedelta(days=days)
        if _fires_on(times, day):
            moments = _moments(times, day, zone, folds)
            if past := [moment for moment in moments if moment <= now]:
                return max(past)
    raise ValueError(f"The schedule {times} never fires.")


def _fires_on(times: Any, day: date) -> bool:  # noqa: ANN401 - Celery's `crontab`, whose attributes have no types
    return day.month in times.month_of_year and day.day in times.day_of_month and day.isoweekday() % 7 in times.day_of_week


def _moments(times: Any, day: date, zone: ZoneInfo, folds: tuple[int, ...]) -> list[datetime]:  # noqa: ANN401 - Celery's `crontab`, whose attributes have no types
    return [
        datetime.combine(day, time(hour, minute, fold=fold), zone).astimezone(UTC)
        for hour in times.hour
        for minute in times.minute
        for fold in folds
    ]
