"""How fresh each kind of data of an account is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, Min, Q, TextField, Value, When

from stockhub.channels.models import Account, Feed
from stockhub.core import clock
from stockhub.core.postgresql import without_waiting


def record_success(*, account: Account, kind: str, rows: int, data_until_at: datetime | None) -> None:
    """New data came in. `data_until_at` never goes back: an old file does not make a feed look older.

    Of a feed that is read on a schedule only its rows are counted: how far it reaches, and whether it is well, its readings tell. What else
    brings its records, a webhook say, must not hide that they have stopped.
    """
    feeds = Feed.objects.filter(account=account, kind=kind)
    is_brought = Q(next_attempt_at=None)
    changes: dict[str, Any] = {
        "rows": F("rows") + rows,
        "last_success_at": Case(When(is_brought, then=Value(clock.now())), default=F("last_success_at"), output_field=DateTimeField()),
        "error": Case(When(is_brought, then=Value("")), default=F("error"), output_field=TextField()),
    }
    if data_until_at is not None:
        later = When(is_brought & (Q(data_until_at=None) | Q(data_until_at__lt=data_until_at)), then=Value(data_until_at))
        changes["data_until_at"] = Case(later, default=F("data_until_at"), output_field=DateTimeField())
    with without_waiting():
        if not feeds.update(**changes):
            Feed.objects.get_or_create(account=account, kind=kind)
            feeds.update(**changes)


def stalest_at() -> datetime | None:
    """How far the data of the feed reaches that is furthest behind, of active accounts; None where no feed has data. A paused one is meant
    to be behind.
    """
    feeds = Feed.objects.filter(account__is_active=True, is_paused=False)
    stalest: datetime | None = feeds.aggregate(stalest=Min("data_until_at"))["stalest"]
    return stalest
