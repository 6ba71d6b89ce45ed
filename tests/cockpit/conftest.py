"""A made-up shop, and people who look at it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from stockhub.access.models import User
from tests.cockpit.made_up_shop import Shop


@pytest.fixture
def shop() -> Callable[[int], Shop]:
    """Makes a shop with that many rows of everything; the last rows are its attributes."""

    def make(rows: int, *, name: str = "Kettle", first: int = 1) -> Shop:
        made = Shop(name)
        for n in range(first, first + rows):
            made.add(n)
        return made

    return make


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root", password="correct horse", sees_all_accounts=True, sees_all_warehouses=True)


@pytest.fixture
def browser(root: User) -> Client:
    """Somebody who may do everything."""
    client = Client()
    client.force_login(root)
    return client


@pytest.fixture
def without_menu(settings: Settings) -> None:
    """Pages with an empty menu: its hundred links are the same on every page and take half of the time in which one is made."""
    settings.UNFOLD = settings.UNFOLD | {"SIDEBAR": {"navigation": [{"items": []}]}}
