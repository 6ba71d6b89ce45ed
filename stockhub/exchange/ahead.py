"""Reading and parsing the next batches while the database writes the last one."""

from __future__ import annotations

import contextvars
import gc
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Generic, TypeVar

Raw = TypeVar("Raw")
Ready = TypeVar("Ready")

_DEPTH: Final = 1
_WAIT_SECONDS: Final = 0.2
#: Batches are tens of thousands of small objects without cycles; collecting after each 700 of them costs a quarter of an import.
_OBJECTS: Final = 500_000


def ahead(items: Iterable[Raw], prepare: Callable[[Raw], Ready]) -> Iterator[Ready]:
    """`prepare(item)` of each item, in order, made in a thread that is one ahead. It must not touch the database.

    An exception of either side ends both, and the reader sees it.
    """
    line: _Line[Ready] = _Line()

    def work() -> None:
        try:
            for item in items:
                if not line.put("item", prepare(item)):
                    return
            line.put("end", None)
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is seen
            line.put("error", error)

    # The thread sees the same frozen clock and the same actor.
    thread = threading.Thread(target=contextvars.copy_context().run, args=(work,), name="reading-ahead", daemon=True)
    thread.start()
    try:
        yield from line.items()
    finally:
        line.stop.set()
        thread.join()


class _Line(Generic[Ready]):
    """What is ready, between the two threads."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._ready: queue.Queue[tuple[str, Any]] = queue.Queue(_DEPTH)

    def put(self, kind: str, value: Ready | BaseException | None) -> bool:
        """Waits for room; False once nobody reads any more."""
        while not self.stop.is_set():
            try:
                self._ready.put((kind, value), timeout=_WAIT_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def items(self) -> Iterator[Ready]:
        while True:
            kind, value = self._ready.get()
            if kind == "end":
                return
            if kind == "error":
                raise value
            yield value


@contextmanager
def few_collections() -> Iterator[None]:
    """Lets Python's cycle collector run seldom, for as long as a bulk import makes objects that are freed by themselves."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
