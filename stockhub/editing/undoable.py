"""What can be undone: each area says of its objects what undoing a change of them takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from stockhub.core.models import Editable
from stockhub.editing.upserts import Change
from stockhub.values.errors import DomainError


def _nothing(_changes: Sequence[Change[Any]]) -> None:
    """Of objects that have no details."""


def _nowhere(_objects: Sequence[Any]) -> Collection[int]:
    """Of objects that belong to no warehouse."""
    return ()


def _never(_obj: Any) -> DomainError | None:  # noqa: ANN401 - an object of the kind
    """Of objects that nothing rests on."""


@dataclass(frozen=True, slots=True)
class Undoable:
    """One kind of object. `noun` is that of its events."""

    noun: str
    model: type[Editable]
    permission: str
    #: The warehouses that one has to be allowed to change in order to change these objects.
    warehouse_ids: Callable[[Sequence[Any]], Collection[int]] = _nowhere
    #: Parts that are no columns, by their name in the event: from the event's JSON to what `write_details` takes.
    details: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    #: Writes the parts named in `details`; raises DomainError where they cannot be as they were.
    write_details: Callable[[Sequence[Change[Any]]], None] = _nothing
    #: Why an object cannot be taken away again.
    obstacle: Callable[[Any], DomainError | None] = _never


_kinds: dict[str, Undoable] = {}


def register_undoable(kind: Undoable) -> None:
    """Called once for each kind by the app that owns it, when it is ready."""
    _kinds[kind.noun] = kind


def undoable(noun: str) -> Undoable:
    """The kind with this noun; DomainError `not_undoable` where nobody has said how."""
    if noun not in _kinds:
        raise DomainError("not_undoable", _("Changes of these objects cannot be undone; change them back by hand."), params={"noun": noun})
    return _kinds[noun]
