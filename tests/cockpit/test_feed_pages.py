"""The page of feeds: what an operator sees of one, and what he can do (H103, U24)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.channels.connecting.models import AccountAuthorization
from stockhub.channels.models import Feed
from stockhub.core import clock
from stockhub.pluginapi.connectors import FeedKind, FeedPlan
from tests.cockpit.made_up_shop import Shop

pytestmark = pytest.mark.django_db
LIST = "admin:channels_feed_changelist"


@pytest.fixture
def feed(shop: Callable[[int], Shop]) -> Feed:
    """One that is read, has failed twice, and is in the middle of the past."""
    shop(1)
    # The made-up shop has lost its authorisation.
    AccountAuthorization.objects.all().delete()
    feed = Feed.objects.get()
    feed.next_attempt_at = clock.wall() + timedelta(hours=1)
    feed.scheduled_at = clock.now() - timedelta(days=4)
    feed.consecutive_failures, feed.error, feed.error_code = 2, "The platform answered 503.", "http_503"
    feed.backfill_since, feed.backfill_done, feed.backfill_total = clock.now() - timedelta(days=90), 1200, 50_000
    feed.save()
    return feed


def chosen(browser: Client, action: str, feed: Feed) -> str:
    answer = browser.post(reverse(LIST), {"action": action, "_selected_action": [feed.pk]}, follow=True)
    assert answer.status_code == 200
    feed.refresh_from_db()
    return answer.content.decode()


def test_h103_a_feed_s_page_says_what_hinders_it_and_what_to_do(browser: Client, feed: Feed) -> None:
    page = browser.get(reverse("admin:channels_feed_change", args=[feed.pk])).content.decode()
    for told in ("Failed, will be tried again", "The platform answered 503.", "It is tried again by itself.", "1,200 / 50,000"):
        assert told in page
    assert "1,200 / 50,000" in browser.get(reverse(LIST)).content.decode()


def test_feeds_are_paused_resumed_and_read_from_the_list(browser: Client, feed: Feed) -> None:
    assert "Feeds changed: 1." in chosen(browser, "pause", feed)
    assert feed.is_paused
    assert "The feed is paused." in chosen(browser, "read_now", feed)
    chosen(browser, "resume", feed)
    assert (feed.is_paused, feed.consecutive_failures) == (False, 0)
    assert feed.next_attempt_at is not None
    assert feed.next_attempt_at <= clock.wall()


def test_a_feed_is_read_again_from_a_day_of_its_account(browser: Client, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = FeedPlan(every=timedelta(hours=1), backfill=timedelta(days=90))
    monkeypatch.setattr("stockhub.channels.feeds.plans.plan_at", lambda _marketplace, kind: plan if FeedKind(kind) else None)
    url = reverse("admin:channels_feed_read_again", args=[feed.pk])
    assert browser.get(url).status_code == 200
    browser.post(url, {"since": "2026-03-01"})
    feed.refresh_from_db()
    assert (feed.backfill_since, feed.backfill_done, feed.cursor) == (datetime(2026, 2, 28, 16, tzinfo=UTC), None, "")


def test_its_interval_is_set(browser: Client, feed: Feed) -> None:
    url = reverse("admin:channels_feed_schedule", args=[feed.pk])
    assert browser.get(url).status_code == 200
    browser.post(url, {"every_seconds": "900"})
    feed.refresh_from_db()
    assert feed.every_seconds == 900
    assert "Read it every 5 to" in browser.post(url, {"every_seconds": "1"}, follow=True).content.decode()


def test_who_may_only_look_cannot_pause(feed: Feed) -> None:
    user = User.objects.create_user("viewer", password="correct horse", is_staff=True, sees_all_accounts=True, sees_all_warehouses=True)
    user.user_permissions.add(Permission.objects.get(codename="view_feed"))
    client = Client()
    client.force_login(user)
    chosen(client, "pause", feed)
    assert not feed.is_paused
    assert client.post(reverse("admin:channels_feed_schedule", args=[feed.pk]), {"every_seconds": "900"}).status_code == 403
