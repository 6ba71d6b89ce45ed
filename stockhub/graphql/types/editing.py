"""Change sets: what one bulk mutation did, for undoing it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Count, Q
from strawberry import relay
from strawberry_django import field

from stockhub.editing import models
from stockhub.graphql.types.editable import Scoped


@strawberry_django.type(models.ChangeSet, description="The objects that one bulk mutation made or changed.")
class ChangeSet(relay.Node, Scoped):
    id: relay.NodeID[int]
    entity: str = field(field_name="noun", description="Area and noun of the objects, such as catalog.sku.")
    actor: str = field(description="Who did it.")
    correlation_id: str = field(description="The id of the request that did it, or empty.")
    created_at: dt.datetime = field(description="When it was done.")
    undoes: ChangeSet | None = field(description="The change set that this one took back; null where it is none's undoing.")

    @field(annotate={"row_total": Count("rows", distinct=True)}, description="How many objects it changed.")
    def row_count(self, root: strawberry.Parent[Any]) -> int:
        return int(root.row_total)

    @field(
        annotate={"undone_total": Count("rows", filter=Q(rows__undone_by__isnull=False), distinct=True)},
        description="How many of these changes were taken back.",
    )
    def undone_count(self, root: strawberry.Parent[Any]) -> int:
        return int(root.undone_total)
