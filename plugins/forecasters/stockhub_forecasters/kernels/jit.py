"""How kernels are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(function: Kernel) -> Kernel:
    """Compiles without the GIL, and keeps the machine code on disk where numba finds a writable place.

    numba looks at NUMBA_CACHE_DIR, the package folder and the user's cache folder, and raises when it may write to none of them, as in a
    read-only container. Compiling anew in every process is slower by some seconds, but it works.
    """
    try:
        return cast("Kernel", numba.njit(nogil=True, cache=True)(function))
    except (RuntimeError, OSError):
        return cast("Kernel", numba.njit(nogil=True)(function))
