"""The limits that a connector declares, kept over all workers and processes: nobody sleeps, who comes too early is told for how long.

A bucket is one number: the instant at which it is full again (the "generic cell rate algorithm"). A call that may be made moves it on by
the time that one call takes to grow back. It lies in Redis where there is one, else, or while Redis is away, in the database; the clock is
that of the store, so that machines whose clocks differ share a limit all the same.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from django.conf import settings

from stockhub.channels.connecting.buckets import Bucket, Buckets
from stockhub.channels.connecting.database_buckets import DatabaseBuckets
from stockhub.channels.connecting.redis_buckets import RedisAwayError, RedisBuckets
from stockhub.pluginapi.connectors import RateLimit, ThrottledError

logger = logging.getLogger(__name__)
#: How long an operation is left alone after a 429 that does not say for how long.
UNSAID_SECONDS: Final = 5.0
#: How long it is left alone after any.
LEAST_SECONDS: Final = 1.0
#: No platform means longer, whatever it answers.
LONGEST_SECONDS: Final = 86_400.0
#: For how long Redis is not asked again after it was away.
_REDIS_PAUSE: Final = 5.0
_LONGEST_SCOPE: Final = 150


class HeldBackError(ThrottledError):
    """The host holds a call back; the platform was not asked, so there is nothing to note."""


def scope_of(account_id: int, marketplace: str, shared: str) -> str:
    """Who shares limits: accounts of a marketplace that name the same text, else the account alone."""
    if not shared:
        return f"account:{account_id}"
    text = f"{marketplace}:{shared}"
    return text if len(text) <= _LONGEST_SCOPE else f"{marketplace}:{sha256(text.encode()).hexdigest()}"


def bucket_of(scope: str, operation: str, limit: RateLimit | None) -> Bucket:
    """The bucket of an operation; one without a limit only ever waits for the end of a refusal."""
    if limit is None or limit.per_second <= 0:
        return Bucket(scope, operation)
    gap = 1.0 / limit.per_second
    return Bucket(scope, operation, gap, gap * (max(limit.burst, 1) - 1))


def take(bucket: Bucket, whole: Bucket) -> None:
    """Takes one call. HeldBackError, at once, where none is left or the whole account has to wait."""
    wait = _asked(lambda buckets: buckets.take(bucket, whole))
    if wait > 0:
        told = f"The limit of {bucket.operation or 'this account'} is used up for another {wait:.1f} s."
        raise HeldBackError(told, after_seconds=wait, operation=bucket.operation)


def note_throttled(bucket: Bucket, after_seconds: float | None) -> None:
    """The platform said that it is too much: the bucket is empty for everybody, for as long as it asked for."""
    said = UNSAID_SECONDS if after_seconds is None else min(max(after_seconds, 0.0), LONGEST_SECONDS)
    # A platform that says 0 did refuse.
    seconds = max(said, bucket.gap, LEAST_SECONDS)
    _asked(lambda buckets: buckets.empty(bucket, seconds))


_redis_away_until = 0.0


def _asked(ask: Callable[[Buckets], float]) -> float:
    """The answer of Redis, or of the database where there is no Redis or it is away."""
    global _redis_away_until  # noqa: PLW0603 - of this process: a Redis that is away costs each call a second otherwise
    if settings.REDIS_URL and time.monotonic() >= _redis_away_until:
        try:
            return ask(RedisBuckets(settings.REDIS_URL))
        except RedisAwayError as error:
            _redis_away_until = time.monotonic() + _REDIS_PAUSE
            logger.warning(
                "Redis does not answer (%s), so limits are counted in the database until it does. See that it runs and REDIS_URL names it.",
                error,
            )
    return ask(DatabaseBuckets())
