"""One schedule as beat sees it: due where its slot is later than the last time that it was started."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from celery import schedules
from django_celery_beat.schedulers import ModelEntry

from stockhub.core import clock
from stockhub.jobs import slots

logger = logging.getLogger(__name__)
#: Clocks of two hosts differ by less.
_AHEAD = timedelta(minutes=1)
_ASK_AGAIN_SECONDS = 1.0


class SlotTimes:
    """The times of a crontab or an interval by `slots`, so that beat fires for exactly the slots that runs are asked for.

    Celery's own crontab reckons in local time: where clocks go back, an hourly one fires 24 times in the 25 hours.
    """

    def __init__(self, row: Any) -> None:  # noqa: ANN401 - a row of an untyped package
        self._row = row

    def is_due(self, last_run_at: datetime) -> schedules.schedstate:
        now = clock.now()
        if self._row.crontab:
            return schedules.schedstate(slots.slot_of(self._row, now) > last_run_at, _ASK_AGAIN_SECONDS)
        return schedules.schedstate(now - last_run_at >= self._row.interval.schedule.run_every, _ASK_AGAIN_SECONDS)


class SlotEntry(ModelEntry):  # type: ignore[misc]  # django-celery-beat has no types
    last_run_at: datetime

    def __init__(self, model: Any, app: Any = None) -> None:  # noqa: ANN401 - the package's signature
        super().__init__(model, app=app)
        if model.crontab or model.interval:
            self.schedule = SlotTimes(model)

    def turn_back(self) -> bool:
        """Whether the schedule was last started at a moment that is still to come, which is then taken for now.

        A clock that was ahead and was set right leaves such a moment, and nothing would start until it is reached again.
        """
        now = clock.now()
        if self.last_run_at <= now + _AHEAD:
            return False
        logger.warning("The schedule %r was started at %s, by a clock that was ahead: it goes on from now.", self.name, self.last_run_at)
        self.last_run_at = self.model.last_run_at = now
        return True

    def save(self) -> None:
        """Notes the last start, and nothing else: an operator may be editing the row. One that is disabled meanwhile has no last start."""
        rows = type(self.model).objects.filter(pk=self.model.pk, enabled=True)
        rows.update(last_run_at=self.model.last_run_at, total_run_count=self.model.total_run_count)

    def _default_now(self) -> datetime:
        return clock.now()
