"""Gives every request a correlation id, which its log lines, errors, events and answer carry."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from stockhub.core import actor

_ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")


def accepted(offered: str) -> str:
    """The id that a client offers, where it may be one; else empty."""
    return offered if _ACCEPTED.fullmatch(offered) else ""


class CorrelationMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        correlation = accepted(request.headers.get("X-Correlation-Id", "")) or uuid.uuid4().hex
        with actor.acting_as(actor.current(), correlation=correlation):
            response = self.get_response(request)
        response["X-Correlation-Id"] = correlation
        return response
