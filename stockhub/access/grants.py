"""What a user has been granted, and the names of what can be: accounts and warehouses lie above this layer and bring theirs here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from stockhub.access.models import Grant, ScopeKind, User

#: Gives (id, code, name) of everything of a kind that can be granted.
Named = Callable[[], Iterable[tuple[int, str, str]]]

_names: dict[str, Named] = {}


def name_scope(kind: ScopeKind, named: Named) -> None:
    """Called once by the area that owns the kind."""
    _names[kind] = named


def choices(kind: ScopeKind) -> list[tuple[str, str]]:
    """What can be granted of a kind: (`<kind>:<id>`, `code · name`)."""
    named = _names.get(kind)
    return [(f"{kind}:{pk}", f"{code} · {name}") for pk, code, name in named()] if named else []


def granted_ids(user: User) -> dict[str, list[int]]:
    """The accounts' and the warehouses' ids that the user's grants name; read once a request, kept on its user."""
    known: dict[str, list[int]] | None = getattr(user, "_granted_ids", None)
    if known is None:
        known = {ScopeKind.ACCOUNT: [], ScopeKind.WAREHOUSE: []}
        for kind, object_id in Grant.objects.filter(user=user).values_list("kind", "object_id"):
            known[kind].append(object_id)
        user._granted_ids = known  # type: ignore[attr-defined]  # noqa: SLF001 - our own cache on the request's user
    return known
