"""Writes messages of the notices that are due: one for each endpoint, however many runs and alerts they tell of. Runs in a worker."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from stockhub.alerts.grouping import Group, merged
from stockhub.alerts.messages import written
from stockhub.alerts.models import Notice
from stockhub.core import clock
from stockhub.outbox.deliveries import queue_message
from stockhub.outbox.models import Delivery, Endpoint, Event
from stockhub.outbox.services import emit_event

logger = logging.getLogger(__name__)


def due_notices(now: datetime | None = None) -> QuerySet[Notice]:
    """What could be written now."""
    return Notice.objects.filter(due_at__lte=now or clock.now())


def compose_due(*, seconds: float | None = None, stopping: Callable[[], bool] = lambda: False) -> int:
    """Writes what is due, endpoint by endpoint, and gives how many messages that made.

    A message is queued in the transaction in which its notices go, so that none is lost and none comes twice.
    """
    now, made = clock.now(), 0
    deadline = None if seconds is None else time.monotonic() + seconds
    for pk in due_notices(now).order_by("endpoint_id").values_list("endpoint_id", flat=True).distinct():
        if stopping() or (deadline is not None and time.monotonic() >= deadline):
            break
        made += _compose(pk, now)
    return made


def _compose(endpoint_id: int, now: datetime) -> int:
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update(of=("self",)).filter(pk=endpoint_id).select_related("user").first()
        notices = list(due_notices(now).filter(endpoint_id=endpoint_id).select_related("event").order_by("pk"))
        if endpoint is None or not notices:
            return 0
        groups = merged([notice.groups for notice in notices])
        told = _tell(endpoint, notices, groups) if endpoint.is_active and endpoint.deleted_at is None else 0
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).delete()
    return told


def _tell(endpoint: Endpoint, notices: Sequence[Notice], groups: list[Group]) -> int:
    message = written(endpoint, groups)
    if message is None:
        logger.info("All that %s was to be told of is resolved or snoozed by now.", endpoint)
        return 0
    queue_message(event=_event(endpoint, notices), endpoint=endpoint, message=message, level=message.level)
    return 1


def _event(endpoint: Endpoint, notices: Sequence[Notice]) -> Event:
    """The event of the one run that is told of; one of its own for a message that gathers, or says more of a run that was told of."""
    events = {notice.event_id: notice.event for notice in notices}
    if len(events) == 1 and not Delivery.objects.filter(event__in=events, endpoint=endpoint).exists():
        return notices[0].event
    payload = {"alerts": sum(notice.count for notice in notices), "events": sorted(events)}
    return emit_event("alerts.news_gathered.v1", entity="outbox.endpoint", entity_id=endpoint.pk, payload=payload)
