"""What a plugin prints and logs, as lines of the host's log: bounded, and without secrets."""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import IO, Final

from stockhub.core.logs import without_values

#: Lines that are kept of each stretch of time; a plugin that prints a line a SKU must not fill the disk.
LINES: Final = 200
STRETCH_SECONDS: Final = 10.0
_LONGEST_LINE: Final = 2000


class PluginLog:
    """Follows the standard error of a runner in a thread of its own, so that a full pipe never stops the plugin."""

    def __init__(self, plugin: str) -> None:
        self.logger = logging.getLogger(f"stockhub.plugins.{plugin}")
        self._last: deque[str] = deque(maxlen=8)
        self._secrets: tuple[str, ...] = ()

    def hide(self, secrets: Iterable[str]) -> None:
        """Values that never stand in a line."""
        self._secrets = tuple(secrets)

    def clean(self, text: str) -> str:
        return without_values(text, self._secrets)

    def follow(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None  # noqa: S101 - it was asked for
        self._last.clear()
        threading.Thread(target=self._copy, args=(process.stderr,), name=f"log of {self.logger.name}", daemon=True).start()

    def _copy(self, stream: IO[bytes]) -> None:
        with stream:
            lines, since = 0, time.monotonic()
            while raw := stream.readline(_LONGEST_LINE):
                if time.monotonic() - since > STRETCH_SECONDS:
                    self._say_what_was_left_out(lines)
                    lines, since = 0, time.monotonic()
                lines += 1
                if lines <= LINES:
                    self._keep(raw)
            self._say_what_was_left_out(lines)

    def _keep(self, raw: bytes) -> None:
        line = self.clean(raw.decode("utf-8", "replace").replace("\0", "").rstrip())
        self._last.append(line)
        level, _space, _rest = line.partition(" ")
        self.logger.log(logging.getLevelNamesMapping().get(level, logging.INFO), "%s", line)

    def _say_what_was_left_out(self, lines: int) -> None:
        if lines > LINES:
            self.logger.warning("%d more lines of its output were left out.", lines - LINES)

    def tail(self) -> str:
        return "\n".join(self._last)
