"""Which feeds have stopped, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from stockhub.channels.feeds.plans import plan_of, stale_after
from stockhub.channels.models import Feed, FeedHold
from stockhub.formulas.health.data_trust import STALE_AFTER_HOURS
from stockhub.pluginapi.connectors import FeedPlan

#: What decisions rest on, where nothing reads it on a schedule: the other kinds have an age that is shown.
DECISIVE: Final = ("orders", "stock")


@dataclass(frozen=True, slots=True)
class Stopped:
    """A feed that has brought nothing since then; `since` is its last success, or when it was put on the schedule."""

    feed: Feed
    since: datetime

    def hours(self, now: datetime) -> int:
        return int((now - self.since) / timedelta(hours=1))


def stopped_feeds(now: datetime) -> Iterator[Stopped]:
    """Feeds of active accounts that have brought nothing for longer than their plan says, that are refused, or whose circuit is open.

    By account; what decisions rest on first, then the longest. Not those that somebody paused.
    """
    feeds = Feed.objects.filter(is_paused=False, account__is_active=True, account__deleted_at=None)
    feeds = feeds.exclude(hold__in=[FeedHold.NOT_OFFERED, FeedHold.NOT_KEPT])
    told = feeds.filter(Q(last_success_at__isnull=False) | Q(next_attempt_at__isnull=False)).select_related("account")
    stopped = [Stopped(feed, since) for feed in told if (since := _stopped_since(feed, now)) is not None]
    yield from sorted(stopped, key=lambda each: (each.feed.account_id, each.feed.kind not in DECISIVE, each.since, each.feed.pk))


def stale_since(feed: Feed, now: datetime, plan: FeedPlan | None = None) -> datetime | None:
    """Since when a feed has brought nothing, where that is longer than it may be; None where it is well, or nothing is expected of it.

    `plan` is its own, for those who have it already.
    """
    since = _last_good(feed)
    if since is None:
        return None
    if feed.next_attempt_at is None:
        allowed = timedelta(hours=STALE_AFTER_HOURS)
        return since if feed.kind in DECISIVE and now - since > allowed else None
    return since if now - since > stale_after(feed, plan or plan_of(feed)) else None


def _stopped_since(feed: Feed, now: datetime) -> datetime | None:
    gives_up = feed.hold == FeedHold.REFUSED or feed.open_until is not None
    return _last_good(feed) if gives_up else stale_since(feed, now)


def _last_good(feed: Feed) -> datetime | None:
    return max((at for at in (feed.last_success_at, feed.scheduled_at) if at is not None), default=None)
