"""What a limit that is shared over processes consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Bucket:
    """`gap`: seconds in which one call grows back, 0 where nothing is declared. `depth`: seconds of calls that may be made at once more."""

    scope: str
    operation: str
    gap: float = 0.0
    depth: float = 0.0


class Buckets(Protocol):
    """Where buckets lie."""

    def take(self, bucket: Bucket, whole: Bucket) -> float:
        """0 where a call was taken out of `bucket`; else the seconds until one can be, of `bucket` or of `whole`, which is empty."""
        ...

    def empty(self, bucket: Bucket, seconds: float) -> float:
        """The next call is possible in so many seconds, or in more where it was so before. Gives the seconds."""
        ...
