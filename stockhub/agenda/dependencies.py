"""What the lines of *Today* have to do with each other: one action for two of them, and what excludes what (N7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext

from stockhub.agenda.actions import Action, Actions, LineKey, actions_of, line_of
from stockhub.agenda.pool_places import PoolPlaces
from stockhub.alerts.excess_saving import as_seen_by
from stockhub.alerts.models import Alert
from stockhub.alerts.rules.imbalance import IMBALANCE
from stockhub.alerts.selectors import kind_info
from stockhub.alerts.wording import subject_of
from stockhub.formulas.evaluation.action_choice import best_choice, excluded_by

_NOTHING = Decimal(0)
#: SKUs that are looked at, those where an action saves most: the start page of a large shop may not read all its alerts. Of the others each
#: line counts by itself.
CONSIDERED: Final = 1000


@dataclass(frozen=True, slots=True)
class Tie:
    """Another line: the alert of it whose action saves most, and the action that would answer it best."""

    alert: Alert
    action: Action

    @property
    def answered(self) -> str:
        """What is answered there, in the active language: `Overstock, RED in cn-east`."""
        return gettext("%(what)s, %(subject)s") % {"what": kind_info(self.alert.kind).label, "subject": subject_of(self.alert)}

    @property
    def to_decide(self) -> str:
        """What is to be decided there, in the active language: `Purchase pause, RED in cn-east`."""
        return gettext("%(what)s, %(subject)s") % {"what": self.action.label, "subject": subject_of(self.alert)}


@dataclass(frozen=True, slots=True)
class Ties:
    """Of one line: its own best action, other lines that this answers too, and those whose best action it excludes."""

    action: Action | None = None
    also_answers: tuple[Tie, ...] = ()
    decide_first: tuple[Tie, ...] = ()


NO_TIES: Final = Ties()


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The ties of the lines that have any, and by side what the sum of the lines counts twice."""

    ties: Mapping[LineKey, Ties] = field(default_factory=dict)
    counted_twice: Mapping[str, Decimal] = field(default_factory=dict)

    def of(self, alert: Alert) -> Ties:
        return self.ties.get(line_of(alert), NO_TIES)

    def without(self, side: str) -> Decimal:
        """What to take off a side's sum."""
        return self.counted_twice.get(side, _NOTHING)


def dependencies(alerts: QuerySet[Alert], places: PoolPlaces, pools: Iterable[int] | None) -> Dependencies:
    """Of open alerts as `today` narrows them, to a reader who sees `pools` (None: all). One query, and one of formulas where it needs them.

    Only SKUs are read whose lines could have to do with each other: those with a transfer, with both sides, or in pools that share a
    warehouse; of these the `CONSIDERED` that save most.
    """
    seen = None if pools is None else set(pools)
    rows = alerts.order_by().filter(saving_amount__gt=0, sku__in=_with_several_lines(alerts, places))
    found = [as_seen_by(alert, seen) for alert in rows.select_related("sku", "pool").prefetch_related("template")]
    return tied(found, actions_of(found, places))


def _with_several_lines(alerts: QuerySet[Alert], places: PoolPlaces) -> QuerySet[Alert, Any]:
    """The ids of those SKUs."""
    by_sku = alerts.order_by().filter(saving_amount__gt=0, sku__isnull=False, pool__isnull=False).values("sku")
    told = by_sku.annotate(
        first=Min("side"), last=Max("side"), moves=Count("pk", filter=Q(kind=IMBALANCE)), pools=Count("pool", distinct=True),
        most=Max("saving_amount"),
    )  # fmt: skip
    hangs = ~Q(first=F("last")) | Q(moves__gt=0)
    hanging = told.filter(hangs | Q(pools__gt=1) if places.are_shared else hangs)
    return hanging.order_by("-most", "sku").values("sku")[:CONSIDERED]


def tied(alerts: Sequence[Alert], actions: Actions) -> Dependencies:
    """Of alerts as the reader may see them, and the actions that answer them. Pure."""
    options = [action.option() for action in actions.every]
    choice = best_choice(options, actions.capacities)
    savers: dict[LineKey, Alert] = {}
    for alert in alerts:
        before = savers.setdefault(line_of(alert), alert)
        if (alert.saving_amount or _NOTHING) > (before.saving_amount or _NOTHING):
            savers[line_of(alert)] = alert
    counted: dict[str, Decimal] = {}
    for (_subject, side), alert in savers.items():
        counted[side] = counted.get(side, _NOTHING) + (alert.saving_amount or _NOTHING)
    for place in choice.chosen:
        for (_subject, side), part in actions.every[place].parts.items():
            counted[side] -= part
    return Dependencies(_ties(actions, savers), {side: twice for side, twice in counted.items() if twice})


def best_of_lines(actions: Actions) -> dict[LineKey, int]:
    """By line the position of the action that answers it and saves most, on whichever lines; of equals the first."""
    best: dict[LineKey, int] = {}
    for place, action in enumerate(actions.every):
        for line in action.parts:
            if line not in best or action.saving > actions.every[best[line]].saving:
                best[line] = place
    return best


def _ties(actions: Actions, savers: Mapping[LineKey, Alert]) -> dict[LineKey, Ties]:
    """Between the best actions of the lines of each SKU, two by two."""
    by_sku: dict[int, list[tuple[LineKey, int]]] = {}
    for line, place in best_of_lines(actions).items():
        if (sku := savers[line].sku_id) is not None:
            by_sku.setdefault(sku, []).append((line, place))
    options = [action.option() for action in actions.every]
    also: dict[LineKey, list[Tie]] = {}
    first: dict[LineKey, list[Tie]] = {}
    for lines in by_sku.values():
        for (one, its), (other, others) in combinations(lines, 2):
            mine, theirs = actions.every[its], actions.every[others]
            into = also if is_one(mine, theirs) else first if excluded_by(options, actions.capacities, its, others) else None
            if into is not None:
                into.setdefault(one, []).append(Tie(savers[other], theirs))
                into.setdefault(other, []).append(Tie(savers[one], mine))
    best = {line: actions.every[place] for lines in by_sku.values() for line, place in lines}
    return {line: Ties(best[line], tuple(also.get(line, ())), tuple(first.get(line, ()))) for line in {*also, *first}}


def is_one(mine: Action, theirs: Action) -> bool:
    """Whether two lines are answered by one and the same: the same action, or one order for what several pools hold together."""
    if mine is theirs:
        return True
    answers = [{name for name in action.takes if isinstance(name, tuple) and name[0] == "answer"} for action in (mine, theirs)]
    return mine.kind is theirs.kind and mine.from_pool_id is None and bool(answers[0] & answers[1])
