"""What an operator does with feeds: pause and go on, read now, read again from a date, read more or less often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels.feeds.ensuring import fresh_start
from stockhub.channels.feeds.plans import LEAST_SECONDS, MOST_SECONDS, plan_of
from stockhub.channels.models import Feed, FeedHold
from stockhub.core import clock
from stockhub.outbox.services import emit_event, ring_after_commit
from stockhub.values.errors import DomainError

PERMISSION = "channels.change_feed"


def pause_feed(*, feed_id: int) -> Feed:
    """Nothing more is read after the page that is on its way. Pausing it again changes nothing."""
    with transaction.atomic():
        feed = _locked(feed_id)
        return feed if feed.is_paused else _changed(feed, "channels.feed_paused.v1", is_paused=True)


def resume_feed(*, feed_id: int) -> Feed:
    """Goes on from its cursor, at once."""
    with transaction.atomic():
        feed = _locked(feed_id)
        if not feed.is_paused:
            return feed
        start = {} if feed.next_attempt_at is None or feed.hold else fresh_start()
        return _changed(feed, "channels.feed_resumed.v1", is_paused=False, **start)


def read_feed(*, feed_id: int, since: datetime | None = None) -> Feed:
    """Has it read now; with `since`, again from that moment on, whatever was read before: what comes twice has one effect.

    What was refused, and a circuit that is open, are tried again. DomainError `feed_not_read`, `feed_paused`, `naive_time`, `future_time`,
    `feed_without_past`.
    """
    with transaction.atomic():
        feed = _locked(feed_id)
        if feed.next_attempt_at is None or feed.hold in (FeedHold.NOT_OFFERED, FeedHold.NOT_KEPT):
            raise DomainError(
                "feed_not_read", _("Nothing reads this feed: files and requests bring it, or its connector does not."), path=("id",)
            )
        if feed.is_paused:
            raise DomainError("feed_paused", _("The feed is paused. Resume it."), path=("id",))
        changes = fresh_start()
        if since is not None:
            changes |= _from_the_past(feed, since)
        told: dict[str, Any] = {} if since is None else {"since": since.isoformat()}
        return _changed(feed, "channels.feed_read_asked.v1", told, **changes)


def _from_the_past(feed: Feed, since: datetime) -> dict[str, Any]:
    if since.tzinfo is None:
        raise DomainError("naive_time", _("The time needs a time zone."), path=("since",))
    if since > clock.now():
        raise DomainError("future_time", _("Nothing has happened yet then."), path=("since",))
    if plan_of(feed).backfill is None:
        raise DomainError("feed_without_past", _("Each reading of this feed is the whole of it: have it read now."), path=("since",))
    return {
        "cursor": "", "reading_started_at": None, "backfill_since": since, "backfill_finished_at": None, "backfill_done": None,
        "backfill_total": None,
        # A worker that is reading it stops, and writes nothing more.
        "leased_by": "", "lease_until": None, "fence": F("fence") + 1,
    }  # fmt: skip


def schedule_feed(*, feed_id: int, every_seconds: int | None) -> Feed:
    """How often it is read; None: as its connector plans. DomainError `invalid_interval`."""
    if every_seconds is not None and not LEAST_SECONDS <= every_seconds <= MOST_SECONDS:
        raise DomainError(
            "invalid_interval",
            _("Read it every %(least)s to %(most)s seconds."),
            path=("every_seconds",),
            params={"least": LEAST_SECONDS, "most": MOST_SECONDS},
        )
    with transaction.atomic():
        feed = _locked(feed_id)
        if feed.every_seconds == every_seconds:
            return feed
        told = {"every_seconds": [feed.every_seconds, every_seconds]}
        is_waiting = feed.next_attempt_at is not None and not feed.hold and not feed.consecutive_failures and feed.throttled_until is None
        # The new interval counts from now: the next reading tells when the one after it is.
        start = fresh_start() if is_waiting else {}
        return _changed(feed, "channels.feed_scheduled.v1", told, every_seconds=every_seconds, **start)


def _locked(feed_id: int) -> Feed:
    feed = Feed.objects.select_for_update(of=("self",)).select_related("account").filter(pk=feed_id).first()
    if feed is None:
        raise DomainError("not_found", _("There is no such feed."), path=("id",))
    require(PERMISSION, account_ids=[feed.account_id])
    return feed


def _changed(feed: Feed, event: str, told: dict[str, Any] | None = None, **changes: Any) -> Feed:  # noqa: ANN401 - values of any field
    Feed.objects.filter(pk=feed.pk).update(**changes)
    payload = {"account": feed.account.code, "feed": feed.kind} | (told or {})
    emit_event(event, entity="channels.account", entity_id=feed.account_id, payload=payload)
    ring_after_commit("feeds")
    return Feed.objects.select_related("account").get(pk=feed.pk)
