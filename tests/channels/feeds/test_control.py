"""What an operator does with feeds, and what he is told (H103, U24, promise 12: which feed is stale since when)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError
from stockhub.channels.feeds.control import pause_feed, read_feed, resume_feed, schedule_feed
from stockhub.channels.feeds.engine import Read, read_due
from stockhub.channels.feeds.ensuring import ensure_all_feeds
from stockhub.channels.feeds.staleness import stale_since, stopped_feeds
from stockhub.channels.models import Account, Feed, FeedState
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.jobs import tasks
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError
from tests.channels.feeds import wire_shop
from tests.channels.feeds.wire_platform import Answer, PlatformServer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_feed_is_paused_and_goes_on_from_its_cursor(orders: Feed, read: Callable[..., Read]) -> None:
    read()
    assert pause_feed(feed_id=orders.pk).state == FeedState.PAUSED
    pause_feed(feed_id=orders.pk)
    Feed.objects.update(next_attempt_at=clock.wall())
    assert read_due("tester").feeds == 0
    resumed = resume_feed(feed_id=orders.pk)
    assert (resumed.state, resumed.cursor) == (FeedState.WAITING, "25")
    assert read_due("tester").feeds == 1
    kinds = Event.objects.filter(kind__startswith="channels.feed_").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["channels.feed_backfilled.v1", "channels.feed_paused.v1", "channels.feed_resumed.v1"]


def test_a_pause_while_it_is_read_ends_the_reading_after_its_page(orders: Feed) -> None:
    def pause(_request: object) -> None:
        pause_feed(feed_id=orders.pk)

    wire_shop.misbehave.append(pause)
    told = read_due("tester")
    orders.refresh_from_db()
    assert (told.pages, orders.cursor, orders.leased_by, orders.state) == (1, "10", "", FeedState.PAUSED)


def test_it_is_read_again_from_a_date_and_nothing_is_doubled(orders: Feed, platform: PlatformServer, read: Callable[..., Read]) -> None:
    read()
    since = datetime(2026, 3, 1, tzinfo=UTC)
    asked = read_feed(feed_id=orders.pk, since=since)
    assert (asked.cursor, asked.backfill_since, asked.is_backfilling) == ("", since, True)
    assert read_due("tester").records == 25
    orders.refresh_from_db()
    assert (orders.records, orders.backfill_done, orders.is_backfilling) == (50, 25, False)


@pytest.mark.parametrize(
    ("kind", "since", "code"),
    [
        ("traffic", None, "feed_not_read"),
        ("stock", None, "feed_paused"),
        ("orders", datetime(2026, 1, 1), "naive_time"),  # noqa: DTZ001 - what is tested
        ("orders", datetime(2999, 1, 1, tzinfo=UTC), "future_time"),
    ],
)
def test_what_cannot_be_read_is_refused(orders: Feed, kind: str, since: datetime | None, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        read_feed(feed_id=Feed.objects.get(kind=kind).pk, since=since)
    assert refused.value.code == code


def test_a_snapshot_has_no_past(orders: Feed) -> None:
    stock = Feed.objects.get(kind="stock")
    resume_feed(feed_id=stock.pk)
    with pytest.raises(DomainError) as refused:
        read_feed(feed_id=stock.pk, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert refused.value.code == "feed_without_past"


def test_its_interval_is_the_operators(orders: Feed, read: Callable[..., Read]) -> None:
    schedule_feed(feed_id=orders.pk, every_seconds=600)
    read()
    assert orders.next_attempt_at is not None
    assert 580 < (orders.next_attempt_at - clock.wall()).total_seconds() <= 600
    for wrong in (1, 10**9):
        with pytest.raises(DomainError) as refused:
            schedule_feed(feed_id=orders.pk, every_seconds=wrong)
        assert refused.value.code == "invalid_interval"
    assert schedule_feed(feed_id=orders.pk, every_seconds=None).every_seconds is None


def test_only_those_who_may_change_feeds_do(orders: Feed) -> None:
    user = User.objects.create(username="reader")
    with acting_as(Actor("reader", user.pk)), pytest.raises(NotAllowedError):
        pause_feed(feed_id=orders.pk)


def test_h103_an_operator_sees_which_feed_has_stopped_since_when(orders: Feed, platform: PlatformServer, read: Callable[..., Read]) -> None:
    read()
    now = clock.now()
    assert stale_since(orders, now) is None
    assert stale_since(orders, now + timedelta(hours=1)) is None
    assert stale_since(orders, now + timedelta(hours=3)) == orders.last_success_at
    assert list(stopped_feeds(now)) == []
    platform.faults.extend(Answer(500) for _ in range(5))
    for _ in range(5):
        read()
    [stopped] = stopped_feeds(now)
    assert (stopped.feed.kind, stopped.since, stopped.feed.error_code) == ("orders", orders.last_success_at, "http_500")


def test_one_that_never_brought_anything_has_stopped_since_it_was_put_on_the_schedule(account: Account, orders: Feed) -> None:
    assert orders.scheduled_at is not None
    [stopped] = stopped_feeds(clock.now() + timedelta(hours=5))
    assert (stopped.feed.kind, stopped.since) == ("orders", orders.scheduled_at)


def test_the_job_reads_both_queues_and_plugins_that_bring_more_get_their_feeds(
    account: Account, platform: PlatformServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(tasks._nudger, "send", lambda task, arguments, **_options: sent.append((task, *arguments)))
    Feed.objects.filter(kind="stock").delete()
    ensure_all_feeds()
    tasks.read_feeds("fast")
    assert not platform.asked
    tasks.read_feeds("bulk")
    assert {feed.kind: feed.records for feed in account.feeds.all()} == {"orders": 25, "stock": 1, "traffic": 0}
    Feed.objects.filter(kind="orders").update(next_attempt_at=clock.wall())
    tasks.nudge_due_work(tasks._nudger)
    assert ("jobs.read_feeds", "fast") in sent
    tasks.read_feeds("fast")
    assert len(platform.asked) == 5
