"""Overriding a line for a time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

import strawberry
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.catalog import models as catalog
from stockhub.catalog import override_models as models
from stockhub.catalog import overrides as services
from stockhub.channels.models import Account
from stockhub.graphql.context import user_of
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import named
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.scoping import pools
from stockhub.graphql.together import read_together
from stockhub.graphql.types.lines import StockLine, StockOverride
from stockhub.values import DomainError


@strawberry.input(description="A quantity in place of a line, or a factor on it, for a time. It reverts by itself.")
class StockOverrideCreateInput:
    sku: str | None = strawberry.field(
        description="The code of the SKU that it is for. Else one of these: pool, account, stage, skuClass, category.", default=None
    )
    pool: str | None = strawberry.field(
        description="The pool's code: all that is in it, or a SKU there; a SKU alone is overridden in all pools.", default=None
    )
    account: str | None = strawberry.field(description="The account's code: all pools that serve it.", default=None)
    stage: str | None = strawberry.field(description="The slug of the life-cycle stage.", default=None)
    sku_class: str | None = strawberry.field(description="The class of SKUs, such as A.", default=None)
    category: str | None = strawberry.field(description="The category's code: it, and all beneath it.", default=None)
    line: StockLine = strawberry.field(description="Which line.", default=StockLine.ALERT_THRESHOLD)
    qty: Quantity | None = strawberry.field(description="Units in place of the line; either this or the factor.", default=None)
    factor: Decimal | None = strawberry.field(description="What multiplies the line, from 0 to 100.", default=None)
    starts_at: dt.datetime | None = strawberry.field(description="From when it holds; now where it is not sent.", default=None)
    until_at: dt.datetime = strawberry.field(description="When it ends by itself: a year later at most.")
    reason: str = strawberry.field(description="Why: what the next person reads.")


@strawberry.input(description="Ends an override before its time.")
class StockOverrideCancelInput:
    id: strawberry.ID = strawberry.field(description="The override's id.")
    reason: str = strawberry.field(description="Why it ends.")


@strawberry.type(description="The override as it is now, or why nothing was done.")
class StockOverridePayload:
    changed: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was done where there are any.")

    @strawberry.field(description="The override; null where there are errors.")
    def stock_override(self, info: Info) -> StockOverride | None:
        return read_together(info, models.StockOverride, self.changed, [self.changed or 0])


def _id(info: Info, model: type[Model], path: str, code: str | None) -> int | None:
    return None if code is None else int(named(info, model, path, code).pk)


def _stage_id(info: Info, slug: str | None) -> int | None:
    if slug is None:
        return None
    pk: int | None = rows_of(catalog.Stage, info).filter(slug=slug).values_list("pk", flat=True).first()
    if pk is None:
        raise DomainError("not_found", _("There is no such code, or you may not see it."), path=("stage",), params={"value": slug[:200]})
    return pk


def _create(info: Info, given: StockOverrideCreateInput) -> models.StockOverride:
    if given.sku is not None and given.pool is None and pools(user_of(info)) is not None:
        raise DomainError("not_found", _("Name the pool: an override for all pools is for those who see all of them."), path=("pool",))
    return services.set_override(
        services.OverrideTarget(
            sku_id=_id(info, catalog.Sku, "sku", given.sku),
            pool_id=_id(info, catalog.StockPool, "pool", given.pool),
            account_id=_id(info, Account, "account", given.account),
            stage_id=_stage_id(info, given.stage),
            sku_class=given.sku_class or "",
            category_id=_id(info, catalog.Category, "category", given.category),
        ),
        line=given.line.value,
        qty=None if given.qty is None else int(given.qty),
        factor=None if given.factor is None else float(given.factor),
        starts_at=given.starts_at,
        until_at=given.until_at,
        reason=given.reason,
    )


def _cancel(info: Info, given: StockOverrideCancelInput) -> models.StockOverride:
    pk = primary_key(given.id, "StockOverride")
    override = rows_of(models.StockOverride, info).filter(pk=pk).first()
    if override is None or not services.reaches(user_of(info), override):
        raise DomainError("not_found", _("There is no such override, or you may not change it."), path=("id",))
    return services.end_override(override_id=pk, reason=given.reason)


@strawberry.type
class LinesMutation:
    @root_field("catalog.add_stockoverride", "Sets a quantity in place of a line, or a factor on it, for a time.")
    def stock_override_create(self, info: Info, input: Annotated[StockOverrideCreateInput, INPUT]) -> StockOverridePayload:  # noqa: A002 - its name in the graph
        made, errors = attempt(lambda: _create(info, input))
        return StockOverridePayload(changed=made.pk if made else None, errors=errors)

    @root_field("catalog.change_stockoverride", "Ends an override before its time: the line is again what it would be without.")
    def stock_override_cancel(self, info: Info, input: Annotated[StockOverrideCancelInput, INPUT]) -> StockOverridePayload:  # noqa: A002 - its name in the graph
        ended, errors = attempt(lambda: _cancel(info, input))
        return StockOverridePayload(changed=ended.pk if ended else None, errors=errors)
