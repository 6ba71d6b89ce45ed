"""The settings of the processes that system tests start: the real ones and an app with slow cycles."""

from stockhub.config.settings import *  # noqa: F403
from stockhub.config.settings import CELERY_BROKER_TRANSPORT_OPTIONS, CELERY_BROKER_URL, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "slow_app.SlowConfig"]

if CELERY_BROKER_URL.startswith("redis"):
    # Shorter than the tasks of these tests, whose messages the broker so gives to other workers while they are at it.
    CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS, "visibility_timeout": 2}
