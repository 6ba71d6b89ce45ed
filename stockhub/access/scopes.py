"""Which accounts and warehouses a user may see: ids for querysets, None for all of them."""

from __future__ import annotations

from stockhub.access.grants import granted_ids
from stockhub.access.models import ScopeKind, User


def visible_account_ids(user: User) -> set[int] | None:
    """The accounts of the user's grants; None where he sees all. Nobody who is not active sees any."""
    if not user.is_active:
        return set()
    if user.is_superuser or user.sees_all_accounts:
        return None
    return set(granted_ids(user)[ScopeKind.ACCOUNT])


def visible_warehouse_ids(user: User) -> set[int] | None:
    """The warehouses of the user's grants; None where he sees all. Nobody who is not active sees any."""
    if not user.is_active:
        return set()
    if user.is_superuser or user.sees_all_warehouses:
        return None
    return set(granted_ids(user)[ScopeKind.WAREHOUSE])
