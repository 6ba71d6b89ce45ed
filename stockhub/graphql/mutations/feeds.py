"""What an operator does with feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.channels import models
from stockhub.channels.feeds import control
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.together import read_together
from stockhub.graphql.types.channels import Feed
from stockhub.values import DomainError


@strawberry.input(description="A feed.")
class FeedInput:
    id: strawberry.ID = strawberry.field(description="The feed's id.")


@strawberry.input(description="A feed to read now.")
class FeedReadInput:
    id: strawberry.ID = strawberry.field(description="The feed's id.")
    since: dt.datetime | None = strawberry.field(
        description="Read it again from then on; null: go on from where it is. What comes twice has one effect.", default=None
    )


@strawberry.input(description="How often a feed is read.")
class FeedScheduleInput:
    id: strawberry.ID = strawberry.field(description="The feed's id.")
    every_seconds: int | None = strawberry.field(description="Seconds from reading to reading; null: as its connector plans.", default=None)


@strawberry.type(description="The feed as it is now, or why nothing was done.")
class FeedPayload:
    changed: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The feed; null where there are errors.")
    def feed(self, info: Info) -> Feed | None:
        return read_together(info, models.Feed, self.changed, [self.changed or 0])


def _done(info: Info, given: strawberry.ID, work: Callable[[int], models.Feed]) -> FeedPayload:
    def on_visible() -> models.Feed:
        pk = primary_key(given, "Feed")
        if not rows_of(models.Feed, info).filter(pk=pk).exists():
            raise DomainError("not_found", _("There is no such feed, or you may not see it."), path=("id",))
        return work(pk)

    changed, errors = attempt(on_visible)
    return FeedPayload(changed=changed.pk if changed else None, errors=errors)


@strawberry.type
class FeedsMutation:
    @root_field(control.PERMISSION, "Stops reading a feed, after the page that is on its way. Pausing it again changes nothing.")
    def feed_pause(self, info: Info, input: Annotated[FeedInput, INPUT]) -> FeedPayload:  # noqa: A002 - its name in the graph
        return _done(info, input.id, lambda pk: control.pause_feed(feed_id=pk))

    @root_field(control.PERMISSION, "Goes on reading a feed that was paused, from where it stopped.")
    def feed_resume(self, info: Info, input: Annotated[FeedInput, INPUT]) -> FeedPayload:  # noqa: A002 - its name in the graph
        return _done(info, input.id, lambda pk: control.resume_feed(feed_id=pk))

    @root_field(control.PERMISSION, "Has a feed read now, or again from a date: also one that was refused or is left alone.")
    def feed_read(self, info: Info, input: Annotated[FeedReadInput, INPUT]) -> FeedPayload:  # noqa: A002 - its name in the graph
        return _done(info, input.id, lambda pk: control.read_feed(feed_id=pk, since=input.since))

    @root_field(control.PERMISSION, "Says how often a feed is read.")
    def feed_schedule(self, info: Info, input: Annotated[FeedScheduleInput, INPUT]) -> FeedPayload:  # noqa: A002 - its name in the graph
        return _done(info, input.id, lambda pk: control.schedule_feed(feed_id=pk, every_seconds=input.every_seconds))
