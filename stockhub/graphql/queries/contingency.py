"""Reading contingency plans."""

# ruff: noqa: FBT002 - clients name every argument

from __future__ import annotations

import strawberry
from strawberry import Info

from stockhub.demand import models
from stockhub.graphql.pagination import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    IncludeDeleted,
    Offset,
    Paging,
    UpdatedSince,
    current,
    page,
    rows_of,
)
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.catalog import BY_CODE, Code
from stockhub.graphql.single import by_key
from stockhub.graphql.types.contingency import ContingencyPlan


@strawberry.type
class ContingencyQuery:
    @root_field("demand.view_contingencyplan", "The contingency plan with this code; null where there is none that the user sees.")
    def contingency_plan_by_code(self, info: Info, code: Code) -> ContingencyPlan | None:
        return by_key(info, models.ContingencyPlan, code=code)

    @root_field("demand.view_contingencyplan", "Contingency plans for any account and for those that the user sees, by their code.")
    def contingency_plans(
        self,
        info: Info,
        updated_since: UpdatedSince = None,
        include_deleted: IncludeDeleted = False,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[ContingencyPlan]:
        rows = current(rows_of(models.ContingencyPlan, info), updated_since=updated_since, include_deleted=include_deleted)
        return page(info, Connection[ContingencyPlan], rows, BY_CODE, Paging(first, after, offset))
