"""Mail about alerts: one message to a person for one cycle, whatever it found (H13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from stockhub.access.models import User
from stockhub.alerts.models import Alert, AlertEvent, Subscription
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.alerts.wording import headline
from stockhub.cycles.models import Cycle
from stockhub.outbox.deliveries import queue_mail
from stockhub.outbox.services import emit_event

#: Alerts listed in one mail; the rest is a number and *Today*.
LISTED = 30


def queue_for_cycle(cycle: Cycle) -> None:
    """Queues a mail to everybody who subscribed to something that this cycle opened or raised. Baseline alerts are not announced."""
    # An incremental evaluation may have changed them since; then they bear its run.
    its = Q(alert__opened_cycle=cycle) | Q(alert__changed_cycle=cycle) | Q(alert__changed_cycle__name="incremental")
    _queue(cycle, AlertEvent.objects.filter(its, actor=f"cycle:{cycle.name}", occurred_at__gte=cycle.created_at))


def queue_for_minute(cycle: Cycle, *, since: datetime, until: datetime) -> None:
    """The same for what incremental evaluations opened or raised within a minute, whoever has changed those alerts since."""
    _queue(cycle, AlertEvent.objects.filter(actor=f"cycle:{cycle.name}", occurred_at__gte=since, occurred_at__lt=until))


def _queue(cycle: Cycle, steps: QuerySet[AlertEvent]) -> None:
    subscriptions = Subscription.objects.filter(is_active=True, user__is_active=True).exclude(user__email="")
    by_user: dict[User, list[Subscription]] = defaultdict(list)
    for subscription in subscriptions.select_related("user").prefetch_related("pools"):
        by_user[subscription.user].append(subscription)
    if not by_user:
        return
    news = steps.filter(what__in=("opened", "raised"))
    ids = list(news.filter(alert__is_baseline=False).order_by("alert_id").values_list("alert_id", flat=True).distinct())
    if not ids:
        return
    event = None
    for user, its in by_user.items():
        wanted = alerts_visible_to(user).filter(_wanted(its), id__any_of=ids)
        # Only those that are listed are read: the first cycle of a large shop has hundreds of thousands.
        if listed := list(wanted.select_related("sku", "pool").order_by("-level", "-money_amount", "id")[:LISTED]):
            if event is None:
                event = emit_event("alerts.cycle_news.v1", entity="cycles.cycle", entity_id=cycle.pk, payload={"alerts": len(ids)})
            subject, body = _written(user, listed, wanted.count())
            queue_mail(event=event, recipient=user.email, subject=subject, body=body)


def _wanted(subscriptions: Iterable[Subscription]) -> Q:
    """What any of a person's subscriptions asks for; empty lists mean all."""
    condition = Q(pk__in=[])
    for subscription in subscriptions:
        each = Q(level__gte=subscription.min_level)
        if subscription.kinds:
            each &= Q(kind__in=subscription.kinds)
        if pools := [pool.pk for pool in subscription.pools.all()]:
            each &= Q(pool_id__in=pools)
        condition |= each
    return condition


def _written(user: User, listed: list[Alert], count: int) -> tuple[str, str]:
    with translation.override(user.language):
        several = _("%(count)d new or worse stock alerts") % {"count": count}
        subject = headline(listed[0]) if count == 1 else several
        lines = [f"[{alert.level}] {headline(alert)}" for alert in listed]
        if count > LISTED:
            lines.append(_("… and %(count)d more: open Today.") % {"count": count - LISTED})
        return subject.replace("\n", " ")[:300], "\n".join(lines)
