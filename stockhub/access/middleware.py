"""Makes the request's user the actor of everything that it causes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from stockhub.core import actor


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        who = actor.Actor(user.get_username(), user.pk) if user.is_authenticated else actor.Actor("anonymous")
        with actor.acting_as(who):
            return self.get_response(request)
