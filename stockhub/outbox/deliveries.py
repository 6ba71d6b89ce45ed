"""Delivering messages: at least once, with a lease, pauses that grow, and an end that an operator sees and can undo.

A message is queued in the transaction of the thing that it tells of, and sent outside of any. Where a worker dies between sending and
noting so, the message goes out again: it carries the same key then, by which mail programs and webhooks take it once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.core.claims import claim
from stockhub.outbox.attempts import attempt
from stockhub.outbox.models import Delivery, DeliveryStatus, Endpoint, Event
from stockhub.outbox.quiet_hours import quiet_end
from stockhub.outbox.retries import retry_deliveries
from stockhub.outbox.services import ring_after_commit
from stockhub.pluginapi import Message
from stockhub.values import DomainError

#: The notifier of mails.
MAIL: Final = "mail"
#: Endpoints that may be sent to now: neither paced nor, after several failures, left alone for a while.
_READY: Final = Endpoint.objects.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=Now())).values("pk")
_DUE: Final = Q(status=DeliveryStatus.DUE, next_attempt_at__lte=Now()) & (Q(endpoint=None) | Q(endpoint_id__in=_READY))
_TO_DELIVER: Final = _DUE | Q(status=DeliveryStatus.LEASED, lease_until__lt=Now())


@dataclass(slots=True)
class Delivered:
    """What one call of `deliver_due` did. `put_off`: it was not their time yet."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0


def queue_mail(*, event: Event, recipient: str, subject: str, body: str) -> Delivery:
    """Queues a mail because of an event, once for each recipient: queued again, the first one stands."""
    return _queue(event, MAIL, recipient, subject=_one_line(subject), body=body, next_attempt_at=Now())


def queue_message(*, event: Event, endpoint: Endpoint, message: Message, level: int) -> Delivery:
    """Queues a message to an endpoint because of an event, once: queued again, the first one stands. It waits for its quiet hours' end."""
    told = replace(message, subject=_one_line(message.subject))
    quiet = quiet_end(endpoint, clock.now(), level)
    return _queue(
        event, endpoint.notifier, recipient_of(endpoint), endpoint=endpoint, subject=told.subject, body="\n".join(told.lines()),
        message=told.to_json(), level=level, next_attempt_at=quiet or Now(),
    )  # fmt: skip


def recipient_of(endpoint: Endpoint) -> str:
    """A person's address, or the name of the endpoint."""
    return str(endpoint.user.email) if endpoint.user is not None else endpoint.name


def _queue(event: Event, channel: str, recipient: str, **columns: object) -> Delivery:
    delivery, created = Delivery.objects.get_or_create(event=event, channel=channel, recipient=recipient, defaults=columns)
    if created:
        ring_after_commit("deliveries")
    return delivery


def _one_line(subject: str) -> str:
    """A line break in a subject would end the header: mail servers refuse it."""
    return " ".join(subject.split())[:300]


def due() -> QuerySet[Delivery]:
    """What could be delivered now, the oldest first."""
    return Delivery.objects.filter(_TO_DELIVER).order_by("next_attempt_at", "pk")


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Deliveries in one state that have not arrived, and since when the oldest that could be delivered has waited."""

    status: str
    number: int
    since: datetime | None


def undelivered() -> list[Undelivered]:
    """What has not arrived, by status: due, being delivered, given up."""
    rows = Delivery.objects.exclude(status=DeliveryStatus.DELIVERED).values_list("status").order_by("status")
    return [Undelivered(*row) for row in rows.annotate(number=Count("pk"), since=Min("next_attempt_at", filter=_TO_DELIVER))]


def deliver_due(worker: str, *, seconds: float | None = None, stopping: Callable[[], bool] = lambda: False) -> Delivered:
    """Sends what is due, one at a time, until nothing is due or `seconds` are used up. A failure is noted and tried again later."""
    done, put_off = Delivered(), set[int]()
    deadline = None if seconds is None else time.monotonic() + seconds
    while not stopping() and (deadline is None or time.monotonic() < deadline):
        lease = Now() + timedelta(seconds=settings.STOCKHUB_LEASE_SECONDS + longest_attempt())
        changes = {"status": DeliveryStatus.LEASED, "leased_by": worker, "lease_until": lease, "attempts": F("attempts") + 1}
        # What was put off and is due again at once only says that the database's clock is ahead of ours.
        delivery = claim(due().exclude(pk__in=put_off), while_still=_TO_DELIVER, **changes)
        if delivery is None:
            break
        match attempt(delivery):
            case True:
                done.sent += 1
            case False:
                done.failed += 1
            case None:
                done.put_off += 1
                put_off.add(delivery.pk)
    return done


def longest_attempt() -> float:
    """Seconds that one attempt may take: a mail server that hangs, or a plugin whose process has to start first."""
    return float(max(settings.EMAIL_TIMEOUT, settings.STOCKHUB_NOTIFY_SECONDS + settings.STOCKHUB_PLUGIN_PROBE_SECONDS))


def retry_delivery(*, delivery_id: int) -> Delivery:
    """Gives a dead delivery eight more attempts, from now. DomainError `delivery_not_dead`."""
    if not retry_deliveries(delivery_ids=[delivery_id]):
        raise DomainError("delivery_not_dead", _("Only a delivery that was given up can be tried again; this one was not."), path=("id",))
    return Delivery.objects.get(pk=delivery_id)
