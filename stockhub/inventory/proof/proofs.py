"""The nightly proof of the ledger: runs it, and writes down when, how long and what did not hold."""

from __future__ import annotations

import logging
import time
from typing import Final

from stockhub.core import actor, clock
from stockhub.inventory.dispute_models import LedgerProof
from stockhub.inventory.proof.reconciliation import Discrepancy, reconcile, reconcile_checkpoints, reconcile_lots
from stockhub.outbox.services import emit_event

logger = logging.getLogger(__name__)
#: Discrepancies that a record names; the command lists all.
_NAMED: Final = 100
#: Records that are kept: a good year of nights.
_KEPT: Final = 400


def prove_ledger() -> list[Discrepancy]:
    """Everything that does not hold of the ledger, its lots and its checkpoints; an empty list is the proof. Either way it is recorded."""
    started_at, started = clock.now(), time.perf_counter()
    found = [*reconcile(), *reconcile_lots(), *reconcile_checkpoints()]
    seconds = round(time.perf_counter() - started, 3)
    proof = LedgerProof.objects.create(
        started_at=started_at, duration_seconds=seconds, discrepancy_count=len(found), actor=actor.current().label,
        discrepancies=[[each.invariant, each.text] for each in found[:_NAMED]],
    )  # fmt: skip
    old = LedgerProof.objects.order_by("-id").values_list("id", flat=True)[_KEPT : _KEPT + 1]
    LedgerProof.objects.filter(id__lte=next(iter(old), 0)).delete()
    emit_event(
        "inventory.ledger_proved.v1",
        entity="inventory.ledgerproof",
        entity_id=proof.pk,
        payload={"discrepancies": len(found), "seconds": seconds},
    )
    if found:
        logger.error(f"The ledger does not add up in {len(found)} places; `manage.py reconcile` lists them.")
    return found


def last_proof() -> LedgerProof | None:
    """The latest run; None where the ledger was never proved."""
    return LedgerProof.objects.order_by("-started_at", "-id").first()
