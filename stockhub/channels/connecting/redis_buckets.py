"""Buckets in Redis: one script a call, on Redis' own clock."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from stockhub.channels.connecting.buckets import Bucket

_SECONDS: Final = 1.0
_NOW: Final = "local t = redis.call('TIME') local now = tonumber(t[1]) + tonumber(t[2]) / 1000000 "
_KEEP: Final = "redis.call('SET', key, string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000) + 1000) "
_TAKE: Final = (
    _NOW + "local whole = tonumber(redis.call('GET', KEYS[2]) or '0') "
    "local key = KEYS[1] local full = tonumber(redis.call('GET', key) or '0') "
    "local gap, depth = tonumber(ARGV[1]), tonumber(ARGV[2]) "
    # A microsecond is what the stored text rounds to.
    "local wait = math.max(whole - now, full - now - depth) if wait > 0.000001 then return string.format('%.6f', wait) end "
    "if gap > 0 then full = math.max(full, now) + gap " + _KEEP + "end return '0'"
)
_EMPTY: Final = (
    _NOW + "local key = KEYS[1] local full = tonumber(redis.call('GET', key) or '0') "
    "full = math.max(full, now + tonumber(ARGV[1])) " + _KEEP + "return string.format('%.6f', full - now - tonumber(ARGV[2]))"
)


class RedisAwayError(Exception):
    """Redis gave no answer."""


class RedisBuckets:
    def __init__(self, url: str) -> None:
        self._url = url

    def take(self, bucket: Bucket, whole: Bucket) -> float:
        return self._run(_TAKE, [_key(bucket), _key(whole)], [bucket.gap, bucket.depth])

    def empty(self, bucket: Bucket, seconds: float) -> float:
        return self._run(_EMPTY, [_key(bucket)], [bucket.depth + seconds, bucket.depth])

    def _run(self, script: str, keys: list[str], arguments: list[float]) -> float:
        from redis import RedisError

        try:
            return float(_script(self._url, script)(keys=keys, args=[repr(each) for each in arguments]))
        except RedisError as error:
            # Its message names the address, which holds the password.
            raise RedisAwayError(type(error).__name__) from None


def _key(bucket: Bucket) -> str:
    # What stands in braces decides the node of a cluster; both keys of a call need not lie on one unless there is a cluster.
    return f"stockhub:rate:{{{bucket.scope}}}:{bucket.operation}"


@cache
def _client(url: str) -> Any:  # noqa: ANN401 - redis is imported where there is one
    from redis import Redis

    return Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)


@cache
def _script(url: str, text: str) -> Any:  # noqa: ANN401 - see `_client`
    return _client(url).register_script(text)
