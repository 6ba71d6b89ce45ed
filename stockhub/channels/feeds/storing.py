"""A page's records, its cursor and its counts, in one transaction: a worker that is killed anywhere leaves all of them or none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, Value, When

from stockhub.channels import inbox
from stockhub.channels import quarantine as quarantining
from stockhub.channels.feeds.claiming import LeaseLostError, held, lease_end
from stockhub.channels.feeds.pages import CheckedPage, mark_after
from stockhub.channels.models import Feed
from stockhub.core import clock
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event

#: What a page that came puts right.
HEALTHY: dict[str, Any] = {
    "error": "", "error_code": "", "consecutive_failures": 0, "consecutive_throttles": 0, "open_until": None, "throttled_until": None,
    "begun": 0,
}  # fmt: skip
#: What a page does not put right after a reading whose pages led back to one of their own.
_WELL_AT_ITS_END = ("error", "error_code", "consecutive_failures", "open_until", "last_success_at")


def store_page(feed: Feed, page: CheckedPage, *, kind: str, is_snapshot: bool) -> None:
    """Keeps a page and moves the feed on to it; LeaseLostError where the feed is another's, and then nothing is kept."""
    changes = _changes(feed, page, is_snapshot=is_snapshot)

    def write() -> None:
        inbox.store_checked(account=feed.account, kind=kind, checked=page.records, source=source_of(feed))
        refused = [*page.rejected, *(({}, refusal) for refusal in page.records.lost)]
        quarantining.keep_refused(account=feed.account, kind=kind, refused=refused)
        if not held(feed).update(lease_until=lease_end(), **changes):
            raise LeaseLostError(f"The feed {feed.pk} was taken over or is to be read from elsewhere; this worker writes nothing more.")
        _tell(feed, page)

    in_transaction(write)
    feed.refresh_from_db(from_queryset=Feed.objects.select_related("account"))


def source_of(feed: Feed) -> str:
    """By what the inbox knows that a feed brought a record."""
    return f"feed:{feed.kind}"


def _changes(feed: Feed, page: CheckedPage, *, is_snapshot: bool) -> dict[str, Any]:
    now = clock.now()
    changes = HEALTHY | {
        "cursor": page.cursor,
        "loop_mark": mark_after(feed, page),
        "last_success_at": now,
        "pages": F("pages") + 1,
        "records": F("records") + page.number,
        "rejected": F("rejected") + page.set_apart,
        "reading_pages": F("reading_pages") + 1,
        "reading_records": F("reading_records") + page.number,
        "reading_rejected": F("reading_rejected") + page.set_apart,
    }
    changes |= _freshness(feed, page, now) | _progress(feed, page)
    if page.is_last:
        changes |= {"reading_started_at": None, "backfill_finished_at": feed.backfill_finished_at or now}
        changes |= {"cursor": ""} if is_snapshot else {}
    return changes if _is_well(feed, page) else {name: value for name, value in changes.items() if name not in _WELL_AT_ITS_END}


def _is_well(feed: Feed, page: CheckedPage) -> bool:
    """Whether a page shows that the feed is well. A loop's pages are good, each of them: only a reading's end shows that it is gone."""
    return page.is_last or feed.error_code != "cursor_loop"


def _freshness(feed: Feed, page: CheckedPage, now: datetime) -> dict[str, Any]:
    """How far the data reach, which never goes back, and how far behind they had fallen before this page."""
    until = page.data_until
    if until is None and page.is_last:
        # What happened before anybody asked is told once all is told.
        until = feed.reading_started_at
    if until is None:
        return {}
    later = When(data_until_at__gt=until, then=F("data_until_at"))
    changes: dict[str, Any] = {"data_until_at": Case(later, default=Value(until), output_field=DateTimeField())}
    if feed.backfill_finished_at is not None and feed.data_until_at is not None and feed.reading_pages == 0:
        changes["measured_lag_seconds"] = max(0.0, (now - feed.data_until_at).total_seconds())
    return changes


def _progress(feed: Feed, page: CheckedPage) -> dict[str, Any]:
    if feed.backfill_finished_at is not None:
        return {}
    done = page.done if page.done is not None else feed.reading_records + page.number
    total = page.total if page.total is not None else feed.backfill_total
    if total is not None:
        total = max(total, done)
    return {"backfill_done": done, "backfill_total": done if page.is_last and total is None else total}


def _tell(feed: Feed, page: CheckedPage) -> None:
    """Events of what an operator waits for: the past is read, a feed that had stopped goes on."""
    payload = {"account": feed.account.code, "feed": feed.kind}
    if page.is_last and feed.is_backfilling:
        told = payload | {"records": feed.reading_records + page.number}
        emit_event("channels.feed_backfilled.v1", entity="channels.account", entity_id=feed.account_id, payload=told)
    if feed.open_until is not None and _is_well(feed, page):
        emit_event("channels.feed_recovered.v1", entity="channels.account", entity_id=feed.account_id, payload=payload)


def begin_reading(feed: Feed, *, since: datetime | None, is_snapshot: bool) -> None:
    """Notes that a reading begins: its counts are its own, and a snapshot's cursor is empty."""
    changes: dict[str, Any] = {
        "reading_started_at": clock.now(), "reading_pages": 0, "reading_records": 0, "reading_rejected": 0, "loop_mark": "",
    }  # fmt: skip
    if is_snapshot:
        changes["cursor"] = ""
    if feed.backfill_finished_at is None and feed.backfill_since is None:
        changes["backfill_since"] = since
    if not held(feed).update(**changes):
        raise LeaseLostError(f"The feed {feed.pk} was taken over by another worker.")
    feed.refresh_from_db(from_queryset=Feed.objects.select_related("account"))


def let_go(feed: Feed, next_attempt_at: Any, **changes: Any) -> bool:  # noqa: ANN401 - instants, expressions, values of any field
    """Ends the lease; False where it was lost before."""
    released = {"leased_by": "", "lease_until": None, "next_attempt_at": next_attempt_at}
    return bool(held(feed).update(**released | changes))
