"""The garbage collector rests while a process starts.

Everything that is loaded then stays, and looking through it again and again while it grows takes up to a quarter of the start. What is
there when Django is ready is put aside for good, so that later collections do not look at it either, and forked workers go on sharing its
memory.
"""

from __future__ import annotations

import gc


def begin() -> None:
    """Called by the settings, which every process reads first."""
    gc.disable()


def end() -> None:
    """Called when the last app is ready."""
    gc.freeze()
    gc.enable()
