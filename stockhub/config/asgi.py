"""The ASGI application that `manage.py up` serves."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")

application = get_asgi_application()
