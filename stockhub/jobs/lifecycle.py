"""What happens when workers start, live and stop: Celery's signals, bound by importing this module."""

from __future__ import annotations

import logging
import os
import time
from typing import Any

from celery import signals
from django.db import DatabaseError, connection

from stockhub.core import clock
from stockhub.cycles.models import ProcessKind
from stockhub.cycles.services import record_heartbeat
from stockhub.jobs import stopping

logger = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 10.0


class Heartbeat:
    """Notes at most every ten seconds that this process is at work. Where the database is away, the note that is missing says so."""

    def __init__(self, kind: ProcessKind, label: str) -> None:
        self._kind, self._label = kind, label
        self._started_at = clock.now()
        self._last = float("-inf")

    def beat(self, message: str = "", *, keep_connection: bool = False, seen_event_id: int | None = None) -> None:
        if time.monotonic() - self._last < HEARTBEAT_SECONDS:
            return
        self._last = time.monotonic()
        try:
            record_heartbeat(kind=self._kind, label=self._label, message=message, started_at=self._started_at, seen_event_id=seen_event_id)
        except DatabaseError:
            logger.warning("The heartbeat of %s was not noted: the database is away.", self._label, exc_info=True)
        finally:
            if not keep_connection:
                # A worker's parent process must not hold one that its pool processes would inherit.
                connection.close()


_worker = Heartbeat(ProcessKind.WORKER, f"worker {os.environ.get('STOCKHUB_PROCESS', 'by hand')}")


@signals.worker_shutting_down.connect
def _tell_pool(**_kwargs: Any) -> None:  # noqa: ANN401 - Celery's signal
    stopping.ask()


@signals.heartbeat_sent.connect
def _note_worker(**_kwargs: Any) -> None:  # noqa: ANN401 - Celery's signal
    _worker.beat()
