"""Which errors of a database say that it is away or cannot write just now, rather than that a statement is wrong."""

from __future__ import annotations

import sqlite3
from typing import Final

from django.db import InterfaceError, OperationalError

#: PostgreSQL's disk is full (53100); SQLite's is (SQLITE_FULL).
_FULL_POSTGRESQL: Final = "53100"


def is_outage(error: BaseException | None) -> bool:
    """True where the same request may well succeed later: unreachable, shut down, out of connections, locked, or its disk is full."""
    if isinstance(error, InterfaceError):
        return True
    # What SQLite calls an operational error of the plainest kind is a fault in a statement, such as a table that is not there.
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def remedy(error: BaseException) -> str:
    """What an operator can do about an outage, as a sentence for the log."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) == _FULL_POSTGRESQL or getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return "The disk of the database is full: make room; nothing of the refused requests was kept."
    if (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF == sqlite3.SQLITE_IOERR:
        return "The disk of the database cannot be written or read: see whether it has room and is healthy."
    if getattr(cause, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "Another process holds SQLite's one lock: look for a long transaction, or move to PostgreSQL."
    return "The database does not answer: check that it runs, that DATABASE_URL names it, and that it has connections left."
