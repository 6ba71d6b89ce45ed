"""On the start page: what an amount of cash is best spent on, of the actions of *Today* (N7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from stockhub.agenda.action_texts import (
    action_text,
    answered_text,
    cash_text,
    elsewhere_text,
    next_text,
    pool_codes_of,
    proof_text,
    saving_text,
    waits_text,
)
from stockhub.agenda.plan import Plan, PlannedAction
from stockhub.alerts.wording import subject_of
from stockhub.core.admin_classes import money_text

#: Actions of each sort on the page; all are reachable by GraphQL.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One action: of what, what to do, what it needs and saves, and what it answers beside its own line."""

    link: str
    subject: str
    action: str
    cash: str
    saving: str
    also: str


@dataclass(frozen=True, slots=True)
class PlanCard:
    """The plan within a budget as the template shows it."""

    budget: str
    saving: str
    cash: str
    left: str
    proof: str
    following: str
    elsewhere: str
    chosen: list[PlanRow]
    #: How many more are chosen than shown.
    more: int
    #: The first of them, and how many there are.
    left_out: list[PlanRow]
    left_out_count: int
    undecided: list[PlanRow]
    undecided_count: int

    @property
    def others(self) -> list[tuple[str, list[PlanRow], int, int]]:
        """What is not done, by why: a title, the first of them, how many there are and how many are not shown."""
        sorts = [
            (gettext("No money for it, or a better one excludes it"), self.left_out, self.left_out_count),
            (gettext("Not decided, and never taken for free"), self.undecided, self.undecided_count),
        ]
        return [(title, rows, count, count - len(rows)) for title, rows, count in sorts if rows]


def plan_card(plan: Plan) -> PlanCard:
    """Of a plan within a budget. One query, where there are transfers."""
    pools = pool_codes_of(plan)
    return PlanCard(
        budget=money_text(plan.budget.amount, plan.budget.currency) if plan.budget else "",
        saving=money_text(plan.saving.amount, plan.saving.currency),
        cash=money_text(plan.cash.amount, plan.cash.currency),
        left=money_text(plan.left.amount, plan.left.currency) if plan.left else "",
        proof=proof_text(plan),
        following=next_text(plan.following, pools) if plan.following else "",
        elsewhere=elsewhere_text(plan),
        chosen=_rows(plan.chosen, pools),
        more=max(len(plan.chosen) - SHOWN, 0),
        left_out=_rows(plan.left_out, pools),
        left_out_count=len(plan.left_out),
        undecided=_rows(plan.undecided, pools),
        undecided_count=len(plan.undecided),
    )


def _rows(actions: Sequence[PlannedAction], pools: Mapping[int, str]) -> list[PlanRow]:
    return [_row(each, pools) for each in actions[:SHOWN]]


def _row(planned: PlannedAction, pools: Mapping[int, str]) -> PlanRow:
    alert = planned.action.alert
    also = "; ".join(answered_text(each) for each in planned.also_answers)
    # An alert that is held says why it waits; the cost of the others says itself whether it is known.
    held = gettext("held: %(what)s") % {"what": waits_text(planned)} if alert.held_reason else ""
    return PlanRow(
        link=reverse("admin:alerts_alert_change", args=[alert.pk]),
        subject=subject_of(alert),
        action=action_text(planned, pools),
        cash=held or cash_text(planned),
        saving=saving_text(planned),
        also=also,
    )
