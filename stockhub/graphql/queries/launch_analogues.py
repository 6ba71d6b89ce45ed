"""Reading the like SKUs of new ones."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import Info

from stockhub.demand import models
from stockhub.graphql.pagination import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    IncludeDeleted,
    Key,
    Offset,
    Paging,
    UpdatedSince,
    current,
    page,
    rows_of,
)
from stockhub.graphql.permissions import root_field
from stockhub.graphql.single import by_key
from stockhub.graphql.types.launch_analogues import LaunchAnalogue


@strawberry.type
class LaunchAnaloguesQuery:
    @root_field("demand.view_launchanalogue", "The like SKU that was named for a new one; null where there is none.")
    def launch_analogue(
        self, info: Info, sku: Annotated[str, strawberry.argument(description="The new SKU's code.")]
    ) -> LaunchAnalogue | None:
        return by_key(info, models.LaunchAnalogue, sku__code=sku)

    @root_field("demand.view_launchanalogue", "The like SKUs of new ones, in the order of these.")
    def launch_analogues(
        self,
        info: Info,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,  # noqa: FBT002 - clients name every argument
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[LaunchAnalogue]:
        rows = current(rows_of(models.LaunchAnalogue, info), updated_since=updated_since, include_deleted=include_deleted)
        return page(info, Connection[LaunchAnalogue], rows, (Key("sku_id"),), Paging(first, after, offset))
