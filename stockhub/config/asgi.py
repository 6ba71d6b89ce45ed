"""The ASGI application that `manage.py up` serves."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")

django_application = get_asgi_application()

# Imported when Django is set up.
from stockhub.web.webhook_lane import WebhookLane  # noqa: E402

application = WebhookLane(django_application)
