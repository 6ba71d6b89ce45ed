"""Setting and ending parameters of rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from strawberry import Info
from strawberry.scalars import JSON

from stockhub.alerts import parameter_models as models
from stockhub.alerts.parameters.setting import ParameterInput, end_parameters, set_parameter, set_parameters
from stockhub.catalog import models as catalog
from stockhub.catalog.services import RowResult, RowStatus
from stockhub.channels.models import Account
from stockhub.editing.upserts import require_size
from stockhub.graphql.errors import UserError
from stockhub.graphql.mutations.payloads import INPUT, Outcome, attempt, outcomes
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.together import read_together
from stockhub.graphql.types.rule_parameters import ParameterScope, RuleParameter
from stockhub.values import DomainError

_KEY = "The same key again sets nothing again and gives the earlier result: 1 to 100 characters of yours."
#: What the code of a target is the code of.
_MODELS: dict[ParameterScope, type[Model]] = {
    ParameterScope.CATEGORY: catalog.Category,
    ParameterScope.STAGE: catalog.Stage,
    ParameterScope.ACCOUNT: Account,
    ParameterScope.POOL: catalog.StockPool,
    ParameterScope.SKU: catalog.Sku,
}


@strawberry.input(description="A value of a rule's parameter, for whom, and until when. Without an end it replaces the one before.")
class RuleParameterInput:
    rule: str = strawberry.field(description="The slug of the rule: its kind of alert.")
    parameter: str = strawberry.field(description="The name of the parameter.")
    value: JSON = strawberry.field(description="The value, as the rule takes it: a number, or its text.")
    scope: ParameterScope = strawberry.field(description="For which SKUs.", default=ParameterScope.GLOBAL)
    target: str | None = strawberry.field(
        description="The code of the category, account, pool or SKU, the slug of the stage, or the class; not sent for all SKUs.",
        default=None,
    )
    starts_at: dt.datetime | None = strawberry.field(description="From when it holds; now where it is not sent.", default=None)
    until_at: dt.datetime | None = strawberry.field(description="When it reverts by itself; not sent where it has no end.", default=None)
    reason: str = strawberry.field(description="Why: what the next person reads.")


@strawberry.input(description="Sets one value.")
class RuleParameterCreateInput(RuleParameterInput):
    idempotency_key: str | None = strawberry.field(description=_KEY, default=None)


@strawberry.input(description="Sets many values.")
class RuleParametersCreateInput:
    rows: list[RuleParameterInput] = strawberry.field(description="At most 1,000 values; a bad row is refused alone.")
    idempotency_key: str | None = strawberry.field(description=_KEY, default=None)


@strawberry.input(description="Ends values before their time: what held without them holds again.")
class RuleParametersCancelInput:
    ids: list[strawberry.ID] = strawberry.field(description="Their ids, at most 1,000. All are ended, or none.")
    reason: str = strawberry.field(description="Why they end.")
    expected_version: int | None = strawberry.field(description="The version that was read, where it is one value.", default=None)


@strawberry.type(description="The value as it was set, or why nothing was set.")
class RuleParameterCreatePayload:
    made: strawberry.Private[int | None]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was set where there are any.")

    @strawberry.field(description="The value; null where there are errors.")
    def rule_parameter(self, info: Info) -> RuleParameter | None:
        return read_together(info, models.RuleParameter, self.made, [self.made or 0])


@strawberry.type(description="What became of one row.")
class RuleParameterCreateResult(Outcome):
    @strawberry.field(description="The value as it is now; null where the row was refused.")
    def rule_parameter(self, info: Info) -> RuleParameter | None:
        return self.now(info, models.RuleParameter)


@strawberry.type(description="What became of the rows.")
class RuleParametersCreatePayload:
    results: list[RuleParameterCreateResult] = strawberry.field(description="A result for each row, in their order.")
    errors: list[UserError] = strawberry.field(description="Failures of the whole; nothing was set where there are any.")


@strawberry.type(description="The values that were ended, or why none was.")
class RuleParametersCancelPayload:
    ended: strawberry.Private[tuple[int, ...]]
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was ended where there are any.")

    @strawberry.field(description="The values as they are now; empty where there are errors.")
    def rule_parameters(self, info: Info) -> list[RuleParameter]:
        return [read_together(info, models.RuleParameter, pk, self.ended) for pk in self.ended]


def _targets(info: Info, rows: Sequence[RuleParameterInput]) -> dict[tuple[ParameterScope, str], int]:
    """The ids of what the rows name and the user sees: a query for each scope."""
    found: dict[tuple[ParameterScope, str], int] = {}
    for scope, model in _MODELS.items():
        codes = {row.target for row in rows if row.scope is scope and row.target}
        if codes:
            name, living = ("slug", {}) if model is catalog.Stage else ("code", {"deleted_at": None})
            visible = rows_of(model, info).filter(**{f"{name}__in": codes}, **living)
            found |= {(scope, code): pk for code, pk in visible.values_list(name, "pk")}
    return found


def _input(row: RuleParameterInput, targets: dict[tuple[ParameterScope, str], int]) -> ParameterInput:
    target: int | str | None = row.target
    if row.scope in _MODELS and row.target:
        target = targets.get((row.scope, row.target))
        if target is None:
            raise DomainError(
                "not_found", _("There is no such code, or you may not see it."), path=("target",), params={"value": row.target[:200]}
            )
    return ParameterInput(
        rule=row.rule, parameter=row.parameter, value=row.value, scope=row.scope, target=target, starts_at=row.starts_at,
        until_at=row.until_at, reason=row.reason,
    )  # fmt: skip


def _key(key: str | None) -> str | None:
    if key is not None and not 0 < len(key) <= 100:
        raise DomainError("invalid_key", _("An idempotency key has 1 to 100 characters."), path=("idempotencyKey",))
    return key


def _create(info: Info, given: RuleParameterCreateInput) -> models.RuleParameter:
    return set_parameter(_input(given, _targets(info, [given])), request_key=_key(given.idempotency_key))


def _create_many(info: Info, given: RuleParametersCreateInput) -> list[RowResult]:
    """Rows that name what the user does not see are refused alone, like the others."""
    require_size(given.rows)
    key, targets = _key(given.idempotency_key), _targets(info, given.rows)
    refused: dict[int, DomainError] = {}
    asked: dict[int, ParameterInput] = {}
    for index, row in enumerate(given.rows):
        try:
            asked[index] = _input(row, targets)
        except DomainError as error:
            refused[index] = error
    told: dict[int, Any] = dict(zip(asked, set_parameters(list(asked.values()), request_key=key), strict=True))
    results = []
    for index in range(len(given.rows)):
        of_row: RowResult | None = told.get(index)
        results.append(
            RowResult(index, RowStatus.REFUSED, error=refused[index])
            if of_row is None
            else RowResult(index, of_row.status, of_row.id, of_row.version, of_row.error)
        )
    return results


def _cancel(info: Info, given: RuleParametersCancelInput) -> tuple[int, ...]:
    require_size(given.ids)
    ids = [primary_key(each, "RuleParameter") for each in given.ids]
    visible = set(rows_of(models.RuleParameter, info).filter(pk__in=ids).values_list("pk", flat=True))
    ended = end_parameters(ids, reason=given.reason, visible=visible, expected_version=given.expected_version)
    return tuple(each.pk for each in ended)


@strawberry.type
class RuleParametersMutation:
    @root_field("alerts.add_ruleparameter", "Sets a parameter of a rule, for all SKUs or some, for good or for a time.")
    def rule_parameter_create(self, info: Info, input: Annotated[RuleParameterCreateInput, INPUT]) -> RuleParameterCreatePayload:  # noqa: A002 - its name in the graph
        made, errors = attempt(lambda: _create(info, input))
        return RuleParameterCreatePayload(made=made.pk if made else None, errors=errors)

    @root_field("alerts.add_ruleparameter", "Sets parameters of rules, up to a thousand at once.")
    def rule_parameters_create(self, info: Info, input: Annotated[RuleParametersCreateInput, INPUT]) -> RuleParametersCreatePayload:  # noqa: A002 - its name in the graph
        told, errors = attempt(lambda: _create_many(info, input))
        return RuleParametersCreatePayload(results=outcomes(RuleParameterCreateResult, told or ()), errors=errors)

    @root_field("alerts.change_ruleparameter", "Ends values of rules' parameters before their time.")
    def rule_parameters_cancel(self, info: Info, input: Annotated[RuleParametersCancelInput, INPUT]) -> RuleParametersCancelPayload:  # noqa: A002 - its name in the graph
        ended, errors = attempt(lambda: _cancel(info, input))
        return RuleParametersCancelPayload(ended=ended or (), errors=errors)
