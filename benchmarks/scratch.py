"""A PostgreSQL database that lasts as long as a benchmark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

SERVER = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432")


@contextmanager
def scratch_database(name: str) -> Iterator[None]:
    """Makes the database, migrates it, and makes it Django's default; drops it afterwards."""
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        os.environ["DATABASE_URL"] = f"{SERVER}/{name}"
        try:
            yield from _with_django(name)
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _with_django(name: str) -> Iterator[None]:
    import django
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    if not apps.ready:
        django.setup()
    # An earlier benchmark of the same run may have had another database.
    connection.close()
    connection.settings_dict |= {"ENGINE": "django.db.backends.postgresql", "NAME": name}
    if connection.vendor != "postgresql":
        raise RuntimeError("Run benchmarks in a process whose DATABASE_URL is not SQLite's: `make bench` does.")
    call_command("migrate", verbosity=0)
    try:
        yield
    finally:
        connection.close()
