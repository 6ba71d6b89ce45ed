"""Deliveries: messages to people because of events."""

from __future__ import annotations

from stockhub.core import clock
from stockhub.outbox.models import Delivery, Event
from stockhub.outbox.services import ring_after_commit

MAIL = "mail"


def queue_mail(*, event: Event, recipient: str, subject: str, body: str) -> None:
    """Queues one mail. Queued again for the same event and recipient it changes nothing."""
    Delivery.objects.bulk_create(
        [Delivery(event=event, channel=MAIL, recipient=recipient, subject=subject[:300], body=body, next_attempt_at=clock.now())],
        ignore_conflicts=True,
    )
    ring_after_commit("deliveries")
