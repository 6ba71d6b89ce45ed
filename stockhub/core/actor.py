"""Who is acting: a person, an API token's owner, or a part of the system. Recorded with every effect on stock or configuration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` is None for the system; `label` is what history shows (`ana`, `cycle:warnings`, `import:sales`)."""

    label: str
    user_id: int | None = None


SYSTEM = Actor("system")
_actor: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)
_correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")


def current() -> Actor:
    return _actor.get()


def correlation_id() -> str:
    """The id that ties log lines, errors and events of one request or one cycle together; empty outside of both."""
    return _correlation_id.get()


@contextmanager
def acting_as(actor: Actor, *, correlation: str | None = None) -> Iterator[None]:
    token = _actor.set(actor)
    correlation_token = _correlation_id.set(correlation) if correlation is not None else None
    try:
        yield
    finally:
        _actor.reset(token)
        if correlation_token is not None:
            _correlation_id.reset(correlation_token)
