"""The scheduler of beat. What it starts is a row in the database, so that neither a broker that is down nor a second beat matters."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery.beat import SchedulingError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django_celery_beat.schedulers import DatabaseScheduler

from stockhub.cycles.models import ProcessKind
from stockhub.jobs import nudges, tasks
from stockhub.jobs.beat_entries import SlotEntry
from stockhub.jobs.lifecycle import Heartbeat

logger = logging.getLogger(__name__)
#: The schedules are looked at for edits this often.
_LOOK_SECONDS = 5.0
#: Every schedule is asked this often whether it is due.
_TICK_SECONDS = 1.0
#: What makes a schedule what it is, without what beat itself writes down about it.
_WHAT_COUNTS = (
    "pk", "name", "task", "args", "kwargs", "queue", "exchange", "routing_key", "headers", "priority", "expires", "expire_seconds",
    "one_off", "start_time", "crontab", "crontab__minute", "crontab__hour", "crontab__day_of_week", "crontab__day_of_month",
    "crontab__month_of_year", "crontab__timezone", "interval", "interval__every", "interval__period", "solar", "solar__event",
    "solar__latitude", "solar__longitude", "clocked", "clocked__clocked_time",
)  # fmt: skip


class SlotScheduler(DatabaseScheduler):  # type: ignore[misc]  # django-celery-beat has no types
    """django-celery-beat's, with these differences: a cycle's run is asked for in the database and not by a message; a nudge that the
    broker does not take is dropped, because the next one says the same; every schedule is asked each second whether it is due, so that
    none waits for a moment that a jump of the clock has moved; the rows themselves tell of an edit, however it was made; and it notes
    that it is alive.
    """

    Entry = SlotEntry
    #: Celery's would wait here for the broker, and the slots meanwhile would pass.
    producer = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Celery's signature
        self._nudger = nudges.Nudger()
        self._heartbeat = Heartbeat(ProcessKind.BEAT, "beat")
        self._rows: list[tuple[Any, ...]] = []
        self._looked = float("-inf")
        self._unreadable: set[str] = set()
        super().__init__(*args, **kwargs)

    def enabled_models_qs(self) -> Any:  # noqa: ANN401 - a QuerySet of an untyped package
        """All of them. The package leaves out crontabs more than two hours away, and with them those missed more than two hours ago."""
        return self.Model.objects.enabled().select_related("crontab", "interval", "solar", "clocked")

    def all_as_schedule(self) -> dict[str, SlotEntry]:
        # Read before the entries: an edit in between is found at the next look.
        self._rows, self._looked = self._read_rows(), time.monotonic()
        self._unreadable.clear()
        return dict(super().all_as_schedule())

    def schedule_changed(self) -> bool:
        """Whether a row is another than it was. The package compares a time that only `save()` writes, by the clock of whoever saved: an
        edit by `QuerySet.update` or in SQL, or on a host whose clock is behind, would go unnoticed (django-celery-beat #7).
        """
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return False
        self._looked = time.monotonic()
        close_old_connections()
        return self._read_rows() != self._rows

    def tick(self, *args: Any, **kwargs: Any) -> float:  # noqa: ANN401, ARG002 - Celery's signature
        self._heartbeat.beat(self._nudger.problem, keep_connection=True)
        try:
            for entry in list(self.schedule.values()):
                self._start_if_due(entry)
        except (DatabaseError, InterfaceError):
            logger.exception("The database is away; looking again in a second. No slot is lost: it is found again from its schedule.")
            connection.close()
            # What could not be read at the start is read at the next look.
            self._initial_read = self._schedule is None
        return _TICK_SECONDS

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **kwargs: Any) -> None:  # noqa: ANN401, ARG002, FBT001, FBT002
        entry = self.reserve(entry) if advance else entry
        try:
            if entry.task == "jobs.start_cycle":
                close_old_connections()
                tasks.start_slot(*entry.args, **entry.kwargs, schedule_name=entry.name)
            else:
                queue = entry.options.get("queue") or self.app.conf.task_default_queue
                self._nudger.send(entry.task, entry.args, queue=queue, expires=entry.options.get("expires"))
        except Exception as error:
            raise SchedulingError(f"The schedule {entry.name!r} could not start its task: {error}") from error
        finally:
            self._tasks_since_sync += 1
            if self.should_sync():
                self._do_sync()

    def _start_if_due(self, entry: SlotEntry) -> None:
        try:
            if entry.turn_back():
                self._dirty.add(entry.name)
            is_due = entry.is_due().is_due
        except ValueError:
            # One that never fires. It is told of once, and the others go on.
            if entry.name not in self._unreadable:
                self._unreadable.add(entry.name)
                logger.exception("The schedule %r cannot be read: edit or disable it under Periodic tasks.", entry.name)
            return
        if is_due:
            self._schedule[entry.name] = self.reserve(entry)
            self.apply_entry(entry)

    def _read_rows(self) -> list[tuple[Any, ...]]:
        return list(self.Model.objects.enabled().order_by("pk").values_list(*_WHAT_COUNTS))
