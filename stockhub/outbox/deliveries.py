"""Delivering messages: at least once, with a lease, pauses that grow, and an end that an operator sees and can undo.

A message is queued in the transaction of the thing that it tells of, and sent outside of any. Where a worker dies between sending and
noting so, the message goes out again: it carries the same Message-ID then, by which mail programs show it once.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Now

from stockhub.core import actor, clock
from stockhub.core.claims import claim
from stockhub.core.logs import logged_with
from stockhub.outbox.models import Delivery, DeliveryStatus, Event
from stockhub.outbox.retries import retry_deliveries
from stockhub.outbox.services import ring_after_commit
from stockhub.values import DomainError

logger = logging.getLogger(__name__)
MAIL = "mail"
MAX_ATTEMPTS = 8
#: The pauses are 10, 20, 40 … seconds, an hour at most: eight attempts span some 21 minutes.
_FIRST_PAUSE_SECONDS = 10.0
_LONGEST_PAUSE_SECONDS = 3600.0
_TO_DELIVER = Q(status=DeliveryStatus.DUE, next_attempt_at__lte=Now()) | Q(status=DeliveryStatus.LEASED, lease_until__lt=Now())


@dataclass(slots=True)
class Delivered:
    """What one call of `deliver_due` did."""

    sent: int = 0
    failed: int = 0


def queue_mail(*, event: Event, recipient: str, subject: str, body: str) -> Delivery:
    """Queues a mail because of an event, once for each recipient: queued again, the first one stands."""
    delivery, created = Delivery.objects.get_or_create(
        event=event,
        channel=MAIL,
        recipient=recipient,
        # A line break in a subject would end the header: mail servers refuse it.
        defaults={"subject": " ".join(subject.split())[:300], "body": body, "next_attempt_at": Now()},
    )
    if created:
        ring_after_commit("deliveries")
    return delivery


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
    done = Delivered()
    deadline = None if seconds is None else time.monotonic() + seconds
    while not stopping() and (deadline is None or time.monotonic() < deadline):
        lease = Now() + timedelta(seconds=settings.STOCKHUB_LEASE_SECONDS + settings.EMAIL_TIMEOUT)
        changes = {"status": DeliveryStatus.LEASED, "leased_by": worker, "lease_until": lease, "attempts": F("attempts") + 1}
        delivery = claim(due(), while_still=_TO_DELIVER, **changes)
        if delivery is None:
            break
        if _deliver(delivery):
            done.sent += 1
        else:
            done.failed += 1
    return done


def retry_delivery(*, delivery_id: int) -> Delivery:
    """Gives a dead delivery eight more attempts, from now. DomainError `delivery_not_dead`."""
    if not retry_deliveries(delivery_ids=[delivery_id]):
        raise DomainError("delivery_not_dead", "Only a delivery that was given up can be tried again; this one was not.", path=("id",))
    return Delivery.objects.get(pk=delivery_id)


def _deliver(delivery: Delivery) -> bool:
    """One attempt, in the name of the event that it tells of; False where it failed, which is noted on the row."""
    correlation = delivery.event.correlation_id or actor.correlation_id()
    named = logged_with(delivery_id=delivery.pk, event_id=delivery.event_id)
    with actor.acting_as(actor.Actor("job:deliver"), correlation=correlation), named:
        return _attempt(delivery)


def _attempt(delivery: Delivery) -> bool:
    held = Delivery.objects.filter(pk=delivery.pk, leased_by=delivery.leased_by, attempts=delivery.attempts)
    released = {"leased_by": "", "lease_until": None}
    if delivery.attempts > MAX_ATTEMPTS:
        # Its worker died each time.
        held.update(status=DeliveryStatus.DEAD, error=delivery.error or "Its worker died in each of eight attempts.", **released)
        return False
    try:
        _send(delivery)
    except (OSError, SMTPException, DomainError, ValueError) as error:
        text = f"{type(error).__name__}: {error}"[:2000]
        if delivery.attempts >= MAX_ATTEMPTS:
            logger.exception("%s is given up after %s attempts.", delivery, delivery.attempts)
            held.update(status=DeliveryStatus.DEAD, error=text, **released)
        else:
            logger.warning("%s failed at attempt %s of %s: %s", delivery, delivery.attempts, MAX_ATTEMPTS, text)
            later = Now() + timedelta(seconds=_pause(delivery.attempts))
            held.update(status=DeliveryStatus.DUE, error=text, next_attempt_at=later, **released)
        return False
    held.update(status=DeliveryStatus.DELIVERED, delivered_at=clock.now(), error="", **released)
    logger.info("It was delivered by %s at attempt %s.", delivery.channel, delivery.attempts)
    return True


def _send(delivery: Delivery) -> None:
    if delivery.channel != MAIL:
        raise DomainError("unknown_channel", f"There is no channel {delivery.channel!r} here: enable the plugin that brings it.")
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<delivery-{delivery.pk}-{delivery.event_id}@{host}>"}
    EmailMessage(delivery.subject, delivery.body, to=[delivery.recipient], headers=headers).send()


def _pause(attempts: int) -> float:
    """Seconds until the next attempt, spread so that mails which failed together do not come back together."""
    return min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2.0 ** (attempts - 1)) * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load
