"""Fixtures: the world of two shops, and a way to ask about it as one of its users."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from stockhub.access.models import User
from stockhub.core import clock
from tests.graphql.shop import NOW, Answer, Ask, World, make_world, post
from tests.made_once import made_once, own

two_shops = made_once(make_world)


@pytest.fixture
def world(two_shops: World, db: None) -> World:
    return own(two_shops)


@pytest.fixture
def ask(world: World) -> Ask:
    """Asks as one of the world's users; `None` is nobody."""
    clients: dict[int | None, Client] = {}

    def asking(user: User | None, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Answer:
        key = user.pk if user else None
        if key not in clients:
            clients[key] = Client()
            if user:
                clients[key].force_login(user)
        with clock.at(NOW + dt.timedelta(hours=1)):
            return post(clients[key], query, variables, **headers)

    return asking
