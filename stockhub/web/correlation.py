"""Gives every request a correlation id, which its log lines, errors, events and answer carry."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from stockhub.core import actor

_ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")


class CorrelationMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Correlation-Id", "")
        correlation = offered if _ACCEPTED.fullmatch(offered) else uuid.uuid4().hex
        with actor.acting_as(actor.current(), correlation=correlation):
            response = self.get_response(request)
        response["X-Correlation-Id"] = correlation
        return response
