"""*Today*: what needs a decision, both fears side by side, what saves most money first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet

from stockhub.access.models import User
from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert, AlertStatus, Side
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.alerts.wording import headline
from stockhub.core import clock
from stockhub.values import Explanation, Metric, Money

#: Lines of each side unless asked otherwise.
LINES = 20


@dataclass(frozen=True)
class TodayLine:
    """One decision: a SKU in a pool (or a rule, or a shop), its weightiest alert, and the others that say the same of it."""

    rank: int
    alert: Alert
    also: tuple[Alert, ...]

    @property
    def headline(self) -> str:
        """The line in the active language."""
        return headline(self.alert)

    @cached_property
    def explanations(self) -> dict[str, Explanation]:
        """The trees that give the line's numbers."""
        return explanations_of(self.alert)

    @property
    def money(self) -> Metric:
        """What ignoring it costs, in the base currency."""
        amount = self.alert.money_amount
        value = None if amount is None else float(amount)
        return self._metric(value, settings.STOCKHUB_BASE_CURRENCY, "money", self.alert.money_reason)

    @property
    def value(self) -> Metric:
        """The number that the alert is about."""
        return self._metric(self.alert.value, self.alert.unit, "value", "NO_NUMBER")

    def _metric(self, value: float | None, unit: str, name: str, reason: str) -> Metric:
        return Metric(
            value,
            unit,
            as_of=self.alert.evaluated_at,
            reason=(reason or "NOT_VALUED") if value is None else None,
            explanation=self.explanations.get(name),
        )


@dataclass(frozen=True, slots=True)
class TodaySide:
    """The lines of one side, how many decisions there are in all, and the money of them together."""

    lines: list[TodayLine]
    alerts_in_all: int
    money: Money


@dataclass(frozen=True, slots=True)
class Today:
    """`shortage` on one side, `excess` on the other; `data` is what makes either doubtful."""

    as_of: datetime
    time_zone: str
    shortage: TodaySide
    excess: TodaySide
    data: TodaySide


def today(user: User | None = None, *, limit: int = LINES, pool_id: int | None = None) -> Today:
    """What the user may see (None sees all), at most `limit` lines a side.

    Snoozed alerts wait; acknowledged ones stay, because somebody is at them.
    """
    alerts = Alert.objects.all() if user is None else alerts_visible_to(user)
    alerts = alerts.filter(status__in=(AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED))
    if pool_id is not None:
        alerts = alerts.filter(Q(pool_id=pool_id) | Q(pool=None))
    sides = {side: _side(alerts.filter(side=side), limit) for side in Side}
    return Today(
        as_of=clock.now(),
        time_zone=settings.STOCKHUB_TIME_ZONE,
        shortage=sides[Side.SHORTAGE],
        excess=sides[Side.EXCESS],
        data=sides[Side.DATA],
    )


def _side(alerts: QuerySet[Alert], limit: int) -> TodaySide:
    ranked = alerts.select_related("sku", "pool", "template", "owner").order_by(
        F("money_amount").desc(nulls_last=True), "-level", "due_on", "id"
    )
    # At most a handful of rules speak of one SKU, so this many alerts make `limit` lines.
    lines = _lines(ranked[: limit * 6], limit)
    # Alerts of one subject price the same units, so the worst of them counts, not their sum.
    worst = alerts.values("subject").annotate(worst=Max("money_amount")).values_list("worst", flat=True)
    total = sum((amount for amount in worst if amount is not None), Decimal(0))
    return TodaySide(lines, alerts.count(), Money(total, settings.STOCKHUB_BASE_CURRENCY))


def _lines(ranked: Iterable[Alert], limit: int) -> list[TodayLine]:
    groups: dict[str, list[Alert]] = {}
    for alert in ranked:
        groups.setdefault(alert.subject, []).append(alert)
    # Within a line the gravest alert speaks, and the lines are ranked by the money that they show.
    chosen = [sorted(group, key=lambda alert: -alert.level) for group in list(groups.values())[:limit]]
    chosen.sort(key=lambda group: (group[0].money_amount is None, -(group[0].money_amount or 0), -group[0].level))
    return [TodayLine(rank, gravest, tuple(rest)) for rank, (gravest, *rest) in enumerate(chosen, 1)]
