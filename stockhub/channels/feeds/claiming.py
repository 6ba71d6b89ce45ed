"""Which feeds are due, and who reads one: a lease that a worker renews while it is at work, and a fence for one that lost it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Case, F, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from stockhub.channels.feed_models import NOT_CONNECTED, Feed
from stockhub.core import clock
from stockhub.core.claims import claim
from stockhub.pluginapi.connectors import FeedKind

FAST: Final = "fast"
BULK: Final = "bulk"
#: What decisions wait for. Their past is read by the other workers, like everything else.
_URGENT: Final = (FeedKind.ORDERS.value, FeedKind.STOCK.value, FeedKind.RETURNS.value)
_FREE: Final = Q(lease_until=None) | Q(lease_until__lt=Now())
_ON_SCHEDULE: Final = Q(hold="", is_paused=False, next_attempt_at__isnull=False)
_DUE: Final = _ON_SCHEDULE & Q(next_attempt_at__lte=Now()) & _FREE
_FAST: Final = Q(kind__in=_URGENT, backfill_finished_at__isnull=False)


class LeaseLostError(Exception):
    """Another worker has the feed, or an operator wants it read from elsewhere; this worker writes nothing more."""


def scheduled() -> QuerySet[Feed]:
    """Feeds that are read: not paused, not held, of accounts that are active and whose authorisation is not lost."""
    feeds = Feed.objects.filter(_ON_SCHEDULE, account__is_active=True, account__deleted_at=None)
    return feeds.exclude(account__authorization__state__in=NOT_CONNECTED)


def due(queue: str | None = None) -> QuerySet[Feed]:
    """Feeds that a worker of the queue may take now: new orders before the rest, then what has waited longest.

    The past of orders waits its turn: it is due again at once for as long as it lasts, and would keep all else from being read.
    """
    feeds = scheduled().filter(_DUE)
    if queue is not None:
        feeds = feeds.filter(_FAST) if queue == FAST else feeds.exclude(_FAST)
    is_new_orders = When(kind=FeedKind.ORDERS.value, backfill_finished_at__isnull=False, then=Value(0))
    first = Case(is_new_orders, default=Value(1), output_field=IntegerField())
    return feeds.order_by(first, "next_attempt_at", "pk")


def units(queue: str) -> list[tuple[str, int]]:
    """What is due as units of work: one that was taken and is due again is another."""
    return [(f"feed:{pk}", fence) for pk, fence in due(queue).values_list("pk", "fence")]


def next_due_in() -> float | None:
    """Seconds until another feed is due, 0 where that is now; None where none is on schedule. One that is being read has its own worker."""
    upcoming = scheduled().filter(_FREE).aggregate(at=Min("next_attempt_at"))["at"]
    return None if upcoming is None else max(0.0, (upcoming - clock.wall()).total_seconds())


def take(worker: str, queue: str | None = None) -> Feed | None:
    """The first feed that is due, leased to the worker."""
    changes = {"leased_by": worker, "lease_until": lease_end(), "fence": F("fence") + 1, "begun": F("begun") + 1}
    feed = claim(due(queue), while_still=_DUE, **changes)
    return None if feed is None else Feed.objects.select_related("account").get(pk=feed.pk)


def lease_end() -> CombinedExpression:
    """The end of a lease that begins now, on the database's clock."""
    return Now() + timedelta(seconds=settings.STOCKHUB_LEASE_SECONDS)


def held(feed: Feed) -> QuerySet[Feed]:
    """The row, while it is still this worker's."""
    return Feed.objects.filter(pk=feed.pk, fence=feed.fence, leased_by=feed.leased_by)
