"""Admin pages whose rows belong to accounts or warehouses show a user those that he has been granted, and no others."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from stockhub.access.grants import granted_ids
from stockhub.access.models import ScopeKind, User
from stockhub.core.admin_classes import PageAdmin


class ScopedAdmin(PageAdmin):
    """`account_paths` and `warehouse_paths` are lookups from a row to the ids of accounts and warehouses.

    A row is visible where one of them leads to something granted. With `unowned_is_shared` rows that lead nowhere are visible to all.
    """

    account_paths: tuple[str, ...] = ()
    warehouse_paths: tuple[str, ...] = ()
    unowned_is_shared = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request)
        condition = self._condition(request)
        if condition is None:
            return queryset
        # A subquery, because a join over many-valued paths would list a row twice.
        return queryset.filter(pk__in=self.model._default_manager.filter(condition).order_by().values("pk"))

    def _condition(self, request: HttpRequest) -> Q | None:
        user = request.user
        if not isinstance(user, User):
            return Q(pk__in=[])
        paths = {ScopeKind.ACCOUNT: self.account_paths, ScopeKind.WAREHOUSE: self.warehouse_paths}
        everything = {ScopeKind.ACCOUNT: user.sees_all_accounts, ScopeKind.WAREHOUSE: user.sees_all_warehouses}
        if user.is_superuser or any(everything[kind] for kind, lookups in paths.items() if lookups):
            return None
        granted = granted_ids(user)
        conditions = [Q(**{f"{lookup}__in": granted[kind]}) for kind, lookups in paths.items() for lookup in lookups]
        if self.unowned_is_shared:
            conditions.append(Q(**{f"{lookup}__isnull": True for lookups in paths.values() for lookup in lookups}))
        either = Q(pk__in=[])
        for condition in conditions:
            either |= condition
        return either
