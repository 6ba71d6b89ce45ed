"""What many types share: version and tombstone, scoped rows, and people."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from django.db.models import QuerySet
from strawberry import Info

from stockhub.graphql.context import user_of
from stockhub.graphql.scoping import visible


@strawberry.interface(description="An object that people and an ERP edit.")
class Editable:
    version: int = strawberry.field(description="Counts up with every change; an update takes it as `expectedVersion`.")
    created_at: dt.datetime = strawberry.field(description="When it was made.")
    updated_at: dt.datetime = strawberry.field(description="When it was last written.")
    deleted_at: dt.datetime | None = strawberry.field(description="When it was deleted; null while it lives.")


class Scoped:
    """Mixin of types whose rows belong to accounts or warehouses: wherever the graph comes upon them, only the user's own are there."""

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Any], info: Info, **_: object) -> QuerySet[Any]:
        return visible(queryset.model, queryset, user_of(info))


@strawberry.type(description="A user, as others see him.")
class Person:
    username: str = strawberry.field(description="His name at login.")
    name: str = strawberry.field(description="His full name, or the name at login where there is none.")


def person(user: Any) -> Person | None:  # noqa: ANN401 - a user or None
    return None if user is None else Person(username=user.username, name=user.get_full_name() or user.username)
