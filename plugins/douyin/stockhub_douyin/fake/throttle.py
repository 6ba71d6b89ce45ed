"""How many calls of a method the platform bears; nobody knows its numbers, so all of them are settings."""

from __future__ import annotations

from stockhub_douyin.fake.clock import FakeClock
from stockhub_douyin.fake.failures import failure
from stockhub_douyin.fake.settings import FakeSettings


class Throttle:
    """A bucket a method, which fills with the fake's own clock."""

    def __init__(self, settings: FakeSettings, clock: FakeClock) -> None:
        self._settings = settings
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self.refused = 0

    def take(self, method: str) -> None:
        """PlatformError 60000 where the bucket is empty."""
        limit = self._settings.rates.get(method) or self._settings.rates.get("*")
        if limit is None:
            return
        rate, burst = limit
        now = self._clock.time()
        left, at = self._buckets.get(method, (float(burst), now))
        left = min(left + (now - at) * rate, float(burst))
        if left < 1:
            self._buckets[method] = (left, now)
            self.refused += 1
            raise failure("traffic_limited")
        self._buckets[method] = (left - 1, now)
