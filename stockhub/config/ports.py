"""Binds what lower layers declare to what serves it."""

from __future__ import annotations

from celery import Celery

from stockhub.outbox.services import bind_doorbell, emit_event
from stockhub.pluginhost.events import bind_events


def bind(app: Celery) -> None:
    """Called once in every process, when Django is ready."""
    app.set_current()
    from stockhub.jobs.doorbell import ring

    bind_doorbell(ring)
    bind_events(emit_event)
