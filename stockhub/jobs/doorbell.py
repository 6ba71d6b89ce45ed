"""Rings the dispatcher. On PostgreSQL by NOTIFY; on SQLite the dispatcher polls, and there is nothing to ring."""

from __future__ import annotations

import logging

from django.db import connection

logger = logging.getLogger(__name__)
CHANNEL = "stockhub_doorbell"


def ring(topic: str) -> None:
    """Tells whoever listens that there is something to read. A lost ring costs a second, never work: the rows are there."""
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])
    except Exception:
        logger.warning("The doorbell did not ring; the dispatcher finds the work at its next look.", exc_info=True)
