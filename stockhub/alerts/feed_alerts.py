"""Feeds that have stopped: one alert an account, whatever the number of its SKUs (N17, H103)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop, ngettext

from stockhub.channels.models import Feed
from stockhub.cycles.models import Cycle
from stockhub.formulas.health.data_trust import STALE_AFTER_HOURS

STALE_FEED: Final = "stale-feed"
#: What decisions rest on; the others have an age that is shown.
_KINDS: Final = {"orders": gettext_noop("Orders"), "stock": gettext_noop("Stock")}


def stale_feeds(cycle: Cycle) -> dict[int, dict[str, Any]]:
    """By account: its code, and the feed that is furthest behind, with whole hours since it last brought something."""
    before = cycle.as_of - timedelta(hours=STALE_AFTER_HOURS)
    feeds = Feed.objects.filter(
        kind__in=_KINDS, is_paused=False, account__is_active=True, account__deleted_at=None, last_success_at__lt=before
    )
    found: dict[int, dict[str, Any]] = {}
    for feed in feeds.select_related("account").order_by("account_id", "-last_success_at", "-id"):
        if feed.last_success_at is not None:
            hours = int((cycle.as_of - feed.last_success_at) / timedelta(hours=1))
            found[feed.account_id] = {"account": feed.account.code, "feed": feed.kind, "hours": hours}
    return found


def stale_message(inputs: dict[str, Any]) -> str:
    """What is old and what to do, in the active language."""
    hours = int(inputs["hours"])
    text = ngettext(
        "%(what)s last came in %(count)d hour ago: see the account's connection, or import a file.",
        "%(what)s last came in %(count)d hours ago: see the account's connection, or import a file.",
        hours,
    )
    return text % {"what": gettext(_KINDS[inputs["feed"]]), "count": hours}
