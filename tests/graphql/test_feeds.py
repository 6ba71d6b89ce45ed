"""Feeds over GraphQL: what each is doing, since when it is stale, and what an operator may do with it (H103, U24, N8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from strawberry.relay import to_base64

from stockhub.channels.models import Feed
from stockhub.core import clock
from stockhub.pluginapi.connectors import FeedKind
from tests.graphql.shop import NOW, Ask, World

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
WHOLE = """{ id kind state lagSeconds measuredLag { value unit reason } nextAttemptAt everySeconds isStale staleSince consecutiveFailures
    records rejected progress { since done total finishedAt } lastError { code message at } account { code } }"""
LIST = "{ feeds " + WHOLE + " }"
STEP = "mutation ($input: %s!) { %s(input: $input) { feed { state isPaused everySeconds progress { since done } } errors { code path } } }"


@pytest.fixture
def feed(world: World) -> Feed:
    feed = Feed.objects.get(account=world.mine.account, kind="orders")
    Feed.objects.filter(pk=feed.pk).update(
        next_attempt_at=clock.wall() + HOUR, scheduled_at=NOW - dt.timedelta(days=3), last_success_at=NOW - dt.timedelta(days=2),
        records=5_000_000_000, rejected=2, measured_lag_seconds=95.25, backfill_since=NOW - dt.timedelta(days=90), backfill_done=120,
        backfill_total=500, error="The platform answered 503.", error_code="http_503", error_at=NOW, consecutive_failures=2,
    )  # fmt: skip
    feed.refresh_from_db()
    return feed


def told_at(instant: dt.datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def done(ask: Ask, user: Any, step: str, feed: Feed, **given: Any) -> Any:  # noqa: ANN401 - a user, an answer
    kind = {"feedRead": "FeedReadInput", "feedSchedule": "FeedScheduleInput"}.get(step, "FeedInput")
    return ask(user, STEP % (kind, step), {"input": {"id": to_base64("Feed", feed.pk), **given}}).data[step]


def test_h103_a_feed_tells_what_it_does_and_since_when_it_is_stale(world: World, ask: Ask, feed: Feed) -> None:
    answer = ask(world.me, 'query ($a: String!) { feed(account: $a, kind: "orders") ' + WHOLE + " }", {"a": feed.account.code})
    told = answer.data["feed"]
    assert (told["state"], told["isStale"], told["staleSince"]) == ("FAILING", True, told_at(NOW - dt.timedelta(days=2)))
    assert (told["lagSeconds"], told["everySeconds"], told["consecutiveFailures"]) == (3600, 60, 2)
    assert told["measuredLag"] == {"value": "95.25", "unit": "second", "reason": None}
    assert (told["records"], told["rejected"]) == ("5000000000", "2")
    assert told["progress"] == {"since": told_at(NOW - dt.timedelta(days=90)), "done": "120", "total": "500", "finishedAt": None}
    assert told["lastError"] == {"code": "http_503", "message": "The platform answered 503.", "at": told_at(NOW)}
    asked = 'query ($a: String!) { feed(account: $a, kind: "orders") { kind } }'
    assert ask(world.other, asked, {"a": feed.account.code}).data == {"feed": None}


def test_a_feed_that_nothing_reads_says_so(world: World, ask: Ask) -> None:
    [told] = ask(world.me, LIST).data["feeds"]
    assert (told["state"], told["nextAttemptAt"], told["everySeconds"]) == ("UNSCHEDULED", None, None)
    assert (told["progress"], told["lastError"], told["isStale"]) == (None, None, False)
    assert told["measuredLag"] == {"value": None, "unit": "second", "reason": "NO_DATA_YET"}


def test_a_feed_is_paused_resumed_read_and_scheduled(world: World, ask: Ask, feed: Feed) -> None:
    assert done(ask, world.root, "feedPause", feed)["feed"]["state"] == "PAUSED"
    refused = done(ask, world.root, "feedRead", feed)
    assert refused == {"feed": None, "errors": [{"code": "feed_paused", "path": ["input", "id"]}]}
    assert done(ask, world.root, "feedResume", feed)["feed"]["isPaused"] is False
    assert done(ask, world.root, "feedSchedule", feed, everySeconds=600)["feed"]["everySeconds"] == 600
    assert done(ask, world.root, "feedSchedule", feed, everySeconds=1)["errors"] == [
        {"code": "invalid_interval", "path": ["input", "everySeconds"]}
    ]
    assert done(ask, world.root, "feedRead", feed)["errors"] == []
    feed.refresh_from_db()
    assert feed.next_attempt_at is not None
    assert feed.next_attempt_at <= clock.wall()
    assert done(ask, world.other, "feedPause", feed)["errors"] == [{"code": "not_found", "path": ["input", "id"]}]


def test_feeds_take_as_many_queries_for_twelve_as_for_one(world: World, ask: Ask, feed: Feed) -> None:
    ask(world.me, LIST)
    with CaptureQueriesContext(connection) as few:
        before = ask(world.me, LIST).data["feeds"]
    kinds = [kind.value for kind in FeedKind if kind != FeedKind.ORDERS]
    Feed.objects.bulk_create(Feed(account=feed.account, kind=kind, next_attempt_at=NOW) for kind in kinds)
    with CaptureQueriesContext(connection) as many:
        after = ask(world.me, LIST).data["feeds"]
    assert (len(before), len(after)) == (1, 12)
    assert len(many) == len(few), "\n".join(q["sql"][:400] for q in many)
