"""Idempotency of a request that makes several postings, or none."""

from __future__ import annotations

import hashlib

from django.db import connection

from stockhub.core import clock
from stockhub.inventory.models import MovementKey
from stockhub.inventory.posting.postings import key_reused


def claim_request(key: str, *parameters: object) -> bool:
    """True where the key is new: the caller goes on, in the same transaction. False where the same request was served before.

    Raises `idempotency_key_reused` where it was another request. A concurrent one with the same key is waited for.
    """
    fingerprint = hashlib.sha256(repr(parameters).encode()).hexdigest()
    now = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) VALUES (%s, %s, 0, %s)"
            " ON CONFLICT (key) DO NOTHING",
            [key, fingerprint, now],
        )
        if cursor.rowcount == 1:
            return True
    if MovementKey.objects.get(pk=key).fingerprint != fingerprint:
        raise key_reused(key)
    return False
