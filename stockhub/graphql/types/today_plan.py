"""The plan of *Today*: what to do first over both sides, each action once, and what an amount of cash is best spent on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Annotated

import strawberry
from django.conf import settings
from django.utils.translation import gettext
from strawberry import Info

from stockhub.agenda import actions as agenda_actions
from stockhub.agenda import plan as agenda
from stockhub.agenda.dependencies import Tie as AgendaTie
from stockhub.alerts.models import Alert as Row
from stockhub.catalog.models import StockPool as Pool
from stockhub.graphql.errors import bad_input
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import Metric, Money, metric, money
from stockhub.graphql.pagination import MAX_FIRST
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.together import read_together
from stockhub.graphql.types.alerts import Alert
from stockhub.graphql.types.catalog import StockPool

ActionKind = agenda_actions.ActionKind
graphql_enum(
    ActionKind,
    "What an action of Today is.",
    {
        "ORDER": ("Order", "采购"),
        "TRANSFER": ("Transfer", "调拨"),
        "PROMOTION": ("Promotion", "促销"),
        "PURCHASE_PAUSE": ("Purchase pause", "暂停采购"),
        "PROPOSAL": ("As the rule proposes", "按规则建议"),
        "SLOW_SALE": ("Slow the sale down", "限流"),
        "OTHER": ("As the alert asks", "按预警要求"),
    },
)
#: Actions that a person looks at first (N7).
FIRST = 10
_SMALLEST = Decimal("0.000001")


class PlannedAs(Enum):
    """What a plan makes of an action."""

    CHOSEN = "chosen"
    LEFT_OUT = "left_out"
    UNDECIDED = "undecided"


graphql_enum(
    PlannedAs,
    "What the plan of Today makes of an action: what to do; the best answers to lines that nothing chosen answers, as the money does not "
    "suffice or they exclude what saves more; or the best answers that cannot be chosen yet, their cost unknown or their alert held.",
    {
        "CHOSEN": ("To be done", "执行"),
        "LEFT_OUT": ("Left out", "未选"),
        "UNDECIDED": ("Not decided", "尚不能决定"),
    },
)


@strawberry.type(description="An action of Today: it answers one line or several, and is counted once.")
class TodayAction:
    planned: strawberry.Private[agenda.PlannedAction]
    #: The alerts and pools of all actions of the plan: their details are read together.
    together: strawberry.Private[tuple[tuple[int, ...], tuple[int, ...]]]

    @strawberry.field(description="What it is.")
    def kind(self) -> ActionKind:
        return self.planned.action.kind

    @strawberry.field(description="What to do, in the language of the request.")
    def label(self) -> str:
        return self.planned.action.label

    @strawberry.field(description="The alert that proposes it.")
    def alert(self, info: Info) -> Alert:
        return read_together(info, Row, self.planned.action.alert.pk, self.together[0])

    @strawberry.field(description="Alerts of other lines that the same action answers.")
    def also_answers(self, info: Info) -> list[Alert]:
        return [read_together(info, Row, alert.pk, self.together[0]) for alert in self.planned.also_answers]

    @strawberry.field(description="Units that it orders, moves or holds; null where it is about no certain number.")
    def quantity(self) -> Quantity | None:
        return None if self.planned.action.quantity is None else Quantity(self.planned.action.quantity)

    @strawberry.field(description="The pool that a transfer takes the units from; null for anything else.")
    def from_pool(self, info: Info) -> StockPool | None:
        return read_together(info, Pool, self.planned.action.from_pool_id, self.together[1])

    @strawberry.field(description="The pool that the units come to or stay in; null where it is about none.")
    def pool(self, info: Info) -> StockPool | None:
        return read_together(info, Pool, self.planned.action.pool_id, self.together[1])

    @strawberry.field(description="The code of the supplier that an order's cost is of; null where only the SKU's unit cost is known.")
    def supplier(self) -> str | None:
        return self.planned.cash.supplier or None

    @strawberry.field(description="What it saves, of all lines that it answers, in the base currency.")
    def saving(self) -> Money | None:
        return money(self.planned.saving.amount, self.planned.saving.currency)

    @strawberry.field(
        description="The cash that it needs now, in the base currency: an order's quantity at the supplier's price, a transfer's freight. "
        "0 for what brings money later. Null with a reason where nobody knows it, which is never taken for free."
    )
    def cash(self) -> Metric:
        need = self.planned.cash
        return metric(need.amount, settings.STOCKHUB_BASE_CURRENCY, as_of=self.planned.action.alert.evaluated_at, reason=need.reason)

    @strawberry.field(description="What a unit of that cash saves, to six decimal places; null where it needs none, or nobody knows.")
    def saving_per_cash(self) -> Decimal | None:
        return _rounded(self.planned.per_cash)

    @strawberry.field(
        description="What has to be known or settled before it can be chosen: NO_COST, NO_FREIGHT, IN_DISPUTE, …; null if nothing."
    )
    def waits_for(self) -> str | None:
        return self.planned.waits_for or None


@strawberry.type(description="What more money would bring first.")
class TodayNextAction:
    action: TodayAction = strawberry.field(description="The action that it would pay for.")
    extra_cash: Money | None = strawberry.field(description="How much more than the budget that takes.")
    extra_saving: Money | None = strawberry.field(description="What it adds, less the savings of what it would take the place of.")
    saving_per_cash: Decimal = strawberry.field(description="What a unit of that money brings, to six decimal places.")


@strawberry.type(description="What to do, over both sides, each action counted once; within a budget the actions that save most together.")
class TodayPlan:
    found: strawberry.Private[agenda.Plan]

    @strawberry.field(description="The cash that there is; null where none was named, and then actions of unknown cost are chosen too.")
    def budget(self) -> Money | None:
        return None if self.found.budget is None else money(self.found.budget.amount, self.found.budget.currency)

    @strawberry.field(description="The actions of one sort, what saves most first: without an argument what to do.")
    def actions(
        self,
        first: Annotated[int, strawberry.argument(description="How many, at most 100.")] = FIRST,
        which: Annotated[PlannedAs, strawberry.argument(description="Which of them.")] = PlannedAs.CHOSEN,
    ) -> list[TodayAction]:
        return self._told(self._of(which), first)

    @strawberry.field(description="How many actions of one sort there are in all.")
    def total_count(self, which: Annotated[PlannedAs, strawberry.argument(description="Which of them.")] = PlannedAs.CHOSEN) -> int:
        return len(self._of(which))

    @strawberry.field(description="What the actions save together.")
    def saving(self) -> Money | None:
        return money(self.found.saving.amount, self.found.saving.currency)

    @strawberry.field(description="The cash that they need together, of those whose cash is known.")
    def cash(self) -> Money | None:
        return money(self.found.cash.amount, self.found.cash.currency)

    @strawberry.field(description="What is left of the budget; null without one.")
    def cash_left(self) -> Money | None:
        return None if self.found.left is None else money(self.found.left.amount, self.found.left.currency)

    @strawberry.field(description="What no choice of these actions can save more than: equal to `saving` where that is proven best.")
    def saving_bound(self) -> Money | None:
        return money(self.found.bound.amount, self.found.bound.currency)

    @strawberry.field(description="How far the best choice may lie above this one, as a share of the bound, to six decimal places.")
    def optimality_gap(self) -> Decimal:
        return _rounded(Decimal(repr(self.found.gap))) or Decimal(0)

    @strawberry.field(description="What more money would bring first; null without a budget, or where it would bring nothing.")
    def next_action(self) -> TodayNextAction | None:
        step = self.found.following
        if step is None:
            return None
        return TodayNextAction(
            action=self._told([step.planned], 1)[0],
            extra_cash=money(step.extra_cash.amount, step.extra_cash.currency),
            extra_saving=money(step.extra_saving.amount, step.extra_saving.currency),
            saving_per_cash=_rounded(step.per_cash) or Decimal(0),
        )

    @strawberry.field(description="Lines beyond the first 300, where least is saved, that the plan is not made of.")
    def not_considered_count(self) -> int:
        return self.found.elsewhere.lines

    @strawberry.field(description="The most that those save.")
    def saving_not_considered(self) -> Money | None:
        return money(self.found.elsewhere.saving, settings.STOCKHUB_BASE_CURRENCY)

    def _of(self, which: PlannedAs) -> Sequence[agenda.PlannedAction]:
        found = self.found
        return {PlannedAs.CHOSEN: found.chosen, PlannedAs.LEFT_OUT: found.left_out, PlannedAs.UNDECIDED: found.undecided}[which]

    def _told(self, actions: Sequence[agenda.PlannedAction], first: int) -> list[TodayAction]:
        if not 0 <= first <= MAX_FIRST:
            raise bad_input(gettext("`first` is between 0 and %(most)d.") % {"most": MAX_FIRST})
        together = self._together
        return [TodayAction(planned=each, together=together) for each in actions[:first]]

    @property
    def _together(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        following = [self.found.following.planned] if self.found.following else []
        every = [each for part in (self.found.chosen, self.found.left_out, self.found.undecided) for each in part[:MAX_FIRST]]
        told = [*every, *following]
        alerts = {alert.pk for each in told for alert in (each.action.alert, *each.also_answers)}
        pools = {pool for each in told for pool in (each.action.pool_id, each.action.from_pool_id) if pool}
        return tuple(sorted(alerts)), tuple(sorted(pools))


@strawberry.type(description="Another line of Today that a decision hangs together with.")
class TodayTie:
    tie: strawberry.Private[AgendaTie]
    together: strawberry.Private[tuple[int, ...]]

    @strawberry.field(description="The alert of that line whose action saves most.")
    def alert(self, info: Info) -> Alert:
        return read_together(info, Row, self.tie.alert.pk, self.together)

    @strawberry.field(description="What would answer it best.")
    def action_kind(self) -> ActionKind:
        return self.tie.action.kind

    @strawberry.field(description="The action that would answer it best, and of what, in the language of the request.")
    def label(self) -> str:
        return self.tie.to_decide


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_SMALLEST, ROUND_HALF_UP)
