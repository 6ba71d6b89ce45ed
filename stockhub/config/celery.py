"""The Celery application. Tasks live in `stockhub.jobs.tasks`; `CELERY_…` settings configure it."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")

# kombu's own writes a message in two steps, and a worker that looks in between stops with an error.
TRANSPORT_ALIASES["filesystem"] = "stockhub.jobs.filesystem:Transport"
app = Celery("stockhub", amqp="stockhub.jobs.broker_connection:AMQP")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["stockhub.jobs"])


@setup_logging.connect
def _leave_logging_to_django(**_kwargs: Any) -> None:  # noqa: ANN401 - Celery's signal
    """Without a receiver Celery would set the root logger to its own level, and the lines of workers and beat below it would be lost."""
