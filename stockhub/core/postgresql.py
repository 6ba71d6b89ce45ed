"""What the hottest statements use of PostgreSQL beyond the ORM: plans that the server keeps, arrays as text, and early lock release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

#: Any record of the log will do whose transaction commits synchronously; this one changes no table.
_DURABLE: Final = "SELECT pg_logical_emit_message(true, 'stockhub', '')"


def prepared_cursor() -> Any:  # noqa: ANN401 - Django's cursor wrapper
    """A cursor that binds on the server, so that a statement executed a few times on a connection is parsed and planned no more.

    Django's own cursors bind in the client, which makes each execution another text. Poolers that hand a session to another client after
    each transaction lose prepared statements: `DATABASE_PREPARE=off` turns them off, and the statement is then planned each time.
    """
    from django.db.backends.postgresql.base import ServerBindingCursor

    # The proxy looks the thread's connection up for each attribute.
    session = connections[DEFAULT_DB_ALIAS]
    session.validate_thread_sharing()
    session.close_if_health_check_failed()
    session.ensure_connection()
    # The stubs do not know that it is one of psycopg's cursors.
    raw: Any = ServerBindingCursor(session.connection)  # type: ignore[call-arg]
    return _debug_cursor(raw, session) if session.queries_logged else session.make_cursor(raw)


def _debug_cursor(raw: Any, session: Any) -> Any:  # noqa: ANN401 - psycopg's cursor, Django's connection and its wrapper
    """Logs a statement as it was asked, without its parameters: of one that the server has prepared the driver knows no text any more."""
    from django.db.backends.postgresql.base import CursorDebugWrapper
    from django.db.backends.utils import CursorWrapper

    class _AsAsked(CursorDebugWrapper):
        def execute(self, sql: Any, params: Any = None) -> Any:  # noqa: ANN401 - Django's signature
            with self.debug_sql(sql, params):
                return CursorWrapper.execute(self, sql, params)

    return _AsAsked(raw, session)


def compile_no_queries() -> None:
    """From now on the server compiles no query of this session to machine code.

    It does so by its estimate of a query's cost, each time anew, even where it keeps the plan. Looking something up for each of thousands
    of rows is estimated high and takes 0.07 s; compiling that took 0.03 s more.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET jit TO off")


def array_of_numbers(values: Iterable[int | None]) -> str:
    """As PostgreSQL reads an array; one text whatever the numbers' size, so one plan serves all."""
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"


def array_of_instants(values: Iterable[datetime | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else value.isoformat() for value in values]) + "}"


def array_of_texts(values: Iterable[str]) -> str:
    return "{" + ",".join(['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]) + "}"


@contextmanager
def without_waiting() -> Iterator[None]:
    """A transaction whose end does not wait for the disk: for what is seen at once but told to nobody, such as statistics.

    A server that dies within the next moment forgets it, and nothing that was committed with a wait later. Within a transaction it is a
    part of that.
    """
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO OFF")
        yield


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
