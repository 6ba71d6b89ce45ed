"""What every attempt at a piece of a cycle has in common: on whose behalf it runs, how a failure reads, and when it is tried again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.core.kept_texts import Sentence
from stockhub.core.logs import logged_with
from stockhub.cycles.models import Chunk, Cycle
from stockhub.values import DomainError


@contextmanager
def as_cycle(cycle: Cycle, chunk: Chunk | None = None) -> Iterator[None]:
    """Runs a block as the cycle: its actor, correlation id and log fields, and at its own moment where that is another than when it was
    asked for.
    """
    moment = cycle.as_of if cycle.as_of != cycle.created_at else None
    fields = {"cycle": cycle.name, "cycle_id": cycle.pk} | ({"chunk": chunk.ordinal, "chunk_id": chunk.pk} if chunk else {})
    with clock.at(moment), acting_as(Actor(f"cycle:{cycle.name}"), correlation=f"cycle-{cycle.pk}"), logged_with(**fields):
        yield


def error_text(error: Exception) -> str:
    """One line for an operator: the sentence of an expected failure, type and message of a bug. The traceback is in the log."""
    return error.message if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"[:2000]


def error_sentence(error: Exception) -> str | Sentence:
    """The same for a reader who comes later: an expected failure is told in his language."""
    return Sentence(error.text, error.params) if isinstance(error, DomainError) else error_text(error)


def pause(attempts: int, base_seconds: float) -> float:
    """Seconds until the next attempt: doubled each time, spread by a quarter so that failures of one cause do not come back together."""
    return float(base_seconds * 2 ** (attempts - 1) * random.uniform(0.75, 1.25))  # noqa: S311 - spreads load, hides nothing
