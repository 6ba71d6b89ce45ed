"""Transactions that are tried again when the database asks for it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

Result = TypeVar("Result")

_ATTEMPTS: Final = 8
#: Serialisation failure and deadlock (PostgreSQL): the transaction is gone, and the same one may well succeed.
_TRANSIENT: Final = frozenset({"40001", "40P01"})
_UNIQUE_VIOLATION: Final = "23505"


class ConcurrentKeyError(DatabaseError):
    """Another transaction wrote one of our idempotency keys after we looked; looking again shows it."""


def raced(work: Callable[[], Result]) -> Result:
    """Runs `work`, in which a row that another transaction has just made means that looking again shows it: then ConcurrentKeyError."""
    try:
        return work()
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", None) != _UNIQUE_VIOLATION:
            raise
        raise ConcurrentKeyError("Another transaction has just made the same row.") from error


def is_transient(error: BaseException) -> bool:
    if isinstance(error, ConcurrentKeyError):
        return True
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) in _TRANSIENT


def retried(work: Callable[[], Result]) -> Result:
    """Runs `work` and runs it again on a deadlock or a serialisation failure.

    Inside of a transaction it runs once: only the outermost block can begin again. A concurrently written key needs no more than a new
    look, so that it is tried again in both cases; `work` must then undo its own writes, with a savepoint.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return work()
        except DatabaseError as error:
            hopeless = connection.in_atomic_block and not isinstance(error, ConcurrentKeyError)
            if attempt == _ATTEMPTS or hopeless or not is_transient(error):
                raise
            time.sleep(random.uniform(0.0, 0.004 * 2**attempt))  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")  # pragma: no cover


def in_transaction(work: Callable[[], Result]) -> Result:
    """Runs `work` in a transaction of its own, or a savepoint within the caller's; tried again like `retried`."""

    def attempt() -> Result:
        with transaction.atomic():
            return work()

    return retried(attempt)
