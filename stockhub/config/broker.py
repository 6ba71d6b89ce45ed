"""Transport options of Celery's brokers."""

from pathlib import Path
from typing import Any

#: Longer than any one task: a cycle is many short chunks. Kombu gives an unacknowledged message to another worker after this time.
VISIBILITY_TIMEOUT_SECONDS = 600

#: Left alone, whoever publishes to a broker that is down waits for it without end.
_BOUNDED = {"max_retries": 1, "interval_start": 0.2, "interval_step": 0.2, "interval_max": 0.5}


def broker_options(url: str, folder: Path) -> dict[str, Any]:
    """Options for the transport of `url`; the filesystem transport gets its folders, which are made here."""
    if url.startswith("filesystem"):
        queue, control = folder / "queue", folder / "control"
        for path in (queue, control):
            path.mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(queue),
            "data_folder_out": str(queue),
            "control_folder": str(control),
            # Left alone it looks once a second.
            "polling_interval": 0.05,
        }
    if url.startswith(("redis", "rediss")):
        return {
            "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
            "socket_timeout": 10,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
        } | _BOUNDED
    return {}
