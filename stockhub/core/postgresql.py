"""What the hottest statements use of PostgreSQL beyond the ORM: plans that the server keeps, arrays as text, and early lock release."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import connection

_QUOTED: Final = str.maketrans({"\\": "\\\\", '"': '\\"'})
#: Any record of the log will do whose transaction commits synchronously; this one changes no table.
_DURABLE: Final = "SELECT pg_logical_emit_message(true, 'stockhub', '')"


def prepared_cursor() -> Any:  # noqa: ANN401 - Django's cursor wrapper
    """A cursor that binds on the server, so that a statement executed a few times on a connection is parsed and planned no more.

    Django's own cursors bind in the client, which makes each execution another text. Poolers that hand a session to another client after
    each transaction lose prepared statements: `DATABASE_PREPARE=off` turns them off, and the statement is then planned each time.
    """
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.validate_thread_sharing()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    # The stubs do not know that it is one of psycopg's cursors.
    raw: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
    return connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)


def array_text(values: Iterable[object]) -> str:
    """Whole numbers, instants and None as PostgreSQL reads an array; one text whatever the numbers' size, so one plan serves all."""
    return "{" + ",".join(["NULL" if value is None else _element(value) for value in values]) + "}"


def array_of_texts(values: Iterable[str]) -> str:
    return "{" + ",".join([f'"{value.translate(_QUOTED)}"' for value in values]) + "}"


def _element(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def commits_alone() -> bool:
    """Whether the next statement is a transaction of its own, so that it may be released early."""
    return bool(connection.get_autocommit())


def wait_until_durable() -> None:
    """Returns once everything that this session has committed is on disk (and, where standbys are synchronous, on them).

    A statement that sets `synchronous_commit` to off for its own transaction gives its row locks back before the disk has answered, so that
    the writers of a hot row share one wait instead of queueing for one each. The log is written in order: whoever built on the row commits
    later in it, and nobody is told of success before this returned.
    """
    with prepared_cursor() as cursor:
        cursor.execute(_DURABLE)
