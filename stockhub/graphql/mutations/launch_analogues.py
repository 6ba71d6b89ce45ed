"""Naming the like SKUs of new ones."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry import UNSET, Info

from stockhub.demand import models
from stockhub.demand.launches.naming import forget_analogue, name_analogue
from stockhub.demand.plans.inputs import LaunchAnalogueInput
from stockhub.graphql.mutations.payloads import INPUT, Written, to_service, write_one
from stockhub.graphql.permissions import root_field
from stockhub.graphql.types.launch_analogues import LaunchAnalogue


@strawberry.input(description="The like SKU of a new one, by the new one's code. A field that is not sent is left alone; null clears it.")
class LaunchAnalogueUpsertInput:
    sku: str = strawberry.field(description="The new SKU's code: what was named for it is changed, else it is named.")
    like_sku: str | None = strawberry.field(description="The code of the SKU that it is like.", default=UNSET)
    scale: Decimal | None = strawberry.field(description="How many times as much it sells, from 0.01 to 100; 1 by default.", default=UNSET)
    ends_on: dt.date | None = strawberry.field(description="The last day; null: until the SKU is established.", default=UNSET)
    reason: str | None = strawberry.field(description="Why: what the next person reads.", default=UNSET)
    expected_version: int | None = strawberry.field(
        description="The version that the change was made from; without it, the last writer wins.", default=UNSET
    )


@strawberry.input(description="Whose like SKU is taken back.")
class LaunchAnalogueCancelInput:
    sku: str = strawberry.field(description="The new SKU's code.")


@strawberry.type(description="What was named, or why it was not.")
class LaunchAnalogueUpsertPayload(Written):
    @strawberry.field(description="It as it is now; null where there are errors.")
    def launch_analogue(self, info: Info) -> LaunchAnalogue | None:
        return self.now(info, models.LaunchAnalogue)


@strawberry.type
class LaunchAnaloguesMutation:
    @root_field("demand.change_launchanalogue", "Names the SKU whose launch a new one is taken to repeat, with a scale.")
    def launch_analogue_upsert(
        self,
        info: Info,  # noqa: ARG002 - as all root fields
        input: Annotated[LaunchAnalogueUpsertInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> LaunchAnalogueUpsertPayload:
        def work() -> models.LaunchAnalogue:
            scale = float(input.scale) if isinstance(input.scale, Decimal) else input.scale
            return name_analogue(to_service(input, LaunchAnalogueInput, scale=scale))

        return write_one(LaunchAnalogueUpsertPayload, work)

    @root_field("demand.delete_launchanalogue", "Takes a named like SKU back: the choice is automatic again.")
    def launch_analogue_cancel(
        self,
        info: Info,  # noqa: ARG002 - as all root fields
        input: Annotated[LaunchAnalogueCancelInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> LaunchAnalogueUpsertPayload:
        return write_one(LaunchAnalogueUpsertPayload, lambda: forget_analogue(sku=input.sku))
