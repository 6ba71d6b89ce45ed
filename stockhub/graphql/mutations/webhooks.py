"""Trying messages of platforms again, and linking listings as suggested."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.channels.models import Account
from stockhub.channels.suggestion_acceptance import Acceptance, Accepted, accept_suggestions
from stockhub.channels.webhooks import retries
from stockhub.channels.webhooks.models import WebhookMessage
from stockhub.graphql.errors import UserError, error_of
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import named
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.values import DomainError


@strawberry.input(description="Messages that were given up, or wait for another attempt.")
class WebhookRetryInput:
    ids: list[strawberry.ID] = strawberry.field(description="Their ids, at most 1,000.")


@strawberry.type(description="How many are due again, or why none is.")
class WebhookRetryPayload:
    due_count: int = strawberry.field(description="Messages that workers will look at at once; those that are done stay done.")
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing is due where there are any.")


@strawberry.input(description="What one listing delivers.")
class SuggestionAcceptInput:
    code: str = strawberry.field(description="The listing's code.")
    sku: str = strawberry.field(description="The SKU's code.")
    kind: str = strawberry.field(description="What the listing's code is: sku, asin, msku, …", default="sku")
    qty: Quantity = strawberry.field(description="Units that selling the listing once takes.", default=Quantity(1))


@strawberry.input(description="Suggestions of an account that a person has looked at.")
class ListingSuggestionsAcceptInput:
    account: str = strawberry.field(description="The account's code.")
    rows: list[SuggestionAcceptInput] = strawberry.field(description="At most 200 listings; a bad row is refused alone.")
    idempotency_key: str = strawberry.field(
        description="Sent again with the same key, other rows are refused. The same rows have no second effect, with or without it.",
        default="",
    )


@strawberry.type(description="What became of one listing.")
class ListingSuggestionAcceptResult:
    told: strawberry.Private[Accepted]

    @strawberry.field(description="The row's place, from 0.")
    def index(self) -> int:
        return self.told.index

    @strawberry.field(description="Whether the listing delivers what the row says.")
    def is_linked(self) -> bool:
        return self.told.error is None

    @strawberry.field(description="Order lines that were counted anew; 0 where it was linked like this before.")
    def recounted_lines(self) -> int:
        return self.told.lines

    @strawberry.field(description="Why it was refused; empty where it was not.")
    def errors(self) -> list[UserError]:
        return [] if self.told.error is None else [error_of(self.told.error, prefix=("input",))]


@strawberry.type(description="What became of the listings.")
class ListingSuggestionsAcceptPayload:
    results: list[ListingSuggestionAcceptResult] = strawberry.field(description="A result for each row, in their order.")
    errors: list[UserError] = strawberry.field(description="Failures of the whole; nothing was linked where there are any.")


def _keys(info: Info, ids: Sequence[strawberry.ID]) -> list[int]:
    """The keys of messages that the user sees; DomainError `not_found` for one that he does not."""
    if not 1 <= len(ids) <= retries.ROWS:
        raise DomainError("invalid_rows", _("Name 1 to %(most)s messages."), path=("ids",), params={"most": retries.ROWS})
    keys = [primary_key(each, "WebhookMessage") for each in ids]
    seen = set(rows_of(WebhookMessage, info).filter(pk__in=keys).values_list("pk", flat=True))
    for index, key in enumerate(keys):
        if key not in seen:
            raise DomainError("not_found", _("There is no such message, or you may not see it."), path=("ids", str(index)))
    return keys


def _accept(info: Info, given: ListingSuggestionsAcceptInput) -> list[Accepted]:
    account = named(info, Account, "account", given.account)
    rows = [Acceptance(row.code, row.sku, int(row.qty), row.kind) for row in given.rows]
    return accept_suggestions(account=account, rows=rows, idempotency_key=given.idempotency_key)


@strawberry.type
class WebhooksMutation:
    @root_field("channels.change_webhookmessage", "Has messages of platforms worked on again at once, with all their attempts ahead.")
    def webhook_retry(self, info: Info, input: Annotated[WebhookRetryInput, INPUT]) -> WebhookRetryPayload:  # noqa: A002 - its name in the graph
        told, errors = attempt(lambda: retries.retry_messages(_keys(info, input.ids)))
        return WebhookRetryPayload(due_count=told or 0, errors=errors)

    @root_field("channels.change_listing", "Links listings that deliver nothing yet, and counts their orders in.")
    def listing_suggestions_accept(
        self,
        info: Info,
        input: Annotated[ListingSuggestionsAcceptInput, INPUT],  # noqa: A002 - its name in the graph
    ) -> ListingSuggestionsAcceptPayload:
        told, errors = attempt(lambda: _accept(info, input))
        return ListingSuggestionsAcceptPayload(results=[ListingSuggestionAcceptResult(told=each) for each in told or ()], errors=errors)
