"""Repairs of idempotency keys: each says again what its one movement moved. A key is never freed, so nothing is ever posted twice."""

from __future__ import annotations

from stockhub.core import clock
from stockhub.inventory.models import Movement, MovementKey, MovementKind, RepeatedMovement
from stockhub.inventory.posting.postings import MAX_QTY, Posting
from stockhub.inventory.proof.repair_bench import Bench
from stockhub.inventory.proof.statements import WrongKey, wrong_keys


def mend_keys(bench: Bench) -> None:
    """Reverses repetitions, and makes keys say what was moved under them: 0 where nothing was."""
    for wrong in wrong_keys():
        repeated = RepeatedMovement.objects.filter(key=wrong.key).values_list("movement_id", flat=True)
        movements = list(Movement.objects.filter(key=wrong.key).exclude(id__in=list(repeated)).order_by("id"))
        if any(not _is_sound(movement) for movement in movements):
            continue
        kept = next((movement for movement in movements if movement.qty == wrong.posted_qty), movements[0] if movements else None)
        for movement in movements:
            if movement is not kept:
                _reverse(bench, movement)
        _state(bench, wrong, kept)


def _is_sound(movement: Movement) -> bool:
    return 0 < movement.qty <= MAX_QTY and movement.from_bucket_id != movement.to_bucket_id


def _reverse(bench: Bench, movement: Movement) -> None:
    """Posts the opposite of a movement that came twice, for the same order line if it was one's."""
    parts = movement.key.split(":")
    line = parts[1] if parts[0] == "allocation" and len(parts) > 2 else ""
    [key] = bench.move(movement.sku_id, movement.warehouse_id, movement.to_bucket_id, movement.from_bucket_id, movement.qty, line=line)
    RepeatedMovement.objects.create(movement_id=movement.pk, key=movement.key, qty=movement.qty, reversed_by=key, recorded_at=clock.now())
    bench.done.append(f"Key {movement.key}: its repetition of {movement.qty} units was reversed.")


def _state(bench: Bench, wrong: WrongKey, kept: Movement | None) -> None:
    qty = kept.qty if kept else 0
    if wrong.keys == 1 and wrong.posted_qty == qty:
        return
    if wrong.keys:
        MovementKey.objects.filter(key=wrong.key).update(posted_qty=qty)
    elif kept is not None:
        MovementKey.objects.create(key=wrong.key, fingerprint=_fingerprint(kept), posted_qty=qty, recorded_at=kept.recorded_at)
    else:
        return
    if kept is not None:
        bench.touch(kept.sku_id, kept.warehouse_id, kept.from_bucket_id, kept.to_bucket_id)
    bench.done.append(f"Key {wrong.key}: says {qty} units instead of {wrong.posted_qty if wrong.keys else 'nothing'}.")
    bench.tell("inventory.key_corrected.v1", {"key": wrong.key, "old_qty": wrong.posted_qty if wrong.keys else None, "qty": qty})


def _fingerprint(movement: Movement) -> str:
    """Of the request that most likely made the movement. Where it was another, a repetition of it is refused: seen, and not done twice."""
    return Posting(
        sku_id=movement.sku_id, warehouse_id=movement.warehouse_id, from_bucket=movement.from_bucket_id, to_bucket=movement.to_bucket_id,
        qty=movement.qty, kind=MovementKind(movement.kind), key=movement.key, occurred_at=movement.occurred_at, reason=movement.reason,
        reference=movement.reference,
    ).fingerprint  # fmt: skip
