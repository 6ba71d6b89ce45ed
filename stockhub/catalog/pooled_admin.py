"""Admin pages whose rows belong to a stock pool show a user those of the pools that he may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from stockhub.access.models import User
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.core.admin_classes import PageAdmin


class PooledAdmin(PageAdmin):
    """`pool_path` leads from a row to its pool. With `unpooled_is_shared` rows for every pool are visible to all."""

    pool_path = "pool"
    unpooled_is_shared = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request)
        user = request.user
        if not isinstance(user, User):
            return queryset.none()
        ids = visible_pool_ids(user)
        if ids is None:
            return queryset
        unpooled = Q(**{f"{self.pool_path}__isnull": True}) if self.unpooled_is_shared else Q(pk__in=[])
        return queryset.filter(unpooled | Q(**{f"{self.pool_path}__in": ids}))
