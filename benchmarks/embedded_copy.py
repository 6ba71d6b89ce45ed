"""The same shop on SQLite: what a benchmark has filled on PostgreSQL is written to a file by one process and read by another."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_BATCH = 5_000
#: Django's own, which every migrated database has.
_GIVEN = ("contenttypes", "auth", "sessions", "admin")


def write_rows(path: Path) -> None:
    """Every row of the default database, model by model."""
    with path.open("wb") as file:
        for model in _models():
            rows: list[Any] = []
            for row in model._default_manager.iterator(chunk_size=_BATCH):
                rows.append(row)
                if len(rows) == _BATCH:
                    pickle.dump((model._meta.label, rows), file)
                    rows = []
            pickle.dump((model._meta.label, rows), file)


def read_rows(path: Path) -> None:
    """Puts them into the default database, whose own rows of these models go."""
    from django.apps import apps
    from django.db import connection, transaction

    with connection.constraint_checks_disabled(), transaction.atomic():
        for model in _models():
            model._default_manager.all().delete()
        for label, rows in _batches(path):
            apps.get_model(label)._default_manager.bulk_create(rows)


def _batches(path: Path) -> Iterator[tuple[str, list[Any]]]:
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)  # noqa: S301 - our own file, written a moment ago
            except EOFError:
                return


def _models() -> list[Any]:
    from django.apps import apps

    return [m for m in apps.get_models() if m._meta.managed and not m._meta.proxy and m._meta.app_label not in _GIVEN]
