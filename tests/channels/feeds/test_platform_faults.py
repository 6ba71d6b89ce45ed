"""Promise 12: every way in which a marketplace answers badly. The page is asked for again whole or set apart, and an operator sees it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from stockhub.channels import inbox
from stockhub.channels.connecting.contexts import equipped
from stockhub.channels.connecting.models import RateBucket
from stockhub.channels.connecting.obtaining import obtain_tokens
from stockhub.channels.connecting.tokens import store_tokens
from stockhub.channels.feeds import failures
from stockhub.channels.feeds.engine import Read, read_due
from stockhub.channels.models import Account, Feed, FeedState, Order, Quarantined
from stockhub.channels.received_models import ReceivedRecord
from stockhub.core import clock
from stockhub.outbox.models import Event
from stockhub.pluginapi.connectors import AuthorizationLostError, Page, Rejected, RequestRefusedError, ThrottledError, Tokens
from stockhub.pluginhost.models import Provider
from tests.channels.feeds import wire_shop
from tests.channels.feeds.wire_platform import UNTIL, Answer, PlatformServer, order

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HTML = b"<html><body><h1>503 Service Unavailable</h1></body></html>"
Turn = Callable[..., Read]


def seconds_until(feed: Feed) -> float:
    assert feed.next_attempt_at is not None
    return (feed.next_attempt_at - clock.wall()).total_seconds()


def whole(platform: PlatformServer, read: Turn) -> None:
    """The next reading brings all of it, once."""
    platform.faults.clear()
    # The host remembers for all workers what the platform asked for; here that time is over.
    RateBucket.objects.all().delete()
    read()
    inbox.apply_due()
    assert Order.objects.count() == len(platform.orders)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ({"Retry-After": "40"}, 38, 41),
        ({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=3000), usegmt=True)}, 2000, 3001),
        ({}, 0.5, 4),
        ({"Retry-After": "soon"}, 0.5, 4),
    ],
    ids=["seconds", "date", "none", "unreadable"],
)
def test_429_waits_as_the_platform_asks_and_is_no_failure(
    header: dict[str, str], least: float, most: float, orders: Feed, platform: PlatformServer, read: Turn
) -> None:
    platform.faults.append(Answer(429, b"", header))
    told = read()
    assert least < seconds_until(orders) < most
    assert (orders.consecutive_failures, orders.error, orders.state, told.failed) == (0, "", FeedState.THROTTLED, 0)
    whole(platform, read)
    assert (orders.throttled_until, orders.consecutive_throttles) == (None, 0)


def test_429_of_the_whole_account_holds_its_other_feeds(account: Account, orders: Feed, read: Turn) -> None:
    Feed.objects.update(is_paused=False)

    def throttle(_request: object) -> None:
        raise ThrottledError("The account is asked to wait.", after_seconds=300)

    wire_shop.misbehave.append(throttle)
    read_due("tester")
    stock = Feed.objects.get(kind="stock")
    assert stock.throttled_until is not None
    assert 290 < seconds_until(stock) <= 300
    assert stock.pages == 0


BAD = {
    "500": (Answer(500, b"oops"), "http_500"),
    "HTML 503": (Answer(503, HTML, {"Content-Type": "text/html"}), "http_503"),
    "HTML with 200": (Answer(200, HTML, {"Content-Type": "text/html"}), "no_json"),
    "empty 200": (Answer(200, b""), "empty_answer"),
    "garbage": (Answer(200, b"\x00\xff\xfe garbage"), "no_json"),
    "half": (Answer(200, b'{"orders": [{"id": "o-1", "sta'), "no_json"),
    "a list": (Answer(200, b"[]"), "no_object"),
    "renamed whole": (Answer(200, b'{"order_list": [], "next": "", "last": true}'), "unreadable"),
    "gzip bomb": (Answer(200, gzip.compress(b"0" * 50_000_000), {"Content-Encoding": "gzip"}), ""),
    "cut off": (Answer(200, b'{"orders": [', cut=True), ""),
    "nothing": (Answer(silent=True), ""),
}


@pytest.mark.one_database
@pytest.mark.parametrize("name", BAD)
def test_an_answer_that_is_none_is_asked_for_again_whole_and_shown(name: str, orders: Feed, platform: PlatformServer, read: Turn) -> None:
    answer, code = BAD[name]
    platform.faults.append(answer)
    told = read()
    assert (told.failed, orders.consecutive_failures, orders.cursor, orders.last_success_at) == (1, 1, "", None)
    assert orders.state == FeedState.FAILING
    assert orders.error
    assert orders.error_code == code if code else orders.error_code
    assert orders.error_at is not None
    assert seconds_until(orders) <= 2
    assert not ReceivedRecord.objects.exists()
    whole(platform, read)
    assert (orders.error, orders.error_code, orders.consecutive_failures, orders.state) == ("", "", 0, FeedState.WAITING)


def test_a_fault_in_the_middle_keeps_the_pages_before_it(orders: Feed, platform: PlatformServer, read: Turn) -> None:
    def third(request: object) -> None:
        if len(platform.asked) == 2:
            platform.faults.append(Answer(500))

    wire_shop.misbehave.append(third)
    read()
    assert (orders.cursor, orders.pages, orders.backfill_done, orders.backfill_total) == ("20", 2, 20, 25)
    wire_shop.misbehave.clear()
    whole(platform, read)
    assert [target.rpartition("=")[2] for target in platform.asked] == ["", "10", "20", "20"]


def test_a_circuit_opens_after_five_failures_and_one_reading_tries_it(orders: Feed, platform: PlatformServer, read: Turn) -> None:
    platform.faults.extend(Answer(500) for _ in range(6))
    for _ in range(5):
        read()
    assert orders.state == FeedState.CIRCUIT_OPEN
    assert 45 <= seconds_until(orders) <= 75
    [stopped] = Event.objects.filter(kind="channels.feed_stopped.v1")
    assert stopped.payload == {"account": "wire", "feed": "orders", "code": "http_500"}
    assert read_due("tester").feeds == 0
    read()
    assert (orders.consecutive_failures, orders.state) == (6, FeedState.CIRCUIT_OPEN)
    assert 90 <= seconds_until(orders) <= 150
    whole(platform, read)
    assert (orders.open_until, orders.state) == (None, FeedState.WAITING)
    assert Event.objects.filter(kind="channels.feed_recovered.v1").count() == 1


def test_the_pauses_of_failures_grow_and_are_spread() -> None:
    for failures_, most in ((1, 2), (2, 4), (3, 8), (20, 900)):
        pauses = [failures.full_jitter(failures_) for _ in range(400)]
        assert 0 <= min(pauses) < most * 0.1
        assert most * 0.9 < max(pauses) <= most


@pytest.mark.parametrize("cursors", [["10", "10"], ["10", "20", "10"], ["a", "b", "c", "d", "b"]], ids=["same", "two back", "longer"])
def test_cursors_that_lead_back_end_the_reading(cursors: list[str], orders: Feed, platform: PlatformServer, read: Turn) -> None:
    platform.orders = [order(number) for number in range(500)]
    if cursors[0] == "a":
        platform.answer = lambda target: Answer(  # type: ignore[method-assign]  # noqa: ARG005
            body=json.dumps({"orders": [], "next": cursors.pop(0), "last": False, "until": UNTIL.isoformat()}).encode()
        )
    else:
        platform.cursors.extend(cursors)
    pages = len(cursors) - 1
    read()
    assert (orders.error_code, orders.pages, orders.consecutive_failures) == ("cursor_loop", pages, 1)


def test_a_loop_over_many_turns_is_found(orders: Feed, platform: PlatformServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn has forgotten the cursors before it; the mark on the row has not."""
    monkeypatch.setattr("stockhub.channels.feeds.engine.TURN_SECONDS", 0.0)
    loop = {"": "0", "0": "1", "1": "2", "2": "3", "3": "4", "4": "1"}
    platform.answer = lambda target: Answer(  # type: ignore[method-assign]
        body=json.dumps({"orders": [], "next": loop[target.rpartition("=")[2]], "last": False, "until": UNTIL.isoformat()}).encode()
    )
    turns = 0
    while not orders.error_code and turns < 40:
        turns += 1
        read_due("tester", seconds=0.001)
        orders.refresh_from_db()
        Feed.objects.filter(pk=orders.pk, error_code="").update(next_attempt_at=clock.wall())
    assert (orders.error_code, turns < 20) == ("cursor_loop", True)


@pytest.mark.parametrize("kind", ["orders", "stock"], ids=["from its cursor", "a snapshot"])
def test_a_loop_is_a_failure_until_a_reading_comes_to_its_end(
    kind: str, orders: Feed, connector: wire_shop.WireShop, read: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages of a loop are good, each of them: they must not hide that it never ends."""
    monkeypatch.setattr(connector, "read_stock", connector.read_orders, raising=False)
    pages = {"": "1", "1": "2", "2": "1"}
    wire_shop.misbehave.append(lambda request: Page((), pages[request.cursor]))
    feed = Feed.objects.get(kind=kind)
    for _ in range(30):
        read(kind)
        feed.refresh_from_db()
        if feed.consecutive_failures == failures.FAILURES_TO_OPEN:
            break
    assert (feed.error_code, feed.state) == ("cursor_loop", FeedState.CIRCUIT_OPEN)
    assert Event.objects.filter(kind="channels.feed_stopped.v1").count() == 1
    wire_shop.misbehave[:] = [lambda _request: Page((), "9", is_last=True)]
    read(kind)
    feed.refresh_from_db()
    assert (feed.error, feed.error_code, feed.consecutive_failures, feed.open_until) == ("", "", 0, None)
    assert Event.objects.filter(kind="channels.feed_recovered.v1").count() == 1


def test_a_page_that_says_again_at_once_waits_for_a_breath(orders: Feed, read: Turn) -> None:
    wire_shop.misbehave.append(lambda _request: Page((), "report-7", again_after=0.0))
    assert read().pages == 1
    assert 0 < seconds_until(orders) <= 1


def test_a_page_that_says_again_later_may_keep_its_cursor(orders: Feed, read: Turn) -> None:
    wire_shop.misbehave.append(lambda _request: Page((), "report-7", again_after=30.0))
    for _ in range(3):
        read()
        assert 25 < seconds_until(orders) <= 30
        assert (orders.cursor, orders.error_code, orders.consecutive_failures) == ("report-7", "", 0)
    assert orders.reading_started_at is not None


def test_a_short_page_and_rows_that_come_twice_have_one_effect(orders: Feed, platform: PlatformServer, read: Turn) -> None:
    platform.orders = [order(1), order(1), order(2)]
    platform.size = 2
    read()
    platform.orders = [order(1), order(2)]
    Feed.objects.filter(pk=orders.pk).update(cursor="")
    read()
    inbox.apply_due()
    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["o-1", "o-2"]


WRONG: dict[str, dict[str, Any]] = {
    "NaN price": {"price": "NaN"},
    "infinite price": {"price": "Infinity"},
    "negative quantity": {"qty": -3},
    "absurd quantity": {"qty": 10**30},
    "NaN quantity": {"qty": float("nan")},
    "future": {"at": "2999-01-01T00:00:00+00:00"},
    "no zone": {"at": "2026-03-10T06:30:00"},
    "renamed field": {"sku": "a-1", "code": None},
    "NUL": {"status": "pa\x00id"},
    "unknown status": {"status": "shipped-ish"},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_record_that_is_wrong_is_set_apart_and_the_others_go_in(name: str, orders: Feed, platform: PlatformServer, read: Turn) -> None:
    wrong = {key: value for key, value in order(2, **WRONG[name]).items() if value is not None}
    platform.orders = [order(1), wrong, order(3)]
    read()
    inbox.apply_due()
    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["o-1", "o-3"]
    [held] = Quarantined.objects.all()
    assert (held.external_id, held.kind, held.resolved_at) == ("o-2", "order", None)
    assert held.message
    assert (orders.error_code, orders.reading_rejected, orders.rejected) == ("", 1, 1)
    platform.orders[1] = order(2)
    Feed.objects.filter(pk=orders.pk).update(cursor="")
    read()
    inbox.apply_due()
    held.refresh_from_db()
    assert Order.objects.count() == 3
    assert held.resolved_at is not None


def test_rows_without_an_id_are_each_kept_and_one_that_comes_again_is_the_same(orders: Feed, read: Turn) -> None:
    """Promise 12: nothing is lost. Too long to be kept, and not even JSON, they are still different rows."""
    payloads: list[dict[str, Any]] = [{"qty": 1}, {"qty": 2}, {"qty": float("nan")}, {"text": "x" * 20_000}, {"text": "y" * 20_000}]
    rejected = [Rejected("", "unreadable", "It has no id.", payload) for payload in payloads]
    wire_shop.misbehave.append(lambda _request: Page((), "1", is_last=True, rejected=[*rejected, Rejected("o-1", "unreadable", "No.", {})]))
    read()
    read()
    kept = Quarantined.objects.exclude(external_id="o-1")
    assert (kept.count(), {row.attempts for row in kept}, {row.external_id[0] for row in kept}) == (5, {2}, {"?"})
    assert sorted(row.payload["qty"] for row in kept if "qty" in row.payload) == [1, 2]


def test_an_expired_token_is_renewed_and_the_page_asked_for_again(orders: Feed, platform: PlatformServer, read: Turn) -> None:
    platform.faults.append(Answer(401))
    told = read()
    assert (told.records, orders.cursor, orders.error_code) == (25, "25", "")


def test_a_lost_authorisation_holds_all_feeds_until_somebody_has_authorised(account: Account, orders: Feed, read: Turn) -> None:
    def revoked(_request: object) -> None:
        raise AuthorizationLostError("revoked", "The seller revoked the authorisation. Authorise the account again.")

    wire_shop.misbehave.append(revoked)
    read()
    assert {feed.kind: feed.state for feed in account.feeds.exclude(kind="stock")} == {
        "orders": FeedState.NOT_CONNECTED, "traffic": FeedState.NOT_KEPT,
    }  # fmt: skip
    assert (orders.error_code, orders.consecutive_failures) == ("revoked", 0)
    wire_shop.misbehave.clear()
    assert read("stock").feeds == 0
    store_tokens(account, Tokens("token-2", clock.now() + timedelta(days=1)))
    assert read().feeds == 2
    assert (orders.cursor, orders.hold, orders.error) == ("25", "", "")


def test_a_refused_request_is_not_repeated(orders: Feed, read: Turn) -> None:
    def refuse(_request: object) -> None:
        raise RequestRefusedError("no_scope", "The app has no right to read orders. Add it in the platform's console.")

    wire_shop.misbehave.append(refuse)
    read()
    assert (orders.state, orders.error_code) == (FeedState.REFUSED, "no_scope")
    assert read().feeds == 0
    assert Provider.objects.get(slug="wire-shop").failures == 0


def test_the_fault_of_one_feed_leaves_the_others_alone(account: Account, orders: Feed, platform: PlatformServer, read: Turn) -> None:
    def raises(_request: object) -> None:
        raise KeyError("token=abc")

    wire_shop.misbehave.append(raises)
    for _ in range(6):
        read()
    assert (orders.state, orders.error_code) == (FeedState.CIRCUIT_OPEN, "raised")
    assert "KeyError" in orders.error
    assert Provider.objects.get(slug="wire-shop").failures == 6
    read("stock")
    assert Feed.objects.get(kind="stock").records == 1


class _NoPage:
    pass


PAGES: dict[str, tuple[Any, str]] = {
    "no page": (_NoPage(), "wrong_type"),
    "cursor too long": (Page((), "x" * 4001), "too_large"),
    "cursor of another type": (Page((), 7), "wrong_type"),  # type: ignore[arg-type]
    "cursor with a NUL": (Page((), "\x00"), "wrong_type"),
    "too many records": (Page(("x",) * 10_001, "1"), "too_large"),
    "records that are text": (Page("records", "1"), "wrong_type"),
    "NaN for a pause": (Page((), "1", again_after=float("nan")), "not_finite"),
    "negative progress": (Page((), "1", done=-1), "negative"),
    "a naive instant": (Page((), "1", data_until=datetime(2026, 1, 1)), "wrong_type"),  # noqa: DTZ001 - what is tested
}


@pytest.mark.one_database
@pytest.mark.parametrize("name", PAGES)
def test_promise_14_a_page_that_is_none_is_the_connectors_fault(name: str, orders: Feed, read: Turn) -> None:
    page, code = PAGES[name]
    wire_shop.misbehave.append(lambda _request: page)
    read()
    assert (orders.error_code, orders.cursor, orders.pages) == (code, "", 0)
    assert Provider.objects.get(slug="wire-shop").failures == 1


def test_promise_14_records_of_a_wrong_type_are_set_apart(orders: Feed, read: Turn) -> None:
    wire_shop.misbehave.append(lambda _request: Page(("no record", 7), "1", is_last=True))
    read()
    assert (orders.error_code, orders.rejected) == ("", 2)
    assert set(Quarantined.objects.values_list("code", flat=True)) == {"malformed"}


def test_promise_14_a_page_from_the_future_reaches_until_now(orders: Feed, read: Turn) -> None:
    wire_shop.misbehave.append(lambda _request: Page((), "1", is_last=True, data_until=datetime(2999, 1, 1, tzinfo=UTC)))
    read()
    assert orders.data_until_at is not None
    assert orders.data_until_at <= clock.now()


def test_authorising_anew_tries_what_was_refused_again(account: Account, orders: Feed, read: Turn) -> None:
    """U24: also where the account was authorised all the time, and a right was missing."""
    read()
    Feed.objects.filter(pk=orders.pk).update(hold="refused", error_code="no_scope", consecutive_failures=1)
    equipment = equipped(account)
    obtain_tokens(account, equipment, "")
    equipment.close()
    orders.refresh_from_db()
    assert (orders.hold, orders.consecutive_failures) == ("", 0)


def test_a_feed_whose_workers_die_is_left_alone(orders: Feed, platform: PlatformServer, read: Turn) -> None:
    Feed.objects.filter(pk=orders.pk).update(begun=3)
    read()
    assert (orders.error_code, orders.begun, platform.asked) == ("workers_died", 0, [])
    whole(platform, read)
