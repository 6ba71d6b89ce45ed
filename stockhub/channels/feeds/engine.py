"""Reading what is due: a feed is taken with a lease, read page by page for a while, and given back with when to go on.

Nothing sleeps: a pause is a moment in the feed's row. A worker that dies leaves a cursor and the records before it; another goes on there
once the lease is over.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast

from django.db import Error as DatabaseError
from django.utils.translation import gettext_lazy as _

from stockhub.channels.connecting.asking import asking
from stockhub.channels.feeds import failures
from stockhub.channels.feeds.claiming import LeaseLostError, take
from stockhub.channels.feeds.deadlines import Heartbeat, page_deadline
from stockhub.channels.feeds.pages import checked_page, looked_at, refuse_loop
from stockhub.channels.feeds.plans import every, plan_of
from stockhub.channels.feeds.records import record_kind_of
from stockhub.channels.feeds.storing import begin_reading, let_go, store_page
from stockhub.channels.models import Feed, FeedHold
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.core.logs import logged_with
from stockhub.pluginapi.connectors import (
    FEED_CAPABILITIES,
    ConnectorContext,
    ConnectorError,
    FeedKind,
    Page,
    ReadRequest,
    ThrottledError,
    UnavailableError,
)
from stockhub.pluginapi.http import HttpError
from stockhub.pluginhost.calls import find
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.kinds import Kind
from stockhub.values import DomainError

logger = logging.getLogger(__name__)
#: One feed is read so long at a time; others then have their turn.
TURN_SECONDS: Final = 10.0
#: Begun so often without a page, a feed has cost its workers their lives.
_BEGUN_MOST: Final = 3
#: How long the next reading waits at least: where the last one took longer than its interval, and where the connector says *at once*.
_BREATH_SECONDS: Final = 1.0


@dataclass(slots=True)
class Read:
    """What `read_due` did."""

    feeds: int = 0
    pages: int = 0
    records: int = 0
    failed: int = 0


def read_due(worker: str, *, queue: str | None = None, seconds: float | None = None, stopping: Callable[[], bool] = lambda: False) -> Read:
    """Reads feeds that are due, one after another, until none is or `seconds` are used up. A failure is noted on its feed."""
    done = Read()
    deadline = None if seconds is None else time.monotonic() + seconds
    while not stopping() and (deadline is None or time.monotonic() < deadline):
        feed = take(worker, queue)
        if feed is None:
            break
        done.feeds += 1
        until = time.monotonic() + TURN_SECONDS
        _Reading(feed, min(until, deadline) if deadline else until, stopping, done).run()
    return done


class _Reading:
    """One turn of one feed."""

    def __init__(self, feed: Feed, until: float, stopping: Callable[[], bool], done: Read) -> None:
        self._feed = feed
        self._plan = plan_of(feed)
        self._until = until
        self._stopping = stopping
        self._done = done
        self._seen: set[str] = set()
        self._heartbeat = Heartbeat(feed)

    def run(self) -> None:
        feed = self._feed
        named = logged_with(account=feed.account.code, feed=feed.kind)
        with acting_as(Actor(f"feed:{feed.kind}"), correlation=f"feed-{feed.pk}-{feed.fence}"), named:
            try:
                with self._heartbeat.running():
                    self._work()
            except LeaseLostError as error:
                logger.warning("%s", error)
            except DatabaseError:
                # The database's trouble, not the feed's: its lease runs out, and it is read again from its cursor.
                raise
            except (ConnectorError, DomainError) as error:
                self._done.failed += not isinstance(error, ThrottledError)
                failures.note_error(feed, error, is_snapshot=self._plan.is_snapshot)

    def _work(self) -> None:
        feed, kind = self._feed, record_kind_of(self._feed.kind)
        if kind is None:
            let_go(feed, feed.next_attempt_at, hold=FeedHold.NOT_KEPT.value)
            return
        if feed.begun > _BEGUN_MOST:
            raise DomainError(
                "workers_died",
                _("Its workers died each of %(times)s times that they began to read. See their logs."),
                params={"times": feed.begun - 1},
            )
        if feed.reading_started_at is None:
            since = clock.now() - self._plan.backfill if self._plan.backfill is not None else None
            begin_reading(feed, since=since, is_snapshot=self._plan.is_snapshot)
        wait = asking(feed.account, lambda context: self._pages(context, kind), circuit=False)
        if isinstance(wait, LeaseLostError):
            raise wait
        let_go(feed, clock.wall() + timedelta(seconds=wait))

    def _pages(self, context: ConnectorContext, kind: str) -> float | LeaseLostError:
        """Reads until the reading is done, the platform wants a pause, or the turn is over; seconds until it goes on.

        What goes wrong in here is the connector's fault, but for what the host means to tell.
        """
        while True:
            number = 0
            pages = self._asked(context)
            try:
                for page in self._each(pages):
                    number += 1
                    if (wait := self._take(page, kind)) is not None:
                        return wait
            except LeaseLostError as error:
                return error
            finally:
                close = getattr(pages, "close", None)
                if close is not None:
                    self._called(close)
            if not number:
                raise ProviderFailedError(
                    "no_page", "The connector gave no page at all: a reading ends with a page that is its last. Tell the plugin's author."
                )

    def _asked(self, context: ConnectorContext) -> Iterator[Page[Any]]:
        feed = self._feed
        provider = find(Kind.MARKETPLACE, feed.account.marketplace)
        _capability, method = FEED_CAPABILITIES[FeedKind(feed.kind)]
        request = ReadRequest(cursor=feed.cursor, since=feed.backfill_since if not feed.cursor else None)
        # What comes is checked page by page.
        return cast("Iterator[Page[Any]]", self._called(lambda: iter(getattr(provider.provider, method)(request, context))))

    def _each(self, pages: Iterator[Page[Any]]) -> Iterator[Page[Any]]:
        end = object()
        while True:
            page = self._called(lambda: _page_or(pages, end))
            if page is end:
                return
            yield page

    def _called(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the connector gives
        """Asks the connector within a page's time."""
        self._heartbeat.page_begins()
        try:
            with page_deadline():
                return work()
        except HttpError as error:
            raise UnavailableError(error.message, code=error.code) from None

    def _take(self, page: Page[Any], kind: str) -> float | None:
        """Keeps a page; seconds until the feed goes on where its turn ends with it, else None."""
        feed = self._feed
        refuse_loop(feed, page, self._seen)
        began = feed.reading_started_at
        try:
            checked = looked_at(page, feed.account, kind)
            store_page(feed, checked, kind=kind, is_snapshot=self._plan.is_snapshot)
        except (DatabaseError, DomainError, LeaseLostError):
            raise
        except Exception as error:
            logger.exception("A page of %s could not be kept.", feed.kind)
            raise DomainError(
                "not_kept", _("Its page could not be kept: %(error)s. The log has more; report it."), params={"error": type(error).__name__}
            ) from error
        self._done.pages += 1
        self._done.records += checked.number
        if page.is_last:
            passed = (clock.now() - began).total_seconds() if began is not None else 0.0
            return max(_BREATH_SECONDS, every(feed, self._plan).total_seconds() - passed)
        if checked.again_after is not None:
            return max(_BREATH_SECONDS, checked.again_after)
        is_over = time.monotonic() >= self._until or self._stopping() or feed.is_paused or bool(feed.hold)
        return 0.0 if is_over else None


def _page_or(pages: Iterator[Page[Any]], end: object) -> object:
    try:
        page = next(pages)
    except StopIteration:
        return end
    return checked_page(page)
