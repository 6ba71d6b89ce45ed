"""What to do first over both sides, each action counted once, and what an amount of cash is best spent on (N7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext

from stockhub.access.models import User
from stockhub.agenda.actions import Action, Actions, LineKey, actions_of, line_of
from stockhub.agenda.cash import CashNeed, cash_needs
from stockhub.agenda.dependencies import best_of_lines
from stockhub.agenda.pool_places import pool_places
from stockhub.agenda.today import savings_seen, shown_alerts
from stockhub.alerts.excess_saving import as_seen_by
from stockhub.alerts.models import Alert
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.formulas.evaluation.action_choice import NextAction, best_choice, next_action
from stockhub.values import DomainError, Money

#: The lines that are chosen from: those where an action saves most.
CONSIDERED: Final = 300
#: No budget that could be meant is larger; one with more digits is a slip.
LARGEST_BUDGET: Final = Decimal(10) ** 12
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action with the cash that it needs, and the further alerts that it answers, on other lines."""

    action: Action
    cash: CashNeed
    also_answers: tuple[Alert, ...] = ()

    @property
    def saving(self) -> Money:
        return Money(self.action.saving, settings.STOCKHUB_BASE_CURRENCY)

    @property
    def per_cash(self) -> Decimal | None:
        """What a unit of cash saves; None where it needs none, or where nobody knows how much."""
        return self.action.saving / self.cash.amount if self.cash.amount else None

    @property
    def waits_for(self) -> str:
        """The code of what has to be known or settled before it can be chosen; empty where nothing has."""
        return self.action.alert.held_reason or self.cash.reason


@dataclass(frozen=True, slots=True)
class NextStep:
    """The action that more money would bring first: how much more, and what it adds, what it takes the place of counted."""

    planned: PlannedAction
    extra_cash: Money
    extra_saving: Money

    @property
    def per_cash(self) -> Decimal:
        return self.extra_saving.amount / self.extra_cash.amount


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Lines beyond the first `CONSIDERED`, which no plan is made of: how many, and the most that they save, in the base currency."""

    lines: int
    saving: Decimal


NOTHING_ELSEWHERE: Final = Elsewhere(0, _NOTHING)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, of the actions of *Today*, in the order of what they save.

    `budget` is the cash that there is; None for as much as it takes, and then actions whose cash is unknown are in it as well. `left_out`
    are the best answers to lines that nothing chosen answers: what there is no money for, or what excludes something that saves more;
    `undecided` are the best answers whose cash nobody knows, or that are held, also where another one is chosen meanwhile. `saving` cannot
    pass `bound`, `gap` is the part of it that may be missed. `elsewhere` is what was not asked.
    """

    budget: Money | None
    chosen: tuple[PlannedAction, ...]
    left_out: tuple[PlannedAction, ...]
    undecided: tuple[PlannedAction, ...]
    saving: Money
    cash: Money
    bound: Money
    gap: float
    following: NextStep | None
    elsewhere: Elsewhere

    @property
    def left(self) -> Money | None:
        """What is left of the budget."""
        return None if self.budget is None else Money(self.budget.amount - self.cash.amount, self.budget.currency)


def budget_of(amount: Decimal, currency: str) -> Money:
    """An amount of cash as a budget. DomainError `invalid_budget`, `budget_currency`."""
    base = settings.STOCKHUB_BASE_CURRENCY
    if currency != base:
        raise DomainError(
            "budget_currency",
            gettext("A budget is in %(base)s, the currency in which savings are told, and not in %(currency)s.")
            % {"base": base, "currency": currency},
            path=("budget", "currency"),
            params={"currency": currency, "base": base},
        )
    is_valid = amount.is_finite() and 0 <= amount <= LARGEST_BUDGET and amount == round(amount, 6)
    if not is_valid:
        raise DomainError(
            "invalid_budget",
            gettext("A budget is an amount from 0 to %(most)s with at most six decimal places.") % {"most": f"{LARGEST_BUDGET:,}"},
            path=("budget", "amount"),
            params={"amount": str(amount)},
        )
    return Money(amount, base)


def budget_from(text: str) -> Money:
    """A budget in the base currency as somebody typed it, such as `5,000`. DomainError `invalid_budget`."""
    try:
        amount = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise DomainError(
            "invalid_budget",
            gettext("“%(text)s” is no amount of money.") % {"text": text[:40]},
            path=("budget",),
            params={"text": text[:40]},
        ) from None
    return budget_of(amount, settings.STOCKHUB_BASE_CURRENCY)


def plan(
    user: User | None = None,
    *,
    budget: Money | None = None,
    pool_id: int | None = None,
    account_id: int | None = None,
    owner_id: int | None = None,
) -> Plan:
    """Of what the user may see (None sees all), narrowed as *Today* is. Ten queries at most, however many alerts there are."""
    alerts = shown_alerts(user, pool_id=pool_id, account_id=account_id, owner_id=owner_id).filter(saving_amount__gt=0)
    places, pools = pool_places(), None if user is None else visible_pool_ids(user)
    lines = _lines(alerts, pools)
    seen = [as_seen_by(alert, pools) for alert in _alerts_of(alerts, [line for line, _saving in lines[:CONSIDERED]])]
    actions = actions_of(seen, places)
    told = {line_of(alert) for alert in seen}
    left = [saving for line, saving in lines if line not in told]
    return planned(actions, cash_needs(actions.every, places), seen, budget, Elsewhere(len(left), sum(left, _NOTHING)))


def _lines(alerts: QuerySet[Alert], pools: Collection[int] | None) -> list[tuple[LineKey, Decimal]]:
    """Each line with what is saved of it, as a reader who sees `pools` may know, the one with most first."""
    stored = alerts.order_by().values_list("subject", "side").annotate(saving=Max("saving_amount"))
    savings: dict[LineKey, Decimal | None] = {(subject, side): saving for subject, side, saving in stored}
    if pools is not None:
        savings |= savings_seen(alerts, pools)
    known = [(line, saving) for line, saving in savings.items() if saving is not None and saving > 0]
    return sorted(known, key=lambda each: (-each[1], each[0]))


def _alerts_of(alerts: QuerySet[Alert], lines: Iterable[LineKey]) -> list[Alert]:
    """All alerts of the lines, and those of the same SKUs that they have to do with."""
    subjects = {subject for subject, _side in lines}
    skus = alerts.order_by().filter(subject__in=subjects, sku__isnull=False).values("sku")
    found = alerts.order_by("pk").filter(Q(subject__in=subjects) | Q(sku__in=skus))
    return list(found.select_related("sku", "pool").prefetch_related("template"))


def planned(
    actions: Actions, cash: Sequence[CashNeed], alerts: Sequence[Alert], budget: Money | None, elsewhere: Elsewhere = NOTHING_ELSEWHERE
) -> Plan:
    """The plan for these actions, each with its cash. Pure."""
    open_to = [
        not action.alert.held_reason and (budget is None or need.amount is not None)
        for action, need in zip(actions.every, cash, strict=True)
    ]
    places = [place for place, is_open in enumerate(open_to) if is_open]
    options = [actions.every[place].option(cash[place].amount or _NOTHING) for place in places]
    choice = best_choice(options, actions.capacities, budget=None if budget is None else budget.amount)
    savers = _savers(alerts)
    every = [
        PlannedAction(action, need, tuple(savers[line] for line in action.parts if line != line_of(action.alert) and line in savers))
        for action, need in zip(actions.every, cash, strict=True)
    ]  # fmt: skip
    chosen = [places[each] for each in choice.chosen]
    answered = {line for place in chosen for line in actions.every[place].parts}
    best = best_of_lines(actions)
    following = None if budget is None else next_action(options, actions.capacities, budget.amount, choice)
    base = settings.STOCKHUB_BASE_CURRENCY
    return Plan(
        budget=budget,
        chosen=_ranked(every, chosen),
        left_out=_ranked(every, [place for line, place in best.items() if open_to[place] and line not in answered]),
        undecided=_ranked(every, [place for place in best.values() if not open_to[place]]),
        saving=Money(choice.saving, base),
        cash=Money(choice.cash, base),
        bound=Money(choice.bound, base),
        gap=choice.gap,
        following=None if following is None else _step(every[places[following.option]], following),
        elsewhere=elsewhere,
    )


def _step(what: PlannedAction, found: NextAction) -> NextStep:
    base = settings.STOCKHUB_BASE_CURRENCY
    return NextStep(what, Money(found.extra_cash, base), Money(found.extra_saving, base))


def _ranked(every: Sequence[PlannedAction], places: Sequence[int]) -> tuple[PlannedAction, ...]:
    """Each once, what saves most first; of equals what was proposed first."""
    return tuple(every[place] for place in sorted(set(places), key=lambda place: (-every[place].action.saving, place)))


def _savers(alerts: Sequence[Alert]) -> dict[LineKey, Alert]:
    """By line the alert whose action saves most."""
    found: dict[LineKey, Alert] = {}
    for alert in alerts:
        before = found.setdefault(line_of(alert), alert)
        if (alert.saving_amount or _NOTHING) > (before.saving_amount or _NOTHING):
            found[line_of(alert)] = alert
    return found
