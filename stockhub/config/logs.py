"""Logs: one JSON object a line, with the correlation id of the request or cycle that it belongs to."""

from typing import Any


def logging_config(level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "stockhub.core.logs.JsonFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            # Celery's own lines tell of messages, which say nothing here; what is done is told by whoever does it.
            "celery": {"level": "WARNING"},
            "django_celery_beat": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            "uvicorn": {"handlers": ["console"], "propagate": False},
            "uvicorn.access": {"handlers": [], "propagate": False},
        },
    }
