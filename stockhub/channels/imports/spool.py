"""Rows put aside for the end of an import, on disk beyond a few megabytes."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Generic, TypeVar

Item = TypeVar("Item")
_MEMORY = 4 << 20


class Spool(Generic[Item]):
    """Its own process writes and reads it, in a file without a name, so that pickle is safe."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_MEMORY)  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Spool[Item]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, items: Sequence[Item]) -> None:
        pickle.dump(list(items), self._file)

    def chunks(self, size: int) -> Iterator[list[Item]]:
        """Everything that was added, in order, so many at a time."""
        self._file.seek(0)
        waiting: list[Item] = []
        while True:
            try:
                waiting += pickle.load(self._file)  # noqa: S301 - written by this process alone
            except EOFError:
                break
            while len(waiting) >= size:
                yield waiting[:size]
                waiting = waiting[size:]
        if waiting:
            yield waiting
