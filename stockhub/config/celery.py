"""The Celery application. Tasks live in `stockhub.jobs.tasks`; `CELERY_…` settings configure it."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")

# kombu's own writes a message in two steps, and a worker that looks in between stops with an error.
TRANSPORT_ALIASES["filesystem"] = "stockhub.jobs.filesystem:Transport"
app = Celery("stockhub", amqp="stockhub.jobs.broker_connection:AMQP")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["stockhub.jobs"])
