"""By when an alert has to be seen and to be settled: hours of its level, or of its rule, from when it got that level (H34, H69)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Least

from stockhub.alerts.models import Alert, AlertStatus, HoursCounted, ServiceLevel
from stockhub.alerts.response_steps import GRAVE
from stockhub.core import clock
from stockhub.formulas.business_days.working_hours import WorkingHours
from stockhub.pluginhost.registry import registry

_BATCH: Final = 5_000
MILDEST: Final = 1


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours to acknowledge and to resolve an alert, on the clock or at work."""

    acknowledge: float
    resolve: float
    counted: str = HoursCounted.CLOCK


#: Where the operator has said nothing.
DEFAULTS: Final[Mapping[int, Hours]] = {
    1: Hours(24.0, 80.0, HoursCounted.BUSINESS),
    2: Hours(8.0, 24.0, HoursCounted.BUSINESS),
    3: Hours(4.0, 24.0),
}
_UNSETTLED: Final = Q(clock_level__isnull=True) | Q(clock_level__lt=F("level")) | Q(clock_level__gt=F("level"))


def hours_of(kind: str, level: int) -> Hours:
    """The rule's own service level, else what the rule itself asks for, else that of the level, else the default."""
    return _stated().get((kind, level)) or _of_rule(kind) or _stated().get(("", level)) or DEFAULTS[level]


def settle_clocks() -> int:
    """Sets the clocks of alerts that were opened or whose level changed; returns how many.

    What was there when an account was new is one summary: until it gets worse it has no clock, or a mild one where it is grave (ADR 0062).
    """
    settled = _settle_baseline()
    while rows := list(_unsettled().order_by("id").values_list("id", "kind", "level", "level_since_at")[:_BATCH]):
        settled += _settle(rows)
    return settled


def business_hours() -> WorkingHours:
    """The hours at work that the installation is set to."""
    begins, ends = settings.STOCKHUB_BUSINESS_HOURS
    return WorkingHours(settings.STOCKHUB_TIME_ZONE, tuple(settings.STOCKHUB_BUSINESS_DAYS), begins, ends)


def _unsettled() -> QuerySet[Alert]:
    return Alert.objects.exclude(status=AlertStatus.RESOLVED).filter(_UNSETTLED)


def _settle_baseline() -> int:
    """Grave alerts of a new account have the time of the mildest level to be settled in, and none to be seen: people saw the summary.

    One that has got milder is told by its last clock, whose level is higher; a clock to be seen by is that of one that had got worse.
    """
    milder = Q(clock_level__gt=F("level"), acknowledge_by_at__isnull=True)
    its = _unsettled().filter(Q(level_since_at=F("opened_at")) | milder, is_baseline=True)
    without = {"clock_level": F("level"), "resolve_by_at": None, "escalation_due_at": None}
    settled = its.filter(level__lt=GRAVE).update(**without)
    groups: dict[tuple[str, datetime], list[int]] = defaultdict(list)
    for pk, kind, opened in its.order_by("id").values_list("id", "kind", "opened_at"):
        groups[kind, opened].append(pk)
    for (kind, opened), ids in sorted(groups.items()):
        _see, resolve_by = due_times(hours_of(kind, MILDEST), opened)
        clocks = {"resolve_by_at": resolve_by, "escalation_due_at": resolve_by, "escalations": 0, "clock_level": GRAVE}
        grave = Alert.objects.filter(id__any_of=ids, level=GRAVE, level_since_at=F("opened_at"))
        settled += grave.update(**clocks, updated_at=clock.now())
    return settled


def _settle(rows: Sequence[tuple[int, str, int, datetime]]) -> int:
    """Alerts of one kind and level that a run opened have the same clocks, so there is a statement for each group, not for each alert."""
    groups: dict[tuple[str, int, datetime], list[int]] = defaultdict(list)
    for pk, kind, level, since in rows:
        groups[kind, level, since].append(pk)
    due = cache(due_times)
    settled = 0
    for (kind, level, since), ids in sorted(groups.items()):
        acknowledge_by, resolve_by = due(hours_of(kind, level), since)
        with transaction.atomic():
            # The level is asked for again: one that was raised meanwhile has other clocks, and is met in the next round.
            its = Alert.objects.filter(id__any_of=ids, level=level)
            settled += its.update(
                acknowledge_by_at=_no_later("acknowledge_by_at", acknowledge_by),
                resolve_by_at=_no_later("resolve_by_at", resolve_by),
                escalations=0,
                clock_level=level,
                updated_at=clock.now(),
            )
            seen = When(acknowledged_at__isnull=False, then=F("resolve_by_at"))
            its.update(escalation_due_at=Case(seen, default=Least("acknowledge_by_at", "resolve_by_at")))
    return settled


def _no_later(name: str, by: datetime) -> Case:
    """A raised alert is due when it was before, if that is earlier; a lowered one has the time of its new level."""
    earlier = When(Q(clock_level__lt=F("level")) & Q(**{f"{name}__lt": by}), then=F(name))
    return Case(earlier, default=Value(by))


def due_times(hours: Hours, since: datetime) -> tuple[datetime, datetime]:
    """By when what began at `since` is to be seen, and by when settled."""
    if hours.counted == HoursCounted.BUSINESS:
        work = business_hours()
        return work.after(since, hours.acknowledge), work.after(since, hours.resolve)
    return since + timedelta(hours=hours.acknowledge), since + timedelta(hours=hours.resolve)


def _stated() -> dict[tuple[str, int], Hours]:
    rows = ServiceLevel.objects.values_list("rule", "level", "acknowledge_hours", "resolve_hours", "counted")
    return {(rule, level): Hours(acknowledge, resolve, counted) for rule, level, acknowledge, resolve, counted in rows}


def _of_rule(kind: str) -> Hours | None:
    rule = registry().alert_rules.get(kind)
    hours = rule.resolve_within_hours if rule else None
    return None if hours is None else Hours(min(hours, DEFAULTS[3].acknowledge), hours)
