"""Makes the request's user the actor of everything that it causes, and shows him times in his own zone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo
from zoneinfo import available_timezones as _available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from stockhub.core import actor

#: Reading the zones of a machine takes milliseconds.
available_timezones = cache(_available_timezones)


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        who = actor.Actor(user.get_username(), user.pk) if user.is_authenticated else actor.Actor("anonymous")
        with actor.acting_as(who), timezone.override(_zone_of(user)):
            return self.get_response(request)


def _zone_of(user: object) -> ZoneInfo | None:
    """None, the server's own zone, for strangers and for a name that no zone has."""
    name = getattr(user, "time_zone", "")
    return ZoneInfo(name) if name in available_timezones() else None
