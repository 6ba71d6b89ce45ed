"""Whom a run's alerts concern: by level, side, kind, account, pool, category and role, to persons and endpoints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import Count, F, Max, Q, QuerySet

from stockhub.access.models import User
from stockhub.alerts.grouping import grouped
from stockhub.alerts.models import Alert, Notice, Subscription
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.catalog.models import Category
from stockhub.channels.models import PoolAccount
from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.outbox.models import Endpoint
from stockhub.outbox.quiet_hours import due_at
from stockhub.outbox.services import emit_event, ring_after_commit

#: Alerts that a notice names, and a stock report has rows for; the rest is a number.
NAMED: Final = 1000
#: The topic of the doorbell.
TOPIC: Final = "deliveries"


def leave_notices(cycle: Cycle, alert_ids: Sequence[int]) -> None:
    """Leaves a notice for every endpoint that any subscription brings some of these alerts to; two where some of them are urgent."""
    by_endpoint = subscriptions_by_endpoint()
    notices = [notice for endpoint, its in by_endpoint.items() for notice in _notices(endpoint, its, alert_ids)]
    if not notices:
        return
    event = emit_event("alerts.cycle_news.v1", entity="cycles.cycle", entity_id=cycle.pk, payload={"alerts": len(alert_ids)})
    for notice in notices:
        notice.event = event
    Notice.objects.bulk_create(notices)
    ring_after_commit(TOPIC)


def subscriptions_by_endpoint() -> dict[Endpoint, list[Subscription]]:
    """Every endpoint that anything is to be brought to, with the subscriptions that do."""
    active = Subscription.objects.filter(is_active=True).select_related("user", "endpoint", "role")
    found: dict[Endpoint, list[Subscription]] = defaultdict(list)
    of_users: dict[User, list[Subscription]] = defaultdict(list)
    of_roles: dict[int, list[Subscription]] = defaultdict(list)
    for each in active.prefetch_related("pools", "accounts", "categories"):
        if each.endpoint is not None:
            if each.endpoint.is_active and each.endpoint.deleted_at is None:
                found[each.endpoint].append(each)
        elif each.user is not None:
            of_users[each.user].append(each)
        elif each.role_id is not None:
            of_roles[each.role_id].append(each)
    members = User.objects.filter(groups__in=list(of_roles)).distinct().prefetch_related("groups") if of_roles else ()
    for member in members:
        of_users[member] += [its for group in member.groups.all() for its in of_roles.get(group.pk, ())]
    for endpoint in personal_endpoints([user for user in of_users if user.is_active and user.email]):
        if endpoint.is_active and isinstance(endpoint.user, User):
            found[endpoint] = of_users[endpoint.user]
    return found


def personal_endpoints(users: Iterable[User]) -> list[Endpoint]:
    """People's own endpoints: mail to their addresses, in their languages. Made at the first time that something is for them."""
    wanted = list(users)
    known = {endpoint.user_id for endpoint in Endpoint.objects.filter(user__in=wanted)}
    new = [
        Endpoint(user=user, name=user.username[:120], notifier="mail", language=user.language, time_zone=user.time_zone)
        for user in wanted
        if user.pk not in known
    ]
    if new:
        Endpoint.objects.bulk_create(new, ignore_conflicts=True)
    return list(Endpoint.objects.filter(user__in=wanted, deleted_at=None).select_related("user").order_by("pk"))


def _notices(endpoint: Endpoint, subscriptions: Sequence[Subscription], alert_ids: Sequence[int]) -> Iterable[Notice]:
    seen = alerts_visible_to(endpoint.user) if isinstance(endpoint.user, User) else Alert.objects.all()
    wanted = seen.filter(wanted_by(subscriptions), id__any_of=list(alert_ids))
    urgent = Q(level__gte=endpoint.urgent_level)
    # Only the worst are read: the first cycle of a large shop has hundreds of thousands.
    for is_urgent, part in ((True, wanted.filter(urgent)), (False, wanted.exclude(urgent))):
        if (notice := _notice(endpoint, part, is_urgent=is_urgent)) is not None:
            yield notice


def _notice(endpoint: Endpoint, alerts: QuerySet[Alert], *, is_urgent: bool) -> Notice | None:
    kinds = {kind: (count, level) for kind, count, level in alerts.order_by("kind").values_list("kind").annotate(Count("pk"), Max("level"))}
    if not kinds:
        return None
    worst = list(alerts.order_by("-level", F("money_amount").desc(nulls_last=True), "id").values_list("pk", "kind", "level")[:NAMED])
    groups = grouped(worst, {kind: count for kind, (count, _level) in kinds.items()})
    level = max(level for _count, level in kinds.values())
    return Notice(
        endpoint=endpoint, is_urgent=is_urgent, level=level, count=sum(count for count, _level in kinds.values()),
        groups=[group.to_json() for group in groups], due_at=due_at(endpoint, clock.now(), level),
    )  # fmt: skip


def wanted_by(subscriptions: Iterable[Subscription]) -> Q:
    """What any of these subscriptions asks for; empty lists mean all."""
    condition = Q(pk__in=[])
    for subscription in subscriptions:
        condition |= _wanted(subscription)
    return condition


def _wanted(subscription: Subscription) -> Q:
    each = Q(level__gte=subscription.min_level, level__lte=subscription.max_level)
    if subscription.kinds:
        each &= Q(kind__in=subscription.kinds)
    if subscription.sides:
        each &= Q(side__in=subscription.sides)
    if pools := [pool.pk for pool in subscription.pools.all()]:
        each &= Q(pool_id__in=pools)
    if accounts := [account.pk for account in subscription.accounts.all()]:
        served = PoolAccount.objects.filter(account_id__in=accounts).values("pool_id")
        each &= Q(account_id__in=accounts) | Q(pool_id__in=served)
    if categories := [category.pk for category in subscription.categories.all()]:
        each &= Q(sku__category_id__in=with_descendants(categories))
    return each


def with_descendants(category_ids: Sequence[int]) -> set[int]:
    """The categories and all that lie beneath them: one query a level of the tree."""
    found, level = set(category_ids), set(category_ids)
    while level:
        level = set(Category.objects.filter(parent_id__in=level).values_list("pk", flat=True)) - found
        found |= level
    return found
