"""Trying again what was given up, at an operator's word."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from stockhub.core import clock
from stockhub.outbox.models import Delivery, DeliveryStatus
from stockhub.outbox.services import ring_after_commit


@transaction.atomic
def retry_deliveries(*, delivery_ids: Sequence[int]) -> int:
    """Makes those that were given up due again, with all their attempts ahead. Gives how many; others stay as they are."""
    count = Delivery.objects.filter(pk__in=delivery_ids, status=DeliveryStatus.DEAD).update(
        status=DeliveryStatus.DUE, attempts=0, next_attempt_at=clock.now(), leased_by="", lease_until=None
    )
    if count:
        ring_after_commit("outbox")
    return count
