"""Which of a list of postings take effect: a pure function, used for batches on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stockhub.inventory.posting.postings import AVAILABLE, EarlierKey, Place, Posting, PostingResult, PostingStatus, key_reused

#: SKU, warehouse, bucket.
Cell = tuple[int, int, str]


@dataclass(slots=True)
class Decision:
    """`accepted` are the postings to write with their quantities, in order; `deltas` what they change, sorted by cell."""

    results: list[PostingResult] = field(default_factory=list)
    accepted: list[tuple[Posting, int]] = field(default_factory=list)
    deltas: dict[Cell, int] = field(default_factory=dict)


def cells_of(posting: Posting) -> Iterator[tuple[Cell, int]]:
    """The cells that a posting touches, with the sign of its effect."""
    if posting.from_bucket is not None:
        yield (posting.sku_id, posting.warehouse_id, posting.from_bucket), -1
    if posting.to_bucket is not None:
        yield (posting.sku_id, posting.warehouse_id, posting.to_bucket), 1


def decide(
    postings: Sequence[Posting], *, balances: Mapping[Cell, int], places: Mapping[int, Place], earlier: Mapping[str, EarlierKey]
) -> Decision:
    """Goes through the list in its order, so that the first postings get what there is. Raises on a key used for something else."""
    decision = Decision()
    running = dict(balances)
    taken = dict(earlier)
    for posting in postings:
        known = taken.get(posting.key)
        if known is not None:
            if known.fingerprint != posting.fingerprint:
                raise key_reused(posting.key)
            decision.results.append(PostingResult(posting.key, PostingStatus.DUPLICATE, known.posted_qty))
            continue
        place = places[posting.warehouse_id]
        if posting.occurred_at < place.ledger_starts_at:
            decision.results.append(PostingResult(posting.key, PostingStatus.BEFORE_LEDGER, 0))
            continue
        qty = _postable(posting, running, place)
        if not qty:
            decision.results.append(PostingResult(posting.key, PostingStatus.INSUFFICIENT, 0))
            continue
        for cell, sign in cells_of(posting):
            running[cell] = running.get(cell, 0) + sign * qty
            decision.deltas[cell] = decision.deltas.get(cell, 0) + sign * qty
        taken[posting.key] = EarlierKey(posting.fingerprint, qty)
        decision.accepted.append((posting, qty))
        decision.results.append(PostingResult(posting.key, PostingStatus.POSTED, qty))
    decision.deltas = dict(sorted(decision.deltas.items()))
    return decision


def _postable(posting: Posting, running: Mapping[Cell, int], place: Place) -> int:
    """How many units can be posted: all, none, or for a partial posting what is there."""
    if posting.from_bucket is None or (posting.from_bucket == AVAILABLE and place.allows_backorder):
        return posting.qty
    there = running.get((posting.sku_id, posting.warehouse_id, posting.from_bucket), 0)
    if there >= posting.qty:
        return posting.qty
    return max(there, 0) if posting.partial else 0
