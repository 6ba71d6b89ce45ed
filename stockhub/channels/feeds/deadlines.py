"""A connector that hangs: it is interrupted at its page's deadline, and where that cannot be, its lease runs out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

from stockhub.channels.feeds.claiming import held, lease_end
from stockhub.channels.models import Feed
from stockhub.core.interruptions import TimeIsOverError, interrupted_after
from stockhub.pluginhost.errors import InvalidAnswerError

logger = logging.getLogger(__name__)
#: A lease is renewed so often in its time.
_HEARTBEATS: Final = 6
#: After the deadline, what the interrupted code does to end is still its own.
_GRACE_SECONDS: Final = 5.0


class PageDeadlineError(InvalidAnswerError):
    """The connector took too long for one page."""

    def __init__(self) -> None:
        super().__init__("deadline_exceeded", f"It gave no page within {settings.STOCKHUB_FEED_PAGE_SECONDS:g} seconds.")


@contextmanager
def page_deadline() -> Iterator[None]:
    """Interrupts the block when its time is over: then it ends with PageDeadlineError."""
    try:
        with interrupted_after(float(settings.STOCKHUB_FEED_PAGE_SECONDS)):
            yield
    except TimeIsOverError:
        raise PageDeadlineError from None


class Heartbeat:
    """Renews a feed's lease from a thread of its own, for as long as its pages come in time: a worker that hangs loses it."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._ended = threading.Event()
        self._until = 0.0
        self.page_begins()

    def page_begins(self) -> None:
        self._until = time.monotonic() + settings.STOCKHUB_FEED_PAGE_SECONDS + _GRACE_SECONDS

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self._renew, args=(self._ended.wait,), name=f"feed-{self._feed.pk}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            # A renewal that hangs on a dead database must not hold the worker.
            thread.join(timeout=5)

    def _renew(self, wait: Callable[[float], bool]) -> None:
        while not wait(settings.STOCKHUB_LEASE_SECONDS / _HEARTBEATS) and time.monotonic() < self._until:
            try:
                renewed = held(self._feed).update(lease_until=lease_end())
            except DatabaseError:
                logger.warning("The lease of %s was not renewed; trying again until it runs out.", self._feed.pk, exc_info=True)
                continue
            finally:
                connection.close()
            if not renewed:
                return
