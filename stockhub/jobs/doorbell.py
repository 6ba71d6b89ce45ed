"""Rings the dispatcher. On PostgreSQL by NOTIFY; on SQLite the dispatcher polls, and there is nothing to ring."""

from __future__ import annotations

import logging
import time
from typing import Final

from django.db import connection

logger = logging.getLogger(__name__)
CHANNEL: Final = "stockhub_doorbell"
#: Who has heard a ring looks at once and again this much later, so that a process need ring no more often: under a burst of orders each
#: ring would be a second transaction for each of them, and NOTIFY lets one commit at a time.
LOOK_AGAIN_SECONDS: Final = 0.05
#: When each topic was last rung by this process. Threads that ring at the same moment ring once more than they need.
_rung: dict[str, float] = {}


def ring(topic: str) -> None:
    """Tells whoever listens that there is something to read. A lost ring costs a second, never work: the rows are there."""
    now = time.monotonic()
    if now - _rung.get(topic, float("-inf")) < LOOK_AGAIN_SECONDS or connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])
    except Exception:
        logger.warning("The doorbell did not ring; the dispatcher finds the work at its next look.", exc_info=True)
    else:
        # Counted from before the ring, so that whoever hears it looks again later than anybody may have kept still.
        _rung[topic] = now
