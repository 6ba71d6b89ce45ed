"""How workers wait for a broker that is away."""

from __future__ import annotations

from typing import Any

import kombu
from celery.app import amqp

#: Celery's own pause grows to half a minute, which is then how long work waits after the broker is back.
_LONGEST_PAUSE_SECONDS = 3.0


class Connection(kombu.Connection):
    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - kombu's signature
        return super().ensure_connection(
            *args, **{"interval_start": 1, "interval_step": 1, "interval_max": _LONGEST_PAUSE_SECONDS, **kwargs}
        )


class AMQP(amqp.AMQP):
    """What Celery takes its connections from."""

    Connection = Connection
