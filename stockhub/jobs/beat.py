"""The scheduler of beat. What it starts is a row in the database, so that neither a broker that is down nor a second beat matters."""

from __future__ import annotations

import logging
from typing import Any

from celery.beat import SchedulingError
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django_celery_beat.schedulers import DatabaseScheduler

from stockhub.cycles.models import ProcessKind
from stockhub.jobs import nudges, tasks
from stockhub.jobs.lifecycle import Heartbeat

logger = logging.getLogger(__name__)


class SlotScheduler(DatabaseScheduler):  # type: ignore[misc]  # django-celery-beat has no types
    """django-celery-beat's, with three differences: a cycle's run is asked for in the database and not by a message; a nudge that the
    broker does not take is dropped, because the next one says the same; and it notes that it is alive.
    """

    #: Celery's would wait here for the broker, and the slots meanwhile would pass.
    producer = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Celery's signature
        self._nudger = nudges.Nudger()
        self._heartbeat = Heartbeat(ProcessKind.BEAT, "beat")
        super().__init__(*args, **kwargs)

    def enabled_models_qs(self) -> Any:  # noqa: ANN401 - a QuerySet of an untyped package
        """All of them. The package leaves out crontabs more than two hours away, and with them those missed more than two hours ago."""
        return self.Model.objects.enabled().select_related("crontab", "interval", "solar", "clocked")

    def tick(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Celery's signature
        self._heartbeat.beat(self._nudger.problem, keep_connection=True)
        try:
            return super().tick(*args, **kwargs)
        except (DatabaseError, InterfaceError):
            logger.exception("The database is away; looking again in a second. No slot is lost: it is found again from its schedule.")
            connection.close()
            return 1.0

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
