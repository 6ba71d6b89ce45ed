"""What can be done about alerts, as actions: each answers one line of *Today* or several, and takes what others want too (N7).

Everything that hangs together is about one SKU. An order, a transfer or a slower sale answers a shortage; a transfer, a promotion, a
purchase pause or what the rule proposes answers an excess; a transfer from the one to the other answers both, and is one action.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy, pgettext_lazy

from stockhub.agenda.pool_places import PoolPlaces
from stockhub.alerts.excess_answers import PROPOSAL, ExcessAnswer, excess_answers
from stockhub.alerts.models import Alert, Side
from stockhub.alerts.remedies import PAUSE, PROMOTION, TRANSFER
from stockhub.alerts.rules.imbalance import DONOR_POOL, IMBALANCE
from stockhub.alerts.selectors import kind_info, proposal_of
from stockhub.formulas.evaluation.action_choice import ActionOption

_NOTHING: Final = Decimal(0)
#: A line of *Today*: a subject on one side.
LineKey = tuple[str, str]


class ActionKind(StrEnum):
    """What an action is; `OTHER` is what an alert asks for in its own words."""

    ORDER = "order"
    TRANSFER = "transfer"
    PROMOTION = "promotion"
    PURCHASE_PAUSE = "purchase_pause"
    PROPOSAL = "proposal"
    SLOW_SALE = "slow_sale"
    OTHER = "other"


LABELS: Final = {
    ActionKind.ORDER: pgettext_lazy("something to do", "Order"),
    ActionKind.TRANSFER: gettext_lazy("Transfer"),
    ActionKind.PROMOTION: gettext_lazy("Promotion"),
    ActionKind.PURCHASE_PAUSE: gettext_lazy("Purchase pause"),
    ActionKind.PROPOSAL: gettext_lazy("As proposed"),
    ActionKind.SLOW_SALE: gettext_lazy("Slow the sale down"),
    ActionKind.OTHER: gettext_lazy("As the alert asks"),
}
_OF_REMEDY: Final[Mapping[str, ActionKind]] = {
    PROMOTION: ActionKind.PROMOTION, TRANSFER: ActionKind.TRANSFER, PAUSE: ActionKind.PURCHASE_PAUSE, PROPOSAL: ActionKind.PROPOSAL,
}  # fmt: skip
#: Kinds of shortage that something else than an order answers.
_OF_KIND: Final[Mapping[str, ActionKind]] = {"burn-rate": ActionKind.SLOW_SALE, "ship-by-risk": ActionKind.OTHER}


@dataclass(frozen=True)
class Action:
    """One thing to do. `alert` proposes it; `parts` is what it saves of each line that it answers, in the base currency.

    `pool_id` is where the units come to lie or stay, `from_pool_id` where a transfer takes them from. `takes` names what it needs that
    others may want too, as `ActionOption` does.
    """

    kind: ActionKind
    alert: Alert
    parts: Mapping[LineKey, Decimal]
    quantity: int | None = None
    pool_id: int | None = None
    from_pool_id: int | None = None
    takes: dict[Hashable, int] = field(default_factory=dict)

    @property
    def saving(self) -> Decimal:
        return sum(self.parts.values(), _NOTHING)

    @property
    def label(self) -> str:
        """What it is called, in the active language."""
        if self.kind is ActionKind.PROPOSAL and (told := proposal_of(self.alert)):
            return told
        if self.kind is ActionKind.OTHER:
            return str(kind_info(self.alert.kind).label)
        return str(LABELS[self.kind])

    def option(self, cash: Decimal = _NOTHING) -> ActionOption:
        return ActionOption(self.saving, cash, self.takes)


@dataclass(frozen=True, slots=True)
class Actions:
    """Actions, and how much there is of what they take; what is not named is there once."""

    every: tuple[Action, ...]
    capacities: Mapping[Hashable, int]


def line_of(alert: Alert) -> LineKey:
    return alert.subject, str(alert.side)


def actions_of(alerts: Iterable[Alert], places: PoolPlaces) -> Actions:
    """What answers the alerts, given as the reader may see them, with what each saves; alerts whose saving is unknown or 0 ask for none.

    Pure but for `template` of alerts with a proposal: fetch it with them.
    """
    saving = [alert for alert in alerts if alert.saving_amount is not None and alert.saving_amount > 0]
    by_sku: dict[int | None, list[Alert]] = {}
    for alert in saving:
        by_sku.setdefault(alert.sku_id if alert.pool_id else None, []).append(alert)
    about_too_much = [alert for alert in saving if alert.side == Side.EXCESS]
    answers = dict(zip((id(alert) for alert in about_too_much), excess_answers(about_too_much), strict=True))
    every: list[Action] = []
    capacities: dict[Hashable, int] = {}
    for sku, its in by_sku.items():
        if sku is None:
            every += [_as_asked(alert, {("answer", *line_of(alert)): 1}) for alert in its]
        else:
            found = _OfSku(sku, its, answers, places)
            every += found.actions()
            capacities |= found.capacities
    return Actions(tuple(every), capacities)


def _as_asked(alert: Alert, takes: dict[Hashable, int], kind: ActionKind = ActionKind.OTHER, quantity: int | None = None) -> Action:
    saving = alert.saving_amount or _NOTHING
    return Action(kind, alert, {line_of(alert): saving}, quantity, alert.pool_id, None, takes)


class _OfSku:
    """The actions of one SKU, and what they take from each other."""

    def __init__(self, sku: int, alerts: Sequence[Alert], answers: Mapping[int, tuple[ExcessAnswer, ...]], places: PoolPlaces) -> None:
        self.sku, self.places, self.answers = sku, places, answers
        self.short = [alert for alert in alerts if alert.side != Side.EXCESS]
        self.full = [alert for alert in alerts if alert.side == Side.EXCESS]
        self.capacities: dict[Hashable, int] = {}
        for alert in self.short:
            donor, spare = alert.inputs.get(DONOR_POOL), alert.inputs.get("donor_spare")
            if alert.kind == IMBALANCE and donor is not None and spare is not None and spare >= 1:
                name = self._units(int(donor))
                self.capacities[name] = max(self.capacities.get(name, 0), math.floor(spare))

    def actions(self) -> list[Action]:
        moves, told = self._transfers()
        found = [*self._orders(), *moves, *self._of_excess(told)]
        pauses = [action for action in found if action.kind is ActionKind.PURCHASE_PAUSE]
        orders = [action for action in found if action.kind is ActionKind.ORDER]
        for pause in pauses:
            for order in orders:
                # What one would cancel the other would buy: which of the two is one decision.
                if pause.pool_id and order.pool_id and self.places.in_reach(pause.pool_id, order.pool_id):
                    name = ("open order", self.sku, line_of(pause.alert), line_of(order.alert))
                    pause.takes[name] = order.takes[name] = 1
        return found

    def _answer(self, pool: int, side: str = Side.SHORTAGE) -> Hashable:
        """One want of the SKU, wherever the same units would meet it."""
        return ("answer", self.sku, str(side), self.places.holder(pool))

    def _units(self, pool: int) -> Hashable:
        return ("units", self.sku, self.places.holder(pool))

    def _all_units(self, pool: int) -> dict[Hashable, int]:
        name = self._units(pool)
        return {name: self.capacities.get(name, 1)}

    def _orders(self) -> list[Action]:
        """What answers a shortage where it is, for each quantity the one that saves most."""
        best: dict[tuple[LineKey, ActionKind, int | None], Action] = {}
        for alert in self.short:
            if alert.kind == IMBALANCE:
                continue
            kind = _OF_KIND.get(alert.kind) or (ActionKind.ORDER if alert.side == Side.SHORTAGE else ActionKind.OTHER)
            quantity = alert.suggested_qty or None
            if kind is ActionKind.ORDER and quantity is None and alert.kind not in ("shortage", "low-inventory-fee"):
                kind = ActionKind.OTHER
            takes = {self._answer(alert.pool_id or 0, alert.side): 1}
            action = _as_asked(alert, takes, kind, quantity if kind is ActionKind.ORDER else None)
            key = (line_of(alert), kind, action.quantity)
            if key not in best or best[key].saving < action.saving:
                best[key] = action
        return list(best.values())

    def _transfers(self) -> tuple[list[Action], set[tuple[int, int]]]:
        """Each imbalance, together with the excess that the transfer empties where that says so; and the pairs (from, to) that it is."""
        out, told = [], set()
        for alert in self.short:
            donor = alert.inputs.get(DONOR_POOL)
            if alert.kind != IMBALANCE or donor is None or alert.pool_id is None:
                continue
            giver = int(donor)
            units = min(alert.suggested_qty or 1, *self._all_units(giver).values())
            parts = {line_of(alert): alert.saving_amount or _NOTHING}
            emptied = self._emptied(giver, alert.pool_id)
            if emptied is not None:
                parts[line_of(emptied[0])] = emptied[1].here
            told.add((giver, alert.pool_id))
            takes = {self._answer(alert.pool_id): 1, self._units(giver): units}
            out.append(Action(ActionKind.TRANSFER, alert, parts, alert.suggested_qty, alert.pool_id, giver, takes))
        return out, told

    def _emptied(self, giver: int, receiver: int) -> tuple[Alert, ExcessAnswer] | None:
        """The alert about too much in the one pool that would be answered by a transfer to the other, where it saves most."""
        found = [
            (alert, answer)
            for alert in self.full
            if alert.pool_id == giver
            for answer in self.answers[id(alert)]
            if answer.slug == TRANSFER and answer.to_pool == receiver
        ]
        return max(found, key=lambda each: each[1].here, default=None)

    def _of_excess(self, told: Collection[tuple[int, int]]) -> list[Action]:
        """The answers to each excess, of one kind the one that saves most; a transfer that an imbalance tells is told once."""
        short_lines = {alert.pool_id for alert in self.short if alert.side == Side.SHORTAGE}
        best: dict[tuple[LineKey, str], Action] = {}
        for alert in self.full:
            pool = alert.pool_id or 0
            for answer in self.answers[id(alert)]:
                if answer.slug == TRANSFER and (pool, answer.to_pool) in told:
                    continue
                takes = self._all_units(pool)
                if answer.slug == TRANSFER and answer.to_pool in short_lines:
                    takes[self._answer(answer.to_pool or 0)] = 1
                moved = answer.slug == TRANSFER
                action = Action(
                    _OF_REMEDY.get(answer.slug, ActionKind.OTHER), alert, {line_of(alert): answer.saving}, answer.units,
                    answer.to_pool if moved else pool, pool if moved else None, takes,
                )  # fmt: skip
                key = (line_of(alert), answer.slug)
                if key not in best or best[key].saving < action.saving:
                    best[key] = action
        return list(best.values())
