"""A worker that is told to stop tells its pool processes, which then stop at the next chunk."""

from __future__ import annotations

import mmap

#: One byte that a worker and the pool processes that it forks afterwards share.
_asked = mmap.mmap(-1, 1)


def ask() -> None:
    _asked[0] = 1


def asked() -> bool:
    return bool(_asked[0])
