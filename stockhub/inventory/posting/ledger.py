"""The one way into the ledger.

`post` has two back ends with the same behaviour. On PostgreSQL one posting is one statement; a list, and SQLite always, locks the balances
that it touches, decides with a pure function and writes keys, movements and grouped balance changes in a fixed number of statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from stockhub.core import actor, clock
from stockhub.inventory.posting import postgresql, sqlite
from stockhub.inventory.posting.decisions import Cell, Decision, cells_of, decide
from stockhub.inventory.posting.postings import EarlierKey, Place, Posting, PostingResult, PostingStatus, require_valid
from stockhub.inventory.transactions import retried
from stockhub.values.errors import DomainError

__all__ = ["Posting", "PostingResult", "PostingStatus", "lock_balances", "post"]


class Backend(Protocol):
    """What differs between the databases: how the ledger's rows are locked, read and written."""

    def read_places(self, warehouse_ids: Sequence[int]) -> dict[int, Place]: ...

    def lock_balances(self, cells: Sequence[Cell]) -> dict[Cell, int]: ...

    def read_keys(self, keys: Sequence[str]) -> dict[str, EarlierKey]: ...

    def write(self, decision: Decision, *, label: str) -> None: ...


def _backend() -> Backend:
    return postgresql if connection.vendor == "postgresql" else sqlite


def post(postings: Sequence[Posting]) -> list[PostingResult]:
    """Posts in the order of the list and returns one result for each posting.

    Every bucket stays at zero or above, but for `available` where the warehouse allows back-orders. A key posts once, for ever; the same
    key with other parameters raises `idempotency_key_reused` and then nothing of the list is posted. Deadlocks and serialisation failures
    are tried again, unless the caller holds a transaction.
    """
    if not postings:
        return []
    require_valid(postings)
    if connection.vendor == "postgresql" and len(postings) == 1:
        return [retried(lambda: postgresql.post_one(postings[0], label=actor.current().label, now=clock.now()))]
    return retried(lambda: _post_list(postings))


def _post_list(postings: Sequence[Posting]) -> list[PostingResult]:
    backend = _backend()
    cells = sorted({cell for posting in postings for cell, _sign in cells_of(posting)})
    warehouse_ids = sorted({posting.warehouse_id for posting in postings})
    with transaction.atomic():
        places = backend.read_places(warehouse_ids)
        require_places(warehouse_ids, places)
        balances = backend.lock_balances(cells)
        earlier = backend.read_keys([posting.key for posting in postings])
        decision = decide(postings, balances=balances, places=places, earlier=earlier)
        if decision.accepted:
            backend.write(decision, label=actor.current().label)
    return decision.results


def lock_balances(cells: Sequence[Cell]) -> dict[Cell, int]:
    """Locks these balances in the ledger's one order until the transaction ends, and reads them. For what must be told before posting."""
    return _backend().lock_balances(sorted(set(cells)))


def require_places(warehouse_ids: Sequence[int], places: dict[int, Place]) -> None:
    missing = [warehouse_id for warehouse_id in warehouse_ids if warehouse_id not in places]
    if missing:
        raise DomainError("unknown_warehouse", _("There is no such warehouse."), path=("warehouse_id",), params={"warehouse_ids": missing})
