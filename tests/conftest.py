"""Fixtures that every test shares. CONTRIBUTING.md says how the suite is laid out."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests import migrated
from tests.made_once import check_that_order_is_free
from tests.services import POSTGRES

REPOSITORY = Path(__file__).resolve().parents[1]


def absent(what: str) -> None:
    """Skips with one line, or fails where the machine promised to have everything."""
    if os.environ.get("STOCKHUB_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what} is absent although STOCKHUB_REQUIRE_SERVICES=1.")
    pytest.skip(f"{what} is absent.")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data and kits; tests that need it skip where it is not."""
    folder = Path(os.environ.get("STOCKHUB_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"Shared data is absent: {folder.name} (set STOCKHUB_SHARED).")
    return folder


#: Files that mostly wait, for processes of their own or for clocks: `tests.run` has them beside those that compute. The longest first.
WAITING = (
    "tests/system/test_faults.py", "tests/system/test_real_day.py", "tests/system/test_database_faults.py",
    "tests/inventory/test_ledger_concurrency.py", "tests/demo/test_demo_command.py", "tests/channels/connecting/test_processes.py",
    "tests/imports/test_killed_imports.py", "tests/channels/feeds/test_killed_reading.py", "tests/system/test_killed_ingestion.py",
    "tests/webhooks/test_flood.py",
)  # fmt: skip
#: Of these and the others the longest, which begun last would leave the other workers idle.
LONGEST = (*WAITING, "plugins/forecasters/tests/test_contract.py", "tests/cockpit/test_pages.py")


def pytest_configure() -> None:
    """Passwords are hashed as Django does, but not a million times over: half a second for every test with somebody who could log in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end, so that the garbage collector need not look at it, now or ever again.

    At what tests make it looks seldom: most of that is gone before it comes, and coming at every 700th object took a tenth of all time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The run on PostgreSQL imports only files that name its mark: most do not, and importing them is most of what collecting costs."""
    of_second_run = config.getoption("markexpr") == "both_databases" and collection_path.name.startswith("test_")
    return True if of_second_run and collection_path.is_file() and "both_databases" not in collection_path.read_text() else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first, whole; `tests.run` keeps xdist from putting those with many tests before them."""
    check_that_order_is_free(items)
    if config.getoption("markexpr") == "both_databases":
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("one_database")])
        items[:] = [item for item in items if not item.get_closest_marker("one_database")]
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """The workers of a run get copies of one migrated database."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("postgresql"):
        database.setdefault("TEST", {})["TEMPLATE"] = migrated.postgresql_template(database)
        yield
    else:
        with migrated.in_memory():
            yield


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput") or os.environ.get(migrated.SHARED_BY_RUNS):
        return
    if (controller := session.config.pluginmanager.get_plugin("dsession")) is not None:
        own = settings.DATABASES["default"]
        servers = [own] if own["ENGINE"].endswith("postgresql") else []
        migrated.take_away(controller.nodemanager.testrunuid, *servers, migrated.server_of(POSTGRES))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Every test begins in English: a request in Chinese leaves its language behind in the thread."""
    with translation.override("en"):
        yield
