"""Which cycles there are. Upper layers register what a cycle does; the executor knows nothing else about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.core.kept_texts import Said
from stockhub.core.remembering import SETTINGS_SECONDS, Memory
from stockhub.cycles.models import Chunk, Cycle
from stockhub.values import DomainError, Label


@dataclass(slots=True)
class Work:
    """One chunk in progress, as the code of a cycle sees it.

    `guard()` opens a transaction that holds the chunk's lease: it raises `LeaseLostError` where another worker has taken the chunk over.
    Everything written must be written under a guard, and writing it twice must change nothing the second time.
    """

    cycle: Cycle
    chunk: Chunk
    guard: Callable[[], AbstractContextManager[None]]
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    #: Where a cycle may remember settings from one chunk of a run to the next that the same worker takes right after it.
    settings: Memory = field(default_factory=lambda: Memory(SETTINGS_SECONDS))

    @property
    def as_of(self) -> datetime:
        return self.cycle.as_of

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Times a named step."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def count(self, name: str, number: int) -> None:
        """Adds to a named count."""
        self.counts[name] = self.counts.get(name, 0) + number


@dataclass(frozen=True, slots=True)
class CycleDefinition:
    """What a cycle does.

    `prepare` runs once before the chunks, `run_chunk` for each range of SKU ids, `finish` once after the last; it may return a message for
    the operator. All may be called again after a crash. `prepare` and `finish` may add to the cycle's `counts` and `seconds`; the executor
    saves those two.

    `sku_ids` is asked once, after `prepare`: the ascending ids of the SKUs that the run is for (`Cycle.sku_codes` narrows them). It is cut
    into ranges of `chunk_skus` SKUs; none means a run without data.

    A cycle with `reacts_to` is run by the dispatcher, too, soon after an event whose kind starts with one of these.
    """

    name: str
    label: Label
    run_chunk: Callable[[Work], None]
    sku_ids: Callable[[Cycle], Sequence[int] | NDArray[np.int64]]
    prepare: Callable[[Cycle], None] | None = None
    finish: Callable[[Cycle], Said] | None = None
    chunk_skus: int = 5000
    #: The Celery queue: quick cycles do not wait behind slow ones.
    queue: str = "bulk"
    reacts_to: tuple[str, ...] = ()
    #: A run that finds nothing to do is no news: the cycle looks after what has changed.
    idle_is_normal: bool = False


_definitions: dict[str, CycleDefinition] = {}


def register(definition: CycleDefinition) -> None:
    """Called from the `ready()` of the app that owns the cycle."""
    if definition.name in _definitions and _definitions[definition.name] != definition:
        raise ValueError(f"Cycle {definition.name!r} is registered already.")
    _definitions[definition.name] = definition


def get(name: str) -> CycleDefinition:
    """The cycle of that name; DomainError `unknown_cycle` names those there are."""
    try:
        return _definitions[name]
    except KeyError:
        raise DomainError(
            "unknown_cycle",
            _("There is no cycle %(name)r. Use one of: %(names)s."),
            path=("name",),
            params={"name": name, "names": ", ".join(names())},
        ) from None


def names() -> list[str]:
    return sorted(_definitions)
