"""Admin pages whose rows belong to an account or a warehouse show a user those that he may see, and no others."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids, visible_warehouse_ids
from stockhub.core.admin_classes import PageAdmin


class ScopedAdmin(PageAdmin):
    """`account_path` or `warehouse_path` is the lookup from a row to its account or warehouse.

    With `unowned_is_shared` rows that belong to none are visible to all.
    """

    account_path = ""
    warehouse_path = ""
    unowned_is_shared = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request)
        user = request.user
        if not isinstance(user, User):
            return queryset.none()
        for path, ids in ((self.account_path, visible_account_ids(user)), (self.warehouse_path, visible_warehouse_ids(user))):
            if path and ids is not None:
                unowned = Q(**{f"{path}__isnull": True}) if self.unowned_is_shared else Q(pk__in=[])
                queryset = queryset.filter(unowned | Q(**{f"{path}__in": ids}))
        return queryset
