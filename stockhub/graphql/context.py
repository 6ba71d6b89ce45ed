"""What resolvers know of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from strawberry import Info

from stockhub.access.models import User


@dataclass(slots=True)
class Context:
    """One request. `request.user` is the session's or the token's user; `memo` lives as long as the request."""

    request: HttpRequest
    response: None = None
    memo: dict[object, Any] = field(default_factory=dict)

    @property
    def user(self) -> User | AnonymousUser:
        return self.request.user


def user_of(info: Info) -> User | AnonymousUser:
    context: Context = info.context
    return context.user
