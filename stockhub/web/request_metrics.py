"""Counts the requests that this process answers, by view and status, and logs them. No label has a value that a client chose."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from prometheus_client import Summary

logger = logging.getLogger(__name__)
#: Asked for every few seconds by machines.
_UNLOGGED: Final = frozenset({"live", "ready", "metrics", "none"})
#: What no view answered: an unknown address, a static file, a redirect to HTTPS.
_NO_VIEW: Final = "none"
REQUESTS: Final = Summary(
    "stockhub_http_request_seconds",
    "Requests and the time to their answers, of one web process.",
    ("process", "view", "status"),
    registry=None,
)
_HOST: Final = socket.gethostname()


class RequestMetricsMiddleware:
    """Several web processes may stand behind one address, and a scrape reaches one of them: each tells its own series by its name.

    It stands within the correlation id, so that the line of a request begins its way through the log.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        # Not the address: it holds ids and what strangers try.
        view = (match.view_name if match else "") or _NO_VIEW
        observe(view, str(request.method), response.status_code, time.perf_counter() - started)
        return response


def observe(view: str, method: str, status: int, seconds: float) -> None:
    """Counts a request that was answered, and logs it."""
    REQUESTS.labels(f"{_HOST}:{os.getpid()}", view, status).observe(seconds)
    if view not in _UNLOGGED:
        told = {"method": method, "view": view, "status": status, "seconds": round(seconds, 4)}
        logger.info("A request was answered.", extra=told)
