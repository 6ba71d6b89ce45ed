"""Judges the SKUs that events touch, at once: in a thread of the dispatcher, so that nothing else that it does holds an alert up."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet

from stockhub.alerts.incremental import evaluate_touched, rehearse, touched_skus
from stockhub.core import clock
from stockhub.core.remembering import SETTINGS_SECONDS, Memory, remembering
from stockhub.jobs.answering import answering
from stockhub.jobs.ears import listen
from stockhub.outbox.cursor import RecentEvents
from stockhub.outbox.models import Event

logger = logging.getLogger(__name__)
#: It evaluates at most this often; what a storm touches meanwhile is judged together.
AGAIN_SECONDS = 0.2
#: After a start, what was touched within this time is evaluated. Full cycles come more often.
_BEFORE_START = timedelta(minutes=15)
#: Events of these kinds name the SKUs that they touch.
_TOUCHING = "inventory.stock_"
#: Without a ring it looks this often.
_LOOK_SECONDS = 1.0


class Evaluator:
    """Has a cursor, an ear and, where it runs as a thread, a connection of its own."""

    def __init__(self, worker: str, stopping: Callable[[], bool]) -> None:
        self._worker, self._stopping = worker, stopping
        #: Made by `catch_up`: it reads the database, which may be away when the process starts.
        self._events: RecentEvents | None = None
        self.touched: set[int] = set()
        #: Correlation ids of the events that touched them.
        self._touched_by: set[str] = set()
        self.evaluated_at = float("-inf")
        self._settings = Memory(SETTINGS_SECONDS)

    def run(self) -> None:
        """Works until it is told to stop. Whatever goes wrong is logged, and it begins anew a second later."""
        while not self._stopping():
            try:
                self.catch_up()
                if not self.touched:
                    rehearse()
                with listen() as ear:
                    while not self._stopping():
                        self.turn()
                        self._rest()
                        ear.wait(0 if self.touched else _LOOK_SECONDS)
            except Exception:
                logger.exception("SKUs that events touch are not judged at the moment; looking again in a second.")
                connection.close()
                time.sleep(1)
        connection.close()

    def _rest(self) -> None:
        """After an evaluation, whatever rings is answered together: looking at each ring would only find what has to wait."""
        time.sleep(max(self.evaluated_at + AGAIN_SECONDS - time.monotonic(), 0.0))

    def catch_up(self) -> RecentEvents:
        """Notes what was touched while nobody looked, and begins to read events from here."""
        self._events = RecentEvents()
        self._note(Event.objects.filter(recorded_at__gte=clock.now() - _BEFORE_START))
        return self._events

    def turn(self) -> None:
        """Looks once, and evaluates what was touched unless it has just done so."""
        self._settings.forget_old()
        new = (self._events or self.catch_up()).new()
        self._note(Event.objects.filter(pk__in=[pk for pk, kind in new.items() if kind.startswith(_TOUCHING)]))
        if not self.touched or time.monotonic() - self.evaluated_at < AGAIN_SECONDS:
            return
        touched, self.touched = self.touched, set()
        causes, self._touched_by = self._touched_by, set()
        try:
            with answering(causes), remembering(self._settings):
                left = evaluate_touched(touched, worker=self._worker, stopping=self._stopping)
        except BaseException:
            # A database that went away in the middle: all of them are due still.
            self.touched |= touched
            raise
        self.touched |= left
        self.evaluated_at = time.monotonic()

    def _note(self, events: QuerySet[Event]) -> None:
        for payload, correlation in events.filter(kind__startswith=_TOUCHING).values_list("payload", "correlation_id"):
            self.touched |= touched_skus(payload)
            self._touched_by.add(correlation)
