"""A port for events. The outbox lies above the plugin host, so the composition root binds one to the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Emit(Protocol):
    """`stockhub.outbox.services.emit_event`."""

    def __call__(self, kind: str, *, entity: str, entity_id: int | None, payload: Mapping[str, Any]) -> object: ...


def _unbound(kind: str, *, entity: str, entity_id: int | None, payload: Mapping[str, Any]) -> object:  # noqa: ARG001 - the port's signature
    """The port of a process in which nothing is bound."""
    return None


_emit: Emit = _unbound


def bind_events(emit: Emit) -> None:
    """Called once by the composition root."""
    global _emit  # noqa: PLW0603 - a port with one binding a process
    _emit = emit


def emit(kind: str, *, plugin_id: int, payload: Mapping[str, Any]) -> None:
    """Records that something happened to a plugin, in the caller's transaction."""
    _emit(kind, entity="pluginhost.plugin", entity_id=plugin_id, payload=payload)
