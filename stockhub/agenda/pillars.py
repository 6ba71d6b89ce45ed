"""The four pillars on one page (D22): inventory, supply, forecasting, marketing, each with one number and one next action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Final

from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from stockhub.alerts.models import Alert, Side
from stockhub.alerts.plan_alerts import CONTINGENCY
from stockhub.alerts.response_steps import steps_of, text_of
from stockhub.alerts.wording import headline
from stockhub.values import Money


class Pillar(StrEnum):
    INVENTORY = "inventory"
    SUPPLY = "supply"
    FORECASTING = "forecasting"
    MARKETING = "marketing"


LABELS: Final = {
    Pillar.INVENTORY: gettext_lazy("Inventory"),
    Pillar.SUPPLY: gettext_lazy("Supply"),
    Pillar.FORECASTING: gettext_lazy("Forecasting"),
    Pillar.MARKETING: gettext_lazy("Marketing"),
}
#: Kinds whose cure lies with one pillar; the others go by their side.
OF_KIND: Final[Mapping[str, Pillar]] = dict.fromkeys(
    ("imbalance", "below-threshold", "low-inventory-fee", "oversold-listings", "stock-differences"), Pillar.INVENTORY
) | dict.fromkeys(
    ("forecast-bias", "stale-forecast", "demand-cliff", "market-fall", "generation-change", "stage-change", "old-benchmarks"),
    Pillar.FORECASTING,
) | dict.fromkeys(("burn-rate", "viral-spike", "experience-score", "season-end", CONTINGENCY), Pillar.MARKETING)  # fmt: skip
_OF_SIDE: Final = {Side.SHORTAGE: Pillar.SUPPLY, Side.EXCESS: Pillar.INVENTORY, Side.DATA: Pillar.INVENTORY}
#: What keeps a pillar well while none of its alerts is open.
_WITHOUT_ALERTS: Final = {
    Pillar.INVENTORY: gettext_noop("Nothing is open. Count what has not been counted for longest."),
    Pillar.SUPPLY: gettext_noop("Nothing is open. Look at what is on its way, and confirm the days of arrival."),
    Pillar.FORECASTING: gettext_noop("Nothing is open. Compare the forecasts with what was sold."),
    Pillar.MARKETING: gettext_noop("Nothing is open. Enter the next promotion, so that forecasts know of it."),
}


@dataclass(frozen=True, slots=True)
class PillarState:
    """One pillar: what its open alerts put at stake, in the base currency, how many there are, and what to do first.

    Of alerts on one subject the worst counts, as on *Today*. `alert` is the one that the next action is about; None where none is open.
    """

    pillar: Pillar
    money: Money
    alerts: int
    alert: Alert | None

    @property
    def label(self) -> str:
        return str(LABELS[self.pillar])

    @property
    def next_action(self) -> str:
        """In the active language: of which subject, and the first step that cures it."""
        if self.alert is None:
            return gettext(_WITHOUT_ALERTS[self.pillar])
        steps = steps_of(self.alert.kind, self.alert.side, self.alert.inputs.get("proposal"))
        # What an alert without steps asks for stands in its headline.
        return " · ".join([headline(self.alert), *(text_of(step) for _level, step in steps[:1])])


def pillar_of(kind: str, side: str) -> Pillar:
    """Where an alert of a kind belongs; a plugin's by its side."""
    return OF_KIND.get(kind) or _OF_SIDE[Side(side)]


def pillars(alerts: QuerySet[Alert]) -> list[PillarState]:
    """All four, in their order, of open alerts as `today` narrows them. Seven queries at most, however many alerts there are."""
    kinds: dict[Pillar, list[tuple[str, str]]] = {pillar: [] for pillar in Pillar}
    counts: dict[Pillar, int] = dict.fromkeys(Pillar, 0)
    for kind, side, count in alerts.order_by().values_list("kind", "side").annotate(count=Count("pk")):
        pillar = pillar_of(kind, side)
        kinds[pillar].append((kind, side))
        counts[pillar] += count
    worst: dict[tuple[Pillar, str], Decimal] = {}
    for kind, side, subject, money in alerts.order_by().values_list("kind", "side", "subject").annotate(money=Max("money_amount")):
        place = (pillar_of(kind, side), subject)
        worst[place] = max(worst.get(place, Decimal(0)), money or Decimal(0))
    sums = {pillar: sum((money for (of, _subject), money in worst.items() if of is pillar), Decimal(0)) for pillar in Pillar}
    first = _first(alerts, kinds)
    base = settings.STOCKHUB_BASE_CURRENCY
    return [PillarState(pillar, Money(sums[pillar], base), counts[pillar], first.get(pillar)) for pillar in Pillar]


def _first(alerts: QuerySet[Alert], kinds: Mapping[Pillar, Sequence[tuple[str, str]]]) -> dict[Pillar, Alert]:
    """The alert of each pillar whose action saves most; then what is at stake and the level decide."""
    found: dict[Pillar, int] = {}
    for pillar, pairs in kinds.items():
        if pairs:
            ranked = alerts.filter(reduce(or_, (Q(kind=kind, side=side) for kind, side in pairs))).order_by(
                F("saving_amount").desc(nulls_last=True), F("money_amount").desc(nulls_last=True), "-level", "due_on", "pk"
            )
            found[pillar] = ranked.values_list("pk", flat=True)[:1].get()
    rows = alerts.select_related("sku", "pool", "template", "owner").in_bulk(list(found.values()))
    return {pillar: rows[pk] for pillar, pk in found.items()}
