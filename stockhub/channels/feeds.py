"""How fresh each kind of data of an account is."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Min, Q

from stockhub.channels.models import Account, Feed
from stockhub.core import clock


def record_success(*, account: Account, kind: str, rows: int, data_until_at: datetime | None) -> None:
    """New data came in. `data_until_at` never goes back: an old file does not make a feed look older."""
    now = clock.now()
    Feed.objects.get_or_create(account=account, kind=kind)
    feeds = Feed.objects.filter(account=account, kind=kind)
    feeds.update(last_success_at=now, rows=F("rows") + rows, error="")
    if data_until_at is not None:
        feeds.filter(Q(data_until_at=None) | Q(data_until_at__lt=data_until_at)).update(data_until_at=data_until_at)


def stalest_at() -> datetime | None:
    """How far the data of the feed reaches that is furthest behind, of active accounts; None where no feed has data. A paused one is meant
    to be behind.
    """
    feeds = Feed.objects.filter(account__is_active=True, is_paused=False)
    stalest: datetime | None = feeds.aggregate(stalest=Min("data_until_at"))["stalest"]
    return stalest
