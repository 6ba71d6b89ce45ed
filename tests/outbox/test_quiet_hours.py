"""Quiet hours, digests and pacing, on both days on which clocks are changed as well. No database."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from stockhub.outbox.models import Digest, Endpoint
from stockhub.outbox.pacing import paced
from stockhub.outbox.quiet_hours import due_at, next_digest, quiet_end

BERLIN = "Europe/Berlin"


def endpoint(**options: Any) -> Endpoint:  # noqa: ANN401 - settings of an endpoint
    return Endpoint(name="room", notifier="webhook", **options)


def quiet(begin: str, end: str, zone: str = BERLIN, **options: Any) -> Endpoint:  # noqa: ANN401 - settings of an endpoint
    return endpoint(time_zone=zone, quiet_from=time.fromisoformat(begin), quiet_until=time.fromisoformat(end), **options)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-01-10T20:59:59", None),  # 21:59:59 in Berlin
        ("2026-01-10T21:00:00", "2026-01-11T06:00:00"),
        ("2026-01-10T23:30:00", "2026-01-11T06:00:00"),
        ("2026-01-11T05:59:59", "2026-01-11T06:00:00"),
        ("2026-01-11T06:00:00", None),
    ],
)
def test_a_night_that_crosses_midnight(at: str, until: str | None) -> None:
    assert quiet_end(quiet("22:00", "07:00"), utc(at), 1) == (utc(until) if until else None)


def test_a_nap_within_one_day() -> None:
    nap = quiet("12:00", "14:00", "Asia/Shanghai")
    assert quiet_end(nap, utc("2026-01-10T04:30:00"), 1) == utc("2026-01-10T06:00:00")
    assert quiet_end(nap, utc("2026-01-10T03:59:00"), 1) is None


def test_urgent_messages_break_through_unless_the_endpoint_says_never() -> None:
    at = utc("2026-01-10T23:30:00")
    assert quiet_end(quiet("22:00", "07:00"), at, 3) is None
    assert quiet_end(quiet("22:00", "07:00"), at, 2) == utc("2026-01-11T06:00:00")
    assert quiet_end(quiet("22:00", "07:00", urgent_level=4), at, 3) == utc("2026-01-11T06:00:00")
    assert quiet_end(endpoint(time_zone=BERLIN), at, 1) is None


def test_the_spring_night_is_an_hour_shorter() -> None:
    """On 29 March 2026 the clocks of Berlin go from 02:00 to 03:00: 07:00 there is 05:00 UTC."""
    night = quiet("22:00", "07:00")
    assert quiet_end(night, utc("2026-03-28T21:00:00"), 1) == utc("2026-03-29T05:00:00")
    assert quiet_end(night, utc("2026-03-29T04:59:00"), 1) == utc("2026-03-29T05:00:00")
    assert quiet_end(night, utc("2026-03-29T05:00:00"), 1) is None


def test_an_end_within_the_hour_that_spring_skips_is_counted_on() -> None:
    """02:30 does not exist that day; it is 03:30, which is 01:30 UTC."""
    night = quiet("22:00", "02:30")
    assert quiet_end(night, utc("2026-03-29T01:29:59"), 1) == utc("2026-03-29T01:30:00")
    assert quiet_end(night, utc("2026-03-29T01:30:00"), 1) is None
    assert quiet_end(quiet("02:30", "04:00"), utc("2026-03-29T01:30:00"), 1) == utc("2026-03-29T02:00:00")


def test_the_autumn_night_is_an_hour_longer() -> None:
    """On 25 October 2026 the clocks of Berlin go from 03:00 back to 02:00: 07:00 there is 06:00 UTC."""
    night = quiet("22:00", "07:00")
    assert quiet_end(night, utc("2026-10-24T20:00:00"), 1) == utc("2026-10-25T06:00:00")
    assert quiet_end(night, utc("2026-10-25T05:59:00"), 1) == utc("2026-10-25T06:00:00")


def test_of_an_hour_that_autumn_has_twice_quiet_begins_at_the_first_and_ends_at_the_second() -> None:
    """02:30 is 00:30 UTC and 01:30 UTC that day."""
    assert quiet_end(quiet("22:00", "02:30"), utc("2026-10-25T01:29:00"), 1) == utc("2026-10-25T01:30:00")
    assert quiet_end(quiet("02:30", "07:00"), utc("2026-10-25T00:30:00"), 1) == utc("2026-10-25T06:00:00")
    assert quiet_end(quiet("02:30", "07:00"), utc("2026-10-25T00:29:59"), 1) is None


def test_no_instant_of_the_year_is_quiet_for_longer_than_the_night_and_an_hour() -> None:
    for zone in (BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"):
        night = quiet("23:00", "06:30", zone)
        at = utc("2026-01-01T00:00:00")
        while at < utc("2027-01-01T00:00:00"):
            until = quiet_end(night, at, 1)
            assert until is None or timedelta(0) < until - at <= timedelta(hours=8, minutes=30)
            at += timedelta(hours=5, minutes=50)


def test_digests_come_at_the_hour_and_at_the_hour_of_the_day() -> None:
    hourly, daily = endpoint(time_zone="Asia/Kolkata", digest=Digest.HOURLY), endpoint(time_zone=BERLIN, digest=Digest.DAILY, digest_hour=8)
    # 13:05 in Kolkata, which is half an hour off: at 14:00 there.
    assert next_digest(hourly, utc("2026-01-10T07:35:20")) == utc("2026-01-10T08:30:00")
    assert next_digest(daily, utc("2026-01-10T06:59:00")) == utc("2026-01-10T07:00:00")
    assert next_digest(daily, utc("2026-01-10T07:00:00")) == utc("2026-01-11T07:00:00")
    assert next_digest(daily, utc("2026-03-28T12:00:00")) == utc("2026-03-29T06:00:00")
    assert next_digest(daily, utc("2026-10-24T12:00:00")) == utc("2026-10-25T07:00:00")
    assert next_digest(endpoint(), utc("2026-01-10T06:59:00")) == utc("2026-01-10T06:59:00")


def test_a_digest_within_the_quiet_hours_waits_for_their_end_and_urgent_news_for_nothing() -> None:
    room = quiet("22:00", "07:00", digest=Digest.HOURLY)
    at = utc("2026-01-10T22:10:00")
    assert due_at(room, at, 1) == utc("2026-01-11T06:00:00")
    assert due_at(room, at, 3) == at


@pytest.mark.parametrize("per_minute", [1, 2, 3, 20, 100])
def test_no_minute_sees_more_messages_than_the_receiver_bears(per_minute: int) -> None:
    now, mark = utc("2026-01-10T00:00:00"), None
    sent: list[datetime] = []
    for _ in range(per_minute * 5):
        now = paced(now, mark, per_minute)[0]
        may_go, mark = paced(now, mark, per_minute)
        assert may_go == now
        sent.append(now)
    for index, first in enumerate(sent):
        assert sum(first <= at < first + timedelta(minutes=1) for at in sent[index:]) <= per_minute
    # And nearly as many as it bears.
    assert (sent[-1] - sent[0]).total_seconds() <= 60 * 5 * 1.35


def test_a_receiver_that_was_left_alone_takes_a_quarter_at_once() -> None:
    now, mark = utc("2026-01-10T00:00:00"), utc("2026-01-09T00:00:00")
    for _ in range(5):
        may_go, mark = paced(now, mark, 20)
        assert may_go == now
    assert paced(now, mark, 20)[0] == now + timedelta(seconds=3.75)
