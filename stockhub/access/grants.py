"""What a user has been granted, and the names of what can be: accounts and warehouses lie above this layer and bring theirs here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Final

from stockhub.access.models import Grant, ScopeKind, User

#: Gives (id, code, name) of everything of a kind that can be granted.
Named = Callable[[], Iterable[tuple[int, str, str]]]

_names: dict[str, Named] = {}
#: Counts the grants that this request has given: what its user was read with before is read again.
_given: Final[ContextVar[int]] = ContextVar("stockhub_grants_given", default=0)


def name_scope(kind: ScopeKind, named: Named) -> None:
    """Called once by the area that owns the kind."""
    _names[kind] = named


def choices(kind: ScopeKind) -> list[tuple[str, str]]:
    """What can be granted of a kind: (`<kind>:<id>`, `code · name`)."""
    named = _names.get(kind)
    return [(f"{kind}:{pk}", f"{code} · {name}") for pk, code, name in named()] if named else []


def granted_ids(user: User) -> dict[str, list[int]]:
    """The accounts' and the warehouses' ids that the user's grants name; read once a request, kept on its user.

    A grant that the request itself gives is known at once.
    """
    kept: tuple[int, dict[str, list[int]]] | None = getattr(user, "_granted_ids", None)
    if kept is not None and kept[0] == _given.get():
        return kept[1]
    known: dict[str, list[int]] = {ScopeKind.ACCOUNT: [], ScopeKind.WAREHOUSE: []}
    for kind, object_id in Grant.objects.filter(user=user).values_list("kind", "object_id"):
        known[kind].append(object_id)
    user._granted_ids = (_given.get(), known)  # type: ignore[attr-defined]  # noqa: SLF001 - our own cache on the request's user
    return known


def note_given() -> None:
    """A grant was given: whoever asks in this request reads them anew."""
    _given.set(_given.get() + 1)
