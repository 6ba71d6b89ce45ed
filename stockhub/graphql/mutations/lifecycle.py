"""Setting stages by hand for a time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from strawberry import Info

from stockhub.catalog import models as catalog
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import ids_by_code
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.permissions import root_field
from stockhub.graphql.together import read_together
from stockhub.graphql.types.lifecycle import StageOverride
from stockhub.lifecycle import models
from stockhub.lifecycle import overrides as services


@strawberry.input(description="A stage in place of the one that the evaluations settle, until a day. It reverts by itself.")
class StageOverrideCreateInput:
    skus: list[str] = strawberry.field(description="The SKUs' codes, at most 1,000; all of them or none is set.")
    stage: str = strawberry.field(description="The stage's slug.")
    until_on: dt.date = strawberry.field(description="The last day on which it holds, of the site's zone: a year from now at most.")
    reason: str = strawberry.field(description="Why: what the next person reads.")


@strawberry.input(description="Ends stages that were set by hand, before their time.")
class StageOverrideCancelInput:
    ids: list[strawberry.ID] = strawberry.field(description="The overrides' ids, at most 1,000; all of them or none is ended.")
    reason: str = strawberry.field(description="Why they end.")


@strawberry.type(description="The overrides as they are now, or why nothing was done.")
class StageOverridePayload:
    changed: strawberry.Private[list[int]]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The overrides; empty where there are errors.")
    def stage_overrides(self, info: Info) -> list[StageOverride]:
        return [found for pk in self.changed if (found := read_together(info, models.StageOverride, pk, self.changed)) is not None]


def _create(info: Info, given: StageOverrideCreateInput) -> list[models.StageOverride]:
    services.require_count(given.skus)
    ids = ids_by_code(info, catalog.Sku, given.skus, "skus")
    return services.set_stage(sku_ids=list(ids.values()), stage=given.stage, until_on=given.until_on, reason=given.reason)


def _cancel(given: StageOverrideCancelInput) -> list[models.StageOverride]:
    services.require_count(given.ids)
    return services.end_overrides(override_ids=[primary_key(each, "StageOverride") for each in given.ids], reason=given.reason)


@strawberry.type
class LifecycleMutation:
    @root_field("lifecycle.add_stageoverride", "Sets the stage of SKUs by hand until a day.")
    def stage_override_create(self, info: Info, input: Annotated[StageOverrideCreateInput, INPUT]) -> StageOverridePayload:  # noqa: A002 - its name in the graph
        made, errors = attempt(lambda: _create(info, input))
        return StageOverridePayload(changed=[each.pk for each in made or ()], errors=errors)

    @root_field("lifecycle.change_stageoverride", "Ends stages that were set by hand: they are again what they would be without.")
    def stage_override_cancel(self, input: Annotated[StageOverrideCancelInput, INPUT]) -> StageOverridePayload:  # noqa: A002 - its name in the graph
        ended, errors = attempt(lambda: _cancel(input))
        return StageOverridePayload(changed=[each.pk for each in ended or ()], errors=errors)
