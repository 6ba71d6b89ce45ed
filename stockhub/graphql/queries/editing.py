"""Reading change sets."""

from __future__ import annotations

import strawberry
from strawberry import Info

from stockhub.editing import models
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, page, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.types.editing import ChangeSet

_LATEST = (Key("id", descending=True),)


@strawberry.type
class EditingQuery:
    @root_field("editing.view_changeset", "What bulk mutations did, the latest first: one's own, and all for those who see everything.")
    def change_sets(self, info: Info, first: First = DEFAULT_FIRST, after: After = None, offset: Offset = None) -> Connection[ChangeSet]:
        return page(info, Connection[ChangeSet], rows_of(models.ChangeSet, info), _LATEST, Paging(first, after, offset))
