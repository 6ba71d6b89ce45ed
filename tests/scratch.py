"""Copies of the migrated test database for processes of their own: what they commit is seen by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.db import connection


def scratch_copy(folder: Path) -> Iterator[str]:
    """Yields the URL of a copy that is gone afterwards. The test needs the database (`db`), and has put nothing into it."""
    if connection.vendor == "postgresql":
        yield from _postgresql_copy()
        return
    path = folder / "scratch.sqlite3"
    path.write_bytes(connection.connection.serialize())
    yield f"sqlite:///{path}"
    path.unlink()


def _postgresql_copy() -> Iterator[str]:
    import psycopg
    from psycopg import sql

    own = connection.settings_dict
    name = f"{own['NAME']}_scratch"
    # A database is copied only while nobody is connected to it.
    connection.close()
    address = {"host": own["HOST"], "port": own["PORT"] or 5432, "user": own["USER"], "password": own["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(own["NAME"])))
        secret = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
        try:
            yield f"postgres://{own['USER']}{secret}@{address['host']}:{address['port']}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
