"""Health of this process and of what it needs."""

from django.urls import path

from stockhub.web import health

urlpatterns = [path("live", health.live, name="live"), path("ready", health.ready, name="ready")]
