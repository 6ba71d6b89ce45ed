"""Many stored series as one aligned matrix, without a Python object a point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.core.columns import Blobs


def aligned(
    blobs: Blobs, first: NDArray[np.int64], *, start: int, length: int, dtype: str = "<f4", before: float, after: float
) -> NDArray[np.float32]:
    """The points `start` … `start + length − 1` of n series, as (n, length) float32.

    `blobs` are the stored bytes, `first` (n,) the position of each series' first point on the same axis (a date's ordinal).
    Positions before a series are `before`, positions after its end `after`.
    """
    n = len(blobs)
    out = np.full((n, length), after, np.float32)
    sizes = blobs.sizes // np.dtype(dtype).itemsize
    flat = np.frombuffer(blobs.flat, dtype)
    lead = first - start
    if n and (lead == lead[0]).all() and (sizes == sizes[0]).all():
        # Series that begin and end together are one block.
        _copy_block(out, flat.reshape(n, sizes[0]), int(lead[0]))
    else:
        offsets = np.cumsum(sizes) - sizes
        at = np.arange(len(flat)) + np.repeat(lead - offsets, sizes)
        inside = (at >= 0) & (at < length)
        out[np.repeat(np.arange(n), sizes)[inside], at[inside]] = flat[inside]
    if (lead > 0).any():
        out[np.arange(length) < lead[:, None]] = before
    return out


def _copy_block(out: NDArray[np.float32], block: NDArray[np.generic], lead: int) -> None:
    begin, end = max(lead, 0), min(lead + block.shape[1], out.shape[1])
    if begin < end:
        out[:, begin:end] = block[:, begin - lead : end - lead]
