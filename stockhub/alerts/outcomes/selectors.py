"""Counts of outcomes, and the one that an alert shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from stockhub.alerts.models import Alert, AlertOutcome, Outcome, StockoutEvent, StockoutOutcome
from stockhub.catalog.selectors import Anyone, pools_visible_to, visible_pool_ids
from stockhub.formulas.evaluation.alert_metrics import precision, recall


@dataclass(frozen=True, slots=True)
class RuleOutcomes:
    """Of one rule, the raises within a time by what became of them, and the share that was right; None where none is known."""

    kind: str
    counts: dict[str, int]

    @property
    def precision(self) -> float | None:
        right = self.counts[Outcome.TRUE_POSITIVE] + self.counts[Outcome.AVERTED]
        wrong = self.counts[Outcome.FALSE_POSITIVE]
        return float(precision(float(right), float(wrong))) if right + wrong else None


@dataclass(frozen=True, slots=True)
class StockoutCounts:
    """Stock-outs that were foreseen and missed within a time, and the share foreseen; None where there were none."""

    detected: int
    actionable: int
    missed: int

    @property
    def recall(self) -> float | None:
        return float(recall(float(self.detected), float(self.missed))) if self.detected + self.missed else None


def outcomes_by_rule(alerts: QuerySet[Alert], *, since: date | None = None, until: date | None = None) -> list[RuleOutcomes]:
    """The current outcomes of some alerts, by rule."""
    rows = AlertOutcome.objects.filter(_between("raised_on", since, until), is_current=True, alert__in=alerts.order_by().values("pk"))
    found: dict[str, dict[str, int]] = {}
    for kind, outcome, count in rows.order_by("kind", "outcome").values_list("kind", "outcome").annotate(Count("id")):
        found.setdefault(kind, dict.fromkeys(Outcome.values, 0))[outcome] = count
    return [RuleOutcomes(kind, counts) for kind, counts in found.items()]


def stockouts_visible_to(user: Anyone) -> QuerySet[StockoutEvent]:
    """The stock-outs of the pools that somebody sees."""
    events = StockoutEvent.objects.all()
    return events if visible_pool_ids(user) is None else events.filter(pool__in=pools_visible_to(user))


def stockout_counts(events: QuerySet[StockoutEvent], *, since: date | None = None, until: date | None = None) -> StockoutCounts:
    """How many of some stock-outs were foreseen."""
    detected = Q(outcome=StockoutOutcome.DETECTED)
    its = events.filter(_between("onset_on", since, until), is_current=True).aggregate(
        detected=Count("id", filter=detected),
        actionable=Count("id", filter=detected & Q(is_actionable=True)),
        missed=Count("id", filter=Q(outcome=StockoutOutcome.MISSED)),
    )
    return StockoutCounts(**its)


def _between(name: str, since: date | None, until: date | None) -> Q:
    condition = Q() if since is None else Q(**{f"{name}__gte": since})
    return condition if until is None else condition & Q(**{f"{name}__lte": until})
