"""The fake's own time: runs with the machine's, can be moved and stopped."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))


class FakeClock:
    def __init__(self) -> None:
        self._shift = 0.0
        self._stopped_at: float | None = None

    def time(self) -> float:
        """Seconds since 1970."""
        return self._stopped_at if self._stopped_at is not None else time.time() + self._shift

    def seconds(self) -> int:
        return int(self.time())

    def text(self) -> str:
        """As log ids begin."""
        return datetime.fromtimestamp(self.time(), UTC).astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S")

    def set(self, at: float) -> None:
        if self._stopped_at is not None:
            self._stopped_at = at
        self._shift = at - time.time()

    def advance(self, seconds: float) -> None:
        self.set(self.time() + seconds)

    def stop(self) -> None:
        self._stopped_at = self.time()

    def run(self) -> None:
        """Goes on from where it stopped."""
        at = self.time()
        self._stopped_at = None
        self.set(at)


def seconds_of(text: str) -> float:
    """A request's timestamp, in any form that was seen in use: seconds, milliseconds, or date and time in Shanghai. ValueError."""
    if text.isascii() and text.isdigit():
        number = int(text)
        return number / 1000 if number > 10**11 else float(number)
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI).timestamp()
