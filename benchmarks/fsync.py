"""How long the disk takes to say that something is safe: what every commit waits for."""

from __future__ import annotations

import os
import statistics
import tempfile
import time

APPENDS = 50


def fsync_milliseconds() -> float:
    """The median of a few: 8 KiB appended and flushed, in the folder for temporary files."""
    times = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(APPENDS):
            file.write(b"\0" * 8192)
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
