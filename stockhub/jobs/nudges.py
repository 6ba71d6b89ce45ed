"""Nudges: messages that say *look into the database*. Losing one, or sending one too many, does no harm."""

from __future__ import annotations

import logging
from typing import Any

from celery import Celery, current_app
from django.conf import settings

logger = logging.getLogger(__name__)
FAST, BULK = "fast", "bulk"
QUEUES = (FAST, BULK)
#: Messages in a queue beyond which one more says nothing new.
_ENOUGH_WAITING = 8
#: The most nudges that one look sends to a queue: more workers than that are woken by the next look.
AT_ONCE = 4


class Nudger:
    """Sends nudges without ever waiting long for a broker, and remembers what hinders it."""

    def __init__(self, app: Celery | None = None) -> None:
        self._app: Any = app or current_app
        #: Empty while the broker can be reached.
        self.problem = ""

    def send(self, task: str, arguments: list[str], *, queue: str, times: int = 1, expires: float | None = None) -> bool:
        """Puts the message into the queue; False where the broker cannot be reached, which is logged once until it comes back.

        A connection of its own each time declares the queue anew, so that a broker which was wiped meanwhile routes messages again.
        """
        try:
            with self._app.connection_for_write(connect_timeout=settings.STOCKHUB_BROKER_SECONDS) as connection:
                connection.ensure_connection(max_retries=1, interval_start=0.1, timeout=settings.STOCKHUB_BROKER_SECONDS)
                declared = self._app.amqp.queues[queue](connection.default_channel)
                declared.declare()
                waiting = declared.queue_declare().message_count
                for _ in range(min(times, _ENOUGH_WAITING - waiting)):
                    self._app.send_task(task, arguments, queue=queue, connection=connection, retry=False, expires=expires)
        except Exception as error:
            if not self.problem:
                logger.exception("The broker cannot be reached; work is done when it can, nothing is lost.")
            self.problem = f"The broker cannot be reached ({type(error).__name__}): check BROKER_URL and that it runs."
            return False
        if self.problem:
            logger.warning("The broker can be reached again.")
            self.problem = ""
        return True
