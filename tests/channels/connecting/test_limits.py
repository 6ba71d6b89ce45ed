"""U25, promise 12: declared limits, a 429 that empties them, and who shares them. Nothing here sleeps but the tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from stockhub.channels.connecting.asking import asking
from stockhub.channels.connecting.buckets import Bucket, Buckets
from stockhub.channels.connecting.database_buckets import DatabaseBuckets
from stockhub.channels.connecting.rate_limits import bucket_of, scope_of
from stockhub.channels.connecting.redis_buckets import RedisAwayError, RedisBuckets
from stockhub.channels.models import Account
from stockhub.pluginapi.connectors import RateLimit, ThrottledError
from tests.channels.connecting.little_market import ask
from tests.channels.connecting.market_server import Market
from tests.conftest import absent
from tests.services import AbsentError, redis_database

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WHOLE = Bucket("account:7", "")


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    try:
        with redis_database() as url:
            yield url
    except AbsentError as error:
        absent(str(error))


@pytest.fixture(params=["database", "redis"])
def buckets(request: pytest.FixtureRequest) -> Buckets:
    if request.param == "database":
        return DatabaseBuckets()
    from redis import Redis

    url = request.getfixturevalue("redis_url")
    Redis.from_url(url).flushdb()
    return RedisBuckets(url)


def test_amazons_slowest_limit_is_kept_exactly(buckets: Buckets) -> None:
    bucket = bucket_of("a", "reports", RateLimit(0.0056))
    assert bucket.gap == pytest.approx(178.5714, abs=0.0001)
    assert bucket.depth == 0
    assert buckets.take(bucket, WHOLE) == 0
    assert buckets.take(bucket, WHOLE) == pytest.approx(178.5714, abs=1.0)


def test_a_burst_is_used_up_and_grows_back(buckets: Buckets) -> None:
    bucket = bucket_of("a", "orders", RateLimit(10.0, 3))
    assert [buckets.take(bucket, WHOLE) for _turn in range(3)] == [0, 0, 0]
    wait = buckets.take(bucket, WHOLE)
    assert 0 < wait <= 0.1
    time.sleep(wait + 0.01)
    assert buckets.take(bucket, WHOLE) == 0
    assert buckets.take(bucket, WHOLE) > 0


def test_a_bucket_that_rested_holds_no_more_than_its_burst(buckets: Buckets) -> None:
    bucket = bucket_of("a", "orders", RateLimit(1000.0, 2))
    buckets.take(bucket, WHOLE)
    time.sleep(0.05)
    slow = bucket_of("a", "orders", RateLimit(0.01, 2))
    assert [buckets.take(slow, WHOLE) for _turn in range(2)] == [0, 0]
    assert buckets.take(slow, WHOLE) == pytest.approx(100, abs=1)


def test_a_refusal_empties_the_bucket_of_the_operation_or_of_the_account(buckets: Buckets) -> None:
    bucket, other = bucket_of("a", "orders", RateLimit(10.0, 30)), bucket_of("a", "stock", None)
    assert buckets.empty(bucket, 30.0) == pytest.approx(30.0, abs=0.1)
    assert buckets.take(bucket, WHOLE) == pytest.approx(30.0, abs=0.5)
    assert buckets.take(other, WHOLE) == 0
    assert buckets.empty(bucket, 5.0) == pytest.approx(30.0, abs=0.5), "a shorter one does not shorten it"
    buckets.empty(WHOLE, 60.0)
    assert buckets.take(other, WHOLE) == pytest.approx(60.0, abs=0.5)
    assert buckets.take(bucket_of("b", "orders", RateLimit(1.0)), Bucket("account:8", "")) == 0


def test_redis_that_is_away_says_so_without_its_address() -> None:
    with pytest.raises(RedisAwayError) as failure:
        RedisBuckets("redis://:password@127.0.0.1:9/0").take(bucket_of("a", "x", RateLimit(1.0)), WHOLE)
    assert str(failure.value) == "ConnectionError"


def test_who_shares_limits() -> None:
    assert (scope_of(5, "amazon", ""), scope_of(5, "amazon", "A1B2")) == ("account:5", "amazon:A1B2")
    long = scope_of(5, "amazon", "x" * 500)
    assert len(long) < 150
    assert long == scope_of(6, "amazon", "x" * 500) != scope_of(6, "amazon", "y" * 500)


def throttled(account: Account, operation: str) -> float | None:
    try:
        asking(account, lambda context: ask(context, operation))
    except ThrottledError as error:
        return error.after_seconds
    return None


def test_accounts_with_the_same_scope_share_an_operation_and_others_do_not(connected: Callable[..., Account]) -> None:
    first, second, alone = connected("one", partner="P"), connected("two", partner="P"), connected("three")
    assert throttled(first, "two") is None
    assert throttled(second, "two") is not None or throttled(first, "two") is not None
    assert throttled(alone, "two") is None


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [({"Retry-After": "9"}, 8, 9), ({}, 4, 5), ({"Retry-After": "soon"}, 4, 5), ({"Retry-After": "0"}, 0, 1)],
)
def test_a_429_stops_every_caller_for_as_long_as_it_asks(
    connected: Callable[..., Account], market: Market, headers: dict[str, str], least: float, most: float
) -> None:
    account = connected()
    market.answers = [(429, headers, b"<html>")]
    throttled(account, "shop")
    calls = market.seen("/shop")
    waits = [throttled(account, "shop") for _turn in range(3)]
    assert all(wait is not None and least < wait <= most for wait in waits)
    assert market.seen("/shop") == calls


def test_the_database_counts_for_a_while_after_redis_went_away(
    account: Account, settings: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://:hunter22@127.0.0.1:9/0"  # type: ignore[attr-defined]
    assert throttled(account, "slow") is None
    assert throttled(account, "slow") == pytest.approx(178.6, abs=1)
    warnings = [record.message for record in caplog.records if "Redis does not answer" in record.message]
    assert len(warnings) == 1
    assert "hunter22" not in caplog.text
