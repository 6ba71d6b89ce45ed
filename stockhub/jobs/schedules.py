"""The schedules that StockHub starts with. They are rows of django-celery-beat, so an operator edits them in the admin."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from stockhub.cycles import registry
from stockhub.jobs import nudges


@dataclass(frozen=True, slots=True)
class Default:
    """`crontab` is minute and hour in the site's zone, every day unless `day_of_week` or `day_of_month` says which; or `seconds` between
    two nudges, which have no slots.
    """

    name: str
    task: str
    queue: str
    arguments: tuple[str, ...] = ()
    crontab: tuple[str, str] = ("", "")
    day_of_week: str = "*"
    day_of_month: str = "*"
    seconds: int = 0
    description: str = ""


def _cycle(name: str, minute: str, hour: str, description: str) -> Default:
    return Default(f"cycle: {name}", "jobs.start_cycle", nudges.FAST, (name,), (minute, hour), description=description)


DEFAULTS = (
    _cycle("sync", "*", "*", "Applies new sales to the daily facts."),
    _cycle("quarantine", "*/10", "*", "Tries quarantined records again whose cause is mended."),
    _cycle("warnings", "*/15", "*", "Evaluates the alert rules over all SKUs."),
    _cycle("escalation", "*/5", "*", "Passes on alerts that are overdue, and finds owners for those without one."),
    _cycle("forecast", "30", "2", "Forecasts every SKU, before the working day."),
    _cycle("thresholds", "20", "3", "Sets the warning lines that follow the forecast by week or month, after the forecast."),
    _cycle("lifecycle", "50", "3", "Looks at the stage of every SKU and category once a week: on the first day that it runs in one."),
    _cycle("backtest", "30", "4", "Tries the forecasters on the past and puts the best into use."),
    _cycle("outcomes", "50", "4", "Writes down what became of warnings, once it is known."),
    _cycle("differences", "30", "5", "Compares our stock with the platforms' and the warehouses', once a day."),
    Default(
        "cycle: kpi-report-weekly",
        "jobs.start_cycle",
        nudges.FAST,
        ("kpi-report-weekly",),
        ("0", "8"),
        day_of_week="1",
        description="Sends the key figures on Monday to those whose subscription asks for them.",
    ),
    Default(
        "cycle: kpi-report-monthly",
        "jobs.start_cycle",
        nudges.FAST,
        ("kpi-report-monthly",),
        ("10", "8"),
        day_of_month="1",
        description="Sends the key figures on the first of the month to those whose subscription asks for them.",
    ),
    Default("deliveries", "jobs.deliver", nudges.BULK, seconds=30, description="Sends the mails that are due."),
    Default("pushes", "jobs.push", nudges.FAST, seconds=30, description="Sends the pushes that are due, and lets stock follow the ledger."),
    Default("recovery", "jobs.recover", nudges.FAST, seconds=15, description="Finds due work whose worker died or never heard of it."),
    Default("plugin health", "jobs.check_plugins", nudges.BULK, crontab=("20", "*"), description="Asks every plugin how it is."),
    Default("reconcile", "jobs.reconcile", nudges.BULK, crontab=("40", "3"), description="Proves that the stock ledger adds up."),
    Default(
        "tidy",
        "jobs.tidy",
        nudges.BULK,
        crontab=("10", "4"),
        description="Deletes what is old enough, makes the next partitions and writes down what closed months add up to.",
    ),
)


def install_schedules() -> list[str]:
    """Makes the schedules that are missing and returns their names. What is there stays as an operator left it: to stop one, disable it,
    because a deleted one comes back. A cycle that nobody registered has no schedule.
    """
    made = []
    for default in DEFAULTS:
        if default.task == "jobs.start_cycle" and default.arguments[0] not in registry.names():
            continue
        if not PeriodicTask.objects.filter(name=default.name).exists():
            PeriodicTask.objects.get_or_create(name=default.name, defaults=_columns(default))
            made.append(default.name)
    return made


def _columns(default: Default) -> dict[str, object]:
    columns: dict[str, object] = {
        "task": default.task,
        "args": json.dumps(list(default.arguments)),
        "queue": default.queue,
        "description": default.description,
    }
    if default.seconds:
        columns["interval"], _ = IntervalSchedule.objects.get_or_create(every=default.seconds, period=IntervalSchedule.SECONDS)
        # Nobody needs an old nudge.
        columns["expire_seconds"] = default.seconds
    else:
        minute, hour = default.crontab
        days = {"day_of_week": default.day_of_week, "day_of_month": default.day_of_month, "month_of_year": "*"}
        columns["crontab"], _ = CrontabSchedule.objects.get_or_create(
            minute=minute, hour=hour, **days, timezone=settings.STOCKHUB_TIME_ZONE
        )
    return columns
