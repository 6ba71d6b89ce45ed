"""Asking the server to work, and mapping what a marketplace lists."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import UNSET, Info

from stockhub.catalog.models import Sku
from stockhub.channels import listing_links
from stockhub.channels.models import Account
from stockhub.channels.models import Listing as ListingRow
from stockhub.core import actor, clock
from stockhub.cycles import services
from stockhub.cycles.models import Cycle as CycleRow
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import ids_by_code, named
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import MAX_ROWS, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.together import read_together
from stockhub.graphql.types.channels import Listing
from stockhub.graphql.types.cycles import Cycle
from stockhub.values import DomainError

#: A run for another moment would stand among the latest for ever, or for ever last.
_SLOT_RANGE = dt.timedelta(days=1)


@strawberry.input(description="A run of a cycle, now.")
class CycleRunInput:
    name: str = strawberry.field(description="Which cycle: sync, forecast, warnings, …")
    skus: list[str] = strawberry.field(
        description="The codes of the SKUs to run it for, at most 1,000; none for all.", default_factory=list
    )
    slot_at: dt.datetime | None = strawberry.field(
        description="The moment that the run is for: asked twice for one moment, it is one run. Now where it is not sent.", default=UNSET
    )


@strawberry.type(description="The run that was asked for, or why it was not.")
class CycleRunPayload:
    asked: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was asked for where there are any.")

    @strawberry.field(description="The run: ask for it again to see how far it is. Null where there are errors.")
    def cycle(self, info: Info) -> Cycle | None:
        return read_together(info, CycleRow, self.asked, [self.asked or 0])


@strawberry.input(description="A run to cancel.")
class CycleCancelInput:
    id: strawberry.ID = strawberry.field(description="The run's id.")


@strawberry.type(description="The run that was cancelled, or why it was not.")
class CycleCancelPayload:
    cancelled: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was cancelled where there are any.")

    @strawberry.field(description="The run as it ended. Null where there are errors.")
    def cycle(self, info: Info) -> Cycle | None:
        return read_together(info, CycleRow, self.cancelled, [self.cancelled or 0])


@strawberry.input(description="Units of a SKU that a listing delivers, within dates.")
class ListingComponentInput:
    sku: str = strawberry.field(description="The SKU's code.")
    qty: Quantity = strawberry.field(description="Units that selling the listing once takes.", default=Quantity(1))
    valid_from: dt.date | None = strawberry.field(description="First day; a day of the account's zone.", default=None)
    valid_to: dt.date | None = strawberry.field(description="Last day; a day of the account's zone.", default=None)


@strawberry.input(description="What a listing delivers.")
class ListingLinkInput:
    account: str = strawberry.field(description="The account's code.")
    kind: str = strawberry.field(description="What the listing's code is: sku, asin, msku, …", default="sku")
    code: str = strawberry.field(description="The listing's code.")
    components: list[ListingComponentInput] = strawberry.field(description="All that it delivers, at most 1,000; none makes it unmapped.")
    expected_version: int | None = strawberry.field(
        description="The version that the change was made from; without it, the last writer wins.", default=None
    )


@strawberry.type(description="The listing as it is now, or why it was not linked.")
class ListingLinkPayload:
    linked: strawberry.Private[int | None]
    recounted_lines: int = strawberry.field(description="Order lines that were counted anew, because they deliver something else now.")
    moved_returns: int = strawberry.field(
        description="Returns that had come in already and whose units were moved to what the listing delivers now."
    )
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was linked where there are any.")

    @strawberry.field(description="The listing; null where there are errors.")
    def listing(self, info: Info) -> Listing | None:
        return read_together(info, ListingRow, self.linked, [self.linked or 0])


def _run(info: Info, given: CycleRunInput) -> CycleRow:
    if len(given.skus) > MAX_ROWS:
        raise DomainError("too_many_rows", _("Name at most %(most)s SKUs."), path=("skus",), params={"most": MAX_ROWS})
    ids_by_code(info, Sku, given.skus, "skus")
    if given.slot_at and abs(given.slot_at - clock.now()) > _SLOT_RANGE:
        raise DomainError("slot_out_of_range", _("A run is for a moment within a day of now."), path=("slotAt",))
    return services.request_cycle(name=given.name, slot_at=given.slot_at or None, sku_codes=given.skus, requested_by=actor.current().label)


def _cancel(info: Info, given: CycleCancelInput) -> CycleRow:
    pk = primary_key(given.id, "Cycle")
    if not rows_of(CycleRow, info).filter(pk=pk).exists():
        raise DomainError("not_found", _("There is no such run, or you may not see it."), path=("id",))
    return services.cancel_cycle(cycle_id=pk)


def _link(info: Info, given: ListingLinkInput) -> tuple[int, listing_links.Linked]:
    """The listing's key and what became of the link."""
    account = named(info, Account, "account", given.account)
    listing = rows_of(ListingRow, info).filter(account=account, kind=given.kind, code=given.code, deleted_at=None).first()
    if listing is None:
        raise DomainError("not_found", _("The account has no such listing."), path=("code",), params={"value": given.code[:200]})
    if given.expected_version is not None and given.expected_version != listing.version:
        message = _("Somebody changed the listing since you read it. Read it again.")
        raise DomainError("stale_version", message, path=("expected_version",), params={"version": listing.version})
    if len(given.components) > MAX_ROWS:
        raise DomainError("too_many_rows", _("Name at most %(most)s components."), path=("components",), params={"most": MAX_ROWS})
    ids = ids_by_code(info, Sku, [component.sku for component in given.components], "components")
    components = [
        listing_links.ComponentInput(sku_id=ids[c.sku], qty=c.qty, valid_from=c.valid_from, valid_to=c.valid_to) for c in given.components
    ]
    return listing.pk, listing_links.link_listing(listing=listing, components=components)


@strawberry.type
class OperationsMutation:
    @root_field("cycles.add_cycle", "Asks for a run of a cycle. Workers take it up; it is not waited for.")
    def cycle_run(self, info: Info, input: Annotated[CycleRunInput, INPUT]) -> CycleRunPayload:  # noqa: A002 - its name in the graph
        cycle, errors = attempt(lambda: _run(info, input))
        return CycleRunPayload(asked=cycle.pk if cycle else None, errors=errors)

    @root_field("cycles.add_cycle", "Ends a run that has not ended. What its finished parts have written stays; no other part is begun.")
    def cycle_cancel(self, info: Info, input: Annotated[CycleCancelInput, INPUT]) -> CycleCancelPayload:  # noqa: A002 - its name in the graph
        cycle, errors = attempt(lambda: _cancel(info, input))
        return CycleCancelPayload(cancelled=cycle.pk if cycle else None, errors=errors)

    @root_field("channels.change_listing", "Says what a listing delivers, and counts its orders and returns anew.")
    def listing_link(self, info: Info, input: Annotated[ListingLinkInput, INPUT]) -> ListingLinkPayload:  # noqa: A002 - its name in the graph
        linked, errors = attempt(lambda: _link(info, input))
        pk, told = linked or (None, listing_links.Linked())
        return ListingLinkPayload(linked=pk, recounted_lines=told.lines, moved_returns=told.moved_returns, errors=errors)
