"""Mail about alerts: one message to a person for one cycle, whatever it found (H13)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import QuerySet
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
    _queue(cycle, AlertEvent.objects.filter(alert__changed_cycle=cycle, occurred_at__gte=cycle.created_at))


def queue_for_minute(cycle: Cycle, *, since: datetime, until: datetime) -> None:
    """The same for what incremental evaluations opened or raised within a minute, whoever has changed those alerts since."""
    _queue(cycle, AlertEvent.objects.filter(actor=f"cycle:{cycle.name}", occurred_at__gte=since, occurred_at__lt=until))


def _queue(cycle: Cycle, steps: QuerySet[AlertEvent]) -> None:
    subscriptions = list(Subscription.objects.filter(is_active=True, user__is_active=True).exclude(user__email="").select_related("user"))
    if not subscriptions:
        return
    news = steps.filter(what__in=("opened", "raised"))
    alerts = list(
        Alert.objects.filter(id__in=news.values("alert_id"), is_baseline=False)
        .select_related("sku", "pool")
        .order_by("-level", "-money_amount", "id")
    )
    if not alerts:
        return
    by_user: dict[User, dict[int, Alert]] = defaultdict(dict)
    for subscription in subscriptions:
        pools = set(subscription.pools.values_list("id", flat=True))
        for alert in alerts:
            wanted = (not subscription.kinds or alert.kind in subscription.kinds) and (not pools or alert.pool_id in pools)
            if wanted and alert.level >= subscription.min_level:
                by_user[subscription.user][alert.pk] = alert
    if not by_user:
        return
    event = emit_event("alerts.cycle_news.v1", entity="cycles.cycle", entity_id=cycle.pk, payload={"alerts": len(alerts)})
    for user, wanted_alerts in by_user.items():
        visible = set(alerts_visible_to(user).filter(id__in=wanted_alerts).values_list("id", flat=True))
        if chosen := [a for a in wanted_alerts.values() if a.pk in visible]:
            subject, body = _written(user, chosen)
            queue_mail(event=event, recipient=user.email, subject=subject, body=body)


def _written(user: User, alerts: list[Alert]) -> tuple[str, str]:
    with translation.override(user.language):
        several = _("%(count)d new or worse stock alerts") % {"count": len(alerts)}
        subject = headline(alerts[0]) if len(alerts) == 1 else several
        lines = [f"[{alert.level}] {headline(alert)}" for alert in alerts[:LISTED]]
        if len(alerts) > LISTED:
            lines.append(_("… and %(count)d more: open Today.") % {"count": len(alerts) - LISTED})
        return subject.replace("\n", " ")[:300], "\n".join(lines)
