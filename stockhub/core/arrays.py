"""Many stored series as one aligned matrix, without a Python object a point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def aligned(
    blobs: Sequence[bytes], first: NDArray[np.int64], *, start: int, length: int, dtype: str = "<f4", before: float, after: float
) -> NDArray[np.float32]:
    """The points `start` … `start + length − 1` of n series, as (n, length) float32.

    `blobs` are the stored bytes, `first` (n,) the position of each series' first point on the same axis (a date's ordinal).
    Positions before a series are `before`, positions after its end `after`.
    """
    sizes = np.fromiter((len(b) for b in blobs), np.int64, len(blobs)) // np.dtype(dtype).itemsize
    out = np.full((len(blobs), length), after, np.float32)
    if not len(blobs):
        return out
    flat = np.frombuffer(b"".join(blobs), dtype)
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    wanted = start - first[:, None] + np.arange(length)
    out[wanted < 0] = before
    inside = (wanted >= 0) & (wanted < sizes[:, None])
    out[inside] = flat[(offsets[:, None] + wanted)[inside]]
    return out
