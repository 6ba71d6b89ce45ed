"""The Celery application. Tasks live in `stockhub.jobs.tasks`; `CELERY_…` settings configure it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")

app = Celery("stockhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["stockhub.jobs"])
