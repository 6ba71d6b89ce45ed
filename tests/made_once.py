"""A world that is made once for the tests of a module, each of which finds it as it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from typing import Any, TypeVar

import pytest
from django.db import transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker

T = TypeVar("T")
_MADE_ONCE: set[Callable[..., Any]] = set()


def made_once(make: Callable[[], T]) -> Any:  # noqa: ANN401 - pytest's type of a fixture is private
    """A fixture for a module: what `make` gives, in a transaction around the module's tests, which take back what they did themselves.

    What tests get is `own` of it. `check_that_order_is_free` says what else such a module keeps to.
    """

    def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[T]:
        with ExitStack() as around:
            with django_db_blocker.unblock(), translation.override("en"):
                around.enter_context(transaction.atomic())
                world = make()
            yield world
            with django_db_blocker.unblock():
                transaction.set_rollback(True)
                around.close()

    _MADE_ONCE.add(made)
    return pytest.fixture(scope="module")(made)


def own(made: T) -> T:
    """A copy for one test, which may change its objects."""
    return deepcopy(made)


def check_that_order_is_free(items: Iterable[pytest.Item]) -> None:
    """UsageError where a test would find another world before than after its neighbours.

    In a module whose tests use a world that is made once, every test with a database asks for that world, and none is transactional, as
    that would empty the tables.
    """
    with_database = [item for item in items if isinstance(item, pytest.Function) and _has_database(item)]
    modules = {_module(test) for test in with_database if _asks(test)}
    strangers = [test for test in with_database if _module(test) in modules and (_is_transactional(test) or not _asks(test))]
    if strangers:
        names = ", ".join(test.nodeid for test in strangers)
        raise pytest.UsageError(f"Their module makes its world once, but these tests do without it or empty the tables: {names}")


def _module(test: pytest.Function) -> str:
    return test.nodeid.partition("::")[0]


def _has_database(test: pytest.Function) -> bool:
    return "db" in test.fixturenames or test.get_closest_marker("django_db") is not None


def _asks(test: pytest.Function) -> bool:
    known = test._fixtureinfo.name2fixturedefs
    return any(known[name][-1].func in _MADE_ONCE for name in test.fixturenames if name in known)


def _is_transactional(test: pytest.Function) -> bool:
    marker = test.get_closest_marker("django_db")
    return "transactional_db" in test.fixturenames or bool(marker and marker.kwargs.get("transaction"))
