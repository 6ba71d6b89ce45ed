"""Counts equal rows over a whole file in twelve bytes a row, so that exact duplicates keep their identity across batches."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


class Ordinals:
    """How many equal rows came before each row. Rows are known by 64-bit hashes."""

    def __init__(self) -> None:
        self._seen: NDArray[np.int64] = np.empty(0, np.int64)
        self._counts: NDArray[np.uint32] = np.empty(0, np.uint32)

    def next(self, rows: Sequence[Hashable]) -> list[int]:
        """The ordinal of each of the next rows, from 0."""
        if not rows:
            return []
        hashes = np.fromiter((hash(row) for row in rows), np.int64, len(rows))
        distinct, inverse, counts = np.unique(hashes, return_inverse=True, return_counts=True)
        at = np.searchsorted(self._seen, distinct)
        known = np.zeros(len(distinct), bool)
        inside = at < len(self._seen)
        known[inside] = self._seen[at[inside]] == distinct[inside]
        before = np.zeros(len(distinct), np.int64)
        before[known] = self._counts[at[known]]
        self._counts[at[known]] += counts[known].astype(np.uint32)
        self._seen = np.insert(self._seen, at[~known], distinct[~known])
        self._counts = np.insert(self._counts, at[~known], counts[~known].astype(np.uint32))
        ordinals = before[inverse] + _within(inverse)
        return [int(ordinal) for ordinal in ordinals]


def _within(inverse: NDArray[np.intp]) -> NDArray[np.int64]:
    """For each position, how many earlier positions of the same group there are."""
    order = np.argsort(inverse, kind="stable")
    grouped = inverse[order]
    starts = np.flatnonzero(np.concatenate(([True], grouped[1:] != grouped[:-1])))
    lengths = np.diff(np.concatenate((starts, [len(grouped)])))
    rank = np.arange(len(grouped)) - np.repeat(starts, lengths)
    result = np.empty(len(grouped), np.int64)
    result[order] = rank
    return result
