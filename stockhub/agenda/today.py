"""*Today*: what needs a decision, both fears side by side, where an action saves most money first (N7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from heapq import nsmallest
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.fields.json import KT

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.agenda.dependencies import NO_TIES, Dependencies, Ties, dependencies
from stockhub.agenda.pillars import PillarState, pillars
from stockhub.agenda.pool_places import pool_places
from stockhub.alerts.excess_saving import SAVING_POOL, as_seen_by, saving_reason, saving_seen
from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert, AlertStatus, Side
from stockhub.alerts.recipients import Unheard, unheard
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.alerts.wording import headline
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.channels.models import Feed, PoolAccount
from stockhub.core import clock
from stockhub.values import Explanation, Metric, Money

#: Lines of each side unless asked otherwise.
LINES = 20
_SHOWN: Final = (AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED, AlertStatus.IN_PROGRESS)


@dataclass(frozen=True)
class TodayLine:
    """One decision: a SKU in a pool (or a rule, or a shop), its weightiest alert, and the others that say the same of it."""

    rank: int
    alert: Alert
    also: tuple[Alert, ...]
    ties: Ties = NO_TIES

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
        alert = self.priced
        amount = alert.money_amount
        return Metric(
            None if amount is None else float(amount),
            settings.STOCKHUB_BASE_CURRENCY,
            as_of=alert.evaluated_at,
            reason=(alert.money_reason or "NOT_VALUED") if amount is None else None,
            explanation=explanations_of(alert).get("money"),
        )

    @property
    def priced(self) -> Alert:
        """The alert that tells what is at stake: the one that speaks, unless another's action saves more than that."""
        mine, saver = self.alert.money_amount, self.saver
        return saver if mine is not None and saver.saving_amount is not None and saver.saving_amount > mine else self.alert

    @property
    def saver(self) -> Alert:
        """The alert of the line whose action saves most: what the line is ranked by."""
        return max((self.alert, *self.also), key=lambda alert: (alert.saving_amount is not None, alert.saving_amount or 0))

    @cached_property
    def saving(self) -> Metric:
        """What the best action of now still saves, in the base currency."""
        alert = self.saver
        return Metric(
            None if alert.saving_amount is None else float(alert.saving_amount),
            settings.STOCKHUB_BASE_CURRENCY,
            as_of=alert.evaluated_at,
            reason=saving_reason(alert) if alert.saving_amount is None else None,
            explanation=explanations_of(alert).get("saving"),
        )

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
    """The lines of one side, how many alerts there are in all and at each level, and the money of them together.

    `money` is at stake, `saving` the part that the best actions of now still save. Alerts on one subject price the same units, so the
    worst of them counts, not their sum; nor does `saving` count twice what one action saves, or two that exclude each other.
    """

    lines: list[TodayLine]
    alerts_in_all: int
    levels: Mapping[int, int]
    money: Money
    saving: Money


@dataclass(frozen=True, slots=True)
class FeedAge:
    """How far one feed of a shop reaches; None where it has brought nothing yet."""

    account: str
    kind: str
    data_until_at: datetime | None
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Today:
    """`shortage` on one side, `excess` on the other; `data` is what makes either doubtful, and `feeds` how old the data are (H103).

    `pillars` are the same alerts by who cures them (D22). `unheard`: that nobody is told of a side's alerts, where that is so (H65).
    """

    as_of: datetime
    time_zone: str
    shortage: TodaySide
    excess: TodaySide
    data: TodaySide
    feeds: list[FeedAge]
    pillars: list[PillarState]
    unheard: Unheard | None


def today(
    user: User | None = None,
    *,
    limit: int = LINES,
    pool_id: int | None = None,
    account_id: int | None = None,
    owner_id: int | None = None,
) -> Today:
    """What the user may see (None sees all), at most `limit` lines a side: of one pool, of the pools that serve an account, of one owner.

    Snoozed alerts wait; those that somebody has seen or is at work on stay, because what is at stake still is.
    """
    alerts = shown_alerts(user, pool_id=pool_id, account_id=account_id, owner_id=owner_id)
    pools = None if user is None else visible_pool_ids(user)
    hang = dependencies(alerts, pool_places(), pools)
    sides = {side: _side(alerts.filter(side=side), limit, pools, hang, side) for side in Side}
    return Today(
        as_of=clock.now(),
        time_zone=settings.STOCKHUB_TIME_ZONE,
        shortage=sides[Side.SHORTAGE],
        excess=sides[Side.EXCESS],
        data=sides[Side.DATA],
        feeds=_feeds(user, account_id),
        pillars=pillars(alerts),
        unheard=unheard(),
    )


def shown_alerts(
    user: User | None, *, pool_id: int | None = None, account_id: int | None = None, owner_id: int | None = None
) -> QuerySet[Alert]:
    """The alerts that *Today* is made of, narrowed as it is."""
    alerts = Alert.objects.all() if user is None else alerts_visible_to(user)
    alerts = alerts.filter(status__in=_SHOWN)
    if pool_id is not None:
        alerts = alerts.filter(Q(pool_id=pool_id) | Q(pool=None))
    if account_id is not None:
        served = PoolAccount.objects.filter(account_id=account_id).values("pool_id")
        alerts = alerts.filter(Q(account_id=account_id) | Q(account_id=None, pool__in=served) | Q(account_id=None, pool=None))
    return alerts if owner_id is None else alerts.filter(owner_id=owner_id)


def _feeds(user: User | None, account_id: int | None) -> list[FeedAge]:
    """Those of the accounts that the user may see, the one that is furthest behind first."""
    feeds = Feed.objects.filter(account__deleted_at=None)
    visible = None if user is None else visible_account_ids(user)
    if visible is not None:
        feeds = feeds.filter(account__in=visible)
    if account_id is not None:
        feeds = feeds.filter(account_id=account_id)
    rows = feeds.order_by(F("data_until_at").asc(nulls_first=True), "account__code", "kind")
    return [FeedAge(*row) for row in rows.values_list("account__code", "kind", "data_until_at", "is_paused")]


def _side(alerts: QuerySet[Alert], limit: int, pools: Collection[int] | None, hang: Dependencies, side: Side) -> TodaySide:
    levels = dict(alerts.order_by("level").values_list("level").annotate(count=Count("pk")))
    subjects = list(
        alerts.order_by()
        .values_list("subject")
        .annotate(saving=Max("saving_amount"), money=Max("money_amount"), gravest=Max("level"), due=Min("due_on"), first=Min("pk"))
    )
    if pools is not None:
        seen = savings_seen(alerts, pools)
        subjects = [(name, seen.get((name, str(side)), saving), *rest) for name, saving, *rest in subjects]
    saving, money = (sum((row[at] for row in subjects if row[at] is not None), Decimal(0)) for at in (1, 2))
    chosen = [row[0] for row in nsmallest(limit, subjects, key=_place)]
    base = settings.STOCKHUB_BASE_CURRENCY
    lines = _lines(alerts, chosen, pools, hang)
    return TodaySide(lines, sum(levels.values()), levels, Money(money, base), Money(saving - hang.without(side), base))


def savings_seen(alerts: QuerySet[Alert], pools: Collection[int]) -> dict[tuple[str, str], Decimal | None]:
    """What is saved of each line (subject, side) with an alert whose saving rests on a pool that the reader may not see: without it."""
    resting = alerts.order_by().alias(rests_on=KT(f"inputs__{SAVING_POOL}")).filter(rests_on__isnull=False)
    found: dict[tuple[str, str], Decimal | None] = {}
    its_lines = alerts.filter(subject__in=resting.values("subject")).values_list("subject", "side", "saving_amount", "inputs")
    for subject, side, saving, inputs in its_lines:
        its = [each for each in (found.get((subject, side)), saving_seen(saving, inputs, pools)) if each is not None]
        found[subject, side] = max(its, default=None)
    return found


def _place(subject: tuple[str, Decimal | None, Decimal | None, int, date | None, int]) -> tuple[Any, ...]:
    """Where a subject (its name, saving, money, level, day and first alert) stands in the list: unknown numbers last."""
    _name, saving, money, level, due, first = subject
    return saving is None, -(saving or 0), money is None, -(money or 0), -level, due is None, due or date.max, first


def _lines(alerts: QuerySet[Alert], subjects: Sequence[str], pools: Collection[int] | None, hang: Dependencies) -> list[TodayLine]:
    """A line for each subject, with all its alerts as a reader who sees `pools` may know them.

    Within it the gravest speaks; lines come in the order of what they save.
    """
    groups: dict[str, list[Alert]] = {subject: [] for subject in subjects}
    ranked = (
        alerts.filter(subject__in=subjects)
        .select_related("sku", "pool", "template", "owner")
        .order_by("-level", F("saving_amount").desc(nulls_last=True), F("money_amount").desc(nulls_last=True), "due_on", "id")
    )
    for alert in ranked:
        groups[alert.subject].append(as_seen_by(alert, pools))
    ordered = sorted((group for group in groups.values() if group), key=_rank)
    return [TodayLine(rank, gravest, tuple(rest), hang.of(gravest)) for rank, (gravest, *rest) in enumerate(ordered, 1)]


def _rank(group: Sequence[Alert]) -> tuple[bool, Decimal, bool, Decimal, int]:
    saving = max((alert.saving_amount for alert in group if alert.saving_amount is not None), default=None)
    money = group[0].money_amount
    return saving is None, -(saving or Decimal(0)), money is None, -(money or Decimal(0)), -group[0].level
