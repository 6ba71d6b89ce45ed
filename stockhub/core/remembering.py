"""Answers that are remembered for a few seconds by whoever asks the same many times a second: whole small tables, such as settings.

Nothing is remembered unless a caller says so, for its own thread and for as long as it says. What it remembers may be that much older
than the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

T = TypeVar("T")
#: Pools, accounts, rules and other small tables are read so seldom: what was changed in them a moment ago counts a moment later.
SETTINGS_SECONDS: Final = 3.0


@dataclass(slots=True)
class Memory:
    """Answers by what was asked, none older than `seconds`, and what is to be done when they are forgotten."""

    seconds: float
    _answers: dict[Hashable, Any] = field(default_factory=dict)
    _last: dict[Hashable, Callable[[], None]] = field(default_factory=dict)
    _since: float = field(default_factory=time.monotonic)

    def forget_old(self) -> None:
        """Forgets everything if the oldest answer may be too old."""
        if time.monotonic() - self._since >= self.seconds:
            self.forget()

    def forget(self) -> None:
        self._since = time.monotonic()
        self._answers.clear()
        self.settle()

    def settle(self) -> None:
        """Does what is to be done at last, which is not remembered any longer; other answers are."""
        last, self._last = self._last, {}
        for key, act in last.items():
            self.drop(key)
            act()

    def drop(self, key: Hashable) -> None:
        """Forgets one answer."""
        self._answers.pop(key, None)

    def answer(self, key: Hashable, ask: Callable[[], T]) -> T:
        if key not in self._answers:
            self._answers[key] = ask()
        found: T = self._answers[key]
        return found

    def at_last(self, key: Hashable, act: Callable[[], None]) -> None:
        """Has this done before the answers are forgotten, once for each key."""
        self._last.setdefault(key, act)


_memory: ContextVar[Memory | None] = ContextVar("remembered_answers", default=None)


@contextmanager
def remembering(memory: Memory) -> Iterator[None]:
    """Within this block answers are remembered in `memory`, and those that it has are given again."""
    memory.forget_old()
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


def memory() -> Memory | None:
    """Where answers are remembered now; None where they are not."""
    return _memory.get()


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` gives, or has given a moment ago where answers are remembered. Nobody may change it."""
    found = _memory.get()
    return ask() if found is None else found.answer(key, ask)
