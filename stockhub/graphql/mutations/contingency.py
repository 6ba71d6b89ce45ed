"""Making, changing and calling off contingency plans."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import UNSET, Info

from stockhub.demand import models
from stockhub.demand.plans.contingency_writing import cancel_contingency_plan, upsert_contingency_plan
from stockhub.demand.plans.inputs import ContingencyPlanInput
from stockhub.graphql.mutations.payloads import INPUT, Written, to_service, write_one
from stockhub.graphql.mutations.visibility import named, require_visible_accounts
from stockhub.graphql.permissions import root_field
from stockhub.graphql.types.contingency import ContingencyPlan


@strawberry.input(description="A contingency plan by its code. A field that is not sent is left alone; null clears it.")
class ContingencyPlanUpsertInput:
    code: str = strawberry.field(description="Its unique code: an existing one is changed, else one is made.")
    event_type: str | None = strawberry.field(description="The type of the events that open it, such as 618 or typhoon.", default=UNSET)
    account: str | None = strawberry.field(description="The account's code; null for any account.", default=UNSET)
    days_before: int | None = strawberry.field(description="So many days before the event's first day it opens: 0 to 180.", default=UNSET)
    plan: str | None = strawberry.field(description="What is to be done, in a few sentences.", default=UNSET)
    tasks: list[str] | None = strawberry.field(description="All of its tasks, a text each, at most 50.", default=UNSET)
    expected_version: int | None = strawberry.field(
        description="The version that the change was made from; without it, the last writer wins.", default=UNSET
    )


@strawberry.input(description="Which contingency plan is called off.")
class ContingencyPlanCancelInput:
    code: str = strawberry.field(description="Its code.")


@strawberry.type(description="The contingency plan that was written, or why it was not.")
class ContingencyPlanUpsertPayload(Written):
    @strawberry.field(description="The plan as it is now; null where there are errors.")
    def contingency_plan(self, info: Info) -> ContingencyPlan | None:
        return self.now(info, models.ContingencyPlan)


@strawberry.type
class ContingencyMutation:
    @root_field("demand.change_contingencyplan", "Makes or changes a contingency plan.")
    def contingency_plan_upsert(
        self,
        info: Info,
        input: Annotated[ContingencyPlanUpsertInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> ContingencyPlanUpsertPayload:
        def work() -> models.ContingencyPlan:
            require_visible_accounts(info, [input.account or None], bulk=False)
            return upsert_contingency_plan(to_service(input, ContingencyPlanInput))

        return write_one(ContingencyPlanUpsertPayload, work)

    @root_field("demand.delete_contingencyplan", "Calls a contingency plan off.")
    def contingency_plan_cancel(
        self,
        info: Info,
        input: Annotated[ContingencyPlanCancelInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> ContingencyPlanUpsertPayload:
        def work() -> models.ContingencyPlan:
            return cancel_contingency_plan(code=named(info, models.ContingencyPlan, "code", input.code).code)

        return write_one(ContingencyPlanUpsertPayload, work)
