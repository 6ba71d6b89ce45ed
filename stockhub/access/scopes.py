"""Which accounts and warehouses a user may see. Every list is cut to these in its queryset, never by a client's filter (I4)."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from stockhub.access.grants import granted_ids
from stockhub.access.models import ScopeKind, User
from stockhub.core import actor
from stockhub.values.errors import DomainError, LazyText


class NotAllowedError(DomainError):
    """The user may not do this, or not here. What he may not see is treated as absent by the reads."""

    def __init__(self, message: str | LazyText, **params: object) -> None:
        super().__init__("not_allowed", message, params=params)


def visible_account_ids(user: User | AnonymousUser) -> set[int] | None:
    """The ids of the accounts that the user may see; None means all."""
    return _visible(user, ScopeKind.ACCOUNT)


def visible_warehouse_ids(user: User | AnonymousUser) -> set[int] | None:
    """The ids of the warehouses that the user may see; None means all."""
    return _visible(user, ScopeKind.WAREHOUSE)


def sees_all(user: User, kind: ScopeKind) -> bool:
    """Whether the user is scoped to no accounts, or no warehouses, in particular."""
    return user.is_superuser or (user.sees_all_accounts if kind == ScopeKind.ACCOUNT else user.sees_all_warehouses)


def _visible(user: User | AnonymousUser, kind: ScopeKind) -> set[int] | None:
    if not isinstance(user, User) or not user.is_active:
        return set()
    if sees_all(user, kind):
        return None
    return set(granted_ids(user)[kind])


def require(permission: str, *, account_ids: Iterable[int] = (), warehouse_ids: Iterable[int] = ()) -> None:
    """Refuses an acting person who lacks the permission, or may not see what he wants to change.

    The system itself (cycles, imports, connectors) may do everything; nobody in particular may do nothing.
    """
    who = actor.current()
    if who.user_id is None:
        if who.label == "anonymous":
            raise NotAllowedError(_("Sign in first."), permission=permission)
        return
    user = User.objects.filter(pk=who.user_id, is_active=True).first()
    if user is None or not user.has_perm(permission):
        raise NotAllowedError(_("You lack the permission to do this; ask an administrator for it."), permission=permission)
    for kind, asked in ((ScopeKind.ACCOUNT, account_ids), (ScopeKind.WAREHOUSE, warehouse_ids)):
        visible = _visible(user, kind)
        hidden = [] if visible is None else sorted(set(asked) - visible)
        if hidden:
            raise NotAllowedError(
                _("You may not change this account or warehouse; ask an administrator for it."), kind=str(kind), ids=hidden
            )
