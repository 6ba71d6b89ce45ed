"""Names for rows of a report that has none for them: equal rows are legal there, and each is a fact of its own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable


class Repeats:
    """Counts equal rows within a report. The same report, or one that holds its rows again, gives the same names.

    A span of time is to hold all rows of an instant, as Amazon's do; then the second of two equal rows is the second in every report.
    """

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def name(self, kind: str, fields: Iterable[str]) -> str:
        digest = hashlib.blake2b("\x1f".join((kind, *fields)).encode(), digest_size=12).digest()
        ordinal = self._seen[digest]
        self._seen[digest] += 1
        return f"{kind}:{digest.hex()}:{ordinal}"
