"""The inbox: which alerts somebody wants to see, and how many there are of each kind. The graph, the admin and exports ask the same way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from stockhub.alerts.life.states import AlertState, condition_of
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.catalog.models import Category
from stockhub.channels.models import Account, PoolAccount

#: Values of one facet that are counted; the rest is a long tail that nobody filters by.
MOST_VALUES: Final = 100
_WITHOUT_CLOCK: Final = (AlertStatus.RESOLVED, AlertStatus.SNOOZED)


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What narrows the inbox; None narrows nothing. Codes are those of the objects, `owner` is a user name, empty for nobody."""

    states: Collection[AlertState] | None = None
    kinds: Collection[str] | None = None
    side: str | None = None
    levels: Collection[int] | None = None
    owner: str | None = None
    pool: str | None = None
    account: str | None = None
    category: str | None = None
    stage: str | None = None
    overdue: bool | None = None
    incident: int | None = None
    min_money: Decimal | None = None
    opened_from_at: datetime | None = None
    opened_until_at: datetime | None = None
    search: str | None = None

    def apply(self, alerts: QuerySet[Alert], now: datetime) -> QuerySet[Alert]:
        """The alerts that it leaves. Without states, those that are not resolved."""
        alerts = alerts.exclude(status=AlertStatus.RESOLVED) if self.states is None else alerts.filter(condition_of(list(self.states)))
        if self.overdue is not None:
            alerts = alerts.filter(overdue(now)) if self.overdue else alerts.exclude(overdue(now))
        return alerts.filter(self._columns(), self.places(), self._searched())

    def _columns(self) -> Q:
        wanted: dict[str, Any] = {
            "kind__in": self.kinds,
            "side": self.side,
            "level__in": self.levels,
            "incident_id": self.incident,
            "money_amount__gte": self.min_money,
            "opened_at__gte": self.opened_from_at,
            "opened_at__lt": self.opened_until_at,
        }
        condition = Q(**{name: value for name, value in wanted.items() if value is not None})
        if self.owner is None:
            return condition
        return condition & (Q(owner__username=self.owner) if self.owner else Q(owner__isnull=True))

    def places(self) -> Q:
        condition = Q() if self.pool is None else Q(pool__code=self.pool)
        if self.account is not None:
            served = PoolAccount.objects.filter(account__code=self.account)
            # Its own even where no pool serves it yet: an account that never delivered is one to look at.
            of_account = Q(account_id__in=Account.objects.filter(code=self.account).values("id"))
            condition &= Q(pool__in=served.values("pool_id")) | of_account
        if self.category is not None:
            condition &= Q(sku__category__in=categories_beneath(self.category))
        return condition if self.stage is None else condition & Q(sku__stage__slug=self.stage)

    def _searched(self) -> Q:
        text = (self.search or "").strip()
        if not text:
            return Q()
        return Q(sku__code__icontains=text) | Q(sku__name__icontains=text) | Q(subject__icontains=text) | Q(message__icontains=text)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value and how many alerts have it. `value` is what the filter of that name takes."""

    value: str
    count: int


def overdue(now: datetime) -> Q:
    """Past a clock that still runs: not seen by its time, or not settled by its. While it is snoozed, no clock runs."""
    unseen = Q(acknowledged_at__isnull=True, acknowledge_by_at__lte=now)
    return ~Q(status__in=_WITHOUT_CLOCK) & (unseen | Q(resolve_by_at__lte=now))


def is_overdue(alert: Alert, now: datetime) -> bool:
    """The same of one alert."""
    if alert.status in _WITHOUT_CLOCK:
        return False
    unseen = alert.acknowledged_at is None and alert.acknowledge_by_at is not None and alert.acknowledge_by_at <= now
    return unseen or (alert.resolve_by_at is not None and alert.resolve_by_at <= now)


#: By name: what alerts are counted by.
FACETS: Final[dict[str, Any]] = {
    "state": Case(
        When(~Q(status=AlertStatus.RESOLVED), then=F("status")), default=Coalesce("ending", Value("resolved")), output_field=CharField()
    ),
    "side": F("side"),
    "kind": F("kind"),
    "level": Cast("level", CharField()),
    "owner": F("owner__username"),
    "pool": F("pool__code"),
    "category": F("sku__category__code"),
    "stage": F("sku__stage__slug"),
    "incident": Cast("incident_id", CharField()),
}


def facet(alerts: QuerySet[Alert], name: str) -> list[FacetValue]:
    """The values that alerts have, the most frequent first. Alerts without any are not counted."""
    counted = alerts.order_by().annotate(facet_value=FACETS[name]).exclude(facet_value=None).values("facet_value")
    rows = counted.annotate(count=Count("id")).order_by("-count", "facet_value").values_list("facet_value", "count")
    return [FacetValue(str(value), count) for value, count in rows[:MOST_VALUES]]


def categories_beneath(code: str) -> list[int]:
    """The category with this code and all beneath it; empty where there is none."""
    rows = list(Category.objects.values_list("id", "parent_id", "code"))
    found = [pk for pk, _parent, its in rows if its == code]
    for each in found:
        found += [pk for pk, parent, _code in rows if parent == each and pk not in found]
    return found
