"""Counts the requests that this process answers, by view and status. No label has a value that a client chose."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from prometheus_client import Summary

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
    """Several web processes may stand behind one address, and a scrape reaches one of them: each tells its own series by its name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        # Not the address: it holds ids and what strangers try.
        view = (match.view_name if match else "") or _NO_VIEW
        REQUESTS.labels(f"{_HOST}:{os.getpid()}", view, response.status_code).observe(time.perf_counter() - started)
        return response
