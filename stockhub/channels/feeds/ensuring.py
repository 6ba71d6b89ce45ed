"""The rows of an account's feeds: there for each capability of its connector, and off the schedule where one goes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from stockhub.channels.feeds.plans import connector_of, kinds_of
from stockhub.channels.feeds.records import record_kind_of
from stockhub.channels.models import Account, Feed, FeedHold
from stockhub.core import clock
from stockhub.outbox.services import ring_after_commit


def ensure_feeds(account: Account, *, anew: bool = True) -> None:
    """Makes and schedules the feeds that the account's connector brings. What it no longer brings is kept and not read.

    `anew`: the account was connected or changed, so that what was refused or failed is tried again now. Where its plugin is away, all
    stays.
    """
    connector = connector_of(account)
    if connector is None and not account.feeds.exclude(next_attempt_at=None).exists():
        return
    declared = {kind.value for kind in kinds_of(connector)} if connector else set()
    with transaction.atomic():
        feeds = {feed.kind: feed for feed in Feed.objects.select_for_update().filter(account=account).order_by("pk")}
        for kind in sorted(declared - feeds.keys()):
            feeds[kind] = Feed.objects.get_or_create(account=account, kind=kind)[0]
        for kind, feed in feeds.items():
            if changes := _changes(feed, is_declared=kind in declared, is_away=connector is None, anew=anew):
                Feed.objects.filter(pk=feed.pk).update(**changes)
        ring_after_commit("feeds")


def ensure_all_feeds() -> None:
    """The same of all accounts: a plugin's new release may bring more."""
    for account in Account.objects.filter(deleted_at=None).order_by("pk"):
        ensure_feeds(account, anew=False)


def _changes(feed: Feed, *, is_declared: bool, is_away: bool, anew: bool) -> dict[str, Any]:
    if not is_declared:
        was_ours = feed.next_attempt_at is not None or bool(feed.hold)
        return {"hold": FeedHold.NOT_OFFERED} if was_ours and not is_away and feed.hold != FeedHold.NOT_OFFERED else {}
    if record_kind_of(feed.kind) is None:
        return {} if feed.hold == FeedHold.NOT_KEPT else {"hold": FeedHold.NOT_KEPT}
    if feed.next_attempt_at is None:
        return {"hold": "", "next_attempt_at": Now(), "scheduled_at": clock.now()}
    if feed.hold == FeedHold.REFUSED:
        return fresh_start() if anew else {}
    if feed.hold:
        return fresh_start() | {"scheduled_at": clock.now()}
    return fresh_start() if anew and feed.consecutive_failures else {}


def fresh_start() -> dict[str, Any]:
    """What makes a feed due at once, its failures forgotten; the error stays until a page comes."""
    return {"hold": "", "next_attempt_at": Now(), "consecutive_failures": 0, "open_until": None, "begun": 0}
